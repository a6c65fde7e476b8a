/** Records in the folder given as the first argument, slowly; what `kill.test.ts` kills. */
import { record } from '../../src/record/record.js'
import { fakeOptions } from './fake.js'
import { slowRecording } from './slow.js'

const folder = process.argv[2]!
const { status } = await record(fakeOptions(folder, slowRecording(folder)))
console.log(status)
