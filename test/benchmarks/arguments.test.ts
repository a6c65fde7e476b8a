/** `npm run benchmark` says in one line what is wrong with its arguments, before it measures anything. */
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

it.each([
  [['nosuch'], /^benchmark: the suite must be one of engine, .*, got "nosuch"$/u],
  [['--bogus'], /^benchmark: Unknown option '--bogus'/u],
  [['engine', '--share', '0'], /^benchmark: --share must be a number above 0, at most 1, got "0"$/u],
  [['engine', '--share', 'abc'], /^benchmark: --share must be .*, got "abc"$/u],
  [['engine', '--share', '2'], /^benchmark: --share must be .*, got "2"$/u],
  [['engine', '--rounds', '0'], /^benchmark: --rounds must be a whole number from 1 on, got "0"$/u],
])('benchmark %j', (args, message) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/benchmarks/compare.js', ...args], {
    encoding: 'utf8',
  })
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr.trim()).toMatch(message)
})
