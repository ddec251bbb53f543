/** A digest changes with the meaning of a model, and with nothing else. */
import { expect, test } from 'vitest'
import type { ConfiguredModel, Statement, Type } from '../../src/language/ast.ts'
import { configure } from '../../src/language/configure.ts'
import { selectProperties } from '../../src/language/select.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { mapStatement } from '../../src/language/walk.ts'
import { canonicalJson } from '../../src/language/canonical-json.ts'
import { digestOf as digest } from '../../src/schedules/digest.ts'
import { notifier } from '../support/notifier.ts'

const digestFor = (one: ConfiguredModel, name: string): string => {
  const property = one.properties.find((declared) => declared.name === name)
  if (property === undefined) throw new RangeError(`no property ${name}`)
  return digest(one, property)
}
const digestOf = (one: ConfiguredModel): string => digest(one, { name: 'P-NOUAF', kind: 'assertion' })
const model = configure(notifier.model, settingOf(notifier).configuration)

/** The model with every statement of its first thread's top level changed. */
function withStatements(change: (statement: Statement) => Statement): ConfiguredModel {
  const [first, ...others] = model.threads
  if (first === undefined) throw new Error('a thread')
  return { ...model, threads: [{ ...first, body: first.body.map(change) }, ...others] }
}

test('lines, sources and claims are documentation', () => {
  expect(
    digestOf(withStatements((statement) => ({ ...statement, at: 'elsewhere.ts:1', source: 'mm/hmm.c hmm' }))),
  ).toBe(digestOf(model))
  expect(
    digestOf({
      ...model,
      properties: model.properties.map((property) => ({ ...property, claim: 'somebody says so' })),
    }),
  ).toBe(digestOf(model))
})

test('a label, a size, an initial value are not', () => {
  const digests = [
    model,
    withStatements((statement) => (statement.kind === 'call' ? { ...statement, label: 'another' } : statement)),
    { ...model, sizes: { ...model.sizes, Page: 7 } },
    { ...model, variables: model.variables.slice(1) },
    { ...model, properties: model.properties.filter(({ name }) => name !== 'P-NOUAF') },
  ].map(digestOf)
  expect(new Set(digests).size).toBe(digests.length)
})

test('fields that a model calls at, source and path are part of its meaning', () => {
  const bool: Type = { kind: 'bool' }
  const withFields = (fields: Readonly<Record<string, Type>>): ConfiguredModel => ({
    ...model,
    variables: [{ name: 'x', type: { kind: 'record', name: 'r', fields }, initial: [], ghost: false }],
  })
  expect(digestOf(withFields({ path: bool, at: bool, source: bool }))).not.toBe(digestOf(withFields({ path: bool })))
})

test('another property is another digest, and what the others claim is no part of it', () => {
  const names = model.properties.map(({ name }) => name)
  expect(new Set(names.map((name) => digestFor(model, name))).size).toBe(names.length)
  for (const name of names) expect(digestFor(selectProperties(model, [name]), name), name).toBe(digestFor(model, name))
})

test('what it claims by assertions and covers is', () => {
  const changed = (kind: 'assert' | 'cover'): ConfiguredModel => {
    const body = (statements: readonly Statement[]): readonly Statement[] =>
      statements.map((statement) =>
        mapStatement(
          statement.kind === kind
            ? { ...statement, condition: { kind: 'literal', value: false, type: { kind: 'bool' } } }
            : statement,
          { block: body },
        ),
      )
    return { ...model, threads: model.threads.map((one) => ({ ...one, body: body(one.body) })) }
  }
  expect(digestFor(changed('assert'), 'P-NOUAF')).not.toBe(digestFor(model, 'P-NOUAF'))
  expect(digestFor(changed('cover'), 'P-NOUAF')).toBe(digestFor(model, 'P-NOUAF'))
  expect(digestFor(changed('cover'), 'P-NOUAF-possible')).not.toBe(digestFor(model, 'P-NOUAF-possible'))
})

test('the order of keys does not matter, that of elements does', () => {
  expect(canonicalJson({ b: 1, a: [1, { d: null, c: 'x' }] })).toBe('{"a":[1,{"c":"x","d":null}],"b":1}')
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]))
})

test('a model keeps its digest through JSON, and when it is configured anew', () => {
  // the same shape, by construction
  expect(digestOf(JSON.parse(JSON.stringify(model)) as ConfiguredModel)).toBe(digestOf(model))
  expect(digestOf(configure(notifier.model, settingOf(notifier).configuration))).toBe(digestOf(model))
})
