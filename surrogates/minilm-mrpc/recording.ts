import { MRPC, minilmRecording } from '../minilm.js'

export default minilmRecording(MRPC)
