/** Each command on a page of docs/findings says what the catalogue expects, which the tests of each model run. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bugs, catalogue } from '../../models/catalogue.ts'
import { openFaults } from '../../models/bugs/open.ts'
import { root } from './support.ts'

const folder = join(root, 'docs', 'findings')
const pages = readdirSync(folder).filter((file) => file !== 'README.md')

interface Command {
  readonly model: string
  readonly variant: string
  readonly scenario: string
  readonly property: string | undefined
}

const commandsOf = (text: string): readonly Command[] =>
  [...text.matchAll(/check ([\w.-]+)@([\w.-]+) --scenario ([\w-]+)(?: --property (\S+))?$/gm)].map(
    ([, model = '', variant = '', scenario = '', property]) => ({ model, variant, scenario, property }),
  )

test('there are five', () => {
  expect(pages.length).toBeGreaterThanOrEqual(5)
})

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(folder, page), 'utf8')
  const [, id = ''] = /^# .*\((\S+)\)$/m.exec(text) ?? []

  test('is of a fault that is open upstream, and that a model shows', () => {
    expect(openFaults.map((fault) => fault.id)).toContain(id)
    const bug = bugs.find((one) => one.id === id)
    const shown = bug?.place.kind === 'found' ? bug.place.findings : []
    const commands = commandsOf(text)
    expect(
      shown.filter(({ model, variant, scenario, property }) =>
        commands.some((one) =>
          [one.model === model, one.variant === variant, one.scenario === scenario, one.property === property].every(
            Boolean,
          ),
        ),
      ),
    ).not.toEqual([])
  })

  test('has commands that end as the catalogue expects: the fault, and last a fix that holds', () => {
    const commands = commandsOf(text)
    expect(commands.at(-1)).toMatchObject({ variant: 'fixed', property: undefined })
    for (const { model, variant, scenario, property } of commands) {
      const expected = catalogue
        .find(({ name }) => name === model)
        ?.expectations.find((one) => one.variant === variant && one.scenario === scenario)
      if (property === undefined) expect.soft(expected?.verdict, `${model}@${variant} ${scenario}`).toBe('holds')
      else expect.soft(expected?.violated, `${model}@${variant} ${scenario}`).toContain(property)
    }
    expect(commands.length).toBe([...text.matchAll(/npm run hmmcheck/g)].length)
  })
})
