import { expect, test } from 'vitest'
import { machineText } from '../../src/report/machine-text.js'
import type { MachineUse, RunSet } from '../../src/store/run-set.js'

/** What is said of runs that used this; `undefined` is a run that did not say. */
function said(...used: (Partial<MachineUse> | undefined)[]): string | undefined {
  const one: MachineUse = { processes: 1, restarts: 0, gpus: [], shared: 0 }
  const runs = used.map((use) => (use === undefined ? {} : { machine: Object.assign({}, one, use) }))
  return machineText({ runs } as unknown as RunSet)
}

test('what runs used is put together', () => {
  expect(said()).toBeUndefined()
  expect(said(undefined)).toBeUndefined()
  expect(said({})).toBe('1 process; no GPU given out')
  expect(said(undefined, { processes: 9, restarts: 2, peakMemoryMiB: 811.2 }, { peakMemoryMiB: 90 })).toBe(
    '10 processes, 2 of them started again after a crash; at most 812 MiB each; no GPU given out',
  )
  expect(said({ gpus: ['10', '9'], peakMemoryMiB: 3500 }, { gpus: ['9'], shared: 2 })).toBe(
    '2 processes; at most 3.4 GiB each; GPUs 9, 10, up to 3 trials at a time on one',
  )
  expect(said({ shared: 3 })).toBe('1 process; no GPU given out, up to 4 trials at a time on the machine')
})
