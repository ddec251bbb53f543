/** A model is data, the same however it was built, and every statement knows where it stands. */
import { expect, test } from 'vitest'
import type { Expression, Statement } from '../../src/language/ast.ts'
import {
  array,
  Assert,
  assertion,
  atomic,
  Choose,
  Either,
  every,
  fix,
  ForEach,
  ghost,
  If,
  IfIs,
  IfSome,
  invariant,
  Let,
  Local,
  Loop,
  model,
  not,
  optional,
  procedure,
  range,
  ref,
  Return,
  shared,
  some,
  sort,
  Source,
  Step,
  thread,
  threadPer,
  union,
  Bool,
  type Model,
} from '../../src/language/index.ts'
import { visitStatements } from '../../src/language/walk.ts'
import { migrateVma } from './excerpts/migrate.ts'
import { mirror2017 } from './excerpts/mirror2017.ts'
import { lostUpdate, peterson, ticketLock, twoPhaseCommit } from './excerpts/oracles.ts'

const x = shared('x', range(0, 9))
const y = shared('y', range(0, 9))

const textOf = (write: () => undefined): Model['threads'][number] => {
  const [text] = model('m', { threads: [thread('t', write)] }).threads
  if (text === undefined) throw new Error('no thread')
  return text
}
const all = (body: readonly Statement[]): readonly Statement[] => {
  const found: Statement[] = []
  visitStatements(body, (s) => found.push(s))
  return found
}

const models = [
  ['migrate', migrateVma],
  ['mirror', mirror2017],
  ['two-phase commit', twoPhaseCommit()],
  ['Peterson', peterson()],
  ['ticket lock', ticketLock(2)],
] as const

test.each(models)('%s is data: JSON says all of it', (_name, made) => {
  expect(JSON.parse(JSON.stringify(made))).toEqual(made)
  const functions: unknown[] = []
  const look = (value: unknown): void => {
    if (typeof value === 'function') functions.push(value)
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(look)
  }
  look(made)
  expect(functions).toEqual([])
})

test('building a model twice gives the same model', () => {
  const build = (): Model =>
    model('m', {
      threads: [
        thread('t', () => {
          const a = Choose('a', range(0, 9), (n) => n.ne(x))
          Loop(() => {
            x.set(a)
            If(
              every(range(0, 2), (n) => some(range(0, 2), (m) => n.eq(m))),
              () => y.set(a),
            )
          })
        }),
      ],
    })
  expect(build()).toEqual(build())
  expect(lostUpdate()).toEqual(lostUpdate())
})

test('paths name the way from the thread to the statement', () => {
  const Page = sort('Page')
  const pte = shared('pte', optional(Page))
  const inner = procedure('inner', [], () => {
    x.set(1)
    x.set(2)
  })
  const outer = procedure('outer', [], () => {
    inner()
    If(x.eq(1), () => y.set(1)).Else(() => y.set(2))
  })
  const text = textOf(() => {
    outer()
    Step('s', () => IfSome(pte, () => x.set(3)))
    Either(
      () => x.set(4),
      () => Loop(() => x.set(5)),
    )
  })
  expect(all(text.body).map(({ path }) => path)).toEqual([
    '0:outer',
    '0:outer/0:inner',
    '0:outer/0:inner/0',
    '0:outer/0:inner/1',
    '0:outer/1',
    '0:outer/1.then/0',
    '0:outer/1.else/0',
    '1',
    '1/0',
    '1/0.then/0',
    '2',
    '2.or-0/0',
    '2.or-1/0',
    '2.or-1/0/0',
  ])
})

test('a statement knows its line, and what it stands for in the kernel', () => {
  const flush = atomic('flush', [], () => x.set(1), { source: 'mm/hmm.c flush' })
  const text = textOf(() => {
    x.set(2)
    Source('mm/mmap.c munmap', () => {
      x.set(3)
      flush()
    })
  })
  const [first = '', second = ''] = text.body.map(({ at }) => at)
  expect(first).toMatch(/^test\/language\/model\.test\.ts:\d+$/)
  const line = (at: string): number => Number(at.split(':')[1])
  expect(line(second)).toBe(line(first) + 2)
  expect(all(text.body).map(({ source }) => source)).toEqual([
    undefined,
    'mm/mmap.c munmap',
    'mm/mmap.c munmap',
    'mm/hmm.c flush',
  ])
})

test('a model has what its threads and properties mention, in the order of declaration', () => {
  const Page = sort('Page')
  const first = shared('first', array(Page, Bool))
  const seen = ghost('seen', Bool)
  shared('unused', Bool)
  const made = model('m', {
    threads: [
      threadPer(Page, 't', (page) => {
        Step('s', () => {
          Assert('declared', first.at(page))
          Assert('other', first.at(page))
          seen.set(true)
        })
      }),
    ],
    properties: [invariant('careful', fix('careful')), assertion('declared', { claim: 'hmm.h' })],
  })
  expect(made.variables.map(({ name, ghost: isGhost }) => [name, isGhost])).toEqual([
    ['first', false],
    ['seen', true],
  ])
  expect(made.constants.map(({ name }) => name)).toEqual(['careful'])
  expect(made.sorts).toEqual(['Page'])
  expect(made.properties.map(({ name, kind, claim }) => [name, kind, claim])).toEqual([
    ['careful', 'invariant', undefined],
    ['declared', 'assertion', 'hmm.h'],
    ['other', 'assertion', undefined],
  ])
})

test('locals are numbered from 0 as they come, and those no statement mentions are left out', () => {
  const Entry = union('entry', { none: {}, present: { page: range(0, 9), write: Bool } })
  const entry = shared('entry', Entry)
  const text = textOf(() => {
    const a = Let('a', x)
    Local('never', Bool)
    IfIs(entry, 'present', ({ page }) => x.set(page))
    ForEach(range(0, 1), (n) => {
      y.set(n)
      x.set(a)
    })
  })
  expect(text.locals.map(({ id, name }) => [id, name])).toEqual([
    [0, 'a'],
    [1, 'page'],
    [2, 'n'],
    [3, 'n to do'],
  ])
  expect(text.body[1]).toMatchObject({
    kind: 'if',
    then: { binds: [{ local: 1, value: { kind: 'payload', tag: 'present', name: 'page' } }] },
  })
})

test('an argument by value stands where the parameter was, a reference is the place itself', () => {
  const add = procedure('add', [ref(range(0, 9)), range(0, 9)], (to, n) => to.set(to.plus(n)))
  const text = textOf(() => {
    const a = Let('a', y)
    add(x, 3)
    add(x, a)
  })
  const xNode: Expression = { kind: 'shared', name: 'x' }
  expect(text.body[1]).toMatchObject({
    label: 'add(&x, 3)',
    body: [{ target: xNode, value: { left: xNode, right: { value: 3 } } }],
  })
  expect(text.body[2]).toMatchObject({
    label: 'add(&x, a)',
    body: [{ target: xNode, value: { left: xNode, right: { kind: 'local', id: 0 } } }],
  })
})

test("a result is copied when it is returned, unless it is the callee's own local already", () => {
  const read = procedure('read', [], () => x)
  const own = procedure('own', [], () => Let('mine', x))
  const early = procedure('early', [], () => {
    If(not(x.eq(0)), () => Return(x))
    return y
  })
  const text = textOf(() => {
    y.set(read())
    y.set(own())
    y.set(early())
  })
  expect(text.body[0]).toMatchObject({
    kind: 'call',
    body: [{ kind: 'assign', target: { kind: 'local', id: 0 }, value: { kind: 'shared', name: 'x' } }],
  })
  expect(text.body[1]).toMatchObject({ kind: 'assign', value: { kind: 'local', id: 0 } })
  expect(text.body[2]).toMatchObject({ kind: 'call', body: [{ kind: 'assign', target: { kind: 'local', id: 1 } }] })
  expect(text.body[4]).toMatchObject({
    kind: 'call',
    body: [
      { kind: 'if', then: { body: [{ kind: 'assign', target: { kind: 'local', id: 2 } }, { kind: 'return' }] } },
      { kind: 'assign', target: { kind: 'local', id: 2 }, value: { kind: 'shared', name: 'y' } },
    ],
  })
  expect(text.locals).toHaveLength(3)
})
