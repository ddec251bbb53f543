/**
 * The table in docs/models/*.md of how many threads of each kind took part in a run that holds; where there never
 * were two, a reason by hand.
 */
import type { Protocol } from '../src/catalogue/protocol.ts'
import { configure } from '../src/language/configure.ts'
import { settingOf } from '../src/catalogue/setting.ts'
import { between } from './marked.ts'

const NAME = 'numbers'

/** The most instances of one thread in any scenario, and the first scenario that has them. */
interface Most {
  readonly count: number
  readonly scenario: string
}

/** A number of threads that no scenario has, with the reason. */
const OPEN = 'not checked'

/** By thread, in the order of the model: the most instances in `fixed`, among all scenarios. */
export function numbersOf(protocol: Protocol): ReadonlyMap<string, Most> {
  const most = new Map<string, Most>(protocol.model.threads.map(({ name }) => [name, { count: 0, scenario: '' }]))
  for (const { name: scenario, large } of protocol.scenarios) {
    const { threads, instances } = configure(
      protocol.model,
      settingOf(protocol, { variant: 'fixed', scenario }).configuration,
    )
    for (const [index, { name }] of threads.entries()) {
      const count = instances.filter(({ thread }) => thread === index).length
      if (count > (most.get(name)?.count ?? 0))
        most.set(name, { count, scenario: large === true ? `${scenario}, large` : scenario })
    }
  }
  return most
}

/** Why there never were two, by thread, as the document says it. */
export function reasonsIn(document: string): ReadonlyMap<string, string> {
  const rows = between(document, NAME).text.matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]*) \|$/gm)
  return new Map([...rows].map(([, name = '', why = '']) => [name, why.trim()]))
}

/** The document with the table of this protocol in place of its own; the reasons are kept. */
export function withNumbers(document: string, protocol: Protocol): string {
  const reasons = reasonsIn(document)
  const rows = [...numbersOf(protocol)].map(
    ([name, { count, scenario }]) =>
      `| \`${name}\` | ${count} (${scenario}) | ${count > 1 ? '' : (reasons.get(name) ?? OPEN)} |`,
  )
  const { before, after } = between(document, NAME)
  return `${before}\n${['| thread | most that took part at once where `fixed` holds | why not two |', '|---|---|---|', ...rows].join('\n')}\n${after}`
}
