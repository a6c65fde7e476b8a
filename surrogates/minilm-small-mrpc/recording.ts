import { MRPC, minilmSmallRecording } from '../minilm.js'

export default minilmSmallRecording(MRPC)
