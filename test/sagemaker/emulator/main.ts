/**
 * The emulator as a program, for other programs to speak to: `npx tsx test/sagemaker/emulator/main.ts [options.json]`.
 * The options are `EmulatorOptions`, `"times": "realistic"` stands for those of a real account. Prints one line of JSON
 * with the endpoint and ends, with all jobs, at SIGINT or SIGTERM.
 */
import { readFileSync } from 'node:fs'
import { Emulator } from './emulator.js'
import { type EmulatorOptions, REALISTIC } from './options.js'

const file = process.argv[2]
const given = file === undefined ? {} : (JSON.parse(readFileSync(file, 'utf8')) as { times?: unknown })
const options = (given.times === 'realistic' ? { ...given, times: REALISTIC } : given) as EmulatorOptions
const emulator = await Emulator.start(options)
console.log(JSON.stringify({ endpoint: emulator.endpoint, region: emulator.region, pid: process.pid }))
const end = (): void => void emulator.close().then(() => process.exit(0))
process.on('SIGINT', end)
process.on('SIGTERM', end)
