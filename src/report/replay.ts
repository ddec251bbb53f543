/** The text of `replay`: each step, and the outcome. */
import type { Machine, Run } from '../semantics/machine.ts'
import type { Replay } from '../schedules/replay.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { nameInitial, showPlain, showStep } from '../schedules/steps.ts'
import { plural } from './numbers.ts'
import type { Paint } from './paint.ts'

/** One line per step: number, thread, what it does, the kernel function it stands for, the line of the model. */
export function replayLines(machine: Machine, run: Run, schedule: Schedule, paint: Paint): readonly string[] {
  const texts = run.steps.map(({ transition }) => {
    const thread = machine.model.instances[transition.thread]?.name ?? ''
    return showStep({ thread, path: transition.path, label: transition.label, choices: transition.choices })
  })
  const width = Math.min(72, Math.max(0, ...texts.map(({ length }) => length)))
  const start = nameInitial(machine, run.initial)
    .choices.map(({ name, value }) => `${name} = ${showPlain(value)}`)
    .join(', ')
  return [
    ...(start === '' ? [] : [`   0  ${start}`]),
    ...run.steps.map(({ transition: { at, source } }, n) => {
      const place = [...(source === undefined ? [] : [source]), at].filter((text) => text !== '').join('  ')
      return `${String(n + 1).padStart(4)}  ${(texts[n] ?? '').padEnd(width)}  ${paint('dim', place)}`.trimEnd()
    }),
    ...(run.steps.length < schedule.steps.length
      ? [`${String(run.steps.length + 1).padStart(4)}  ${paint('red', 'not enabled')}`]
      : []),
  ]
}

/** `P-NOUAF is violated after 14 steps`. */
export function outcomeOf({ property, steps }: Schedule): string {
  return `${property.name} is ${property.outcome} after ${plural(steps.length, 'step')}`
}

const carriages = {
  ambiguous: 'the current model can take its steps in several ways, so none is chosen',
  open: 'there are too many candidates to tell whether the current model can take its steps in another way',
} as const

/** The reason why a replay does not confirm its schedule; undefined if it does. */
export function refusalOf(replay: Replay): string | undefined {
  const { schedule, notCarried } = replay
  const { property } = schedule
  const why = notCarried === undefined ? '' : `\n${carriages[notCarried]}`
  switch (replay.kind) {
    case 'confirmed':
      return undefined
    case 'unconfirmed':
      return (
        (replay.shownAfter === undefined
          ? `every step is enabled, but ${property.name} is not ${property.outcome} at the end`
          : `${property.name} is ${property.outcome} already after step ${replay.shownAfter}, not first after step ${schedule.steps.length}`) +
        why
      )
    case 'refused': {
      const enabled =
        replay.enabled.length === 0
          ? 'nothing is enabled there'
          : ['enabled there:', ...replay.enabled.map((line) => `  ${line}`)].join('\n')
      return `${replay.step === 0 ? 'there is no such initial state' : `step ${replay.step} is not enabled`}: ${replay.wanted}\n${enabled}${why}`
    }
  }
}
