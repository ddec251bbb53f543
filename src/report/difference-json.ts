/** The difference of two models as a document for programs: docs/json.md describes it. */
import type { LineChange } from '../analysis/difference/changes.ts'
import type { Line } from '../analysis/difference/lines.ts'
import { definedFields } from '../language/defined-fields.ts'
import { isDifferent, type ComparedModels } from './compared.ts'

/** The number that grows when a field changes its meaning or goes. */
const SCHEMA = 1

/** @param version of this package */
export function differenceJson(compared: ComparedModels, version: string): string {
  const { one, other, scenario, difference, scenarios } = compared
  const { variables, threads, properties, locals, steps } = difference
  const document = {
    schema: SCHEMA,
    hmmcheck: version,
    one,
    other,
    scenario,
    variables,
    threads,
    properties,
    locals,
    steps: steps.map(({ change, threads: names, times }) => ({ ...changeJson(change), threads: names, times })),
    scenarios: scenarios.map(({ name, properties: all }) => ({
      name,
      properties: all.map((property) => ({ ...property, different: isDifferent(property) })),
    })),
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

const changeJson = (change: LineChange): object => ({
  change: change.kind,
  ...('from' in change ? { from: lineJson(change.from) } : {}),
  ...('to' in change ? { to: lineJson(change.to) } : {}),
})

const lineJson = ({ label, kind, at, source, procedure }: Line): object => ({
  label,
  kind,
  at,
  ...definedFields({ source, procedure }),
})
