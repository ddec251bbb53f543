/**
 * SARIF 2.1.0, so that code hosts annotate: one rule per property, one result per violation, at the line of the model's
 * last step, with the schedule as a code flow.
 *
 * A warning is a result of its own, under the rule of its code, at its line; an error under `--strict`.
 *
 * The code flow is one thread flow in the order of time: which step of which thread comes between which others is
 * what a schedule is about, and code hosts show a thread flow a path. The `state` of a location has what its step
 * changed.
 */
import type { Warning } from '../../analysis/warning.ts'
import { warningCodes, warnings, type WarningCode } from '../../analysis/warnings.ts'
import { claimKey, isSameClaim, shownName } from '../../language/claims.ts'
import { showLocks } from '../locks.ts'
import type { SourceLine } from '../sites.ts'
import { valuedLabel, type Trace, type TraceStep } from '../trace.ts'
import { kinds } from '../../semantics/kinds/index.ts'
import { incompleteText } from '../incomplete.ts'
import { warningText } from '../warnings.ts'
import { runTitle } from '../title.ts'
import { grantedLines } from './reported.ts'
import type { Reported, ReportedProperty, ReportedRun } from './reported.ts'

/** The directory in which hmmcheck was run. The document does not contain its path on this machine. */
const BASE = '%SRCROOT%'

/** The document. */
export function sarif({ version, started, runs }: Reported): string {
  const rules = [
    ...new Map(
      runs.flatMap(({ properties }) => properties.map((property) => [claimKey(property), property] as const)),
    ).values(),
  ]
  const results = runs.flatMap((run) =>
    run.properties
      .filter(({ judgement }) => judgement === 'failed' || judgement === 'expected')
      .map((property) =>
        resultOf(
          run,
          property,
          rules.findIndex((rule) => isSameClaim(rule, property)),
          rules,
        ),
      ),
  )
  const codes = warningCodes.filter((code) => runs.some(({ warnings }) => warnings.some((one) => one.code === code)))
  const warned = runs.flatMap((run) =>
    run.warnings.map((one) => warningOf(run, one, rules.length + codes.indexOf(one.code))),
  )
  return `${JSON.stringify(
    {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'hmmcheck',
              semanticVersion: version,
              rules: [...rules.map((rule) => ruleOf(rule, rules)), ...codes.map(ruleOfCode)],
            },
          },
          automationDetails: { id: automationOf(runs) },
          invocations: [
            {
              executionSuccessful: true,
              startTimeUtc: started,
              commandLine: runs.length === 1 ? runs[0]?.command : undefined,
              toolExecutionNotifications: runs.flatMap(notificationsOf),
            },
          ],
          originalUriBaseIds: { [BASE]: { description: { text: 'The directory in which hmmcheck was run.' } } },
          columnKind: 'utf16CodeUnits',
          results: [...results, ...warned],
        },
      ],
    },
    undefined,
    2,
  )}\n`
}

/**
 * The notes on a run: the properties that were left open, and the assumptions of those that hold.
 */
function notificationsOf(run: ReportedRun): readonly object[] {
  const { incomplete, properties } = run
  const open =
    incomplete !== undefined
      ? [`not every state was visited: ${incompleteText[incomplete]}`]
      : properties.flatMap(({ name, judgement, reason }) => (judgement === 'open' ? [`${name}: ${reason}`] : []))
  const at =
    (level: 'warning' | 'note') =>
    (text: string): object => ({ level, message: { text: `${runTitle(run)}: ${text}` } })
  return [...open.map(at('warning')), ...grantedLines(run).map(at('note'))]
}

/** Code hosts compare what has the same. */
const automationOf = (runs: readonly ReportedRun[]): string => {
  const [only] = runs
  return runs.length === 1 && only !== undefined
    ? `hmmcheck/${only.model}@${only.variant}/${only.scenario}/`
    : 'hmmcheck/'
}

function ruleOf({ name, kind, claim }: ReportedProperty, rules: readonly ReportedProperty[]): object {
  const text = `${name}: ${kinds[kind].meaning}`
  return {
    id: shownName({ kind, name }, rules),
    shortDescription: { text },
    fullDescription: { text: claim ?? text },
    help: {
      text: `${claim ?? text}\nA schedule that breaks it is shown as the paths of an alert, and by: hmmcheck show.`,
    },
    defaultConfiguration: { level: 'error' },
    properties: { kind, tags: ['concurrency'] },
  }
}

function ruleOfCode(code: WarningCode): object {
  const { title, cause, remedy } = warnings[code]
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: `${title}; likely cause: ${cause}` },
    help: { text: `Remedy: ${remedy}.` },
    defaultConfiguration: { level: 'warning' },
    properties: { kind: 'warning', tags: ['maintainability'] },
  }
}

function warningOf(run: ReportedRun, warning: Warning, ruleIndex: number): object {
  const { code, at, what } = warning
  const [, file, line] = /^(.*):(\d+)$/.exec(at) ?? []
  return {
    ruleId: code,
    ruleIndex,
    level: run.strict ? 'error' : 'warning',
    message: { text: `${warningText(warning)} (${runTitle(run)})` },
    locations: file === undefined ? [] : [{ physicalLocation: physical({ file, line: Number(line) }) }],
    partialFingerprints: { 'hmmcheckWarning/v1': `${run.model}@${run.variant}/${run.scenario}/${code}/${what}` },
    properties: {
      model: run.model,
      variant: run.variant,
      scenario: run.scenario,
      sizes: run.sizes,
      command: run.command,
    },
  }
}

function resultOf(
  run: ReportedRun,
  { name, kind, judgement, reason, traces }: ReportedProperty,
  ruleIndex: number,
  rules: readonly ReportedProperty[],
): object {
  const ruleId = shownName({ kind, name }, rules)
  const [trace] = traces
  const notes = traces.flatMap(({ end, race }) => [
    ...(end === undefined ? [] : [end.text, ...end.standing]),
    ...(race === undefined ? [] : [race.text]),
  ])
  const place = traces
    .map(({ steps }) => steps.findLast((step) => step.place !== undefined)?.place)
    .find((one) => one !== undefined)
  return {
    ruleId,
    ruleIndex,
    level: 'error',
    message: { text: [`${name} is ${reason} (${runTitle(run)})`, ...notes].join('\n') },
    locations: place === undefined ? [] : [{ physicalLocation: physical(place) }],
    ...(traces.length === 0 ? {} : { codeFlows: traces.map(codeFlow) }),
    relatedLocations: trace?.race && related(trace, trace.race),
    partialFingerprints: { 'hmmcheckProperty/v1': `${run.model}@${run.variant}/${run.scenario}/${ruleId}` },
    ...(judgement === 'expected' ? { suppressions: [{ kind: 'external', justification: reason }] } : {}),
    properties: {
      model: run.model,
      variant: run.variant,
      scenario: run.scenario,
      sizes: run.sizes,
      command: run.command,
    },
  }
}

/**
 * A file as it is seen from the directory; one that is named outright, with a drive letter too, by its whole address.
 */
const physical = ({ file, line }: SourceLine): object => ({
  artifactLocation: artifact(file),
  region: { startLine: line },
})

function artifact(file: string): object {
  const [, drive = '', rest = file] = /^([A-Za-z]:)?(\/.*)$/.exec(file) ?? []
  const uri = rest.split('/').map(encodeURIComponent).join('/')
  if (rest.startsWith('/')) return { uri: `file://${drive === '' ? '' : `/${drive}`}${uri}` }
  return { uri, uriBaseId: BASE }
}

/** The two steps of a race. */
function related({ steps }: Trace, { read, write, cell }: NonNullable<Trace['race']>): readonly object[] {
  const at = (number: number, text: string, id: number): readonly object[] => {
    const step = steps[number - 1]
    return step?.place === undefined
      ? []
      : [{ id, message: { text: `step ${number}, ${step.thread}: ${text}` }, physicalLocation: physical(step.place) }]
  }
  return [...at(read, `reads ${cell}`, 1), ...at(write, `changes ${cell}`, 2)]
}

function codeFlow({ threads, initial, steps, end, race }: Trace): object {
  const bad = new Set([race?.read, race?.write, steps.length])
  return {
    message: end && { text: end.text },
    threadFlows: [
      {
        id: 'schedule',
        ...(initial.length === 0
          ? {}
          : {
              initialState: Object.fromEntries(
                initial
                  .map((cell) => cell.split(' = '))
                  .map(([cell = '', ...value]) => [cell, { text: value.join(' = ') }]),
              ),
            }),
        locations: steps.map((step, n) => ({
          location: {
            physicalLocation: step.place && physical(step.place),
            logicalLocations: [{ name: step.thread, kind: 'thread' }],
            message: { text: messageOf(step, n + 1) },
          },
          executionOrder: n + 1,
          nestingLevel: threads.indexOf(step.thread),
          importance: bad.has(n + 1) ? 'essential' : 'important',
          ...(step.changes.length === 0 ? {} : { state: Object.fromEntries(step.changes.map(cellAndChange)) }),
        })),
      },
    ],
  }
}

/** `mm.pte[0]: none → page 0` in its parts; of a set `readers += cpu[0]`. */
function cellAndChange(change: string): readonly [string, { readonly text: string }] {
  const [, cell = change, text = ''] = /^(.*?)(?:: | (?=[+-]=))(.*)$/.exec(change) ?? []
  return [cell, { text }]
}

function messageOf(step: TraceStep, number: number): string {
  const { thread, choices, locals, lockChanges, turnsFalse } = step
  const own = lockChanges.find((one) => one.thread === thread)
  const details = [
    ...choices,
    ...locals,
    ...(own === undefined ? [] : [showLocks(own) || 'holds no lock']),
    ...turnsFalse.map((property) => `breaks ${property}`),
  ]
  return `${number}  ${thread}: ${valuedLabel(step)}${details.length === 0 ? '' : `  [${details.join('; ')}]`}`
}
