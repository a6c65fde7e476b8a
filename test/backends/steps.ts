/** The program of the suites that all backends run. */
import { fileURLToPath } from 'node:url'

export const STEPS = fileURLToPath(new URL('../fixtures/programs/steps.mjs', import.meta.url))
