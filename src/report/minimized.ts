/** The text of `minimize`: how small the schedule became, by which means, and what is proven about it. */
import type { Measure } from '../explorer/result.ts'
import type { Minimized, Searched, WhyOpen } from '../schedules/minimize.ts'
import { runSizeOf } from '../semantics/size.ts'
import type { RunSize } from '../semantics/size.ts'
import { incompleteText } from './incomplete.ts'
import { plural } from './numbers.ts'
import { showSizes } from './text.ts'

/** More scenarios than these that were not decided are counted, not named. */
const FEW = 3

/** `14 steps, 3 switches`; what is minimised comes first. */
export function showRunSize(
  { steps, switches, preemptions, threads }: Pick<RunSize, 'steps' | 'switches'> & Partial<RunSize>,
  measure: Measure,
): string {
  const shown = {
    steps: plural(steps, 'step'),
    switches: plural(switches, 'switch', 'switches'),
    preemptions: plural(preemptions ?? 0, 'preemption'),
    threads: plural(threads ?? 0, 'thread'),
  }
  return `${shown[measure]}, ${measure === 'steps' ? shown.switches : shown.steps}`
}

/** A line for each stage: what it made of the schedule, and how. */
export function stageLines({
  given,
  fit: { run, shown, mismatches },
  machine,
  minimize,
  reduction,
  search,
  smaller,
}: Minimized): readonly string[] {
  const size = (of: RunSize): string => showRunSize(of, minimize)
  const fitted = mismatches.length > 0 || !shown
  const left = [
    ...(mismatches.length > 0 ? [`${plural(mismatches.length, 'step')} left out`] : []),
    ...(shown ? [] : ['does not show it']),
  ]
  const rows: readonly (readonly [string, string, string])[] = [
    ['as given', showRunSize(given, 'steps'), ''],
    ...(fitted
      ? [
          [
            mismatches.length > 0 ? 'as far as it fits' : 'played',
            size(runSizeOf(machine, run)),
            left.join('; '),
          ] as const,
        ]
      : []),
    ...(reduction === undefined ? [] : [reducedRow(reduction, size)]),
    ['searched', ...outcomeOf(search, size)],
    ...smaller
      .filter(({ kind }) => kind === 'shown')
      .map((one) => [showSizes(one.setting.sizes), ...outcomeOf(one, size)] as const),
  ]
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length))
  return [
    ...rows.map(([stage, of, how]) => `  ${stage.padEnd(width(0))}  ${of.padEnd(width(1))}  ${how}`.trimEnd()),
    ...smallerLines(smaller),
  ]
}

/** Why a search did not decide, in words. */
export const whyOpenText: Readonly<Record<WhyOpen, string>> = {
  ...incompleteText,
  'failed-step': 'the steps behind one that fails are not explored',
  'other-pairs': 'the search ended with other pairs of the relation',
}

/** The end of a reduction, if something was left to try. */
const endings = {
  complete: '',
  stopped: ', stopped before the end',
  effort: ', then stopped: the schedule is too long to try leaving out each single step',
} as const

function reducedRow(
  reduction: NonNullable<Minimized['reduction']>,
  size: (of: RunSize) => string,
): readonly [string, string, string] {
  if (reduction === 'unneeded')
    return ['reduced', '', 'not tried: the schedule is long, and the search proves the minimum']
  return ['reduced', size(reduction.size), `${plural(reduction.tried, 'schedule')} tried${endings[reduction.ended]}`]
}

function outcomeOf(searched: Searched, size: (of: RunSize) => string): readonly [string, string] {
  switch (searched.kind) {
    case 'shown':
      return [size(searched.found.size), plural(searched.states, 'state')]
    case 'never':
      return ['', `${plural(searched.states, 'state')} in all: none shows it`]
    case 'open':
      return ['', `${plural(searched.states, 'state')}, then ${whyOpenText[searched.why]}`]
    case 'meaningless':
      return ['', searched.why]
  }
}

/** The smaller scenarios that can't show it, and those that are not decided. */
function smallerLines(smaller: readonly Searched[]): readonly string[] {
  const never = smaller.filter(({ kind }) => kind === 'never').length
  const open = smaller.flatMap((one) =>
    one.kind === 'open' ? [`${showSizes(one.setting.sizes)} (${whyOpenText[one.why]})`] : [],
  )
  const more = open.length - FEW
  return [
    ...(never === 0 ? [] : [`  ${plural(never, 'smaller scenario')} ${never === 1 ? 'does' : 'do'} not show it`]),
    ...(open.length === 0
      ? []
      : [`  not decided: ${open.slice(0, FEW).join(', ')}${more > 0 ? `, and ${more} more` : ''}`]),
  ]
}
