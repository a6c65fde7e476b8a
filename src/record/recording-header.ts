/** What the trainings of a recording have in common. */
import type { RecordingHeader } from './record-journal.js'
import { type Recording, dataChecksums, programChecksum, recordingKey } from './recording.js'

/** What the trainings of a recording have in common, as its program and data are now. */
export function recordingHeader(recording: Recording, dataDir: string | undefined): RecordingHeader {
  return {
    journal: 'rungbench-recording',
    version: 1,
    recording: recording.name,
    key: recordingKey(recording),
    program: programChecksum(recording.program),
    data: dataChecksums(recording.program, dataDir),
  }
}
