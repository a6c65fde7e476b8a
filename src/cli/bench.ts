#!/usr/bin/env node
/** The command `bench`. */
import { explain, main } from './main.js'
import { processTerminal } from './terminal.js'

const terminal = processTerminal()
const argv = process.argv.slice(2)

// A reader that has seen enough (`bench list | head -1`) is no error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
process.on('uncaughtException', (error) => process.exit(explain(error, { terminal, argv })))

process.exitCode = await main(argv, terminal)
