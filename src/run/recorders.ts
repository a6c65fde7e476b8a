/** Recorders put together. */
import type { Recorder } from '../core/recorder.js'

/** Tells two recorders, the first before the second. */
export function both(first: Recorder, second: Recorder): Recorder {
  return {
    start(...event) {
      first.start(...event)
      second.start(...event)
    },
    resume(...event) {
      first.resume(...event)
      second.resume(...event)
    },
    report(...event) {
      first.report(...event)
      second.report(...event)
    },
    end(...event) {
      first.end(...event)
      second.end(...event)
    },
    released(...event) {
      first.released?.(...event)
      second.released?.(...event)
    },
    ignored(...event) {
      first.ignored(...event)
      second.ignored(...event)
    },
    restart(...event) {
      first.restart?.(...event)
      second.restart?.(...event)
    },
  }
}
