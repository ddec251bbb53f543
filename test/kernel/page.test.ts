/** Physical pages and their allocator, the page tables of CPU and device, and stale entries. */
import { describe, expect, test } from 'vitest'
import {
  and,
  Assert,
  assertion,
  Await,
  Bool,
  Choose,
  every,
  ForEach,
  Held,
  If,
  IfIs,
  IfSome,
  invariant,
  not,
  oneOf,
  queueOf,
  setOf,
  shared,
  some,
  sometimes,
  Step,
  type Id,
  type Recorded,
} from '../../src/language/index.ts'
import {
  DevicePageTable,
  DevicePte,
  memMap,
  Page,
  pageAllocator,
  PageTable,
  points_to,
  ptep_clear_flush,
  set_pte_at,
  turn_stale,
  Va,
} from '../../src/kernel/index.ts'
import { closed, endings, judge, thread, verdicts } from './support.ts'

const mem_map = shared('mem_map', memMap(2))
const entries = shared('entries', DevicePageTable)
const pte = shared('pte', PageTable)
const once_freed = shared('once_freed', setOf(Page))
const log = shared('log', queueOf(oneOf('y', 'n'), 4))
const says = (answer: Bool): Recorded => If(answer, () => log.push('y')).Else(() => log.push('n'))

const { is_free, has_free_page, alloc_page, get_page, put_page } = pageAllocator(mem_map)
/** Another over the same pages, whose freeing shows. */
const shown = pageAllocator(mem_map, { freed: (page) => once_freed.add(page) })
/** And one that keeps what points to a page in order. */
const marking = pageAllocator(mem_map, { freed: (page) => ForEach(Va, (va) => turn_stale(entries.at(va), page)) })
const pages = (n: number, addresses?: number) => ({
  sizes: { Page: n, ...(addresses === undefined ? {} : { Va: addresses }) },
})

describe('the allocator', () => {
  test('gives out any free page', async () => {
    // One of three pages: 1 + 3 states. Then any of the other two: 3 * 2 more.
    const one = closed([thread('a', () => alloc_page())], [sometimes('free', has_free_page())], pages(3))
    expect(await judge(one)).toMatchObject({ states: 4, transitions: 3, depth: 2 })
    const two = closed(
      [
        thread('a', () => {
          alloc_page()
          return alloc_page()
        }),
      ],
      [sometimes('free', has_free_page())],
      pages(3),
    )
    expect(await judge(two)).toMatchObject({ states: 1 + 3 + 6, transitions: 3 + 6, depth: 3 })
  })

  test('gives a page a first reference, and does not give out one that has any', async () => {
    const two = thread('a', () => {
      const page = alloc_page()
      const other = alloc_page()
      return says(page.eq(other))
    })
    expect(endings(closed([two], [], pages(2)))).toEqual(['n'])
    expect(
      await verdicts(
        closed(
          [two],
          [
            sometimes(
              'both',
              every(Page, (page) => mem_map.at(page).refcount.eq(1)),
            ),
          ],
          pages(2),
        ),
      ),
    ).toEqual({ both: 'holds in 2' })
  })

  test('waits where there is none, so who cannot wait asks first', () => {
    const second = thread('a', () => {
      alloc_page()
      alloc_page()
      return log.push('y')
    })
    expect(endings(closed([second], [], pages(1)))).toEqual([' and stuck'])
    const asks = thread('a', () => {
      alloc_page()
      return If(has_free_page(), () => {
        alloc_page()
        return undefined
      }).Else(() => log.push('n'))
    })
    expect(endings(closed([asks], [], pages(1)))).toEqual(['n'])
    expect(endings(closed([asks], [], pages(2)))).toEqual([''])
  })

  test('may give out a page that has just been freed, or another', () => {
    const again = thread('a', () => {
      const before = alloc_page()
      put_page(before)
      const after = alloc_page()
      return says(before.eq(after))
    })
    expect(endings(closed([again], [], pages(1)))).toEqual(['y'])
    expect(endings(closed([again], [], pages(2)))).toEqual(['n', 'y'])
  })
})

describe('references', () => {
  test('the page is freed with the last one, and only then', async () => {
    const body = (puts: number) =>
      closed(
        [
          thread('a', () => {
            const page = shown.alloc_page()
            shown.get_page(page)
            shown.put_page(page)
            if (puts === 2) shown.put_page(page)
            return says(once_freed.has(page))
          }),
        ],
        [invariant('freed means free', not(some(Page, (page) => and(once_freed.has(page), not(is_free(page))))))],
        pages(1),
      )
    expect(endings(body(1))).toEqual(['n'])
    expect(endings(body(2))).toEqual(['y'])
    expect(await verdicts(body(2))).toMatchObject({ 'freed means free': 'holds' })
  })

  test('of two that put at once the later one frees', () => {
    const two = ['a', 'b'].map((name) =>
      thread(name, () => {
        const page = Choose('page', Page)
        Held(page, 'one of the two references')
        Await(not(is_free(page)))
        return Step('put', () => {
          shown.put_page(page)
          return says(is_free(page))
        })
      }),
    )
    // Both references are there at the start; the first put leaves one.
    expect(
      endings(
        closed(two, [], pages(1), () => {
          const page = Choose('page', Page)
          mem_map.at(page).refcount.set(2)
          return undefined
        }),
      ),
    ).toEqual(['ny'])
  })

  // The assertion ends nothing: put_page() counts below zero in the same step.
  test.each([
    ['get_page', (page: Id<'Page'>) => get_page(page), {}],
    ['put_page', (page: Id<'Page'>) => put_page(page), { domain: 'violated in 3' }],
  ] as const)('%s of a free page', async (_, use, besides) => {
    expect(
      await verdicts(
        closed(
          [
            thread('a', () => {
              const page = alloc_page()
              put_page(page)
              return use(page)
            }),
          ],
          [],
          pages(2),
        ),
      ),
    ).toEqual({ 'P-REF-ZERO': 'violated in 3', ...besides })
  })

  test('more than a page can have', async () => {
    expect(
      await verdicts(
        closed(
          [
            thread('a', () => {
              const page = alloc_page()
              get_page(page)
              return get_page(page)
            }),
          ],
          [],
          pages(1),
        ),
      ),
    ).toEqual({ 'P-REF-ZERO': 'undecided', domain: 'violated in 3' })
  })
})

describe('page table entries', () => {
  test('an entry leads where it was set to, until it is taken away', () => {
    const body = thread('a', () => {
      const va = Choose('va', Va)
      const page = Choose('page', Page)
      set_pte_at(pte.at(va), page)
      const old = ptep_clear_flush(pte.at(va))
      const nothing = ptep_clear_flush(pte.at(va))
      says(and(old.eq(page), pte.at(va).isNone))
      return says(nothing.isNone)
    })
    expect(endings(closed([body], [], pages(2, 2)))).toEqual(['yy'])
  })

  test('it is one address that is set', () => {
    const body = thread('a', () => {
      const va = Choose('va', Va)
      const page = Choose('page', Page)
      set_pte_at(pte.at(va), page)
      return says(some(Va, (other) => and(other.ne(va), pte.at(other).isSome)))
    })
    expect(endings(closed([body], [], pages(2, 2)))).toEqual(['n'])
  })

  test('of two that take it away one gets the page', () => {
    const two = ['a', 'b'].map((name) =>
      thread(name, () => {
        const va = Choose('va', Va)
        const old = ptep_clear_flush(pte.at(va))
        return IfSome(old, () => log.push('y')).Else(() => log.push('n'))
      }),
    )
    const mapped = (): undefined => {
      const va = Choose('va', Va)
      const page = Choose('page', Page)
      pte.at(va).set(page)
      return undefined
    }
    expect(endings(closed(two, [], pages(1, 1), mapped))).toEqual(['ny', 'yn'])
  })
})

describe("a device's entries", () => {
  /** A device that maps a page which is then freed, and perhaps given out again, and uses its entry. */
  const uses = (body: (page: Id<'Page'>) => void) =>
    thread('a', () => {
      const va = Choose('va', Va)
      const page = marking.alloc_page()
      entries.at(va).set(DevicePte.present({ page }))
      body(page)
      return Step('the device reads', () => {
        Assert('P-NOUAF', not(entries.at(va).is('stale')), 'a freed page')
        return IfIs(entries.at(va), 'present', (entry) => says(entry.page.eq(page)))
      })
    })
  const noUse = assertion('P-NOUAF')

  test('one for a page that is there is good', async () => {
    const model = closed(
      [
        uses(() => {
          /* nothing */
        }),
      ],
      [noUse],
      pages(1, 1),
    )
    expect(endings(model)).toEqual(['y'])
    expect(await verdicts(model)).toEqual({ 'P-NOUAF': 'holds' })
  })

  test('one for a page that was freed is stale', async () => {
    // A page, the entry of some address, put_page(), the use.
    expect(await verdicts(closed([uses((page) => marking.put_page(page))], [noUse], pages(1, 1)))).toEqual({
      'P-NOUAF': 'violated in 4',
      'P-REF-ZERO': 'holds',
    })
  })

  test('it stays so when the page is given out again', async () => {
    const model = closed(
      [
        uses((page) => {
          marking.put_page(page)
          marking.alloc_page()
        }),
      ],
      [noUse],
      pages(1, 1),
    )
    expect(await verdicts(model)).toEqual({ 'P-NOUAF': 'violated in 5', 'P-REF-ZERO': 'holds' })
  })

  test('it is not, when the page has another reference', async () => {
    expect(
      await verdicts(
        closed(
          [
            uses((page) => {
              marking.get_page(page)
              marking.put_page(page)
            }),
          ],
          [noUse],
          pages(1, 1),
        ),
      ),
    ).toEqual({ 'P-NOUAF': 'holds', 'P-REF-ZERO': 'holds' })
  })

  test('freeing one page leaves entries for others alone', async () => {
    const model = closed(
      [
        uses(() => {
          const other = marking.alloc_page()
          marking.put_page(other)
        }),
      ],
      [noUse],
      pages(2, 1),
    )
    expect(await verdicts(model)).toEqual({ 'P-NOUAF': 'holds', 'P-REF-ZERO': 'holds' })
    expect(endings(model)).toEqual(['y'])
  })

  test('a stale or an empty one points to no page', async () => {
    const toAny = some(Va, (va) => some(Page, (page) => and(points_to(entries.at(va), page), is_free(page))))
    expect(
      await verdicts(
        closed([uses((page) => marking.put_page(page))], [invariant('to a free page', not(toAny))], pages(2, 1)),
      ),
    ).toMatchObject({ 'to a free page': 'holds' })
  })
})
