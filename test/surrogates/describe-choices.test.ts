import { expect, test } from 'vitest'
import { describeTable } from '../../src/surrogates/describe.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { makeTable } from './make-table.js'

test('values of a choice are compared, those that do not occur too', () => {
  const model = { type: 'choice', values: ['a', 'b', 'c'] } as const
  const data = makeTable({
    space: { model, n: { type: 'int', low: 0, high: 9, scale: 'linear' } },
    configurations: [
      { model: 'b', n: 1 },
      { model: 'a', n: 2 },
      { model: 'b', n: 3 },
    ],
    elapsed: ({ config, level }) => (config['n'] as number) * level,
    value: ({ config, level }) => (config['n'] as number) - level / 10,
  })
  expect(describeTable(new SurrogateTable(data)).choices).toEqual({
    model: [
      { value: 'a', configurations: 1, secondsPerLevel: 2, best: 1.6 },
      { value: 'b', configurations: 2, secondsPerLevel: 2, best: 0.6 },
      { value: 'c', configurations: 0, secondsPerLevel: null, best: null },
    ],
  })
})
