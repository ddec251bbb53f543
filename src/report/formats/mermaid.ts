/**
 * A schedule as a Mermaid sequence diagram, as pull requests and many wikis draw it: one participant per thread, notes
 * for changes.
 */
import { isViolationOf } from '../first-violations.ts'
import { lockText, valuedLabel } from '../trace.ts'
import type { Trace, TraceStep } from '../trace.ts'

/**
 * Escapes the characters that would end a statement, begin a comment, or be markup, an entity or an order to wrap.
 * Each becomes the number of the character.
 */
const escaped = (raw: string): string =>
  raw
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[#;<>&%$"\\]|(?<=^(?:no)?wrap):/g, (character) => `#${character.codePointAt(0)};`)

/** Lines of one text. */
const lines = (all: readonly string[]): string => all.map(escaped).join('<br/>')

/** The diagram. */
export function mermaid(trace: Trace): string {
  const { threads, initial, steps, end, falls, race } = trace
  const participant = (thread: string): string => `p${threads.indexOf(thread)}`
  const [first, last] = [threads[0], threads.at(-1)]
  const everybody =
    first === undefined || last === undefined
      ? ''
      : threads.length === 1
        ? participant(first)
        : `${participant(first)},${participant(last)}`
  const over = (all: readonly string[]): readonly string[] =>
    all.length === 0 || everybody === '' ? [] : [`  Note over ${everybody}: ${lines(all)}`]
  const early = falls.filter(({ step }) => step === 0).map(({ property }) => `✗ ${property}`)
  const conclusion = [
    ...(end === undefined ? [] : [`${end.outcome === 'violated' ? '✗' : '✓'} ${end.text}`, ...end.standing]),
    ...falls
      .filter(
        (fall) => fall.step > 0 && (end === undefined || !isViolationOf(fall, { name: end.property, kind: end.kind })),
      )
      .map(({ property, step }) => `✗ ${property} turned false in step ${step}`),
    ...(race === undefined ? [] : [race.text]),
  ]
  return [
    'sequenceDiagram',
    // a diagram without participants is none
    ...(threads.length === 0
      ? ['  participant p0 as nobody', `  Note over p0: ${lines([...initial, ...conclusion])}`]
      : []),
    ...threads.map((thread) => `  participant ${participant(thread)} as ${escaped(thread)}`),
    ...over([...(initial.length === 0 ? [] : [`initially ${initial.join(', ')}`]), ...early]),
    ...steps.flatMap((step, n) => message(trace, step, n + 1)),
    ...over(conclusion),
    '',
  ].join('\n')
}

function message(trace: Trace, step: TraceStep, number: number): readonly string[] {
  const { thread, choices, locals, changes, lockChanges, turnsFalse } = step
  const { threads, race } = trace
  const name = `p${threads.indexOf(thread)}`
  const chosen = choices.length === 0 ? '' : ` [${choices.join(', ')}]`
  const noted = [
    ...locals,
    ...changes,
    ...lockChanges
      .filter((one) => threads.includes(one.thread))
      .map((one) => `${one.thread} ${lockText(trace, step, one)}`),
    ...(race?.read === number ? [`race: reads ${race.cell}`] : []),
    ...(race?.write === number ? [`race: changes ${race.cell}`] : []),
  ]
  const isBad = turnsFalse.length > 0
  const drawn = [
    `${name}->>${name}: ${escaped(`${number} ${valuedLabel(step)}${chosen}`)}`,
    ...(noted.length === 0 ? [] : [`Note right of ${name}: ${lines(noted)}`]),
    ...(isBad ? [`Note over ${name}: ${lines(turnsFalse.map((property) => `✗ ${property}`))}`] : []),
  ]
  return isBad
    ? ['  rect rgb(255, 214, 214)', ...drawn.map((line) => `    ${line}`), '  end']
    : drawn.map((line) => `  ${line}`)
}
