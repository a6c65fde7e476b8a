/** The library: everything that the command does, as typed functions, and the contracts for schedulers and searchers of one's own. */
export type { BackendEvent, RealTimeBackend, VirtualTimeBackend } from './core/backend.js'
export { type ConfigSource, SpaceSource } from './core/config-source.js'
export { crowdingDistance } from './core/pareto/crowding-distance.js'
export { type EpsilonNetOptions, epsilonNetOrder } from './core/pareto/epsilon-net.js'
export { decodeConfig, encodeConfig, encodedLength, fromUnit, toUnit } from './core/encoding.js'
export { BenchError } from './core/errors.js'
export {
  type Experiment,
  type MethodSpec,
  type SchedulerSpec,
  type SearcherSpec,
  defineExperiment,
} from './core/experiment.js'
export { Hypervolume2D, hypervolume, hypervolumeOverTime } from './core/pareto/hypervolume.js'
export { type Goal, type Objective, toLoss } from './core/objective.js'
export { dominates, nondominatedSort, paretoFront } from './core/pareto/pareto.js'
export type { PointList, Points } from './core/pareto/points.js'
export { type Random, RandomStreams } from './core/random.js'
export { RUNG_RULES, type RungRule, rungLevels } from './core/rungs/rung.js'
export {
  type Checkpoint,
  type Decision,
  type Job,
  type Scheduler,
  type SchedulerContext,
  startJob,
} from './core/scheduler.js'
export { type SchedulerDefinition, type SchedulerLaws, defineScheduler, schedulers } from './core/schedulers/index.js'
export { RuleAround, type StoppingRule } from './core/schedulers/stopping-rule.js'
export type { Searcher, SearcherContext, Suggestion } from './core/searcher.js'
export { type DrawOptions, Draws, drawOptions } from './core/searchers/draws.js'
export { type SearcherDefinition, defineSearcher, searchers } from './core/searchers/index.js'
export {
  type Config,
  type ConfigOf,
  type Domain,
  type Space,
  type Value,
  choice,
  constant,
  float,
  int,
  ordinal,
} from './core/space.js'
export type { StopRule } from './core/stop-rule.js'
export type { EndState, TrialId } from './core/trial.js'
export { type WrittenReport, writeReport } from './publish/write-report.js'
export { type Exported, type Exporter } from './formats/exporter.js'
export { exporters } from './formats/exporters.js'
export { importTable } from './formats/import-table.js'
export {
  type FoundMetric,
  type FoundTable,
  type FoundTraining,
  type ImportOptions,
  type ImportRequest,
  type Importer,
  defineImporter,
} from './formats/importer.js'
export { importers } from './formats/index.js'
export { type DeriveOptions, type Derived, deriveInstances } from './instances/derive.js'
export {
  type InstanceFilter,
  type InstanceType,
  type PriceList,
  filterInstances,
  readPriceList,
} from './instances/price-list.js'
export { SHIPPED_PRICES } from './instances/shipped-prices.js'
export { type MergeOptions, type MergedTable, mergeTables } from './record/merge-tables.js'
export { type RecordOptions, type RecordResult, record } from './record/record.js'
export { type Recording, type RecordingDefinition, defineRecording } from './record/recording.js'
export { type Comparison, type ComparisonGroup, compareRuns } from './report/comparison.js'
export { type PageFrame, type Report, reportOf } from './report/sections.js'
export { type HypervolumeComparison, type HypervolumeGroup, compareHypervolumes } from './report/hypervolumes.js'
export { type AverageRanks, averageRanks } from './report/ranks.js'
export { type ResultDocument, resultDocument } from './report/result-document.js'
export {
  findTable,
  listExperiments,
  listRecordings,
  listTables,
  loadExperiment,
  loadRecording,
} from './run/catalogue.js'
export { openTable } from './run/open-table.js'
export { type ExperimentResult, type RunOptions, runExperiment } from './run/run-experiment.js'
export { type VerifyOptions, verifyRun } from './run/verify/verify-run.js'
export { type WholeOptions, verifyWhole } from './run/verify/verify-whole.js'
export type { Manifest } from './store/manifest.js'
export type { Verification } from './store/verification.js'
export type {
  Best,
  HypervolumeSummary,
  ParetoMember,
  ParetoSummary,
  RunFailure,
  RunSet,
  RunSummary,
} from './store/run-set.js'
export { readTable } from './surrogates/read.js'
export { SurrogateTable } from './surrogates/table.js'
export type { TableData } from './surrogates/table-data.js'
export { writeTable } from './surrogates/write.js'
