#!/usr/bin/env node
/** The command `bench`. What takes time to load is imported after Ctrl-C is answered. */
import { beginEarlyInterrupt } from './early-interrupt.js'

const argv = process.argv.slice(2)
// These answer Ctrl-C themselves once they run; the others end at once, as the system does it.
if (['run', 'record', 'watch'].includes(argv[0]!)) beginEarlyInterrupt()

const { explain, main } = await import('./main.js')
const { processTerminal } = await import('./terminal.js')
const terminal = processTerminal()

// A reader that has seen enough (`bench list | head -1`) is no error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
process.on('uncaughtException', (error) => process.exit(explain(error, { terminal, argv })))

process.exitCode = await main(argv, terminal)
