/** The difference between two schedules of one bug: numbers of steps and switches, and the steps that differ. */
import type { Schedule, ScheduleStep } from '../schedules/schedule.ts'
import { showStep } from '../schedules/steps.ts'
import { contextSwitches } from '../schedules/switches.ts'
import { plural } from './numbers.ts'

/** More steps than these are counted, not named. */
const FEW = 12

/** Longer stretches that differ are only counted. */
const LONGEST = 1_000

/** A step, and its number from 1. */
interface Numbered {
  readonly step: ScheduleStep
  readonly at: number
}

/** A stretch in which the two differ. */
interface Stretch {
  readonly gone: readonly Numbered[]
  readonly come: readonly Numbered[]
}

/** One line for the size; one for each step that differs. */
export function movedLines(before: Schedule, now: Schedule): readonly string[] {
  const [was, is] = [before, now].map(({ steps }) => ({ steps: steps.length, switches: contextSwitches(steps) }))
  const counted = (name: 'steps' | 'switches', one: string, many?: string): string =>
    `${plural(is?.[name] ?? 0, one, many)}, ${was?.[name] === is?.[name] ? 'as before' : `${was?.[name] ?? 0} before`}`
  const steps = stretchesOf(before.steps, now.steps).flatMap(linesOf)
  const more = steps.length - FEW
  const size = `${counted('steps', 'step')}; ${counted('switches', 'switch', 'switches')}`
  return [size, ...steps.slice(0, FEW), ...(more > 0 ? [`and ${plural(more, 'step')} more`] : [])]
}

/** The part of a step that a reader sees; its place may have moved. */
const keyOf = ({ thread, label, choices }: ScheduleStep): string => JSON.stringify([thread, label, choices])

function linesOf({ gone, come }: Stretch): readonly string[] {
  if (gone.length > LONGEST || come.length > LONGEST) {
    return [`from step ${come[0]?.at ?? gone[0]?.at ?? 0} on, ${plural(gone.length, 'step')} became ${come.length}`]
  }
  const left = [...gone]
  const lines = come.map(({ step, at }) => {
    const same = left.findIndex((one) => one.step.thread === step.thread)
    const [old] = same < 0 ? [] : left.splice(same, 1)
    return old === undefined
      ? `step ${at} is new: ${showStep(step)}`
      : `step ${at}: ${showStep(step)}; was: ${showStep(old.step)}`
  })
  return [...lines, ...left.map(({ step, at }) => `old step ${at} is gone: ${showStep(step)}`)]
}

/** By a longest common subsequence, of what is between a common beginning and a common end. */
function stretchesOf(before: readonly ScheduleStep[], now: readonly ScheduleStep[]): readonly Stretch[] {
  const [a, b] = [before.map(keyOf), now.map(keyOf)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let ends = 0
  while (ends < a.length - start && ends < b.length - start && a.at(-1 - ends) === b.at(-1 - ends)) ends += 1
  const numbered = (steps: readonly ScheduleStep[]): readonly Numbered[] =>
    steps.slice(start, steps.length - ends).map((step, n) => ({ step, at: start + n + 1 }))
  const [gone, come] = [numbered(before), numbered(now)]
  if (gone.length > LONGEST || come.length > LONGEST) return [{ gone, come }]
  const same = (i: number, j: number): boolean => a[start + i] === b[start + j]
  const longest = Array.from({ length: gone.length + 1 }, () => new Uint16Array(come.length + 1))
  const at = (i: number, j: number): number => longest[i]?.[j] ?? 0
  for (let i = gone.length - 1; i >= 0; i -= 1) {
    for (let j = come.length - 1; j >= 0; j -= 1) {
      longest[i]?.fill(same(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1)), j, j + 1)
    }
  }
  const stretches: { readonly gone: Numbered[]; readonly come: Numbered[] }[] = [{ gone: [], come: [] }]
  for (let [i, j] = [0, 0]; i < gone.length || j < come.length; ) {
    const last = stretches.at(-1)
    const [old, young] = [gone[i], come[j]]
    if (old !== undefined && young !== undefined && same(i, j)) {
      stretches.push({ gone: [], come: [] })
      i += 1
      j += 1
    } else if (young !== undefined && (old === undefined || at(i, j + 1) >= at(i + 1, j))) {
      last?.come.push(young)
      j += 1
    } else if (old !== undefined) {
      last?.gone.push(old)
      i += 1
    }
  }
  return stretches.filter((one) => one.gone.length > 0 || one.come.length > 0)
}
