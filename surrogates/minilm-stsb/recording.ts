import { STSB, minilmRecording } from '../minilm.js'

export default minilmRecording(STSB)
