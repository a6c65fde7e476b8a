// Makes the pictures of docs/experiments.md again: every experiment named there, with its seeds.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Which chart of which experiment is which picture. */
const pictures = [
  ['asha-vs-default', 'improvement', 'asha-vs-default'],
  ['model-ranking', 'rank-grid', 'model-ranking'],
  ['model-selection', 'incumbent-1', 'model-selection'],
  ['instance-selection', 'pareto-machines-1-1-2', 'instance-selection'],
  ['instance-selection', 'pareto-machines-1-2-3', 'instance-selection-cost'],
  ['asha-vs-mo-asha', 'hypervolume-3', 'asha-vs-mo-asha'],
  ['budget', 'regret-5', 'budget'],
  ['schedulers', 'ranks', 'schedulers'],
]

const bench = (...args) => execFileSync(process.execPath, ['dist/src/cli/bench.js', ...args], { stdio: 'inherit' })
const scratch = mkdtempSync(join(tmpdir(), 'pictures-'))
mkdirSync('docs/pictures', { recursive: true })
for (const [, experiment, seeds] of readFileSync('docs/experiments.md', 'utf8').matchAll(
  /^bench run (\S+) --seeds (\d+)/gm,
)) {
  const run = join(scratch, experiment)
  bench('run', experiment, '--seeds', seeds, '--out', run)
  bench('report', run, '--full', '--out', `${run}-report`)
  for (const [, chart, picture] of pictures.filter(([of]) => of === experiment))
    copyFileSync(join(`${run}-report`, 'report', `${chart}.svg`), join('docs/pictures', `${picture}.svg`))
}
rmSync(scratch, { recursive: true })
