/** Loads a module of the user's by URL; TypeScript goes through tsx, which is only loaded for it. */

/** The module at a file URL. */
export async function importModule(url: string): Promise<{ default?: unknown }> {
  if (!/\.[cm]?tsx?$/.test(new URL(url).pathname)) return (await import(url)) as { default?: unknown }
  const { tsImport } = await import('tsx/esm/api')
  const module = (await tsImport(url, import.meta.url)) as { default?: unknown }
  // In a package of type "commonjs" (what `npm init` writes) the exports of a TypeScript file come wrapped once more.
  const wrapped = module.default as { __esModule?: boolean; default?: unknown } | undefined
  return wrapped?.__esModule === true ? wrapped : module
}
