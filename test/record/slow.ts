/** The fake recording with a pause before every report, so that there is time to interrupt it. */
import type { Recording } from '../../src/record/recording.js'
import { fakeRecording } from './fake.js'

export function slowRecording(folder: string): Recording {
  return fakeRecording(folder, { program: { arguments: { pause: 120 } } })
}
