/** The two drivers of a tuner: a loop without promises for virtual time, and one that waits for real time. */
import type { RealTimeBackend, VirtualTimeBackend } from './backend.js'
import { BenchError } from './errors.js'
import type { Tuner } from './tuner.js'

/** Runs to the end on a virtual clock. An event at the deadline counts, a later one is never delivered. */
export function driveVirtual(tuner: Tuner, backend: VirtualTimeBackend): void {
  tuner.begin()
  while (tuner.reason === undefined) {
    const event = backend.next()
    if (event === undefined) tuner.finish(tuner.time, tuner.closedBecause)
    else if (event.time === Infinity && tuner.deadline === Infinity)
      throw new BenchError(
        'every running trial hangs and the run has no limit in seconds, so it would never end; set one',
        {
          exitCode: 1,
        },
      )
    else if (event.time > tuner.deadline) tuner.finish(tuner.deadline, tuner.deadlineBecause)
    else tuner.handle(event)
  }
}

/**
 * Runs to the end in real time, or until `signal` is aborted; the backend is closed in any case.
 *
 * @param begin how the run begins: anew, or where an interrupted one ended
 */
export async function driveReal(
  tuner: Tuner,
  backend: RealTimeBackend,
  signal?: AbortSignal,
  begin = (): void => tuner.begin(),
): Promise<void> {
  const abort = (): void => void backend.close()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    begin()
    while (tuner.reason === undefined) {
      const event = await backend.next(tuner.deadline)
      signal?.throwIfAborted()
      if (event !== undefined) {
        if (event.time > tuner.deadline) tuner.finish(tuner.deadline, tuner.deadlineBecause)
        else tuner.handle(event)
      } else if (backend.busy === 0) tuner.finish(tuner.time, tuner.closedBecause)
      else if (!tuner.recount(backend.now())) tuner.finish(tuner.deadline, tuner.deadlineBecause)
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    await backend.close()
  }
}
