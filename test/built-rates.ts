/** How often services may be called, for commands that talk to the emulator: built along with the product, see built.ts. */
export { RATES } from '../src/backends/sagemaker/rates.js'
