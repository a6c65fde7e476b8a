import { STSB, minilmSmallRecording } from '../minilm.js'

export default minilmSmallRecording(STSB)
