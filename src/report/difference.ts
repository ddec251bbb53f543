/** The difference of two models, as text and as Markdown. */
import type { LineChange } from '../analysis/difference/changes.ts'
import type { NamedDifference, StepChange } from '../analysis/difference/difference.ts'
import type { Line } from '../analysis/difference/lines.ts'
import { isDifferent, isOpen, verdictText, type ComparedModels, type ComparedProperty } from './compared.ts'
import { plural } from './numbers.ts'
import type { Colour, Paint } from './paint.ts'

const COLOURS = { '+': 'green', '-': 'red', '~': 'yellow', '>': 'cyan', '<': 'cyan' } as const

/** A line of the text part; it begins with a mark in its first column, or is a heading. */
interface Marked {
  readonly mark?: keyof typeof COLOURS
  readonly text: string
}

/** For a terminal. */
export function differenceText(compared: ComparedModels, paint: Paint): readonly string[] {
  const { one, other, scenario } = compared
  const marked = textPart(compared).map(({ mark, text }) =>
    mark === undefined ? text : `  ${paint(COLOURS[mark], `${mark} ${text}`)}`,
  )
  return [
    `${paint('bold', one)} → ${paint('bold', other)}, with the constants of scenario ${scenario}`,
    '',
    ...(marked.length === 0 ? ['no step, variable, thread or property differs'] : marked),
    ...verdictPart(compared, paint),
  ]
}

/** For a pull request. */
export function differenceMarkdown(compared: ComparedModels): string {
  const { one, other, scenario, scenarios } = compared
  const marked = textPart(compared).map(({ mark, text }) => (mark === undefined ? ` ${text}` : `${mark} ${text}`))
  const differing = rowsOf(compared).filter(({ property }) => isDifferent(property) || isOpen(property))
  const cell = (text: string): string => text.replaceAll('|', '\\|')
  return [
    `### \`${one}\` → \`${other}\``,
    '',
    ...(marked.length === 0
      ? ['No step, variable, thread or property differs.']
      : [`With the constants of scenario \`${scenario}\`:`, '', '```diff', ...marked, '```']),
    ...(scenarios.length === 0 ? [] : ['', `${sumOf(compared)}.`]),
    ...(differing.length === 0
      ? []
      : [
          '',
          `| scenario | property | \`${one}\` | \`${other}\` |`,
          '|---|---|---|---|',
          ...differing.map(
            ({ scenario: name, property: { name: property, kind, one: mine, other: theirs } }) =>
              `| ${cell(name)} | ${cell(property)} | ${verdictText(kind, mine)} | ${verdictText(kind, theirs)} |`,
          ),
        ]),
    '',
  ].join('\n')
}

function textPart({ difference }: ComparedModels): readonly Marked[] {
  const { variables, threads, properties, locals, steps } = difference
  return [
    ...named('variables', variables),
    ...named('threads', threads),
    ...named('properties', properties),
    ...(locals.length === 0
      ? []
      : [{ text: 'locals of another type' }, ...locals.map((text) => ({ mark: '~', text }) as const)]),
    ...groups(steps).flatMap(([head, changes]) => [{ text: head }, ...changes.flatMap(stepLines)]),
  ]
}

function named(what: string, { added, removed, changed }: NamedDifference): readonly Marked[] {
  if (added.length + removed.length + changed.length === 0) return []
  return [
    { text: what },
    ...removed.map((text) => ({ mark: '-', text }) as const),
    ...added.map((text) => ({ mark: '+', text }) as const),
    ...changed.map((text) => ({ mark: '~', text }) as const),
  ]
}

const lineOf = (change: LineChange): Line => ('to' in change ? change.to : change.from)

/** The changes by the procedure that they are in, and the threads that have it. */
function groups(steps: readonly StepChange[]): readonly (readonly [head: string, changes: readonly StepChange[]])[] {
  const found = new Map<string, StepChange[]>()
  for (const step of steps) {
    const { procedure } = lineOf(step.change)
    const head = `${procedure === undefined ? '' : `${procedure}() of `}${step.threads.join(', ')}`
    found.set(head, [...(found.get(head) ?? []), step])
  }
  return [...found]
}

function stepLines({ change, threads, times }: StepChange): readonly Marked[] {
  const often = times > threads.length ? `, ${times} times` : ''
  const shown = (line: Line): string => {
    const label =
      line.kind === 'arm' ? `else of ${line.label}` : line.kind === 'end' ? `end of ${line.label}` : line.label
    return `${label}  (${line.at}${line.source === undefined ? '' : `, ${line.source}`}${often})`
  }
  switch (change.kind) {
    case 'added':
      return [{ mark: '+', text: shown(change.to) }]
    case 'removed':
      return [{ mark: '-', text: shown(change.from) }]
    case 'moved':
      return [
        { mark: '<', text: `${shown(change.from)}: moved from here` },
        { mark: '>', text: `${shown(change.to)}: to here` },
      ]
    case 'changed':
      return change.from.label === change.to.label
        ? [{ mark: '~', text: shown(change.to) }]
        : [
            { mark: '~', text: `${change.from.label}` },
            { mark: '~', text: `  becomes ${shown(change.to)}` },
          ]
  }
}

interface Row {
  readonly scenario: string
  readonly property: ComparedProperty
}

const rowsOf = ({ scenarios }: ComparedModels): readonly Row[] =>
  scenarios.flatMap(({ name, properties }) => properties.map((property) => ({ scenario: name, property })))

/** `3 of 25 verdicts differ, in 2 scenarios` */
function sumOf(compared: ComparedModels): string {
  const rows = rowsOf(compared)
  const [different, open] = [isDifferent, isOpen].map((is) => rows.filter(({ property }) => is(property)).length)
  return `${different} of ${plural(rows.length, 'verdict')} ${different === 1 ? 'differs' : 'differ'}, in ${plural(compared.scenarios.length, 'scenario')}${open === 0 ? '' : `; ${open} open`}`
}

function verdictPart(compared: ComparedModels, paint: Paint): readonly string[] {
  if (compared.scenarios.length === 0) return []
  const rows = rowsOf(compared)
  const width = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length))
  const [scenarios, properties, mine] = [
    width(rows.map(({ scenario }) => scenario)),
    width(rows.map(({ property }) => property.name)),
    width(rows.map(({ property: { kind, one } }) => verdictText(kind, one))),
  ]
  const colourOf = (property: ComparedProperty): Colour =>
    isDifferent(property) ? 'red' : isOpen(property) ? 'yellow' : 'dim'
  return [
    '',
    ...rows.map(({ scenario, property }) => {
      const { name, kind, one, other } = property
      const verdicts =
        one === other
          ? `${verdictText(kind, one).padEnd(mine)}    the same`
          : `${verdictText(kind, one).padEnd(mine)}  → ${verdictText(kind, other)}`
      return `  ${scenario.padEnd(scenarios)}  ${name.padEnd(properties)}  ${paint(colourOf(property), verdicts)}`
    }),
    '',
    sumOf(compared),
  ]
}
