/** What must not compile: `npm run typecheck` fails here if a wrong name or option is accepted. */
import { describe, expect, it } from 'vitest'
import { type RecordingDefinition, type SearcherSpec, choice, defineExperiment, float } from '../../src/index.js'

const space = { model: choice(['small', 'large']), learning_rate: float(1e-4, 1e-1, { scale: 'log' }) }
const rest = {
  name: 'typed',
  question: 'Does it compile?',
  tables: ['a-table'],
  space,
  objectives: [{ metric: 'error' }],
  budget: { fullEvaluations: 1 },
} as const

describe('types', () => {
  it('accept what is right', () => {
    const experiment = defineExperiment({
      ...rest,
      fixed: { model: 'small' },
      methods: {
        a: {
          scheduler: { type: 'asha-stopping', reductionFactor: [2, 3] },
          searcher: { type: 'random', initial: ['default', { model: 'large' }] },
        },
        b: { scheduler: { type: './mine.ts', anything: 1 } },
      },
    })
    expect(experiment.name).toBe('typed')
  })

  it('refuse what is wrong', () => {
    const methods = { a: { scheduler: { type: 'fifo' } } } as const
    // @ts-expect-error no such hyperparameter
    defineExperiment({ ...rest, methods, fixed: { modle: 'small' } })
    // @ts-expect-error no such value
    defineExperiment({ ...rest, methods, fixed: { model: 'medium' } })
    // @ts-expect-error no such option
    defineExperiment({ ...rest, methods: { a: { scheduler: { type: 'asha-stopping', eta: 3 } } } })
    // @ts-expect-error no such scheduler
    defineExperiment({ ...rest, methods: { a: { scheduler: { type: 'asha-stoping' } } } })
    // @ts-expect-error no such hyperparameter
    const searcher: SearcherSpec<typeof space> = { type: 'random', initial: [{ lr: 1 }] }
    expect(searcher.type).toBe('random')
    // @ts-expect-error the default lacks a hyperparameter
    const defaultConfig: RecordingDefinition<typeof space>['defaultConfig'] = { model: 'small' }
    expect(defaultConfig.model).toBe('small')
  })
})
