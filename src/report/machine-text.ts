/** What runs on real processes used of their machine, in words. */
import type { MachineUse, RunSet } from '../store/run-set.js'
import { formatCount, plural } from './format.js'

/**
 * `18 processes, 2 of them started again after a crash; at most 812 MiB each; GPUs 0 and 1, up to 3 trials on one`;
 * undefined where nothing was trained, or by a version that did not say.
 */
export function machineText({ runs }: RunSet): string | undefined {
  const used = runs.flatMap(({ machine }) => machine ?? [])
  if (used.length === 0) return undefined
  const sum = (of: (use: MachineUse) => number): number => used.reduce((total, use) => total + of(use), 0)
  const most = (of: (use: MachineUse) => number): number => Math.max(...used.map((use) => of(use)))
  const restarts = sum((use) => use.restarts)
  const peak = most(({ peakMemoryMiB }) => peakMemoryMiB ?? 0)
  const gpus = [...new Set(used.flatMap((use) => use.gpus))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  const together = most(({ shared }) => shared) + 1
  const where = gpus.length === 0 ? 'no GPU given out' : `${gpus.length === 1 ? 'GPU' : 'GPUs'} ${gpus.join(', ')}`
  const again = restarts === 0 ? '' : `, ${formatCount(restarts)} of them started again after a crash`
  const beside =
    together === 1
      ? ''
      : `, up to ${formatCount(together)} trials at a time on ${gpus.length === 0 ? 'the machine' : 'one'}`
  return [
    `${plural(
      sum((use) => use.processes),
      'process',
      'processes',
    )}${again}`,
    ...(peak === 0 ? [] : [`at most ${formatMebibytes(peak)} each`]),
    `${where}${beside}`,
  ].join('; ')
}

/** `812 MiB` or `3.4 GiB`. */
function formatMebibytes(mebibytes: number): string {
  return mebibytes < 1000 ? `${Math.ceil(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`
}
