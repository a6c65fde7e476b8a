import { COLA, minilmSmallRecording } from '../minilm.js'

export default minilmSmallRecording(COLA)
