/** The drawing libraries as scripts for a page, read from where they are installed. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/**
 * Scripts that define `vega`, `vegaLite` and `vegaInterpreter`, each with its licence in front. Read once.
 *
 * @throws Error if a library is built in another way than the pinned version
 */
export function libraries(): readonly string[] {
  loaded ??= [
    notice('Vega', 'vega') + script('vega', 'vega.min.js'),
    notice('Vega-Lite', 'vega-lite') + script('vega-lite', 'vega-lite.min.js'),
    notice('vega-interpreter', 'vega-interpreter') + interpreter(script('vega-interpreter', 'vega-interpreter.js')),
  ]
  return loaded
}

let loaded: readonly string[] | undefined

/** The source expression of a script in a Content-Security-Policy. */
export function hashOf(code: string): string {
  return `'sha256-${createHash('sha256').update(code).digest('base64')}'`
}

function script(name: string, file: string): string {
  const text = readFileSync(join(dirname(require.resolve(name)), file), 'utf8')
  return text.replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '').trim()
}

function notice(title: string, name: string): string {
  const folder = dirname(dirname(require.resolve(name)))
  const licence = readFileSync(join(folder, 'LICENSE'), 'utf8').trim()
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  return `/*! ${title} ${version}\n\n${licence.replaceAll('*/', '* /')}\n*/\n`
}

const IMPORT = /^import \{ ([\w, ]+) \} from 'vega-util';$/m
const EXPORT = /^export \{ expression as expressionInterpreter \};$/m

/** The interpreter comes as a module only: its import is taken from `vega`, which holds all of vega-util. */
function interpreter(code: string): string {
  const names = IMPORT.exec(code)?.[1]
  if (names === undefined || !EXPORT.test(code)) throw new Error('vega-interpreter is not built as expected')
  const body = code.replace(IMPORT, `const { ${names} } = vega;`).replace(EXPORT, 'return expression;')
  return `var vegaInterpreter = (() => {\n${body}\n})();`
}
