/** Reads the tables that are named as arguments and does nothing else: what start-up.ts takes off the time of a run. */
import { findTable } from '../src/run/catalogue.js'
import { readTable } from '../src/surrogates/read.js'

for (const name of process.argv.slice(2)) readTable(findTable(name))
