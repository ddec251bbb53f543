/** What the tests of both models of the merged mirror ask: where variants differ. */
import { describe, expect, test } from 'vitest'
import * as kernel from '../../../src/kernel/index.ts'
import { configure } from '../../../src/language/index.ts'
import type { Protocol } from '../../../src/catalogue/protocol.ts'
import { visitStatements } from '../../../src/language/walk.ts'
import { ownText } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** The procedures around a statement, from the outside in. */
const callsOf = (path: string): string => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name).join(' > ')

/** The text of a variant with every actor: the statement at each path of each thread. */
export function textOf(
  protocol: Protocol,
  variant: string,
  scenario: Protocol['scenarios'][number]['constants'],
): ReadonlyMap<string, string> {
  const constants = protocol.variants.find(({ name }) => name === variant)?.constants ?? {}
  const sizes = Object.fromEntries(Object.values(protocol.parameters).map(({ sort }) => [sort, 1]))
  const model = configure(protocol.model, { sizes, constants: { ...constants, ...scenario } })
  const text = new Map<string, string>()
  for (const { name, body } of model.threads)
    visitStatements(body, (statement) => text.set(`${name} ${statement.path}`, ownText(statement)))
  return text
}

const texts = new Map<string, ReadonlyMap<string, string>>()

/** The text of a variant that many others are compared with: made once. */
function textOnce(...asked: Parameters<typeof textOf>): ReadonlyMap<string, string> {
  const [{ name }, variant, scenario] = asked
  const key = JSON.stringify([name, variant, scenario])
  const text = texts.get(key) ?? textOf(...asked)
  texts.set(key, text)
  return text
}

/** A primitive of src/kernel: a difference inside it is one of who calls it. */
const isPrimitive = (name: string): boolean =>
  name in kernel ||
  /^(__down_|rwsem_|refcount_|kfree$|kmalloc$|put_page$|alloc_page$|hlist_del_init_rcu$|__mmu_notifier_register$|mmdrop$)/.test(
    name,
  )

/** The procedures in which two variants differ, without those around them; in a thread itself it is the thread. */
export function differences(
  protocol: Protocol,
  one: string,
  other: string,
  scenarios: readonly Protocol['scenarios'][number]['constants'][],
): readonly string[] {
  const paths = scenarios.flatMap((scenario) => {
    const [a, b] = [textOnce(protocol, one, scenario), textOf(protocol, other, scenario)]
    return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path))
  })
  return [
    ...new Set(
      paths.map(
        (path) =>
          callsOf(path)
            .split(' > ')
            .filter((name) => !isPrimitive(name))
            .at(-1) ||
          path.split(' ')[0] ||
          '',
      ),
    ),
  ].toSorted()
}

/** Where each fix may be seen: in exactly these procedures. */
export type Where = Readonly<Record<string, readonly string[]>>

/**
 * @param where for each fix the procedures in which `without-...` differs from `fixed`
 * @param texts constants of scenarios, one of which has every text
 * @param others constants of the model that are no fixes
 */
export function testVariants(
  protocol: Protocol,
  where: Where,
  texts: readonly Protocol['scenarios'][number]['constants'][],
  others: readonly string[],
): void {
  const { model, fixes } = protocol

  describe.each(fixes)('without-$name', ({ name }) => {
    test('differs from fixed where it says, and nowhere else', () => {
      expect(differences(protocol, 'fixed', `without-${name}`, texts)).toEqual(where[name])
    })
  })

  test('the list of fixes is that of the constants', () => {
    expect(fixes.map(({ name }) => name).toSorted()).toEqual(
      model.constants
        .map(({ name }) => name)
        .filter((name) => !others.includes(name))
        .toSorted(),
    )
    expect(Object.keys(where).toSorted()).toEqual(fixes.map(({ name }) => name).toSorted())
  })

  testSettings(protocol, { base: 'as-merged', redundant: /redundant|does not need/ })
}
