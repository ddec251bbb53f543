/** The entry for packages with models of their own: the language, protocols, and the check. */
export * from './language/index.ts'
export { asCatalogue, defineProtocol } from './catalogue/define.ts'
export { switched, withoutEach } from './catalogue/variants.ts'
export { underReview } from './catalogue/under-review.ts'
export { selectProperties } from './language/select.ts'
export { settingOf } from './catalogue/setting.ts'
export type { Setting, SettingNames } from './catalogue/setting.ts'
export { UsageError } from './catalogue/usage.ts'
export type { ConformanceModel, ConformanceVariant, EventPattern } from './conform/conformance.ts'
export type { Freed } from './conform/lives.ts'
export type { RecordedEvent } from './conform/recording.ts'
export type { ProtocolDefinition } from './catalogue/define.ts'
export type { ChangeUnderReview } from './catalogue/under-review.ts'
export type {
  Catalogue,
  Expectation,
  LeftOut,
  Parameter,
  Protocol,
  Scenario,
  Variant,
} from './catalogue/protocol.ts'
export { checkAny as check } from './explorer/check-protocol.ts'
export type { ProtocolCheckOptions, ProtocolResult } from './explorer/check-protocol.ts'
export { draw } from './report/draw.ts'
export type { Drawable, DrawOptions } from './report/draw.ts'
export type { Counterexample, Example, ScheduleProperty } from './semantics/counterexample.ts'
export type { Failure } from './semantics/execute.ts'
export type { Choice, Initial, Machine, Outcome, Run, State, Transition } from './semantics/machine.ts'
export type { Warning } from './analysis/warning.ts'
export type {
  CheckOptions,
  CheckpointOptions,
  CheckpointOutcome,
  CheckResult,
  FingerprintOutcome,
  Incomplete,
  Measure,
  NeverTaken,
  Progress,
  PropertyResult,
  Verdict,
} from './explorer/result.ts'
