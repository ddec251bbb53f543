/**
 * The text of `check` about a run: its properties, then verdict, counts, time, steps never taken and the command that
 * repeats it.
 */
import { atomicityLines } from './atomicity.ts'
import type { CheckResult, Measure, NeverTaken, PropertyResult } from '../explorer/result.ts'
import { isAlwaysJudged } from '../language/claims.ts'
import type { Setting } from '../catalogue/setting.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { judge, violatedOf } from './checked.ts'
import { fingerprintLines, notFoundText } from './fingerprint.ts'
import { incompleteText } from './incomplete.ts'
import type { Checked } from './checked.ts'
import { needsLines } from './needs.ts'
import { plural, showCount, showRough, showSeconds } from './numbers.ts'
import type { Colour, Paint } from './paint.ts'
import { profileLines } from './profile.ts'
import { refusedLines, statesText } from './symmetry.ts'
import { warningLines } from './warnings.ts'
import { wrap } from './wrap.ts'

/** More steps never taken than these are counted; --json has them all. */
const NEVER_TAKEN = 20

/** Number of states below which speed and memory say more about start-up than about the run. */
const FEW = 50_000

/** `cpus=2,devices=1` */
export function showSizes(sizes: Readonly<Record<string, number>>): string {
  return Object.entries(sizes)
    .map(([name, size]) => `${name}=${size}`)
    .join(',')
}

/** The first lines: model, variant and scenario. */
export function headline(
  { protocol, variant, scenario, sizes }: Setting,
  width: number,
  paint: Paint,
): readonly string[] {
  const [name, size] = [`${protocol.name}@${variant.name}`, showSizes(sizes)]
  const first = wrap(`${name}  ${protocol.title}; ${variant.summary}`, width).map((line, n) =>
    n === 0 ? line.replace(name, paint('bold', name)) : line,
  )
  return [
    ...first,
    ...wrap(`scenario ${scenario.name}${size === '' ? '' : ` with ${size}`}  ${scenario.summary}`, width),
  ]
}

/** The word for a property's verdict: of a `sometimes` property a reader wants to know whether it is possible. */
export function verdictWord({ kind, verdict }: PropertyResult): { readonly word: string; readonly colour: Colour } {
  if (verdict === 'incomplete' || verdict === 'undecided') return { word: verdict, colour: 'yellow' }
  if (verdict === 'not-found') return { word: 'not found', colour: 'yellow' }
  if (kinds[kind].outcome === 'witnessed')
    return verdict === 'holds' ? { word: 'possible', colour: 'green' } : { word: 'impossible', colour: 'red' }
  return verdict === 'holds' ? { word: 'holds', colour: 'green' } : { word: 'violated', colour: 'red' }
}

/** `not decided: the steps behind a failed one are not explored (domain, misuse: unlock)` */
export function whyUndecided({ properties }: Pick<CheckResult, 'properties'>): string {
  const failed = properties
    .filter(({ kind, verdict }) => isAlwaysJudged(kind) && verdict === 'violated')
    .map(({ name }) => name)
  return `not decided: the steps behind a failed one are not explored (${failed.join(', ')})`
}

/** One line per property. */
export function propertyLines(result: Checked['result'], paint: Paint): readonly string[] {
  const { properties } = result
  const width = Math.max(0, ...properties.map(({ name }) => name.length))
  return properties.map((property) => {
    const { word, colour } = verdictWord(property)
    return `  ${paint(colour, word.padEnd(10))}  ${property.name.padEnd(width)}  ${property.kind.padEnd(13)}  ${remark(property, result)}`.trimEnd()
  })
}

/** The remark after a verdict: the reason why it is open, the assumption of a `holds`, or the size of the schedule. */
export function remark(property: PropertyResult, result: Checked['result']): string {
  if (property.verdict === 'undecided') return property.why ?? whyUndecided(result)
  if (property.verdict === 'incomplete' && property.why !== undefined) return property.why
  if (property.verdict === 'not-found') return notFoundText(property.kind)
  if (property.verdict === 'holds' && kinds[property.kind].outcome === 'violated') return memoryText(result)
  return sizeText(property, result.minimize)
}

/** `memory is assumed to be sequentially consistent`, where something is read without a lock. */
const memoryText = ({ memory }: Checked['result']): string =>
  memory === undefined ? '' : `memory is assumed to be ${memory}`

/**
 * `minimal: 14 steps, 3 switches`: the measure that was minimized comes first; `reduced` if it is not proven that no
 * schedule is smaller.
 */
export function sizeText(
  { steps, switches = 0, preemptions = 0, threads = 0, minimal }: PropertyResult,
  measure: Measure,
): string {
  if (steps === undefined) return ''
  if (minimal === undefined) return `in ${plural(steps, 'step')}`
  const first = {
    steps: plural(steps, 'step'),
    switches: plural(switches, 'switch', 'switches'),
    preemptions: plural(preemptions, 'preemption'),
    threads: plural(threads, 'thread'),
  }[measure]
  return `${minimal === 'proven' ? 'minimal' : 'reduced'}: ${first}, ${measure === 'steps' ? plural(switches, 'switch', 'switches') : plural(steps, 'step')}`
}

/** The last lines. */
export function summaryLines(checked: Checked, width: number, paint: Paint): readonly string[] {
  const { result, command } = checked
  const { stored, transitions, depth, seconds, bytesPerState, stateBits, deadLocalReset, droppedGhosts } = result
  const each = stored === result.states ? 'state' : 'stored state'
  const settings = [
    `${plural(stateBits, 'bit')} per state`,
    ...(bytesPerState > 0 && Number.isFinite(bytesPerState) && stored >= FEW
      ? [`${bytesPerState.toFixed(0)} bytes of memory per ${each}`]
      : []),
    workersText(result),
    deadLocalReset ? 'dead locals reset' : 'dead locals kept',
    ...(droppedGhosts.length > 0
      ? [`left out because no checked property reads them: ${droppedGhosts.join(', ')}`]
      : []),
  ]
  return [
    ...verdictLines(checked, paint),
    ...notCheckedLines(checked),
    ...sameAsLines(checked),
    `${statesText(checked.setting.protocol, result)}, ${plural(transitions, 'transition')}, depth ${showCount(depth)}; ${settings.join(', ')}`,
    `${showSeconds(seconds)}${seconds > 0 && stored >= FEW ? `, ${showRough(stored / seconds)} ${each}s/s` : ''}`,
    ...fingerprintLines(result),
    ...refusedLines(result),
    ...neverTakenLines(checked),
    ...profileLines(result.profile, paint),
    ...warningLines(result.warnings, width, paint),
    ...atomicityLines(checked.atomicity ?? [], width),
    ...checkpointLines(checked),
    ...needsLines(checked, width),
    `repeat with: ${command}`,
  ]
}

/** `2 workers`; of another engine `ltsmin, 2 ranks`. */
export const workersText = ({ engine, workers }: Pick<CheckResult, 'engine' | 'workers'>): string =>
  engine === undefined ? plural(workers, 'worker') : `${engine}, ${plural(workers, 'rank')}`

/** The checkpoint, where there is something to do about it. */
export function checkpointLines({ result: { checkpoint, incomplete }, resume }: Checked): readonly string[] {
  if (checkpoint === undefined) return []
  const { file, problem } = checkpoint
  const isOver = incomplete === undefined || incomplete === 'first-violation'
  return [
    ...(problem === undefined ? [] : [`HMM275: the last checkpoint could not be written to ${file}: ${problem}`]),
    ...(resume === undefined ? [] : [`resume with: ${resume}`]),
    ...(resume === undefined && !isOver ? ['nothing to resume from: no checkpoint was written'] : []),
  ]
}

export function verdictLines({ result, expectation }: Checked, paint: Paint): readonly string[] {
  const violated = violatedOf(result).map(({ name, steps }) =>
    steps === undefined ? name : `${name} (${plural(steps, 'step')})`,
  )
  const colour: Colour = result.verdict === 'holds' ? 'green' : result.verdict === 'violated' ? 'red' : 'yellow'
  const why =
    result.incomplete === undefined ? '' : `; not every state was visited: ${incompleteText[result.incomplete]}`
  const verdict = result.verdict === 'not-found' ? 'not found: no violation' : result.verdict
  const first = `${paint('bold', paint(colour, verdict))}${violated.length > 0 ? `: ${violated.join(', ')}` : ''}${why}`
  if (expectation === undefined) return [first]
  const wanted = `${expectation.verdict}${expectation.violated === undefined ? '' : `: ${expectation.violated.join(', ')}`}`
  const word = {
    expected: paint('green', 'as expected'),
    unexpected: paint('red', `not as expected (${wanted})`),
    open: `expected: ${wanted}`,
  }[judge(result, expectation)]
  return [first, `${word}; ${expectation.source}`]
}

/** The scenarios that a `holds` does not cover. */
export function notCheckedLines({
  setting: {
    protocol: { scenarios },
  },
  result,
  notChecked,
}: Checked): readonly string[] {
  if (result.verdict !== 'holds' || notChecked.length === 0) return []
  return [
    `${scenarios.length - notChecked.length} of ${plural(scenarios.length, 'scenario')}; not checked: ${notChecked.join(', ')}`,
  ]
}

/** Of a variant whose model is that of the default variant in this scenario: its `holds` is no news. */
export function sameAsLines({ setting: { protocol, variant, scenario }, sameAs }: Checked): readonly string[] {
  return sameAs === undefined
    ? []
    : [
        `in ${scenario.name}, ${variant.name} is the same model as ${protocol.name}@${sameAs}: ` +
          'this verdict says nothing about what sets them apart',
      ]
}

function neverTakenLines({ result }: Checked): readonly string[] {
  if (result.incomplete !== undefined) return ['steps never taken: known only after a complete run']
  if (result.fingerprint !== undefined) return ['steps never taken: known only without fingerprints']
  return listNeverTaken(result.neverTaken)
}

/** The steps never taken, as far as they are shown. */
export function listNeverTaken(all: readonly NeverTaken[]): readonly string[] {
  if (all.length === 0) return ['steps never taken: none']
  const shown = all.slice(0, NEVER_TAKEN).map(({ thread, path, label }) => `  ${thread}: ${label}  (${path})`)
  const more = all.length - shown.length
  return [
    `steps never taken: ${all.length}`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more, all of them with --json`] : []),
  ]
}

/** One line per run, if there are many. */
export function rowLine({ setting, result, expectation, sameAs }: Checked, paint: Paint): string {
  const { protocol, variant, scenario } = setting
  const mark = {
    expected: paint('green', 'ok'),
    unexpected: paint('red', 'NOT AS EXPECTED'),
    open: paint('yellow', result.verdict === 'not-found' ? 'not found' : 'incomplete'),
  }[judge(result, expectation)]
  const violated = violatedOf(result).map(({ name, steps }) => (steps === undefined ? name : `${name} ${steps}`))
  const never = result.neverTaken.length === 0 ? '' : `, ${plural(result.neverTaken.length, 'step')} never taken`
  const warned = result.warnings.length === 0 ? '' : `, ${paint('yellow', plural(result.warnings.length, 'warning'))}`
  const same = sameAs === undefined ? '' : ` (the same model as ${sameAs})`
  const memory = result.verdict === 'holds' && result.memory !== undefined ? ` (memory: ${result.memory})` : ''
  const verdict = result.verdict === 'not-found' ? 'no violation found' : result.verdict
  const unsaid = violated.length > 0 && expectation === undefined ? ', of which the catalogue says nothing' : ''
  const outcome = `${verdict}${violated.length > 0 ? ` (${violated.join(', ')})` : ''}${unsaid}${same}${memory}`
  return `${mark}  ${`${protocol.name}@${variant.name}`.padEnd(36)}  ${scenario.name.padEnd(12)}  ${outcome}  ${plural(result.states, 'state')}, ${showSeconds(result.seconds)}${never}${warned}`
}
