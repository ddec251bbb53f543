/**
 * The text of `check` about a run, so far as it fits a screen: what is violated, open or never taken. `--verbose` has
 * the rest: every verdict, step never taken and warning (text.ts).
 */
import type { NeverTaken, PropertyResult } from '../explorer/result.ts'
import type { Setting } from '../catalogue/setting.ts'
import { atomicityLines } from './atomicity.ts'
import { cutMiddle } from './cut.ts'
import { drawnLabel } from './drawn.ts'
import type { Checked } from './checked.ts'
import { fingerprintLines } from './fingerprint.ts'
import { needsLines } from './needs.ts'
import { plural, showCount, showSeconds } from './numbers.ts'
import type { Colour, Paint } from './paint.ts'
import { profileLines } from './profile.ts'
import { statesText } from './symmetry.ts'
import { checkpointLines, notCheckedLines, remark, sameAsLines, showSizes, verdictLines, verdictWord } from './text.ts'
import { warningLines } from './warnings.ts'
import { wrap } from './wrap.ts'

/** More warnings than these are counted. */
const FEW = 3

/** Longer names do not make the others' lines longer. */
const WIDEST_NAME = 32

/** The width of the words in front of a table of verdicts. */
const WORD = 11

/** The first lines, `mirror-2017@as-posted, scenario mirror: patch 03/15 of June 2017`; sizes, if they are others. */
export function shortHeadline(
  { protocol, variant, scenario, sizes, asScenario }: Setting,
  width: number,
  paint: Paint,
): readonly string[] {
  const name = `${protocol.name}@${variant.name}`
  const size = asScenario ? '' : showSizes(sizes)
  const where = `scenario ${scenario.name}${size === '' ? '' : ` with ${size}`}`
  const [first = '', ...others] = wrap(`${name}, ${where}: ${variant.summary}`, width)
  return [first.replace(name, paint('bold', name)), ...others]
}

/**
 * A line for each property that is violated; those of one other verdict share one.
 *
 * @param all whether every property has a line: those that were asked for by name do
 */
export function verdictTable(
  { result }: Pick<Checked, 'result'>,
  all: boolean,
  width: number,
  paint: Paint,
): readonly string[] {
  const own = result.properties.filter((property) => all || isBad(property))
  const name = Math.min(WIDEST_NAME, Math.max(0, ...own.map((property) => property.name.length)))
  return [
    ...own.flatMap((property) => {
      const text = `${property.name.padEnd(name)}  ${property.kind.padEnd(13)}  ${remark(property, result)}`.trimEnd()
      return rowLines(verdictWord(property), text, width, paint)
    }),
    ...sharedRows(result, own).flatMap(({ text, ...word }) => rowLines(word, text, width, paint)),
    ...neverTakenText(result, width - WORD - 4).flatMap((text) =>
      rowLines({ word: 'never taken', colour: 'yellow' }, text, width, paint),
    ),
  ]
}

interface Word {
  readonly word: string
  readonly colour: Colour
}

function rowLines({ word, colour }: Word, text: string, width: number, paint: Paint): readonly string[] {
  const padded = word.padEnd(WORD)
  const hang = ' '.repeat(WORD + 2)
  return wrap(hang + text, width - 2, 0).map(
    (line, n) => `  ${n === 0 ? paint(colour, padded) + line.slice(WORD) : line}`,
  )
}

const isBad = ({ verdict }: PropertyResult): boolean => verdict === 'violated'

/** Properties of the same verdict and remark, by their names; those that are possible are counted. */
function sharedRows(
  result: Checked['result'],
  without: readonly PropertyResult[],
): readonly (Word & { readonly text: string })[] {
  const groups = new Map<string, { readonly word: Word; readonly names: string[]; readonly why: string }>()
  for (const property of result.properties.filter((one) => !without.includes(one))) {
    const word = verdictWord(property)
    const why = word.word === 'possible' ? '' : remark(property, result)
    const known = groups.get(`${word.word} ${why}`)
    if (known === undefined) groups.set(`${word.word} ${why}`, { word, names: [property.name], why })
    else known.names.push(property.name)
  }
  return [...groups.values()].map(({ word, names, why }) => ({
    ...word,
    text: `${word.word === 'possible' ? plural(names.length, 'thing that must be possible', 'things that must be possible') : names.join(', ')}${why === '' ? '' : `; ${why}`}`,
  }))
}

/** `9 steps of cpu: rwsem_down_read_failed(&mm.mmap_sem), 7 more`, in one line. */
function neverTakenText({ neverTaken, incomplete, fingerprint }: Checked['result'], width: number): readonly string[] {
  if (incomplete !== undefined) return ['known only after a complete run']
  if (fingerprint !== undefined) return ['known only without fingerprints']
  if (neverTaken.length === 0) return []
  const threads = [...new Set(neverTaken.map(({ thread }) => thread))]
  const head = `${plural(neverTaken.length, 'step')} of ${threads.join(', ')}: `
  return [head + named(neverTaken, Math.max(30, width - head.length))]
}

/** As many labels as there is room for, each once, and the number of the steps whose label is not named. */
function named(steps: readonly NeverTaken[], room: number): string {
  const labels = [...new Set(steps.map(({ label }) => drawnLabel(label)))]
  const text = (shown: number): string => {
    const names = labels.slice(0, shown)
    const left = steps.filter(({ label }) => !names.includes(drawnLabel(label))).length
    return [...names, ...(left > 0 ? [`${left} more`] : [])].join(', ')
  }
  const most = labels.findLastIndex((_, n) => text(n + 1).length <= room) + 1
  return most > 0 ? text(most) : cutMiddle(text(1), room)
}

/** The last lines: the verdict, the size of the search, and the commands for more. */
export function shortSummary(checked: Checked, width: number, paint: Paint): readonly string[] {
  const { result, setting, command } = checked
  const { transitions, depth, seconds, warnings } = result
  return [
    ...verdictLines(checked, paint),
    ...[...notCheckedLines(checked), ...sameAsLines(checked)].flatMap((line) => wrap(line, width)),
    ...wrap(
      `${statesText(setting.protocol, result)}, ${plural(transitions, 'transition')}, depth ${showCount(depth)}; ${showSeconds(seconds)}`,
      width,
    ),
    ...fingerprintLines(result).flatMap((line) => wrap(line, width)),
    ...profileLines(result.profile, paint),
    ...shortWarnings(warnings, width, paint),
    ...atomicityLines(checked.atomicity ?? [], width),
    ...checkpointLines(checked),
    ...needsLines(checked, width),
    MORE,
    `repeat with: ${command}`,
  ]
}

const MORE = 'more: --full draws every step, --verbose lists every verdict and every step never taken'

/** The first warnings, whole, and the number of the others. */
export function shortWarnings(warnings: Checked['result']['warnings'], width: number, paint: Paint): readonly string[] {
  const more = warnings.length - FEW
  return [
    ...warningLines(warnings.slice(0, FEW), width, paint),
    ...(more > 0 ? [`and ${plural(more, 'more warning', 'more warnings')}: --verbose lists all`] : []),
  ]
}
