/** Ghost code stands apart in the text, and the model does not show it. */
import { expect, test } from 'vitest'
import {
  Assert,
  atomic,
  Choose,
  Cover,
  ForEach,
  Ghost,
  ghost,
  If,
  model,
  ModelError,
  setOf,
  shared,
  sometimes,
  sort,
  Step,
  thread,
  type Block,
  type Model,
} from '../../src/language/index.ts'

const Page = sort('Page')
const free = shared('free', setOf(Page))
const newest = ghost('newest', setOf(Page))
const old = ghost('old', setOf(Page))

/** The model as data, without the lines that its text stands in. */
const recordedAs = (made: Model): unknown =>
  JSON.parse(JSON.stringify(made, (key, value: unknown) => (key === 'at' ? undefined : value)))

const built = (apart: (record: Block) => void): Model =>
  model('m', {
    threads: [
      thread('write', () => {
        Step('write', () => {
          const page = Choose('page', Page)
          apart(() => {
            newest.add(page)
            Cover('written')
          })
          free.remove(page)
          If(free.isEmpty, () => {
            apart(() => {
              ForEach(Page, (one) => {
                If(newest.has(one), () => old.add(one))
              })
              Assert('none is left', newest.has(page))
            })
          })
        })
      }),
    ],
    properties: [sometimes('written')],
  })

test('a model is the same with and without the word', () => {
  const apart = built((record) => {
    Ghost(record)
  })
  const mixed = built((record) => {
    record()
  })
  expect(recordedAs(apart)).toEqual(recordedAs(mixed))
})

const forget = atomic('forget', [Page], (page) => newest.remove(page))
const release = atomic('release', [Page], (page) => {
  newest.remove(page)
  free.add(page)
})
const messageOf = (record: (page: Parameters<typeof forget>[0]) => void): string => {
  try {
    model('m', {
      threads: [
        thread('t', () => {
          Step('s', () => {
            const page = Choose('page', Page)
            Ghost(() => {
              record(page)
            })
            free.add(page)
          })
        }),
      ],
    })
    return 'accepted'
  } catch (error) {
    if (error instanceof ModelError) return `${error.code}: ${error.message.split('\n')[0] ?? ''}`
    throw error
  }
}
const refusal = 'HMM029: HMM029: a statement in a Ghost block does more than record'

test('what is called in it records, too', () => {
  expect(messageOf((page) => forget(page))).toBe('accepted')
  expect(messageOf((page) => release(page))).toBe(refusal)
})

test.each<[string, Block]>([
  ['a write of shared state', () => free.clear()],
  ['a write under a test', () => If(newest.isEmpty, () => free.clear())],
  ['a write in a loop', () => ForEach(Page, (one) => free.remove(one))],
  [
    'a choice',
    () => {
      Choose('another', Page)
    },
  ],
])('%s is refused in it', (_what, statement) => {
  expect(messageOf(statement)).toBe(refusal)
})
