import type { Arguments } from './arguments.js'
import type { Family } from './families.js'
import { LOSSES } from './loss.js'
import { BagModel } from './model.js'
import { Adam, schedule } from './optimizer.js'
import type { Part } from './prepared.js'
import { Random } from './random.js'
import { RowGradients } from './row-gradients.js'
import type { Task } from './tasks.js'

/** Losses and metrics of a model on one part: `loss`, the task's metrics by name, and `error`. */
export type Scores = Readonly<Record<string, number>>

/** A model in training: everything that changes from epoch to epoch. */
export class Trainer {
  readonly model: BagModel
  /** Optimizers of the embedding table, the head weights and the head bias. */
  readonly optimizers: { readonly table: Adam; readonly head: Adam; readonly bias: Adam }
  /** Order of examples and dropout. */
  random: Random
  /** Epochs done. */
  epoch = 0
  /** True once a loss was not finite; training then goes no further. */
  diverged = false

  readonly #args: Arguments
  readonly #task: Task
  readonly #rows: RowGradients
  readonly #head: Float64Array
  readonly #bias = new Float64Array(1)
  readonly #headRows: Int32Array
  readonly #mask: Float64Array | undefined

  constructor(args: Arguments, task: Task, family: Family) {
    const sides = task.columns.texts.length === 2 ? 2 : 1
    this.#args = args
    this.#task = task
    this.model = new BagModel({ ...family, sides }, Random.stream(args.seed, 'initial values'))
    this.random = Random.stream(args.seed, 'training')
    this.optimizers = {
      table: new Adam(this.model.table, family.dimension),
      head: new Adam(this.model.head, 1),
      bias: new Adam(this.model.bias, 1),
    }
    this.#rows = new RowGradients(family.rows, family.dimension)
    this.#head = new Float64Array(this.model.head.length)
    this.#headRows = Int32Array.from(this.#head.keys())
    this.#mask = args.dropout > 0 ? new Float64Array(this.model.head.length) : undefined
  }

  /** Trains one epoch and counts it. @returns mean loss over the epoch, with dropout */
  trainEpoch(part: Part): number {
    const { batch_size, epochs, warmup_ratio, learning_rate } = this.#args
    const examples = part.gold.length
    const order = this.random.permutation(examples)
    const batches = Math.ceil(examples / batch_size)
    let loss = 0
    for (let batch = 0; batch < batches; batch++) {
      const members = order.subarray(batch * batch_size, (batch + 1) * batch_size)
      loss += this.#accumulate(part, members)
      const step = this.epoch * batches + batch
      this.#step(learning_rate * schedule(step, epochs * batches, warmup_ratio))
    }
    this.epoch++
    if (!Number.isFinite(loss)) this.diverged = true
    return loss / examples
  }

  /** Counts an epoch of a diverged training. @returns NaN, in place of the loss */
  skipEpoch(): number {
    this.epoch++
    return Number.NaN
  }

  /** Scores the model as it is, without dropout; a loss that is not finite marks the training as diverged. */
  evaluate(part: Part): Scores {
    const { bags, gold } = part
    const { metrics } = this.#task
    if (this.diverged)
      return Object.fromEntries([...metrics.map(([name]) => name), 'error', 'loss'].map((name) => [name, Number.NaN]))
    const { value } = LOSSES[this.#task.loss]
    const outputs = new Float64Array(gold.length)
    let loss = 0
    for (let i = 0; i < gold.length; i++) {
      outputs[i] = this.model.forward(bags, i)
      loss += value(outputs[i]!, gold[i]!)
    }
    if (!Number.isFinite(loss)) this.diverged = true
    const results = metrics.map(([name, metric]) => [name, metric(outputs, gold)] as const)
    return { ...Object.fromEntries(results), error: 1 - results[0]![1], loss: loss / gold.length }
  }

  /** Adds up the gradient of the mean loss of a batch. @returns sum of its losses */
  #accumulate(part: Part, members: Int32Array): number {
    const { bags, gold } = part
    const { value, slope } = LOSSES[this.#task.loss]
    const into = { head: this.#head, rows: this.#rows, mask: this.#mask }
    let loss = 0
    for (let k = 0; k < members.length; k++) {
      const i = members[k]!
      this.#drawMask()
      const output = this.model.forward(bags, i, this.#mask)
      const change = slope(output, gold[i]!) / members.length
      loss += value(output, gold[i]!)
      this.model.backward(bags, i, change, into)
      this.#bias[0]! += change
    }
    return loss
  }

  #step(rate: number): void {
    const { weight_decay } = this.#args
    const { table, head, bias } = this.optimizers
    const rows = this.#rows
    table.update(rows.touched, rows.size, rows.values, rate, weight_decay)
    head.update(this.#headRows, this.#head.length, this.#head, rate, weight_decay)
    bias.update(this.#headRows, 1, this.#bias, rate, 0)
    rows.clear()
    this.#head.fill(0)
    this.#bias.fill(0)
  }

  #drawMask(): void {
    const mask = this.#mask
    if (mask === undefined) return
    const { dropout } = this.#args
    const kept = 1 / (1 - dropout)
    for (let j = 0; j < mask.length; j++) mask[j] = this.random.uniform() < dropout ? 0 : kept
  }
}
