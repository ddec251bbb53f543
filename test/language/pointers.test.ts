/**
 * Ids that outlive what they name: every way to keep one, with every way to use it, is refused; and what is said to
 * be held is asserted where it is used.
 */
import { describe, expect, test } from 'vitest'
import {
  and,
  array,
  Assert,
  atomic,
  Await,
  Bool,
  Choose,
  configure,
  every,
  ForEach,
  ghost,
  Held,
  If,
  IfIs,
  IfSome,
  Let,
  lifetime,
  Local,
  Loop,
  Match,
  model,
  optional,
  or,
  procedure,
  queueOf,
  Return,
  Reused,
  setOf,
  shared,
  sort,
  Step,
  struct,
  thread,
  union,
  yes,
  type Id,
  type Model,
  type Recorded,
} from '../../src/language/index.ts'
import { check } from '../../src/explorer/check.ts'
import { digestOf } from '../../src/schedules/digest.ts'

const Page = sort('Page')
const Entry = union('entry', { none: {}, present: { page: Page, write: Bool } })
const Pointer = union('pointer', { none: {}, to: { page: Page }, stale: {} })
const Pair = struct('pair', { page: Page, other: Bool })

const allocated = shared('allocated', setOf(Page), setOf(Page).all)
lifetime(Page, allocated, (page) => allocated.has(page))
const pte = shared('pte', optional(Page))
const entry = shared('entry', Entry)
const dirty = shared('dirty', array(Page, Bool))
const listed = shared('listed', setOf(Page))
const queue = shared('queue', queueOf(Page, 2))
const out = shared('out', Entry)
const seen = ghost('seen', array(Page, Bool))
const flag = shared('flag', Bool)
const pointer = shared('pointer', Pointer)

const free = thread('free', () => Step('free', () => allocated.clear()))
const of = (write: () => Recorded | undefined): Model => model('m', { threads: [thread('t', write), free] })
type Use = (page: Id<'Page'>) => Recorded

const uses: Readonly<Record<string, Use>> = {
  'indexes a place': (page) => dirty.at(page).set(true),
  'is stored': (page) => pte.set(page),
  'is stored in a case': (page) => out.set(Entry.present({ page, write: yes })),
  'is put into a set': (page) => listed.add(page),
  'is taken out of a set': (page) => listed.remove(page),
  'is pushed': (page) => queue.push(page),
  'indexes in an If': (page) => If(dirty.at(page), () => flag.set(true)),
  'indexes in an Await': (page) => Await(dirty.at(page)),
  'indexes in a choice': (page) => {
    Choose('other', Page, (other) => and(other.ne(page), dirty.at(page)))
    return flag.set(true)
  },
  'indexes under a quantifier': (page) => Await(every(Page, (other) => or(other.eq(page), dirty.at(page)))),
  'indexes in a step': (page) => Step('use', () => dirty.at(page).set(true)),
  'indexes in an atomic procedure': (page) => touch(page),
  'indexes behind a condition in a step': (page) => Step('use', () => If(flag, () => dirty.at(page).set(true))),
}
const touch = atomic('touch', [Page], (page) => dirty.at(page).set(true))
const called = procedure('called', [Page, Bool], (page) => {
  flag.set(true)
  return pending?.(page)
})
let pending: Use | undefined
const found = procedure('found', [], () => {
  If(flag, () => Return(Local('nothing', Page)))
  return Let('page', Choose('page', Page))
})

/** Ways to keep an id, and to hand it to its use in a later transition. */
const ways: Readonly<Record<string, (use: Use) => Recorded | undefined>> = {
  'a chosen value': (use) => {
    const page = Choose('page', Page)
    flag.set(true)
    return use(page)
  },
  'what an IfSome bound': (use) => IfSome(pte, (page) => use(page)),
  'what an IfIs bound': (use) => IfIs(entry, 'present', ({ page }) => use(page)),
  'what a Match bound': (use) => Match(entry, { none: () => undefined, present: ({ page }) => use(page) }),
  'an optional that was read': (use) => {
    const read = Let('read', pte)
    return IfSome(read, (page) => use(page))
  },
  'a union that was read': (use) => {
    const read = Let('read', entry)
    return IfIs(read, 'present', ({ page }) => use(page))
  },
  'a local set in a step': (use) => {
    const page = Local('page', Page)
    Step('read', () => page.set(Choose('one', Page)))
    return use(page)
  },
  'a copy of a local': (use) => {
    const page = Choose('one', Page)
    const copy = Let('copy', page)
    return use(copy)
  },
  'a field of a struct': (use) => {
    const pair = Local('pair', Pair)
    Step('read', () => pair.page.set(Choose('one', Page)))
    return use(pair.page)
  },
  'a parameter': (use) => {
    pending = use
    const page = Choose('page', Page)
    called(page, true)
    pending = undefined
    return undefined
  },
  'what a procedure returned': (use) => {
    const page = found()
    return use(page)
  },
  'what the round before left': (use) => {
    const page = Local('page', Page)
    return Loop(() => {
      Step('read', () => If(flag, () => page.set(Choose('one', Page))))
      use(page)
    })
  },
}

describe.each(Object.entries(ways))('%s', (_way, keep) => {
  test.each(Object.entries(uses))('%s in a later transition', (_use, use) => {
    expect(() => of(() => keep(use))).toThrow(
      /^HMM050: \w+ got its value in an earlier transition; the Page it names .+\n {2}at: .*pointers\.test\.ts:\d+/,
    )
  })

  test.each(Object.entries(uses))('%s, said to be held, and both engines find that it is not', async (_use, use) => {
    const world = model('m', {
      threads: [
        thread('t', () =>
          keep((page) => {
            Held(page, 'a reference')
            return use(page)
          }),
        ),
        free,
      ],
      initially: () => {
        const mapped = Choose('mapped', Page)
        pte.set(mapped)
        entry.set(Entry.present({ page: mapped, write: yes }))
        flag.set(Choose('set', Bool))
        return ForEach(Page, (page) => dirty.at(page).set(true))
      },
    })
    const closed = configure(world, { sizes: { Page: 2 }, constants: {} })
    const { properties } = await check(closed)
    expect(properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name)).toContainEqual(
      expect.stringMatching(/^misuse: use after free: \w+, said to be held by a reference$/),
    )
  })
})

describe('what is no later use, or looks', () => {
  const fine: Readonly<Record<string, () => Recorded | undefined>> = {
    'in the transition that reads': () => Step('use', () => IfSome(pte, (page) => dirty.at(page).set(true))),
    'of a local set on every way': () =>
      Step('use', () => {
        const page = Local('page', Page)
        If(flag, () => page.set(Choose('one', Page))).Else(() => page.set(Choose('other', Page)))
        dirty.at(page).set(true)
      }),
    'compared with what stands there now': () => {
      const page = Choose('page', Page)
      return Step('if (pte_same()) use', () => If(pte.eq(page), () => dirty.at(page).set(true)))
    },
    'compared first in the same condition': () => {
      const page = Choose('page', Page)
      return Step('use', () => If(and(pte.eq(page), dirty.at(page)), () => flag.set(true)))
    },
    'waited for': () => {
      const page = Choose('page', Page)
      return Step('use', () => {
        Await(pte.eq(page))
        dirty.at(page).set(true)
      })
    },
    'asserted to be allocated': () => {
      const page = Choose('page', Page)
      Assert('P-LIFE', allocated.has(page))
      return dirty.at(page).set(true)
    },
    'compared only': () => {
      const page = Choose('page', Page)
      return If(pte.eq(page), () => flag.set(true))
    },
    'recorded by a ghost': () => {
      const page = Choose('page', Page)
      return Step('record', () => {
        seen.at(page).set(true)
        flag.set(true)
      })
    },
    'of each element': () =>
      ForEach(Page, (page) => {
        flag.set(true)
        dirty.at(page).set(true)
      }),
    'said to be reused': () => {
      const page = Choose('page', Page)
      Reused(page, 'the second look')
      return dirty.at(page).set(true)
    },
  }
  test.each(Object.entries(fine))('%s', (_what, write) => {
    expect(of(write).lifetimes).toHaveLength(1)
  })

  const refused: Readonly<Record<string, () => Recorded | undefined>> = {
    'set on one way only': () =>
      Step('use', () => {
        const page = Local('page', Page)
        If(flag, () => page.set(Choose('one', Page)))
        dirty.at(page).set(true)
      }),
    'compared in an earlier transition': () => {
      const page = Choose('page', Page)
      return If(pte.eq(page), () => dirty.at(page).set(true))
    },
    'compared on one side of an or': () => {
      const page = Choose('page', Page)
      return Step('use', () => If(or(pte.eq(page), flag), () => dirty.at(page).set(true)))
    },
    'asserted in an earlier transition': () => {
      const page = Choose('page', Page)
      Assert('P-LIFE', allocated.has(page))
      flag.set(true)
      return dirty.at(page).set(true)
    },
    'overwritten by what is old': () => {
      const page = Choose('page', Page)
      return Step('use', () => {
        const copy = Local('copy', Page)
        copy.set(Choose('one', Page))
        copy.set(page)
        dirty.at(copy).set(true)
      })
    },
    'a pointer that is looked at later': () => {
      const read = Let('read', pointer)
      return Step('use', () => {
        Assert('P', flag)
        If(read.is('to'), () => flag.set(true))
      })
    },
    'a pointer that is compared later': () => {
      const read = Let('read', pointer)
      return If(read.ne(Pointer.none), () => flag.set(true))
    },
  }
  test.each(Object.entries(refused))('but not %s', (_what, write) => {
    expect(() => of(write)).toThrow(/^HMM050/)
  })
})

describe('a shared pointer', () => {
  const point = (): Recorded => Step('point', () => pointer.set(Pointer.to({ page: Choose('page', Page) })))
  const frees = (turn: boolean) =>
    thread('free', () =>
      Step('free', () => {
        const page = Choose('page', Page)
        allocated.remove(page)
        if (turn) IfIs(pointer, 'to', (to) => If(to.page.eq(page), () => pointer.set(Pointer.stale)))
      }),
    )

  test('must be turned stale by some step', () => {
    expect(() => model('m', { threads: [thread('t', point), frees(false)] })).toThrow(
      /^HMM051: pointer can point to a Page, and nothing turns it stale.*\n {2}at: .*pointers\.test\.ts:\d+/,
    )
    expect(model('m', { threads: [thread('t', point), frees(true)] }).lifetimes).toHaveLength(1)
  })

  test('and is free to point where nothing is freed', () => {
    expect(model('m', { threads: [thread('t', point)] }).lifetimes).toBeUndefined()
  })
})

test('a model says the same without what keeps its ids', () => {
  const said = (why: string): Model =>
    of(() => {
      const page = Choose('page', Page)
      Reused(page, why)
      return dirty.at(page).set(true)
    })
  const closed = (m: Model) => configure(m, { sizes: { Page: 2 }, constants: {} })
  expect(digestOf(closed(said('one reason')), { kind: 'assertion', name: 'P' })).toBe(
    digestOf(closed(said('another')), { kind: 'assertion', name: 'P' }),
  )
})
