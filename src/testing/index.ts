/** What users regression-test their schedulers with, for any test framework; what needs vitest is in `rungbench/testing/vitest`. */
export { type TraceDifference, type TraceNames, compareTraces } from './compare-traces.js'
export { type LawCheck, type LawOptions, lawsOf } from './laws/scheduler-laws.js'
export { type NumberedSpace, type TableCell, type TableOptions, tableOf } from './table-of.js'
export { type TraceExperimentOptions, traceExperiment } from './trace-experiment.js'
export { type MatcherContext, type MatcherResult, traceMatchers } from './trace-matchers.js'
export { type TraceOptions, type Traced, traceOf } from './trace-of.js'
export { Trace } from './trace.js'
export type { TraceStep } from './trace-step.js'
