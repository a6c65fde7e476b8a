/** Loads a module of the user's by URL; TypeScript goes through tsx, which is only loaded for it. */

/**
 * The module at a file URL. Where it imports `rungbench`, it gets the very modules that run it: its classes are ours, and
 * nothing is loaded twice.
 */
export async function importModule(url: string): Promise<{ default?: unknown }> {
  if (/\.[cm]?tsx?$/.test(new URL(url).pathname)) await (typescript ??= registerTypeScript())
  const module = (await import(url)) as { default?: unknown }
  // In a package of type "commonjs" (what `npm init` writes) the exports of a TypeScript file come wrapped once more.
  const wrapped = module.default as { __esModule?: boolean; default?: unknown } | undefined
  return wrapped?.__esModule === true ? wrapped : module
}

let typescript: Promise<void> | undefined

/** For as long as the process lives: a module may import others when it runs. */
async function registerTypeScript(): Promise<void> {
  const [{ register: registerRequire }, { register }] = await Promise.all([
    import('tsx/cjs/api'),
    import('tsx/esm/api'),
  ])
  registerRequire()
  register()
}
