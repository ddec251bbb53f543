/** What is said of names and parts that are not there. */
import { expect, test } from 'vitest'
import { Await, Bool, configure, constant, model, or, shared, Step, thread } from '../../src/language/index.ts'
import { missingPart } from '../../src/catalogue/define.ts'
import { didYouMean } from '../../src/language/near.ts'
import { machine } from '../../src/semantics/machine.ts'
import { refusedStep } from '../../src/schedules/steps.ts'
import { notifier } from '../support/notifier.ts'

test('of many names only the nearest are said, and which command lists all', () => {
  const names = Array.from({ length: 70 }, (_, n) => `without-the-lock-${n}`)
  expect(didYouMean('unlocked', names, 'hmmcheck list')).toBe(
    'the nearest of 70 names are without-the-lock-0, without-the-lock-1, without-the-lock-2, without-the-lock-3, without-the-lock-4; hmmcheck list lists all',
  )
  expect(didYouMean('unlocked', names.slice(0, 3))).toBe(
    'choose one of without-the-lock-0, without-the-lock-1, without-the-lock-2',
  )
  expect(didYouMean('without-the-lok-7', names)).toMatch(/^did you mean without-the-lock-7/)
})

const plain = JSON.parse(JSON.stringify(notifier)) as Readonly<Record<string, unknown>>
test.each<[string, object, string | undefined]>([
  ['nothing', {}, undefined],
  ['a title', { title: undefined }, 'title is missing'],
  ['a title that is none', { title: 3 }, 'title is number, where text is expected'],
  ['the variants', { variants: undefined }, 'variants is missing'],
  ['variants that are no list', { variants: {} }, 'variants is object, where a list is expected'],
  [
    'the constants of a variant',
    {
      variants: [
        { name: 'a', summary: '', constants: {} },
        { name: 'b', summary: '' },
      ],
    },
    'variants[1].constants is missing',
  ],
  ['a scenario', { scenarios: [null] }, 'scenarios[0] is null, where an object is expected'],
  ['the sizes of a scenario', { scenarios: [{ name: 'a', summary: '' }] }, 'scenarios[0].sizes is missing'],
  [
    'the sort of a parameter',
    { parameters: { pages: { min: 1, max: 2, summary: '' } } },
    'parameters.pages.sort is missing',
  ],
  [
    'the limit of a parameter',
    { parameters: { pages: { sort: 'Page', min: 1, max: '2', summary: '' } } },
    'parameters.pages.max is string, where a number is expected',
  ],
  [
    'the source of an expectation',
    { expectations: [{ variant: 'fixed', scenario: 'core', verdict: 'holds' }] },
    'expectations[0].source is missing',
  ],
  ['the model', { model: undefined }, 'model is missing'],
  [
    'a model that is none',
    { model: 3 },
    'model is not a model: pass the result of model(...), or a function that returns it',
  ],
])('a protocol in JavaScript that lacks %s', (_, change, said) => {
  expect(missingPart({ ...plain, ...change })).toBe(said)
})

test('a constant has its default, or its declaration is named', () => {
  const on = shared('on', Bool)
  const made = (options: { readonly default?: boolean }) =>
    model('m', {
      threads: [
        thread('t', () => {
          Await(or(on, constant('steal', Bool, options)))
        }),
      ],
    })
  const awaited = (value: ReturnType<typeof configure>) => JSON.stringify(value.threads[0]?.body[0])
  expect(awaited(configure(made({ default: true }), { sizes: {}, constants: {} }))).toBe(
    awaited(configure(made({}), { sizes: {}, constants: { steal: true } })),
  )
  expect(() => configure(made({ default: true }), { sizes: {}, constants: { steal: 3 } })).toThrow(
    /HMM031: steal, which test\/language\/names\.test\.ts:\d+ declares, cannot be 3: it is bool/,
  )
  expect(() => configure(made({}), { sizes: {}, constants: {} })).toThrow(
    /HMM031: the value of steal, which test\/language\/names\.test\.ts:\d+ declares, is missing/,
  )
})

test('a label that stands twice is shown with its path where one is refused and the other enabled', () => {
  const on = shared('on', Bool)
  const graph = machine(
    configure(
      model('m', {
        threads: [
          thread('t', () => {
            Step('raise', () => on.set(true))
            Step('raise', () => on.set(true))
          }),
        ],
      }),
      { sizes: {}, constants: {} },
    ),
  )
  const [initial] = graph.initial
  if (initial === undefined) throw new Error('no initial state')
  expect(refusedStep(graph, initial.state, { thread: 't', path: '1', label: 'raise', choices: [] })).toEqual({
    wanted: 't: raise at 1',
    enabled: ['t: raise at 0'],
  })
  expect(refusedStep(graph, initial.state, { thread: 't', path: '1', label: 'lower', choices: [] })).toEqual({
    wanted: 't: lower',
    enabled: ['t: raise'],
  })
})
