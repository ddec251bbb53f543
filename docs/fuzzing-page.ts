/**
 * docs/fuzzing.md: what random runs are good for, and for every bug of the catalogue how many of them each strategy
 * needs.
 */
import { join } from 'node:path'
import type { Bug, Finding } from '../models/bugs/bug.ts'
import { catalogue } from '../models/catalogue.ts'
import { namedTarget } from '../src/cli/targets.ts'
import { prepare, type Prepared } from '../src/explorer/prepare.ts'
import { walks } from '../src/explorer/walks/walk.ts'
import { walkSetup } from '../src/explorer/walks/setup.ts'
import { strategyNames, type StrategyName } from '../src/engine/walks/strategy.ts'
import type { Property } from '../src/language/ast.ts'
import { claimKey, type ClaimKey } from '../src/language/claims.ts'
import { configure } from '../src/language/configure.ts'
import { selectProperties } from '../src/language/select.ts'
import { showCount } from '../src/report/numbers.ts'
import { walkRuns } from '../src/schedules/walk-runs.ts'
import { isBeyondRuns } from '../src/semantics/kinds/index.ts'
import { DEPTH, strategyOf } from '../src/schedules/strategies/index.ts'
import { findingsOf, keyOf } from './bugs-page.ts'

export const pageFile: string = join(import.meta.dirname, 'fuzzing.md')

const SEEDS = 20
/** Runs that are made at most for one seed. */
const CAP = 10_000
const MAX_STEPS = 100

/**
 * Runs until half of the seeds have found it; `undefined` if that takes more than there were. By strategy; none of
 * what no run by itself shows.
 */
export type Needed = ReadonlyMap<StrategyName, number | undefined> | undefined

const kindOf = ({ model, property }: Finding): Property['kind'] | undefined =>
  catalogue.find(({ name }) => name === model)?.model.properties.find(({ name }) => name === property)?.kind

function preparedFor({ model, variant, scenario, property }: Finding): Prepared {
  const { setting } = namedTarget(catalogue, `${model}@${variant}`, { scenario })
  return prepare(selectProperties(configure(setting.protocol.model, setting.configuration), [property]), {})
}

/** Which run of each seed is the first to find it, by the command that the page names. */
async function firstRuns(prepared: Prepared, finding: ClaimKey, name: StrategyName): Promise<readonly number[]> {
  const walker = walks(walkSetup(prepared, { counts: false }))
  const found: number[] = []
  for (let seed = 1; seed <= SEEDS; seed++) {
    walker.forget()
    const { firsts } = await walkRuns(prepared, walker, {
      runs: CAP,
      seed,
      strategy: strategyOf(name),
      maxSteps: MAX_STEPS,
      isEnough: (claim) => claimKey(claim) === finding,
    })
    found.push(firsts.get(finding)?.run ?? Infinity)
  }
  return found
}

/** Walks for one finding with every strategy. */
export async function measure(finding: Finding): Promise<Needed> {
  const kind = kindOf(finding)
  if (kind !== undefined && isBeyondRuns(kind)) return undefined
  const prepared = preparedFor(finding)
  // lock misuse is not declared by a model: it is judged of every one
  const key = claimKey({ kind: kind ?? 'misuse', name: finding.property })
  const needed = new Map<StrategyName, number | undefined>()
  for (const name of strategyNames) {
    const median = (await firstRuns(prepared, key, name)).toSorted((a, b) => a - b)[SEEDS / 2 - 1] ?? Infinity
    needed.set(name, median === Infinity ? undefined : median)
  }
  return needed
}

/** The runs of each finding on the page, by its key. */
export function neededIn(page: string): ReadonlyMap<string, Needed> {
  const rows = page.matchAll(/^\| (?:[BDE]|G6)-\w+ \| `([^`@]+)@([^`]+)` \| `([^`]+)` \| `([^`]+)` \| (.+) \|$/gm)
  return new Map(
    [...rows].map(([, model = '', variant = '', scenario = '', property = '', cells = '']) => {
      const numbers = cells.split(' | ')
      const needed: Needed =
        numbers[0] === '-'
          ? undefined
          : new Map(
              strategyNames.map((name, n) => [
                name,
                numbers[n]?.startsWith('>') === true ? undefined : Number(numbers[n]?.replaceAll(',', '')),
              ]),
            )
      return [keyOf({ model, variant, scenario, property }), needed]
    }),
  )
}

const rowOf = (bug: Bug, finding: Finding, needed: Needed): string => {
  const cells = strategyNames.map((name) => {
    const runs = needed?.get(name)
    return needed === undefined ? '-' : runs === undefined ? `> ${showCount(CAP)}` : showCount(runs)
  })
  return `| ${[bug.id, `\`${finding.model}@${finding.variant}\``, `\`${finding.scenario}\``, `\`${finding.property}\``, ...cells].join(' | ')} |`
}

/** One line per strategy: the findings by the runs that they need, and those for which it needs the fewest. */
function summary(all: readonly NonNullable<Needed>[]): string {
  const bounds = [1, 10, 100, 1_000, CAP]
  const lines = strategyNames.map((name) => {
    const runs = all.map((needed) => needed.get(name) ?? Infinity)
    const fewest = all.filter(
      (needed, n) =>
        runs[n] !== Infinity &&
        strategyNames.every((other) => (needed.get(other) ?? Infinity) >= (runs[n] ?? Infinity)),
    ).length
    return `| ${[`\`${name}\``, ...bounds.map((bound) => runs.filter((count) => count <= bound).length), runs.filter((count) => count === Infinity).length, fewest].join(' | ')} |`
  })
  const heads = [
    'strategy',
    ...bounds.map((bound) => `<= ${showCount(bound)}`),
    `> ${showCount(CAP)}`,
    'fewest, or as few',
  ]
  return [`| ${heads.join(' | ')} |`, `|${heads.map(() => '---').join('|')}|`, ...lines].join('\n')
}

/** @throws Error if a finding has no measure */
export function pageOf(bugs: readonly Bug[], measured: ReadonlyMap<string, Needed>): string {
  const findings = bugs.flatMap((bug) => findingsOf(bug).map((finding) => ({ bug, finding })))
  const rows = findings.map(({ bug, finding }) => {
    if (!measured.has(keyOf(finding))) throw new Error(`there is no measure of ${keyOf(finding)}`)
    return rowOf(bug, finding, measured.get(keyOf(finding)))
  })
  const judged = findings.flatMap(({ finding }) => measured.get(keyOf(finding)) ?? [])
  return `# Random runs

Made by \`npm run docs:fuzzing\`; \`npm run docs:fuzzing -- MODEL ...\` walks the bugs of some models anew.

\`hmmcheck check\` visits every state; where there are too many, \`hmmcheck fuzz\` walks at random. It can find a bug, and it can never say that there is none: its
verdict is \`violated\` or \`incomplete\`.

    npm run hmmcheck -- fuzz mirror-4.20 --scenario core --runs 100000 --strategy pct --seed 7

Each run begins at an initial state and goes on for \`--max-steps\` transitions, or until no transition is possible. The successors and the strategies are compiled: 10^7
steps of \`npm run hmmcheck -- fuzz mirror-2017 --runs 100000 --workers 1\` took 2.5 to 3.0 seconds of processor time with the start, by strategy; larger states and more threads take longer. Every state
of a run is judged, with every enabled transition, taken or not. The reference interpreter plays each run that finds something for the first time, and must come to the same states
and the same judgement. Then the schedule is reduced: threads, operations, steps and context switches are left out for as long as the interpreter still sees the
violation. The schedule that is shown is small, not proven minimal.

The runs are numbered, and what a run draws depends on the seed and on its number. So the same seed gives the same runs, \`--runs 17\` repeats the first 17 of
\`--runs 1000\`, and it does not matter which of several threads (\`--workers\`) walks which run: the run that is named for a violation is the first by number that sees
it, and the counts are those of all runs together. With \`--stop-at-first\` they are those of the runs up to the one that ends them.

\`recoverable\` and \`collected\` properties (the order of locks) are not judged: the first is about all that can come after a state, the second about a relation over all
schedules, and a single run does not show either violated. \`fuzz\` says so, and \`check\` decides them.

## Strategies

- \`uniform\`: all enabled transitions of a state are equally likely. Threads with many choices act more often than those with one.
- \`pct\`, probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010): threads have random priorities and the highest that can
  act does; at \`--depth\` - 1 random steps the one that is about to act falls behind all others. One run finds a bug of depth d among n threads within k steps
  with a probability of at least 1/(n k^(d-1)); \`fuzz\` prints it. The proof is about threads that end, so here a thread that comes back to where it may rest for
  ever falls behind the others as if it had ended: the guarantee is about bugs that show while each thread carries out one operation, among the runs in which the
  threads make the choices that the bug needs.
- \`brackets\`: the thread that acted last goes on, except for 1 step in 16; inside a bracket, except for 5 in 16. A thread is inside a bracket while the shared state names
  it: from the transition that writes its own id into a shared place (the owner of a lock, a reader, a place in a queue, a user of an address space) to the one
  that takes it out. hmmcheck decides this by the control point, so a thread that may be inside counts as inside.

For tests of your own, \`interleavings\` of \`hmmcheck/schedules\` draws these runs for fast-check: [guide.md](guide.md#9-random-schedules-in-a-test-of-your-own).

## How many runs a bug needs

For every configuration of [bugs.md](bugs.md) in which a bug is found, the table has the runs after which ${SEEDS / 2} of ${SEEDS} seeds (1 to ${SEEDS}) have found it, with \`pct\` of depth ${DEPTH}. A line comes from
this command, for each strategy and seed, until the first run that finds the property:

    npm run hmmcheck -- fuzz MODEL@VARIANT --scenario SCENARIO --property PROPERTY --strategy STRATEGY --seed SEED --runs ${CAP} --max-steps ${MAX_STEPS}

\`> ${showCount(CAP)}\` means that fewer seeds than that found it in ${showCount(CAP)} runs. \`-\` means that a single run does not show it. These are the counts for the ${judged.length} that a run can show:

${summary(judged)}

| bug | model | scenario | property | ${strategyNames.map((name) => `\`${name}\``).join(' | ')} |
|---|---|---|---|${strategyNames.map(() => '---').join('|')}|
${rows.join('\n')}
`
}
