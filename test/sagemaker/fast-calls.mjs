// Loaded before a built command (node --import): the emulator need not be spared, so calls do not wait for their turn.
import { RATES } from '../../dist/test/built-rates.js'

for (const call of Object.keys(RATES)) RATES[call] = 1000
