/** What the tests of both models of the merged mirror ask: where variants differ, which bugs are found, which steps are never taken. */
import { describe, expect, test } from 'vitest'
import * as kernel from '../../../models/kernel/index.ts'
import type { Statement } from '../../../src/language/ast.ts'
import { configure } from '../../../src/language/index.ts'
import type { Protocol } from '../../../src/language/protocol.ts'
import { settingOf } from '../../../src/language/setting.ts'
import { visitStatements } from '../../../src/language/walk.ts'

/** What a statement is by itself, without what stands inside it and where it was written. */
function own(statement: Statement): string {
  switch (statement.kind) {
    case 'if': return JSON.stringify([statement.kind, statement.condition, statement.then.binds, statement.otherwise.binds])
    case 'match': return JSON.stringify([statement.kind, statement.of, Object.keys(statement.arms)])
    case 'either': return JSON.stringify([statement.kind, statement.branches.length])
    case 'loop': case 'step': case 'forEach': case 'call': return JSON.stringify({ ...statement, body: [], at: '' })
    default: return JSON.stringify({ ...statement, at: '' })
  }
}

/** The procedures around a statement, from the outside in. */
const callsOf = (path: string): string => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name).join(' > ')

/** The text of a variant with every actor: the statement at each path of each thread. */
export function textOf(protocol: Protocol, variant: string, scenario: Protocol['scenarios'][number]['constants']): ReadonlyMap<string, string> {
  const constants = protocol.variants.find(({ name }) => name === variant)?.constants ?? {}
  const sizes = Object.fromEntries(Object.values(protocol.parameters).map(({ sort }) => [sort, 1]))
  const model = configure(protocol.model, { sizes, constants: { ...constants, ...scenario } })
  const text = new Map<string, string>()
  for (const { name, body } of model.threads) visitStatements(body, (statement) => text.set(`${name} ${statement.path}`, own(statement)))
  return text
}

/** A primitive of models/kernel: a difference inside it is one of who calls it. */
const isPrimitive = (name: string): boolean => name in kernel || /^(__down_|rwsem_|refcount_|kfree$|kmalloc$|put_page$|alloc_page$|hlist_del_init_rcu$|__mmu_notifier_register$|mmdrop$)/.test(name)

/** The procedures in which two variants differ, without those around them; in a thread itself it is the thread. */
export function differences(protocol: Protocol, one: string, other: string, scenarios: readonly Protocol['scenarios'][number]['constants'][]): readonly string[] {
  const paths = scenarios.flatMap((scenario) => {
    const [a, b] = [textOf(protocol, one, scenario), textOf(protocol, other, scenario)]
    return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path))
  })
  return [...new Set(paths.map((path) => callsOf(path).split(' > ').filter((name) => !isPrimitive(name)).at(-1) || path.split(' ')[0] || ''))].toSorted()
}

/** Where each fix may be seen: in exactly these procedures. */
export type Where = Readonly<Record<string, readonly string[]>>

/**
 * @param where for each fix the procedures in which `without-...` differs from `fixed`
 * @param texts constants of scenarios, one of which has every text
 * @param others constants of the model that are no fixes
 */
export function testVariants(protocol: Protocol, where: Where, texts: readonly Protocol['scenarios'][number]['constants'][], others: readonly string[]): void {
  const { model, fixes, variants, scenarios, expectations } = protocol

  describe.each(fixes)('without-$name', ({ name }) => {
    test('differs from fixed where it says, and nowhere else', () => {
      expect(differences(protocol, 'fixed', `without-${name}`, texts)).toEqual(where[name])
    })

    test('is violated somewhere, or holds for a reason that is given', () => {
      const known = expectations.filter(({ variant }) => variant === `without-${name}`)
      expect(known.length).toBeGreaterThan(0)
      if (known.every(({ verdict }) => verdict === 'holds')) expect(known[0]?.source).toMatch(/redundant|does not need/)
    })
  })

  test('the list of fixes is that of the constants', () => {
    expect(fixes.map(({ name }) => name).toSorted()).toEqual(model.constants.map(({ name }) => name).filter((name) => !others.includes(name)).toSorted())
    expect(Object.keys(where).toSorted()).toEqual(fixes.map(({ name }) => name).toSorted())
  })

  test('as merged has every lock and check, and no correction; fixed has all', () => {
    const constants = (variant: string) => variants.find(({ name }) => name === variant)?.constants
    for (const { name, kind } of fixes) {
      expect(constants('as-merged')?.[name]).toBe(kind !== 'correction')
      expect(constants('fixed')?.[name]).toBe(true)
      expect(Object.entries(constants(`without-${name}`) ?? {}).filter(([one, value]) => constants('fixed')?.[one] !== value)).toEqual([[name, false]])
    }
  })

  test('fixed holds in every scenario, and every variant is expected to do something', () => {
    for (const { name } of scenarios) expect(expectations).toContainEqual(expect.objectContaining({ variant: 'fixed', scenario: name, verdict: 'holds' }))
    for (const { name } of variants) expect(expectations.map(({ variant }) => variant)).toContain(name)
    const pairs = expectations.map(({ variant, scenario: where }) => `${variant} ${where}`)
    expect(new Set(pairs).size).toBe(pairs.length)
  })

  test.each(variants.map(({ name }) => name))('%s can be configured in every scenario', (variant) => {
    for (const { name } of scenarios) expect(() => configure(model, settingOf(protocol, { variant, scenario: name }).configuration)).not.toThrow()
  })

  test('every transition says where in the kernel, or in whose hardware, it stands', () => {
    const control = ['label', 'loop', 'goto', 'return', 'break', 'continue', 'either']
    const missing = new Set<string>()
    for (const { name, body } of model.threads) {
      visitStatements(body, (statement) => {
        const isCall = statement.kind === 'call' && !statement.atomic
        if (statement.source === undefined && !isCall && !control.includes(statement.kind)) missing.add(`${name} ${callsOf(statement.path)} ${statement.kind}`)
      })
    }
    expect([...missing]).toEqual([])
  })
}
