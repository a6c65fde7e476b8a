/** What suites measure, and how: processor time, as a busy machine stretches wall time but hardly changes that. */

export interface Figure {
  readonly name: string
  readonly value: number
  /** `x` for a ratio of two figures of this run. Units of time are compared in units of {@link machineUnit}. */
  readonly unit: 'x' | 'ns/report' | 'us' | 'ms' | 's' | 'KiB' | 'MiB' | 'count'
  /** Targets. */
  readonly most?: number
  readonly least?: number
  /** Of the runs that were timed: that of `bench run` for the same plan. */
  readonly digest?: string
}

/** Sizes can be cut where the whole takes too long: 1 is the whole. */
export interface SuiteOptions {
  readonly share: number
  readonly rounds: number
}

export type Suite = (options: SuiteOptions) => Promise<Figure[]>

/** Something to be timed. */
export interface Timed {
  readonly run: () => unknown
  /** How many reports, look-ups, ... one call of `run` handles. */
  readonly units: number
}

/** Processor nanoseconds of this process, all its threads together. */
export function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) * 1e3
}

/**
 * Median processor nanoseconds per unit of each case. Cases run in turns, so that what disturbs the machine for a while
 * disturbs all of them. Garbage is not collected in between: that also throws compiled code away, whose objects have died.
 */
export function interleaved<K extends string>(cases: Readonly<Record<K, Timed>>, rounds: number): Record<K, number> {
  const names = Object.keys(cases) as K[]
  const times = new Map(names.map((name) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const begun = cpuNanoseconds()
      cases[name].run()
      times.get(name)!.push((cpuNanoseconds() - begun) / cases[name].units)
    }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name)!)])) as Record<K, number>
}

/** MiB, garbage collected. */
export async function memoryInUse(): Promise<number> {
  // Shared memory is given back a turn after its last reference was collected.
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    globalThis.gc!()
  }
  // What array buffers hold is part of what is external.
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

/**
 * Processor nanoseconds of a step of a loop that has nothing to do with the product: look up a number at a place that the
 * last one decides, and mix it. By it figures of two machines, or of one at two times, are compared.
 */
export function machineUnit(): number {
  const numbers = Uint32Array.from({ length: 2 ** 16 }, (_, i) => Math.imul(i, 0x9e3779b1))
  const steps = 5_000_000
  let at = 1
  const run = (): void => {
    for (let i = 0; i < steps; i++) at = Math.imul(at ^ numbers[at & 0xffff]!, 0x2c1b3c6d) ^ (at >>> 15)
  }
  const { loop } = interleaved({ loop: { run, units: steps } }, 7)
  if (at === 0) throw new Error('the loop that the machine is measured by ended in 0')
  return loop
}
