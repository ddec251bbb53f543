/** Models on which the engine and the interpreter once differed, as small as they could be made. */
import type { ConfiguredModel } from '../../src/language/ast.ts'
import {
  array,
  assert,
  assign,
  at,
  binary,
  bool,
  choose,
  configured,
  field,
  goto,
  id,
  int,
  label,
  local,
  no,
  num,
  optional,
  queueOf,
  record,
  setOf,
  shared,
  some,
  statement,
  step,
  union,
  variable,
  wait,
  when,
  yes,
  zero,
} from '../support/ast.ts'

interface Found {
  readonly what: string
  readonly model: ConfiguredModel
}

const pair = record('pair', { page: id('Page'), maybe: optional(id('Page')) })
const pte = union('pte', { none: {}, swap: { offset: int(0, 1) } })

export const found: readonly Found[] = [
  {
    what: 'the element looked for in an empty queue is evaluated all the same',
    model: configured({
      variables: [variable('queue', queueOf(bool, 3)), variable('cells', array(int(0, 1), bool)), variable('pte', pte)],
      threads: [
        {
          body: [
            wait(
              binary(
                shared('queue'),
                'has',
                at(shared('cells'), { kind: 'payload', of: shared('pte'), tag: 'swap', name: 'offset' }),
              ),
            ),
          ],
        },
      ],
    }),
  },
  {
    what: 'a number below the elements is in no set',
    model: configured({
      variables: [variable('set', setOf(int(2, 3)))],
      properties: [{ name: 'in it', kind: 'invariant', condition: binary(shared('set'), 'has', num(0)) }],
    }),
  },
  {
    what: 'zero is not the low end of a range around it',
    model: configured({
      threads: [{ locals: [int(-1, 0)], body: [wait(yes), label(0), assign(local(0), num(0)), goto(0)] }],
    }),
  },
  {
    what: 'a local that is assigned on a way not taken is zero',
    model: configured({
      variables: [variable('flag', bool)],
      threads: [
        {
          locals: [int(-1, 0, 'wrap')],
          body: [when(no, [assign(local(0), num(0))]), when(shared('flag'), [], [assert('p', no)])],
        },
      ],
      properties: [{ name: 'p', kind: 'assertion' }],
    }),
  },
  {
    what: 'an array over a sort without elements has no cell to read',
    model: configured({
      sizes: { Page: 0 },
      variables: [variable('pages', array(id('Page'), record('page', { waiters: queueOf(id('Page'), 1) })))],
      properties: [
        {
          name: 'somebody waits',
          kind: 'sometimes',
          condition: {
            kind: 'elements',
            quantifier: 'some',
            bound: 0,
            of: field(at(shared('pages'), zero(id('Page'))), 'waiters'),
            body: yes,
          },
        },
      ],
    }),
  },
  {
    what: 'a number below the range is wrapped into it',
    model: configured({
      variables: [variable('set', setOf(int(2, 4, 'wrap')))],
      threads: [
        { body: [statement({ kind: 'insert', target: shared('set'), value: num(0) })] },
        { locals: [int(2, 4, 'wrap')], body: [assign(local(0), { kind: 'size', of: shared('set') })] },
      ],
    }),
  },
  {
    what: 'an assignment that fails is not left out with the variable that nothing reads',
    model: configured({
      variables: [variable('unread', int(0, 3)), variable('nobody', optional(int(0, 3)))],
      threads: [{ body: [assign(shared('unread'), { kind: 'value', of: shared('nobody') })] }],
      properties: [{ name: 'recoverable', kind: 'recoverable' }],
    }),
  },
  {
    what: 'what fills an array without cells is evaluated all the same',
    model: configured({
      sizes: { Page: 0 },
      threads: [
        {
          locals: [array(id('Page'), id('Page'))],
          body: [
            assign(local(0), { kind: 'fill', of: at(local(0), zero(id('Page'))), type: array(id('Page'), id('Page')) }),
          ],
        },
      ],
    }),
  },
  {
    what: 'zero of a sort without elements can be put into an optional',
    model: configured({
      sizes: { Page: 0 },
      variables: [variable('maybe', pair)],
      threads: [
        {
          body: [
            assign(shared('maybe'), {
              kind: 'record',
              fields: { page: zero(id('Page')), maybe: some(zero(id('Page')), optional(id('Page'))) },
              type: pair,
            }),
          ],
        },
        { body: [assign(field(shared('maybe'), 'maybe'), some(field(shared('maybe'), 'page'), optional(id('Page'))))] },
      ],
    }),
  },
  {
    what: 'zero of a sort without elements can be put into a set',
    model: configured({
      sizes: { Page: 0 },
      variables: [variable('set', setOf(id('Page'))), variable('number', int(0, 1))],
      threads: [
        {
          body: [
            statement({ kind: 'insert', target: shared('set'), value: zero(id('Page')) }),
            assign(shared('number'), { kind: 'size', of: shared('set') }),
          ],
        },
      ],
    }),
  },
  {
    what: 'the zero of another range is not the zero of the local',
    model: configured({
      variables: [variable('number', int(0, 2))],
      threads: [
        {
          locals: [int(0, 2)],
          body: [
            assign(local(0), zero(int(1, 1))),
            assign(shared('number'), local(0)),
            assign(local(0), zero(int(1, 1))),
            assign(shared('number'), num(0)),
          ],
        },
      ],
    }),
  },
  {
    what: 'what a test of the chosen value changes is not the chosen value',
    model: configured({
      variables: [variable('seen', bool)],
      threads: [{ locals: [bool], body: [choose(0), step(when(local(0), [assign(shared('seen'), yes)]))] }],
      properties: [{ name: 'seen', kind: 'sometimes', condition: shared('seen') }],
    }),
  },
]
