/** What memory holds: which page has the newest value of an address, so that lost writes and stale reads show. */
import { describe, expect, test } from 'vitest'
import {
  Assert,
  assertion,
  Choose,
  ghost,
  If,
  not,
  oneOf,
  queueOf,
  shared,
  Step,
  type Bool,
  type Id,
  type Recorded,
} from '../../src/language/index.ts'
import { memoryContents, Page, Va } from '../../src/kernel/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

const contents = memoryContents()
const log = ghost('log', queueOf(oneOf('y', 'n'), 4))

interface Things {
  readonly va: Id<'Va'>
  readonly one: Id<'Page'>
  readonly two: Id<'Page'>
}
const read = (page: Id<'Page'>, property = 'P-CONTENT'): Recorded =>
  Assert(property, contents.is_newest(page), 'an old value is read')

/**
 * What is done with one address and two pages, in one step after they have been chosen: the address with the first
 * page, then the second; its number is 3.
 */
const doing = (body: (things: Things) => void) =>
  closed(
    [
      thread('a', () => {
        const va = Choose('va', Va)
        const one = Choose('one', Page)
        const two = Choose('two', Page, (page) => page.ne(one))
        return Step('all of it', () => {
          body({ va, one, two })
          return undefined
        })
      }),
    ],
    [assertion('P-CONTENT')],
    { sizes: { Page: 2, Va: 1 } },
  )
const good = { 'P-CONTENT': 'holds' }
const bad = { 'P-CONTENT': 'violated in 3' }

describe('a page that is filled', () => {
  test('from the backing store has the newest value', async () => {
    expect(
      await verdicts(
        doing(({ va, one }) => {
          contents.fill(one, va)
          read(one)
        }),
      ),
    ).toEqual(good)
  })

  test('has an old one if the newest was written and never saved', async () => {
    expect(
      await verdicts(
        doing(({ va, one, two }) => {
          contents.fill(one, va)
          contents.write(one, va)
          contents.forget(one)
          contents.fill(two, va)
          read(two)
        }),
      ),
    ).toEqual(bad)
  })

  test('has the newest if that was saved before the page was freed', async () => {
    expect(
      await verdicts(
        doing(({ va, one, two }) => {
          contents.fill(one, va)
          contents.write(one, va)
          contents.page_out(one, va)
          contents.forget(one)
          contents.fill(two, va)
          read(two)
        }),
      ),
    ).toEqual(good)
  })

  test('has an old one if somebody wrote after it was saved: the write is lost', async () => {
    expect(
      await verdicts(
        doing(({ va, one, two }) => {
          contents.fill(one, va)
          contents.page_out(one, va)
          contents.write(one, va)
          contents.forget(one)
          contents.fill(two, va)
          read(two)
        }),
      ),
    ).toEqual(bad)
  })

  test('has an old one if it was an old copy that was saved', async () => {
    expect(
      await verdicts(
        doing(({ va, one, two }) => {
          contents.fill(one, va)
          contents.fill(two, va)
          contents.write(one, va)
          contents.page_out(two, va)
          contents.forget(one)
          contents.forget(two)
          contents.fill(one, va)
          read(one)
        }),
      ),
    ).toEqual(bad)
  })
})

describe('a write', () => {
  test('makes other copies of the address old, and not the page itself', async () => {
    const copies = (of: 'one' | 'two') =>
      doing(({ va, one, two }) => {
        contents.fill(one, va)
        contents.fill(two, va)
        contents.write(one, va)
        read(of === 'one' ? one : two)
      })
    expect(await verdicts(copies('one'))).toEqual(good)
    expect(await verdicts(copies('two'))).toEqual(bad)
  })

  test('makes an old copy the newest, and the newest old', async () => {
    const copies = (of: 'one' | 'two') =>
      doing(({ va, one, two }) => {
        contents.fill(one, va)
        contents.fill(two, va)
        contents.write(one, va)
        contents.write(two, va)
        read(of === 'one' ? one : two)
      })
    expect(await verdicts(copies('one'))).toEqual(bad)
    expect(await verdicts(copies('two'))).toEqual(good)
  })

  test('through a page that belongs to the address no more has no effect on it', async () => {
    expect(
      await verdicts(
        doing(({ va, one, two }) => {
          contents.fill(one, va)
          contents.forget(one)
          contents.write(one, va)
          contents.fill(two, va)
          read(two)
        }),
      ),
    ).toEqual(good)
  })
})

describe('an address that is unmapped for good', () => {
  test('starts again with zeros', async () => {
    expect(
      await verdicts(
        doing(({ va, one, two }) => {
          contents.fill(one, va)
          contents.write(one, va)
          contents.discard(va)
          contents.fill(two, va)
          read(two)
        }),
      ),
    ).toEqual(good)
  })

  test('leaves pages behind that belong to nothing: reading them is no stale read', async () => {
    expect(
      await verdicts(
        doing(({ va, one, two }) => {
          contents.fill(one, va)
          contents.discard(va)
          contents.fill(two, va)
          contents.write(two, va)
          read(one)
        }),
      ),
    ).toEqual(good)
  })
})

describe('a copy', () => {
  const says = (condition: (things: Things) => Bool, before: (things: Things) => void) =>
    verdicts(
      doing((things) => {
        before(things)
        Assert('P-CONTENT', condition(things))
      }),
    )

  test('is another page with contents of the same address', async () => {
    expect(
      await says(
        ({ one }) => contents.has_copy(one),
        ({ va, one, two }) => {
          contents.fill(one, va)
          contents.fill(two, va)
        },
      ),
    ).toEqual(good)
    expect(
      await says(
        ({ one }) => not(contents.has_copy(one)),
        ({ va, one }) => contents.fill(one, va),
      ),
    ).toEqual(good)
    expect(
      await says(
        ({ one }) => not(contents.has_copy(one)),
        () => {
          /* both pages are free */
        },
      ),
    ).toEqual(good)
  })
})

test('a CPU and a device that write different copies: one of them reads an old value', async () => {
  // Each writes its own page of the same address and reads it back; nobody tells the other.
  const pages = [0, 1].map((n) => shared(`page${n}`, Page))
  const start = (): undefined => {
    const va = Choose('va', Va)
    const [a, b] = [Choose('a', Page), Choose('b', Page)]
    const [first, second] = pages
    first?.set(a)
    second?.set(b)
    contents.fill(a, va)
    contents.fill(b, va)
    return undefined
  }
  const threads = pages.map((page, n) =>
    thread(`t${n}`, () => {
      const va = Choose('va', Va)
      Step('write', () => contents.write(page, va))
      return Step('read', () => If(contents.is_newest(page), () => log.push('y')).Else(() => log.push('n')))
    }),
  )
  const configured = (n: number) => closed(threads, [], { sizes: { Page: n, Va: 1 } }, start)
  // One page: always newest. Two: who is written over before it reads has an old value; the last writer always reads
  // its own.
  expect(endings(configured(1))).toEqual(['yy'])
  expect(endings(configured(2))).toEqual(['ny', 'yn', 'yy'])
})

describe('a copy', () => {
  test('is as new as what was copied, and grows old with the next write to the other', async () => {
    expect(
      await verdicts(
        doing(({ va, one, two }) => {
          contents.fill(one, va)
          contents.write(one, va)
          contents.copy(two, one)
          read(two)
        }),
      ),
    ).toEqual(good)
    expect(
      await verdicts(
        doing(({ va, one, two }) => {
          contents.fill(one, va)
          contents.copy(two, one)
          contents.write(one, va)
          read(two)
        }),
      ),
    ).toEqual(bad)
  })

  test('of an old page is old', async () => {
    expect(
      await verdicts(
        doing(({ va, one, two }) => {
          contents.fill(one, va)
          contents.fill(two, va)
          contents.write(one, va)
          contents.copy(one, two)
          read(one)
        }),
      ),
    ).toEqual(bad)
  })

  test('belongs to the address of what was copied', async () => {
    const belongs = (page: 'one' | 'two') =>
      doing(({ va, one, two }) => {
        contents.fill(one, va)
        contents.copy(two, one)
        contents.forget(one)
        Assert('P-CONTENT', contents.belongs_to(page === 'one' ? one : two, va), 'of no address')
      })
    expect(await verdicts(belongs('two'))).toEqual(good)
    expect(await verdicts(belongs('one'))).toEqual(bad)
  })
})

test.each([
  ['a page that was filled is saved', ({ va, one }: Things) => contents.fill(one, va), false],
  [
    'one that was written since is not',
    ({ va, one }: Things) => {
      contents.fill(one, va)
      return contents.write(one, va)
    },
    true,
  ],
  [
    'until it is paged out',
    ({ va, one }: Things) => {
      contents.fill(one, va)
      contents.write(one, va)
      return contents.page_out(one, va)
    },
    false,
  ],
  [
    'an old copy is none of those that must be saved',
    ({ va, one, two }: Things) => {
      contents.fill(one, va)
      contents.fill(two, va)
      return contents.write(two, va)
    },
    false,
  ],
  [
    'nor is what belongs to no address any more',
    ({ va, one }: Things) => {
      contents.fill(one, va)
      contents.write(one, va)
      return contents.discard(va)
    },
    false,
  ],
] as const)('%s', async (_, before, unsaved) => {
  const asks = (is: boolean) =>
    doing((things) => {
      before(things)
      Assert(
        'P-CONTENT',
        is ? contents.is_unsaved(things.one) : not(contents.is_unsaved(things.one)),
        'the other way round',
      )
    })
  expect(await verdicts(asks(unsaved))).toEqual(good)
  expect(await verdicts(asks(!unsaved))).toMatchObject({ 'P-CONTENT': expect.stringMatching(/^violated/) })
})
