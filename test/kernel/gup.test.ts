/** Pins: what GUP-fast takes, keeps and gives back; and copies of contents. */
import { describe, expect, test } from 'vitest'
import {
  Assert,
  assertion,
  Choose,
  current,
  If,
  not,
  Reused,
  oneOf,
  queueOf,
  shared,
  Step,
  type Bool,
  type Id,
  type Recorded,
} from '../../src/language/index.ts'
import { memMap, memoryContents, Page, pageAllocator, pins, Va } from '../../src/kernel/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

const mem_map = shared('mem_map', memMap(2))
const { is_free, alloc_page, get_page, put_page } = pageAllocator(mem_map)
const { pin, is_pinned, page_maybe_dma_pinned, try_grab_page, unpin_user_page } = pins({ is_free, get_page, put_page })
const contents = memoryContents()
const log = shared('log', queueOf(oneOf('y', 'n'), 4))
const says = (answer: Bool): Recorded => If(answer, () => log.push('y')).Else(() => log.push('n'))
const pages = (n: number) => ({ sizes: { Page: n } })

describe('a pin', () => {
  test('holds a reference, shows at once, and counts when it is kept', () => {
    const body = thread('a', () => {
      const page = alloc_page()
      const grabbed = try_grab_page(page)
      says(grabbed)
      says(page_maybe_dma_pinned(page))
      says(is_pinned(page))
      pin.at(current).kept.set(true)
      put_page(page)
      return says(is_pinned(page))
    })
    expect(endings(closed([body], [], pages(1)))).toEqual(['yyny'])
    expect(endings(closed([body], [], pages(1)), 'mem_map')).toEqual(['{"refcount":1}'])
  })

  test('is not taken of a page that is free', () => {
    const body = thread('a', () => {
      const page = Choose('page', Page)
      Reused(page, 'it is free')
      const grabbed = try_grab_page(page)
      says(grabbed)
      return says(page_maybe_dma_pinned(page))
    })
    expect(endings(closed([body], [], pages(1)))).toEqual(['nn'])
  })

  test('frees the page with its last reference when it is given back', () => {
    const body = thread('a', () => {
      const page = alloc_page()
      Reused(page, 'who looks whether it is free')
      try_grab_page(page)
      put_page(page)
      says(is_free(page))
      unpin_user_page()
      says(is_free(page))
      return says(page_maybe_dma_pinned(page))
    })
    expect(endings(closed([body], [], pages(1)))).toEqual(['nyn'])
  })

  test('cannot be given back twice', async () => {
    const body = thread('a', () => {
      const page = alloc_page()
      try_grab_page(page)
      unpin_user_page()
      return unpin_user_page()
    })
    expect(await verdicts(closed([body], [], pages(1)))).toEqual({ 'P-REF-ZERO': 'violated in 4' })
  })
})

describe('an allocator of one zone', () => {
  const zone = shared('zone', Page)
  const device = pageAllocator(mem_map, { owns: (page) => page.eq(zone) })
  const system = pageAllocator(mem_map, { owns: (page) => page.ne(zone) })

  test('gives out the pages of its zone, and no others', () => {
    const body = thread('a', () => {
      const one = device.alloc_page()
      says(one.eq(zone))
      const other = system.alloc_page()
      return says(other.eq(zone))
    })
    expect(endings(closed([body], [], pages(2)))).toEqual(['yn'])
    expect(
      endings(
        closed(
          [
            thread('a', () => {
              device.alloc_page()
              says(device.has_free_page())
              return says(system.has_free_page())
            }),
          ],
          [],
          pages(2),
        ),
      ),
    ).toEqual(['ny'])
  })
})

describe('contents that are copied', () => {
  const doing = (body: (va: Id<'Va'>, from: Id<'Page'>, to: Id<'Page'>) => void) =>
    verdicts(
      closed(
        [
          thread('a', () => {
            const va = Choose('va', Va)
            const from = Choose('from', Page)
            const to = Choose('to', Page, (page) => page.ne(from))
            return Step('all of it', () => {
              body(va, from, to)
              return undefined
            })
          }),
        ],
        [assertion('P-CONTENT')],
        { sizes: { Page: 2, Va: 1 } },
      ),
    )
  const good = { 'P-CONTENT': 'holds' }
  // The address with the source, then the other page, then all of it.
  const bad = { 'P-CONTENT': 'violated in 3' }

  test('are as new as their source, until somebody writes to it', async () => {
    expect(
      await doing((va, from, to) => {
        contents.fill(from, va)
        contents.copy(to, from)
        Assert('P-CONTENT', contents.has_newest(to, va))
      }),
    ).toEqual(good)
    expect(
      await doing((va, from, to) => {
        contents.fill(from, va)
        contents.copy(to, from)
        contents.write(from, va)
        Assert('P-CONTENT', contents.has_newest(to, va))
      }),
    ).toEqual(bad)
  })

  test('are gone with the address, for its copy too', async () => {
    expect(
      await doing((va, from, to) => {
        contents.fill(from, va)
        contents.copy(to, from)
        contents.discard(va)
        Assert('P-CONTENT', contents.has_newest(to, va))
      }),
    ).toEqual(bad)
  })

  test('are not those of the address when the copy failed', async () => {
    expect(
      await doing((va, _, to) => {
        contents.spoil(to, va)
        Assert('P-CONTENT', contents.is_newest(to))
      }),
    ).toEqual(bad)
    expect(
      await doing((va, _, to) => {
        contents.spoil(to, va)
        Assert('P-CONTENT', contents.belongs_to(to, va))
      }),
    ).toEqual(good)
  })

  test('are unsaved from the write to the backing store', async () => {
    expect(
      await doing((va, from) => {
        contents.fill(from, va)
        Assert('P-CONTENT', not(contents.is_unsaved_at(va)))
      }),
    ).toEqual(good)
    expect(
      await doing((va, from) => {
        contents.fill(from, va)
        contents.write(from, va)
        Assert('P-CONTENT', contents.is_unsaved_at(va))
      }),
    ).toEqual(good)
    expect(
      await doing((va, from) => {
        contents.fill(from, va)
        contents.write(from, va)
        contents.page_out(from, va)
        Assert('P-CONTENT', not(contents.is_unsaved_at(va)))
      }),
    ).toEqual(good)
  })
})
