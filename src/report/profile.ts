/** The profile of the number of states: one line for each thing that a model's text names. */
import type { Profile, ProfiledField } from '../explorer/result.ts'
import { plural, showCount } from './numbers.ts'
import type { Paint } from './paint.ts'

/** More than these are counted; --json has them all. */
const FIELDS = 20

/** Nothing without a profile. */
export function profileLines(profile: Profile | undefined, paint: Paint): readonly string[] {
  if (profile === undefined) return []
  const { states, complete, fields } = profile
  const of = complete ? plural(states, 'state') : `the first ${plural(states, 'state')}`
  const shown = fields
    .slice(0, FIELDS)
    .map((field) => [nameOf(field), showCount(field.values), showCount(field.without), savedOf(field, states)] as const)
  const width = (column: 0 | 1 | 2, least: number): number => Math.max(least, ...shown.map((row) => row[column].length))
  const [name, values, without] = [width(0, 0), width(1, 'values'.length), width(2, 'left'.length)]
  const more = fields.length - shown.length
  return [
    paint('bold', `profile of ${of}: the values of each part of a state, and the states that remain without it`),
    `  ${' '.repeat(name)}  ${'values'.padStart(values)}  ${'left'.padStart(without)}  saved`,
    ...shown.map(
      (row) =>
        `  ${row[0].padEnd(name)}  ${row[1].padStart(values)}  ${row[2].padStart(without)}  ${row[3].padStart('saved'.length)}`,
    ),
    ...(more > 0 ? [`  and ${more} more, all of them with --json`] : []),
  ]
}

const nameOf = ({ kind, thread = '', name }: ProfiledField): string =>
  kind === 'variable' ? name : kind === 'local' ? `${thread}: local ${name}` : `${thread}: control point`

/** `51 %` */
const savedOf = ({ without }: ProfiledField, states: number): string =>
  `${Math.floor((100 * (states - without)) / states)} %`
