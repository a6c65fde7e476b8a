// Runs a program as a child of the local backend, as a process of its own that a test can kill.
// Prints the id of this process's programs once the program has reported; argv: program, its arguments.
import { Child, runnerId } from '../../../dist/test/built.js'

const child = new Child({
  command: [process.execPath, ...process.argv.slice(2)],
  logDirectory: process.cwd(),
  onReport: () => console.log(runnerId),
  onGone: () => {},
  onWarning: () => {},
})
process.on('SIGTERM', () => child.end())
