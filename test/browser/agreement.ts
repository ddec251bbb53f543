/** What the worker of a page finds in the models of the catalogue, against what the command finds. */
import { expect } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { countKey } from '../../models/count.ts'
import { counts } from '../../models/counts.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { claimedIn, settingOf } from '../../src/catalogue/setting.ts'
import { check } from '../../src/explorer/check.ts'
import { configure } from '../../src/language/configure.ts'
import { originOf, record } from '../../src/schedules/record.ts'
import { writeSchedule } from '../../src/schedules/write.ts'
import { exampleOf } from '../../src/semantics/counterexample.ts'
import { recordingFor, sceneIn, type Asked } from './support.ts'

/** The variants in which each model is compared: as its name alone means it, and one that is violated. */
const variantsOf = ({ variants, expectations, scenarios: [scenario] }: Protocol): readonly string[] => {
  const violated = expectations.find((one) => one.verdict === 'violated' && one.scenario === scenario?.name)
  return [...new Set([variants[0]?.name, violated?.variant].flatMap((name) => name ?? []))]
}

/** The runs of the catalogue's default scenarios whose graphs have that many states. */
export const runsOf = (from: number, below: number): readonly (readonly [model: string, variant: string])[] =>
  catalogue.flatMap((protocol) =>
    variantsOf(protocol).flatMap((variant) => {
      const key = countKey(variant, protocol.scenarios[0]?.name ?? '')
      const states = counts[protocol.name]?.[key]?.states ?? Number.POSITIVE_INFINITY
      return states >= from && states < below ? [[protocol.name, variant] as const] : []
    }),
  )

/** Checks a run in the worker and here: verdicts, counts and schedules must be the same. */
export async function agrees(asked: Asked, model: string, variant: string): Promise<void> {
  const protocol = catalogue.find(({ name }) => name === model)
  if (protocol === undefined) throw new Error(`no model ${model}`)
  sceneIn(await asked.ask({ kind: 'open', recording: recordingFor(protocol), names: { variant } }))
  const answer = await asked.ask({ kind: 'check' })
  if (answer.kind !== 'judged') throw new Error(JSON.stringify(answer))
  const setting = settingOf(protocol, { variant })
  const result = await check(configure(protocol.model, setting.configuration), { properties: claimedIn(setting) })
  const { verdict, states, transitions, depth } = result
  expect(answer.judged).toMatchObject({ verdict, states, transitions, depth })
  expect(answer.judged.properties.map((one) => [one.name, one.kind, one.verdict, one.steps])).toEqual(
    result.properties.map((one) => [one.name, one.kind, one.verdict, one.steps]),
  )
  const shown = result.properties.find(
    (property) => property.verdict === 'violated' && exampleOf(property) !== undefined,
  )
  const example = shown && exampleOf(shown)
  if (shown === undefined || example === undefined) return
  const followed = sceneIn(await asked.ask({ kind: 'follow', property: shown.name }))
  expect(followed.tree.at(-1)?.violated ?? []).toContain(shown.name)
  const saved = await asked.ask({ kind: 'save' })
  if (saved.kind !== 'saved') throw new Error(JSON.stringify(saved))
  const steps = (text: string): unknown => (JSON.parse(text) as { readonly steps: unknown }).steps
  expect(steps(saved.text)).toEqual(steps(writeSchedule(record(originOf(setting), example))))
}
