import { describe, expect, it } from 'vitest'
import type { BackendCommands } from '../../src/core/backend.js'
import { WorkerMeter } from '../../src/core/worker-meter.js'

/** Two workers that cost 3600 dollars an hour, a dollar a second. */
const backend = { workers: 2, idle: 0, busy: 2, usdPerHour: 3600, start: () => {}, halt: () => {} }

describe('a limit on cost', () => {
  it('is reached by what workers cost by the hour', () => {
    const meter = new WorkerMeter(backend satisfies BackendCommands, { cost: 10 }, undefined)
    meter.read()
    expect(meter.deadline).toBe(10)
    meter.advance(4)
    meter.read()
    expect([meter.usd, meter.deadline]).toEqual([4, 10])
  })

  it('moves where the backend knows that less was spent', () => {
    let usdSpent = 0
    const priced: BackendCommands = {
      ...backend,
      get usdSpent() {
        return usdSpent
      },
    }
    const meter = new WorkerMeter(priced, { cost: 10 }, undefined)
    meter.read()
    meter.advance(4)
    // A second of these was not billed.
    usdSpent = 3
    meter.read()
    expect([meter.usd, meter.deadline, meter.deadlineBecause]).toEqual([3, 11, 'cost'])
  })
})
