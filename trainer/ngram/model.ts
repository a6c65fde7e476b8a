import type { Bags } from './bags.js'
import type { Random } from './random.js'
import type { RowGradients } from './row-gradients.js'

/** Parameters are single precision; tests of the gradient use double precision. */
export type Numbers = Float32Array | Float64Array

/** Shape and precision of a model. */
export interface ModelShape {
  /** Hash buckets. */
  readonly rows: number
  /** Length of an embedding, a multiple of 8. */
  readonly dimension: number
  /** Texts per example: 1, or 2 in pair tasks. */
  readonly sides: 1 | 2
  /** Array type of the parameters. */
  readonly numbers?: Float32ArrayConstructor | Float64ArrayConstructor
}

/**
 * Embedding bag with a linear head. A text is the weighted sum `u` of its buckets' embeddings. The head sees
 * `u` itself for a single text, and `[|u - v|; u * v]` for a pair, so that both texts are treated alike and
 * the sum of `u * v` measures their overlap from the first step on.
 */
export class BagModel {
  /** Embeddings, `rows` times `dimension`, row after row. Initially each row is 0 but for two entries. */
  readonly table: Numbers
  /** Head weights, one per {@link input}; initially 0. */
  readonly head: Numbers
  /** Head bias, one number; initially 0. */
  readonly bias: Numbers
  readonly dimension: number
  /** Head inputs of the example run last, before dropout. */
  readonly input: Float64Array
  readonly #sides: 1 | 2
  readonly #u: Float64Array
  readonly #v: Float64Array

  constructor(shape: ModelShape, random: Random) {
    const { rows, dimension, sides, numbers = Float32Array } = shape
    this.dimension = dimension
    this.#sides = sides
    this.table = new numbers(rows * dimension)
    this.head = new numbers(sides * dimension)
    this.bias = new numbers(1)
    this.input = new Float64Array(sides * dimension)
    this.#u = new Float64Array(dimension)
    this.#v = new Float64Array(dimension)
    scatter(this.table, dimension, random)
  }

  /** Number of trainable parameters. */
  get parameters(): number {
    return this.table.length + this.head.length + this.bias.length
  }

  /**
   * The output (logit or predicted score) for one example.
   * @param mask factors on the head inputs, of the length of {@link input}; absent: no dropout
   */
  forward(bags: Bags, example: number, mask?: Float64Array): number {
    const { head, input } = this
    if (this.#sides === 1) {
      this.#encode(bags, example, input)
    } else {
      const u = this.#u
      const v = this.#v
      this.#encode(bags, 2 * example, u)
      this.#encode(bags, 2 * example + 1, v)
      const n = u.length
      for (let j = 0; j < n; j++) {
        input[j] = Math.abs(u[j]! - v[j]!)
        input[n + j] = u[j]! * v[j]!
      }
    }
    let output = this.bias[0]!
    if (mask === undefined) for (let j = 0; j < head.length; j++) output += head[j]! * input[j]!
    else for (let j = 0; j < head.length; j++) output += head[j]! * input[j]! * mask[j]!
    return output
  }

  /**
   * Adds the gradient of the example that {@link forward} has just run.
   * @param slope derivative of the loss by the output
   * @param mask the one given to {@link forward}
   * @param head receives the gradient of the head
   * @param rows receives the gradient of the embeddings
   */
  backward(
    bags: Bags,
    example: number,
    slope: number,
    into: { head: Float64Array; rows: RowGradients; mask?: Float64Array | undefined },
  ): void {
    const { input } = this
    const { head, mask } = into
    const weights = this.head
    // From here on `input` holds the derivative by each head input.
    for (let j = 0; j < weights.length; j++) {
      const passed = mask === undefined ? slope : slope * mask[j]!
      head[j]! += passed * input[j]!
      input[j] = passed * weights[j]!
    }
    if (this.#sides === 1) {
      into.rows.addText(bags, example, input)
      return
    }
    const u = this.#u
    const v = this.#v
    const n = u.length
    for (let j = 0; j < n; j++) {
      const difference = u[j]! - v[j]!
      const byDifference = difference > 0 ? input[j]! : difference < 0 ? -input[j]! : 0
      const byProduct = input[n + j]!
      const byU = byDifference + byProduct * v[j]!
      v[j] = -byDifference + byProduct * u[j]!
      u[j] = byU
    }
    into.rows.addText(bags, 2 * example, u)
    into.rows.addText(bags, 2 * example + 1, v)
  }

  /** `out = sum of weight * embedding`, eight columns at a time so that the sums stay in registers. */
  #encode(bags: Bags, text: number, out: Float64Array): void {
    const { ids, weights, offsets } = bags
    const { table, dimension } = this
    const start = offsets[text]!
    const end = offsets[text + 1]!
    for (let j = 0; j < dimension; j += 8) {
      let a = 0
      let b = 0
      let c = 0
      let d = 0
      let e = 0
      let f = 0
      let g = 0
      let h = 0
      for (let k = start; k < end; k++) {
        const at = ids[k]! * dimension + j
        const weight = weights[k]!
        a += weight * table[at]!
        b += weight * table[at + 1]!
        c += weight * table[at + 2]!
        d += weight * table[at + 3]!
        e += weight * table[at + 4]!
        f += weight * table[at + 5]!
        g += weight * table[at + 6]!
        h += weight * table[at + 7]!
      }
      out[j] = a
      out[j + 1] = b
      out[j + 2] = c
      out[j + 3] = d
      out[j + 4] = e
      out[j + 5] = f
      out[j + 6] = g
      out[j + 7] = h
    }
  }
}

/**
 * Initial embeddings, as random indexing (Sahlgren 2005) has them: two entries of each row at random places are
 * plus or minus `sqrt(dimension / 2)`, the others 0; an entry thus has mean 0 and variance 1. The few words that
 * differ between two texts then rarely meet in one column, so `|u - v|` and `u * v` tell how much the texts have in
 * common with less noise than dense random embeddings would.
 */
function scatter(table: Numbers, dimension: number, random: Random): void {
  const size = Math.sqrt(dimension / 2)
  for (let row = 0; row < table.length; row += dimension) {
    const one = Math.floor(random.uniform() * dimension)
    const other = (one + 1 + Math.floor(random.uniform() * (dimension - 1))) % dimension
    const signs = random.next()
    table[row + one] = signs >= 0x80000000 ? size : -size
    table[row + other] = signs & 1 ? size : -size
  }
}
