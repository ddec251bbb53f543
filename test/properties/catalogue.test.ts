/**
 * Each property has a claim with a version and a twin that shows it is reached, and the mirror protocol asks for all
 * of them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mirror2017Protocol } from '../../models/mirror-2017/protocol.ts'
import { visitStatements } from '../../src/language/walk.ts'
import * as properties from '../../properties/index.ts'

/** Name, kind, the twin, and whether the twin is a state or a step that a `Cover` marks. */
const table = [
  ['P-AGREE', 'transition', 'P-AGREE.reached', 'step'],
  ['P-AGREE-STATE', 'invariant', 'P-AGREE-STATE.reached', 'state'],
  ['P-NOUAF', 'assertion', 'P-NOUAF.reached', 'step'],
  ['P-NOUAF-ENTRY', 'invariant', 'P-NOUAF-ENTRY.reached', 'state'],
  ['P-INV', 'invariant', 'P-INV.reached', 'step'],
  ['P-INV-CHANGE', 'transition', 'P-INV-CHANGE.reached', 'state'],
  ['P-RETRY', 'assertion', 'P-RETRY.reached', 'step'],
  ['P-CONTENT', 'assertion', 'P-CONTENT.reached', 'step'],
  ['P-REF', 'invariant', 'P-REF.reached', 'step'],
  // A reference is dropped where a page is freed.
  ['P-REF-ZERO', 'assertion', 'P-REF.reached', 'step'],
  ['P-REF-MM', 'invariant', 'P-REF-MM.reached', 'state'],
  ['P-BAL', 'invariant', 'P-BAL.reached', 'state'],
  // A bracket is open that is to be ended.
  ['P-BAL-PAIR', 'assertion', 'P-BAL.reached', 'state'],
  ['P-LIFE', 'assertion', 'P-LIFE.reached', 'step'],
  ['P-UNIQUE', 'invariant', 'P-UNIQUE.reached', 'state'],
  ['P-LOCK', 'assertion', 'P-LOCK.reached', 'step'],
  ['P-ORDER', 'collected', 'P-ORDER.reached', 'step'],
] as const
const declared = mirror2017Protocol.model.properties.filter(({ kind }) => kind !== 'pair')
const named = (name: string) => declared.find((property) => property.name === name)
const modelStatements = (): readonly { readonly kind: string; readonly property?: string }[] => {
  const found: { kind: string; property?: string }[] = []
  for (const { body } of mirror2017Protocol.model.threads) {
    visitStatements(body, (s) => found.push({ kind: s.kind, ...('property' in s && { property: s.property }) }))
  }
  return found
}
const statements = modelStatements()

describe.each(table)('%s', (name, kind, twin, reachedBy) => {
  test('is asked of the mirror protocol', () => {
    expect(named(name)?.kind).toBe(kind)
    expect(named(name)?.condition === undefined).toBe(kind === 'assertion' || kind === 'collected')
  })

  test('is claimed by a text of the kernel with its version', () => {
    expect(named(name)?.claim).toMatch(/(hmm|mmu_notifier|mm|mm_types|rmap)\.[ch] of (\d+\.\d+|03\/15)\b/)
  })

  test('has a twin, which is no claim but must be possible', () => {
    const found = named(twin)
    expect(found?.kind).toBe('sometimes')
    expect(found?.condition === undefined).toBe(reachedBy === 'step')
    // One that has no state to show it has a step that does.
    expect(statements.some((s) => s.kind === 'cover' && s.property === twin)).toBe(reachedBy === 'step')
  })

  if (kind === 'assertion')
    test('is asserted in some step', () => {
      expect(statements.some((s) => s.kind === 'assert' && s.property === name)).toBe(true)
    })
})

test('the table has every property of the mirror protocol', () => {
  const known = new Set<string>(table.flatMap(([name, , twin]) => [name, twin]))
  expect(
    declared
      .map(({ name }) => name)
      .filter((name) => !known.has(name))
      .sort(),
  ).toEqual(['deadlock', 'lock-deadlock', 'recoverable'])
  expect(new Set(declared.map(({ name }) => name)).size).toBe(declared.length)
})

test('the protocols use every function of properties/', () => {
  const models = new URL('../../models/', import.meta.url)
  const files = readdirSync(models, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const called = new Set(
    files.flatMap((file) => readFileSync(new URL(file, models), 'utf8').match(/\b\w+(?=\()/g) ?? []),
  )
  expect(Object.keys(properties).filter((name) => !called.has(name))).toEqual([])
})

test('every file of properties/ is in its index', () => {
  const folder = new URL('../../properties/', import.meta.url)
  const files = readdirSync(folder).filter((file) => file !== 'index.ts')
  const exported = [...readFileSync(new URL('index.ts', folder), 'utf8').matchAll(/from '\.\/(.+)'/g)].map(
    ([, file]) => file,
  )
  expect(files.toSorted()).toEqual(exported.toSorted())
})
