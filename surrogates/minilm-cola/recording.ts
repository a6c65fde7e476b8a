import { COLA, minilmRecording } from '../minilm.js'

export default minilmRecording(COLA)
