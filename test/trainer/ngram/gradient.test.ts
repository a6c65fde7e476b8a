import { describe, expect, it } from 'vitest'
import { hashTexts } from '../../../trainer/ngram/bags.js'
import { FeatureHasher } from '../../../trainer/ngram/features.js'
import { LOSSES } from '../../../trainer/ngram/loss.js'
import { BagModel } from '../../../trainer/ngram/model.js'
import { Random } from '../../../trainer/ngram/random.js'
import { RowGradients } from '../../../trainer/ngram/row-gradients.js'

const TEXTS = ['The cat, the cat sleeps.', 'A cat never sleeps', 'Rivers run over the dog', 'the dog runs']
const STEP = 1e-6

/** Analytic and numeric derivatives of the summed loss of all examples by all touched parameters. */
function compare(sides: 1 | 2, lossName: keyof typeof LOSSES): { analytic: number[]; numeric: number[] } {
  const family = { words: true, bigrams: true, rows: 64, dimension: 8 }
  const bags = hashTexts(new FeatureHasher(family), TEXTS)
  const random = Random.stream(3, 'gradient')
  const model = new BagModel({ ...family, sides, numbers: Float64Array }, random)
  // Away from the zeros of the start, where |u - v| has kinks.
  for (const values of [model.table, model.head, model.bias]) {
    for (let i = 0; i < values.length; i++) values[i]! += random.uniform() - 0.5
  }
  const examples = TEXTS.length / sides
  const gold = [1, 0, 0.4, 0.9].map((value) => (lossName === 'cross-entropy' ? Math.round(value) : value))
  const mask = Float64Array.from({ length: model.input.length }, () => (random.uniform() < 0.3 ? 0 : 1 / 0.7))
  const { value, slope } = LOSSES[lossName]
  const total = (): number => {
    let sum = 0
    for (let i = 0; i < examples; i++) sum += value(model.forward(bags, i, mask), gold[i]!)
    return sum
  }

  const rows = new RowGradients(family.rows, family.dimension)
  const head = new Float64Array(model.head.length)
  let bias = 0
  for (let i = 0; i < examples; i++) {
    const change = slope(model.forward(bags, i, mask), gold[i]!)
    model.backward(bags, i, change, { head, rows, mask })
    bias += change
  }

  const analytic = [...head, bias]
  const places: [Float32Array | Float64Array, number][] = [...head].map((_, i) => [model.head, i])
  places.push([model.bias, 0])
  for (let i = 0; i < rows.size; i++) {
    for (let j = 0; j < family.dimension; j++) {
      analytic.push(rows.values[i * family.dimension + j]!)
      places.push([model.table, rows.touched[i]! * family.dimension + j])
    }
  }
  const numeric = places.map(([values, at]) => {
    const kept = values[at]!
    values[at] = kept + STEP
    const above = total()
    values[at] = kept - STEP
    const below = total()
    values[at] = kept
    return (above - below) / (2 * STEP)
  })
  return { analytic, numeric }
}

describe('gradient', () => {
  for (const sides of [1, 2] as const) {
    for (const loss of ['cross-entropy', 'squared-error'] as const) {
      it(`agrees with differences of the loss: ${sides === 1 ? 'single texts' : 'pairs'}, ${loss}, fixed dropout`, () => {
        const { analytic, numeric } = compare(sides, loss)
        expect(analytic.length).toBeGreaterThan(100)
        expect(analytic.filter((value) => Math.abs(value) > 1e-4).length).toBeGreaterThan(50)
        analytic.forEach((value, i) => expect(Math.abs(value - numeric[i]!)).toBeLessThan(1e-6 * (1 + Math.abs(value))))
      })
    }
  }

  it('leaves out head inputs that are dropped', () => {
    const family = { words: true, bigrams: false, rows: 64, dimension: 8 }
    const bags = hashTexts(new FeatureHasher(family), TEXTS)
    const model = new BagModel({ ...family, sides: 1 }, Random.stream(1, 'x'))
    const head = new Float64Array(8)
    const rows = new RowGradients(64, 8)
    const mask = new Float64Array(8)
    expect(model.forward(bags, 0, mask)).toBe(model.bias[0])
    model.backward(bags, 0, 1, { head, rows, mask })
    expect([...head].every((value) => value === 0)).toBe(true)
  })
})
