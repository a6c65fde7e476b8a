import { describe, expect, it } from 'vitest'
import { Adam, schedule } from '../../../trainer/ngram/optimizer.js'

describe('Adam', () => {
  it('follows the published update for rows of one parameter', () => {
    const parameters = Float64Array.of(0.5)
    const adam = new Adam(parameters, 1)
    let [x, m, v] = [0.5, 0, 0]
    for (let t = 1; t <= 50; t++) {
      const g = Math.sin(t) + 0.3
      adam.update(Int32Array.of(0), 1, Float64Array.of(g), 0.01, 0.1)
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      x = x * (1 - 0.01 * 0.1) - (0.01 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8)
      expect(parameters[0]).toBeCloseTo(x, 12)
    }
  })

  it('moves a row along its gradient and leaves the others alone', () => {
    const parameters = new Float32Array(24).fill(1)
    const adam = new Adam(parameters, 8)
    const gradient = Float64Array.of(1, 2, 3, 4, 0, 0, 0, -2)
    adam.update(Int32Array.of(1), 1, gradient, 0.1, 0)
    const size = Math.sqrt((1 + 4 + 9 + 16 + 4) / 8)
    for (let j = 0; j < 8; j++) {
      expect(parameters[j]).toBe(1)
      expect(parameters[8 + j]).toBeCloseTo(1 - (0.1 * gradient[j]!) / size, 6)
      expect(parameters[16 + j]).toBe(1)
    }
    expect([...adam.updates]).toEqual([0, 1, 0])
  })
})

describe('schedule', () => {
  it('climbs, then falls, and never leaves (0, 1]', () => {
    const rates = Array.from({ length: 10 }, (_, step) => schedule(step, 10, 0.4))
    expect(rates.slice(0, 4)).toEqual([0.25, 0.5, 0.75, 1])
    expect(rates[4]).toBe(1)
    expect(rates[9]).toBeCloseTo(1 / 6, 12)
  })

  it('takes no warm-up and nothing but warm-up', () => {
    expect(schedule(0, 5, 0)).toBe(1)
    expect(schedule(4, 5, 0)).toBeCloseTo(0.2, 12)
    expect(schedule(4, 5, 1)).toBe(1)
    expect(schedule(0, 1, 0.5)).toBe(1)
  })
})
