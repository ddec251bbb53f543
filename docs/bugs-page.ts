/**
 * docs/bugs.md, made of what is known of each bug, of what a run found, and of what the documents in docs/bugs/ say
 * more.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { keptOf } from '../counterexamples/kept.ts'
import type { Bug, Finding } from '../models/bugs/bug.ts'
import { openFaults, type OpenFault } from '../models/bugs/open.ts'
import { showCount } from '../src/report/numbers.ts'
import { contextSwitches } from '../src/schedules/switches.ts'
import { anchorOf, sectionsOf } from './headings.ts'

export const pageFile: string = join(import.meta.dirname, 'bugs.md')

/** The result of a run for a finding. */
export interface Measured {
  readonly verdict: string
  /** Transitions of the shortest schedule. */
  readonly steps: number
  readonly switches: number
  /** States of the whole graph; with `more`, a lower bound. */
  readonly states: number
  readonly more?: true
  readonly seconds: number
}

/** The key of a finding. */
export const keyOf = ({ model, variant, scenario, property }: Omit<Finding, 'fixes'>): string =>
  `${model}@${variant} ${scenario} ${property}`

export const findingsOf = ({ place }: Bug): readonly Finding[] => (place.kind === 'found' ? place.findings : [])

/** The measures of each finding on the page, by its key. */
export function measuredIn(page: string): ReadonlyMap<string, Measured> {
  const rows = page.matchAll(
    /^\| `([^`@]+)@([^`]+)` \| `([^`]+)` \| `([^`]+)` \| [^|]+ \| (\w+) \| \[?(\d+)[^|]* \| (\d+) \| (> )?([\d,]+) \| ([\d.]+) \|$/gm,
  )
  return new Map(
    [...rows].map(
      ([
        ,
        model = '',
        variant = '',
        scenario = '',
        property = '',
        verdict = '',
        steps,
        switches,
        more,
        states = '',
        seconds,
      ]) => [
        keyOf({ model, variant, scenario, property }),
        {
          verdict,
          steps: Number(steps),
          switches: Number(switches),
          states: Number(states.replaceAll(',', '')),
          ...(more === undefined ? {} : { more: true }),
          seconds: Number(seconds),
        },
      ],
    ),
  )
}

/** @throws Error if a finding has no measure */
export function pageOf(bugs: readonly Bug[], measured: ReadonlyMap<string, Measured>): string {
  const [known, discovered] = [
    bugs.filter(({ known }) => known !== 'checker'),
    bugs.filter(({ known }) => known === 'checker'),
  ]
  const of = (kind: Bug['place']['kind']): readonly Bug[] => known.filter(({ place }) => place.kind === kind)
  const [found, temporal, closed, inexpressible] = [of('found'), of('temporal'), of('closed'), of('inexpressible')]
  return `# Bugs

Made by \`npm run docs:bugs\` from \`models/bugs/\` and a run; \`npm run docs:bugs -- MODEL ...\` runs those of some models.

Of ${known.length} bugs that are known of HMM, its users and its predecessors, ${found.length} are [found by a model](#found-by-a-model), ${temporal.length} are [left to temporal properties](#left-to-temporal-properties),
${closed.length} are [not exhibited](#not-exhibited), as something closes the window, and ${inexpressible.length} are [of what no model here has](#not-expressible-in-these-models). ${discovered.length} more were [found by the checker](#found-by-the-checker).

A line of a table is a configuration in which the catalogue expects the property to be violated, while \`fixed\` holds in the same scenario. *Corrected by* names the constants of the variant that keep this bug out of \`fixed\`.
*Steps* and *switches* are the transitions and the context switches of the shortest schedule, which is locked where there is a link: \`npm run hmmcheck -- regress\` replays it. *States* are those of the whole graph with all that the variant claims, or, behind a \`>\`, those that were visited of a larger one; *seconds*, of one worker, are those of the last run.
By reading: somebody saw the bug in the kernel's text, or inferred it from there, and nobody is known to have run into it. A commit is unverified if its id, or its release, was found in no text.

## Found by a model

${found.map((bug) => entryOf(bug, measured)).join('\n')}
## Left to temporal properties

No bad state is reached, and from every state there is a way on. What is wrong is that nobody need ever take it, which takes properties over infinite schedules, under fairness.

${tableOf(temporal)}
## Not exhibited

Said to be bugs. *Why it is not found* names what closes the window; where a model without the correction was run, and holds, it is named.

${tableOf(closed)}
## Not expressible in these models

${tableOf(inexpressible)}
## Found by the checker

Nobody had named them, or not in this form.

${discovered.map((bug) => entryOf(bug, measured)).join('\n')}
## Open upstream

Faults of the kernel as it ships, or as it shipped when its text was read. They are known by reading of the source, and no public report of them was found. Those with a B or G6 were read twice; those with a D were found by the checker, and read once. Nobody has run one of them on a kernel.
*Known by* says who saw it first: the checker's were looked up in the source afterwards. *Steps* links to the schedule where it is locked.
*Certainty* is the probability, in the readers' judgement, that the order of steps is possible in that text. [findings/](findings/README.md) says how such a fault goes to the maintainers.

| bug | where | versions read | known by | certainty | shown by | steps | what would correct it | since |
|---|---|---|---|---|---|---|---|---|
${openFaults.map((fault) => openRow(bugs, fault, measured)).join('\n')}
`
}

/** @throws Error if it is the fault of a bug that is not there */
function openRow(
  bugs: readonly Bug[],
  { id, where, read, certainty, upstream = '' }: OpenFault,
  measured: ReadonlyMap<string, Measured>,
): string {
  const bug = bugs.find((one) => one.id === id)
  if (bug === undefined) throw new Error(`the open fault ${id} is of no bug`)
  const cells = [`${id}: ${bug.title}`, where, read, knownBy(bug), certainty.toFixed(2)]
  return `| ${[...cells, ...shownBy(bug, measured), bug.fix, upstream].join(' | ')} |`
}

/** How an open fault is known: nobody has seen one in a kernel. */
const knownBy = ({ known }: Bug): string => (known === 'checker' ? 'checker, reading' : 'reading')

/** Where a fault is shown, and the length of its schedule, with the schedule where it is locked; or why it is not. */
function shownBy(bug: Bug, measured: ReadonlyMap<string, Measured>): readonly [string, string] {
  const [first] = findingsOf(bug)
  if (first === undefined)
    return [
      bug.place.kind === 'temporal'
        ? '[temporal](#left-to-temporal-properties)'
        : '[no model](#not-expressible-in-these-models)',
      '',
    ]
  const kept = keptOf(bug, first)
  const steps = kept?.lock.steps.length ?? measured.get(keyOf(first))?.steps ?? ''
  return [
    `[\`${first.model}@${first.variant}\`, \`${first.property}\`](#${anchorOf(`${bug.id}: ${bug.title}`)})`,
    kept === undefined ? String(steps) : `[${steps}](../counterexamples/${kept.file})`,
  ]
}

/** The remark about a bug that was never observed in practice. */
const marks: Readonly<Record<Bug['known'], readonly string[]>> = {
  report: [],
  reading: ['known by reading'],
  inference: ['inferred'],
  checker: [],
}

const commitOf = ({ commit = 'none known', unverified }: Bug): string =>
  unverified === true ? `${commit}, unverified` : commit

function entryOf(bug: Bug, measured: ReadonlyMap<string, Measured>): string {
  const { id, title, versions, fix, note } = bug
  const news = marks[bug.known].map((mark) => `So far only ${mark}; confirmed by the checker.`)
  const more = linksOf(bug)
  return `### ${id}: ${title}

${[`Versions: ${versions}. Commit: ${commitOf(bug)}. Fix: ${fix}.`, ...news, ...(note === undefined ? [] : [note]), ...(more.length === 0 ? [] : [`More: ${more.join(', ')}.`])].join(' ')}

| model | scenario | property | corrected by | verdict | steps | switches | states | seconds |
|---|---|---|---|---|---|---|---|---|
${findingsOf(bug)
  .map((finding) => rowOf(bug, finding, measured))
  .join('\n')}
`
}

function rowOf(bug: Bug, finding: Finding, measured: ReadonlyMap<string, Measured>): string {
  const { model, variant, scenario, property, fixes } = finding
  const known = measured.get(keyOf(finding))
  if (known === undefined) throw new Error(`there is no measure of ${keyOf(finding)}`)
  const { verdict, states, more, seconds } = known
  const kept = keptOf(bug, finding)
  const { steps, switches } =
    kept === undefined ? known : { steps: kept.lock.steps.length, switches: contextSwitches(kept.lock.steps) }
  const shown = kept === undefined ? steps : `[${steps}](../counterexamples/${kept.file})`
  const cells = [
    `\`${model}@${variant}\``,
    `\`${scenario}\``,
    `\`${property}\``,
    fixes.map((fix) => `\`${fix}\``).join(', '),
    verdict,
    shown,
    switches,
    `${more === true ? '> ' : ''}${showCount(states)}`,
    seconds.toFixed(1),
  ]
  return `| ${cells.join(' | ')} |`
}

function tableOf(bugs: readonly Bug[]): string {
  const rows = bugs.map((bug) => {
    const { id, title, versions, known, fix, place } = bug
    const why = place.kind === 'found' ? '' : `${place.why}${heldBy(place)}`
    return `| ${[id, [title, ...marks[known], ...linksOf(bug)].join('; '), versions, commitOf(bug), fix, why].join(' | ')} |`
  })
  return `| bug | what goes wrong | versions | commit | fix | why it is not found |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`
}

/** The runs that hold without the correction. */
const heldBy = (place: Bug['place']): string =>
  place.kind !== 'closed' || place.holds.length === 0
    ? ''
    : ` (${place.holds.map(({ model, variant, scenario }) => `\`${model}@${variant}\` holds in \`${scenario}\``).join(', ')})`

/** The texts of the documents in docs/bugs/, by model. */
const folder = join(import.meta.dirname, 'bugs')
const sections = readdirSync(folder)
  .filter((file) => file.endsWith('.md'))
  .toSorted()
  .flatMap((file) =>
    sectionsOf(readFileSync(join(folder, file), 'utf8')).map((section) => ({
      model: basename(file, '.md'),
      ...section,
    })),
  )

/** The places of more text: headings with the id; for findings of the checker without one, the name of the variant. */
function linksOf(bug: Bug): readonly string[] {
  const headed = sections.filter(({ heading }) => new RegExp(`${bug.id}(?!\\w)`).test(heading))
  const isNamed = ({ model, heading, text }: (typeof sections)[number]): boolean =>
    findingsOf(bug).some(
      (finding) => finding.model === model && `${heading}\n${text}`.includes(`\`${finding.variant}\``),
    )
  const said = bug.known === 'checker' && headed.length === 0 ? sections.filter(isNamed) : headed
  return said.map(({ model, heading }) => `[${model}](bugs/${model}.md#${anchorOf(heading)})`)
}
