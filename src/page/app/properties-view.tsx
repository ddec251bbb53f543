/** The properties at the selected state, and where each falls. */
import type { JSX } from 'preact'
import type { PageProperty } from '../document.ts'
import type { Reading } from './reading.ts'
import type { Selection } from './story.ts'

export function PropertiesView({ reading, moment, select }: Selection & { readonly reading: Reading }): JSX.Element {
  const { properties } = reading.document
  const ordered = properties.toSorted((a, b) => rank(a, moment) - rank(b, moment))
  if (ordered.length === 0) return <p class="nothing">Nothing is claimed that one run can show to be false.</p>
  return (
    <ul class="properties">
      {ordered.map((property) => (
        <Property key={`${property.name} ${property.meaning}`} property={property} moment={moment} select={select} />
      ))}
    </ul>
  )
}

/** What is false first, then what was or will be. */
const rank = ({ falseAt }: PageProperty, moment: number): number =>
  falseAt.includes(moment) ? 0 : falseAt.length > 0 ? 1 : 2

function Property({ property, moment, select }: Selection & { readonly property: PageProperty }): JSX.Element {
  const { name, meaning, claim, falseAt, message } = property
  const isFalse = falseAt.includes(moment)
  const [first] = falseAt
  const judged = isFalse ? 'false' : falseAt.length > 0 ? 'elsewhere' : 'true'
  return (
    <li class={judged}>
      <span class={`sign ${judged}`} aria-hidden="true">
        {isFalse ? '✗' : '✓'}
      </span>
      <span>
        <b class={judged}>{name}</b> <span class="sr">{isFalse ? 'does not hold' : 'holds'}</span>
        {first !== undefined && (
          <button
            type="button"
            class="link"
            onClick={() => {
              select(first)
            }}
          >
            {first === 0 ? 'false from the start' : `turns false in step ${first}`}
          </button>
        )}
        <span class="meaning">{message ?? claim ?? meaning}</span>
      </span>
    </li>
  )
}
