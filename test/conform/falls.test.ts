/** What falls in hidden steps and behind events, and the hidden steps that are taken so that nothing falls. */
import { describe, expect, test } from 'vitest'
import {
  array,
  Assert,
  assertion,
  Bool,
  invariant,
  implies,
  Local,
  no,
  not,
  range,
  shared,
  Shows,
  Step,
} from 'hmmcheck'
import { conformanceText } from '../../src/conform/text.ts'
import { modelOf, shows } from './small-model.ts'

describe('a hidden step', () => {
  test('is judged, and the report says which it was', () => {
    const run = modelOf(
      () => [
        () => {
          shows('go')
          Step('the hidden one', () => Assert('P-GOOD', no, 'it went wrong'))
          shows('end')
        },
        () => shows('other'),
      ],
      () => [assertion('P-GOOD')],
    )
    expect(run('go@1', 'other@2').falls).toEqual([])
    const result = run('go@1', 'other@2', 'end@1')
    expect(result.falls).toMatchObject([
      { property: 'P-GOOD', event: { order: 30 }, step: { label: 'the hidden one' } },
    ])
    expect(conformanceText(result, {}).join('\n')).toMatch(
      /P-GOOD falls in the hidden step the hidden one \(.*\), before t=30/,
    )
  })

  test('is taken before what would make it fall', () => {
    const raised = shared('raised', Bool)
    const run = modelOf(
      () => [
        () => {
          shows('go')
          Step('looks', () => Assert('P-LOW', not(raised), 'it is raised'))
          shows('end')
        },
        () => Step('raise', () => (raised.set(true), Shows('raise'))),
      ],
      () => [assertion('P-LOW')],
    )
    expect(run('go@1', 'raise@2', 'end@1').falls).toEqual([])
    expect(run('raise@2', 'go@1', 'end@1').falls).toHaveLength(1)
  })

  test('is taken where an invariant would fall without it', () => {
    const [first, second] = [shared('first', Bool), shared('second', Bool)]
    const run = modelOf(
      () => [
        () => {
          shows('go')
          Step('first', () => first.set(true))
          shows('end')
        },
        () => Step('second', () => (second.set(true), Shows('second'))),
      ],
      () => [invariant('P-ORDER', implies(second, first))],
    )
    expect(run('go@1', 'second@2', 'end@1').falls).toEqual([])
    expect(run('second@2').falls).toMatchObject([{ property: 'P-ORDER', event: { order: 10 } }])
  })

  test('is taken for an assertion in front of an event', () => {
    const done = shared('done', Bool)
    const run = modelOf(
      () => [
        () => {
          shows('set')
          Step('is done', () => done.set(true))
        },
        () => {
          shows('go')
          Assert('P-DONE', done, 'it is not done')
          shows('end')
        },
      ],
      () => [assertion('P-DONE')],
    )
    expect(run('set@2', 'go@1', 'end@1').falls).toEqual([])
    expect(run('go@1', 'end@1').falls).toMatchObject([{ property: 'P-DONE', event: { order: 20 } }])
  })

  test('is taken for what an event reads by a local that is set in front of it', () => {
    const Place = range(0, 1)
    const memory = shared('memory', array(Place, Bool))
    const run = modelOf(
      () => [
        () => {
          shows('store')
          Step('is stored', () => memory.at(1).set(true))
        },
        () => {
          const at = Local('at', Place)
          shows('go')
          at.set(1)
          Step('load', () => Shows('load', { value: memory.at(at) }))
        },
      ],
      () => [],
    )
    expect(run('store@2', 'go@1', 'load@1 value=true').rejection).toBeUndefined()
    expect(run('store@2', 'go@1', 'load@1 value=false').rejection).toBeUndefined()
    expect(run('go@1', 'load@1 value=true').rejection).toBeDefined()
  })
})
