import { describe, expect, it } from 'vitest'
import { catalogueText } from '../../src/report/catalogue-text.js'

describe('the list of what there is', () => {
  it('says what each is for, and what cannot be loaded', () => {
    const text = catalogueText(
      {
        experiments: [
          {
            name: 'asha-vs-default',
            path: '/x.js',
            question: 'Does ASHA find a better configuration than the default one within the same budget?',
            tables: ['ngram-mrpc', 'ngram-cola'],
            methods: ['default', 'asha', 'random'],
            baseline: 'default',
          },
          { name: 'broken', path: '/y.js', error: 'Unexpected token' },
        ],
        tables: [
          {
            name: 'ngram-mrpc',
            path: '/t.arrow',
            rows: 1840,
            configurations: 901,
            instanceTypes: 0,
            resource: 'epoch',
            levels: 27,
            provenance: 'recorded',
            date: '2026-01-02',
          },
          {
            name: 'mine',
            path: '/m.arrow',
            rows: 1,
            configurations: 1,
            instanceTypes: 0,
            resource: 'epoch',
            levels: 3,
            provenance: 'imported',
            date: null,
          },
        ],
        recordings: [],
      },
      'bench',
      80,
    )
    expect(text).toMatchInlineSnapshot(`
      "Experiments (bench run NAME)
        asha-vs-default  Does ASHA find a better configuration than the default one
                         within the same budget?
                         default (baseline), asha, random on ngram-mrpc, ngram-cola
        broken           cannot be loaded: Unexpected token

      Tables (bench show NAME)
        ngram-mrpc  1,840 trainings of 901 configurations, 27 levels (epoch); recorded
                    2026-01-02
        mine        1 training of 1 configuration, 3 levels (epoch); imported

      Recordings (bench record NAME --data DIR)
        none
      "
    `)
  })
})
