/** Writes the events and trials of many simulated runs as Arrow files, for analysis and for resuming. */
import {
  Bool,
  type Data,
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int32,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Utf8,
  makeData,
  tableToIPC,
  vectorFromArray,
} from 'apache-arrow'
import type { Config } from '../core/space.js'
import { RUNS_KEY } from './read-batch.js'
import { EVENT_KINDS, type EventColumns } from './run-log.js'

interface Column {
  readonly name: string
  readonly data: Data
}

/**
 * The events of a batch, one row per event: `run` (index into the file's list of runs), `event` (see EVENT_KINDS),
 * `trial`, `resource`, `time` in seconds, and the recorded metrics (NaN for events that are not reports).
 */
export function encodeEvents(events: EventColumns, metrics: readonly string[], runs: readonly unknown[]): Uint8Array {
  const run = new Int32Array(events.kind.length)
  for (let i = 0; i + 1 < events.offsets.length; i++) run.fill(i, events.offsets[i], events.offsets[i + 1])
  return encode(
    [
      { name: 'run', data: int32(run) },
      { name: 'event', data: dictionary(Int32Array.from(events.kind), EVENT_KINDS) },
      { name: 'trial', data: int32(events.trial) },
      { name: 'resource', data: int32(events.resource) },
      { name: 'time', data: float64(events.time) },
      ...metrics.map((name, m) => ({ name, data: float64(events.values[m]!) })),
    ],
    runs,
  )
}

/** The trials of a batch, one row per trial: `run`, `trial`, `row` of the table (-1: none), and the hyperparameters. */
export function encodeTrials(
  offsets: readonly number[],
  row: Int32Array,
  configs: readonly Config[],
  runs: readonly unknown[],
): Uint8Array {
  const run = new Int32Array(row.length)
  const trial = new Int32Array(row.length)
  for (let i = 0; i + 1 < offsets.length; i++)
    for (let t = offsets[i]!; t < offsets[i + 1]!; t++) {
      run[t] = i
      trial[t] = t - offsets[i]!
    }
  const names = Object.keys(configs[0] ?? {})
  return encode(
    [
      { name: 'run', data: int32(run) },
      { name: 'trial', data: int32(trial) },
      { name: 'row', data: int32(row) },
      ...names.map((name) => ({
        name: `config_${name}`,
        data: hyperparameter(configs.map((config) => config[name]!)),
      })),
    ],
    runs,
  )
}

function hyperparameter(values: readonly (string | number | boolean)[]): Data {
  if (values.every((value) => typeof value === 'number')) return float64(Float64Array.from(values))
  if (values.every((value) => typeof value === 'boolean')) return vectorFromArray(values, new Bool()).data[0]!
  const texts = values.map(String)
  const words = [...new Set(texts)]
  const codes = new Map(words.map((word, i) => [word, i]))
  return dictionary(
    Int32Array.from(texts, (text) => codes.get(text)!),
    words,
  )
}

function int32(values: Int32Array): Data {
  return makeData({ type: new Int32(), length: values.length, data: values })
}

function float64(values: Float64Array): Data {
  return makeData({ type: new Float64(), length: values.length, data: values })
}

function dictionary(codes: Int32Array, words: readonly string[]): Data {
  const type = new Dictionary(new Utf8(), new Int32())
  return makeData({ type, length: codes.length, data: codes, dictionary: vectorFromArray([...words], new Utf8()) })
}

function encode(columns: readonly Column[], runs: readonly unknown[]): Uint8Array {
  const fields = columns.map(({ name, data }) => new Field(name, data.type as DataType, false))
  const schema = new Schema(fields, new Map([[RUNS_KEY, JSON.stringify(runs)]]))
  const length = columns[0]!.data.length
  const struct = makeData({ type: new Struct(fields), length, children: columns.map(({ data }) => data) })
  return tableToIPC(new Table(schema, [new RecordBatch(schema, struct)]), 'file')
}
