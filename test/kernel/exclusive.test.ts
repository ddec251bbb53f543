/** make_device_exclusive(), the fault that takes the page back, fork() and zap: each way in which they can end. */
import { describe, expect, test } from 'vitest'
import {
  Choose,
  ForEach,
  If,
  IfIs,
  Match,
  no,
  none,
  not,
  oneOf,
  queueOf,
  Reused,
  shared,
  Bool,
  Step,
} from '../../src/language/index.ts'
import {
  ExclusivePte,
  folioLocks,
  make_device_exclusive,
  memMap,
  Page,
  pageAllocator,
  protect_exclusive_pte,
  remove_device_exclusive_entry,
  restore_exclusive_pte,
  reverseMap,
  try_restore_exclusive_pte,
  with_reference,
  zap_exclusive_pte,
  type ExclusiveMm,
  type ExclusiveOptions,
} from '../../src/kernel/index.ts'
import { closed, endings, thread } from './support.ts'

/**
 * [ and ]: a bracket of who makes a page exclusive; ( and ): of a fault. x, p: the entry becomes exclusive, present. f: it
 * was faulted in. z: zapped. 0, N, E: the answer, NULL or -EFAULT. b, r: fork() finds it busy, or restores it.
 */
const log = shared('log', queueOf(oneOf('[', ']', '(', ')', 'x', 'p', 'f', 'z', '0', 'N', 'E', 'b', 'r'), 16))
/** The end: the entry (. none, x and p as above, X and P if it may be written), references, mapcount. */
const end = shared('end', queueOf(oneOf('.', 'x', 'X', 'p', 'P', '0', '1', '2'), 6))
const pte = shared('pte', ExclusivePte)
const vma_read_only = shared('vma_read_only', Bool)
const bracket = shared('bracket', oneOf('caller', 'none'))
const mem_map = shared('mem_map', memMap(3))
const { is_free, get_page, put_page, alloc_page, dereference } = pageAllocator(mem_map)
const { folio_lock, folio_trylock, folio_unlock } = folioLocks()
const { mapcount, page_add_anon_rmap, page_remove_rmap } = reverseMap(2)

const map = (write = true): void => {
  const page = alloc_page()
  page_add_anon_rmap(page)
  pte.set(ExclusivePte.present({ page, write }))
}

const mm = (options: ExclusiveOptions, more: Partial<ExclusiveMm> = {}): ExclusiveMm => ({
  pte,
  may_write: () => not(vma_read_only),
  is_free,
  get_page,
  put_page,
  dereference,
  page_add_anon_rmap,
  page_remove_rmap,
  folio_lock,
  folio_trylock,
  folio_unlock,
  invalidate_range_start: (owner) => {
    Step('start', () => {
      bracket.set(owner)
      If(bracket.eq('caller'), () => log.push('[')).Else(() => log.push('('))
    })
  },
  invalidate_range_end: () => {
    Step('end', () => If(bracket.eq('caller'), () => log.push(']')).Else(() => log.push(')')))
  },
  handle_mm_fault: () => {
    Step('fault', () => {
      If(pte.is('none'), () => map()).Else(() => {
        IfIs(pte, 'device_exclusive', ({ page }) => restore_exclusive_pte(mm(options), page, options))
        IfIs(pte, 'present', ({ page }) => pte.set(ExclusivePte.present({ page, write: true })))
      })
      log.push('f')
    })
    return bracket.eq(bracket)
  },
  on_change: (to) => {
    log.push(to === 'present' ? 'p' : 'x')
  },
  ...more,
})

const push_count = (count: ReturnType<typeof mapcount.at>) => {
  If(count.eq(0), () => end.push('0'))
  If(count.eq(1), () => end.push('1'))
  If(count.eq(2), () => end.push('2'))
}
/** The body of a thread, and what the page and its entry are in the end: `.` none, `x` exclusive, `p` present. */
const does = (name: string, body: () => unknown) =>
  thread(name, () => {
    body()
    Step('the end', () => {
      Match(pte, {
        none: () => end.push('.'),
        present: ({ write }) => If(write, () => end.push('P')).Else(() => end.push('p')),
        device_exclusive: ({ write }) => If(write, () => end.push('X')).Else(() => end.push('x')),
        migration: () => end.push('.'),
        hwpoison: () => end.push('.'),
      })
    })
    ForEach(Page, (page) => {
      Step('its references', () => push_count(mem_map.at(page).refcount))
      Step('its mapcount', () => push_count(mapcount.at(page)))
    })
  })

const makes = (options: ExclusiveOptions = {}, more: Partial<ExclusiveMm> = {}) =>
  does('makes', () => {
    const { ret, page } = make_device_exclusive(mm(options, more), options)
    Step('the answer', () => {
      If(ret.eq('0'), () => log.push('0'))
      If(ret.eq('NULL'), () => log.push('N'))
      If(ret.eq('-EFAULT'), () => log.push('E'))
    })
    Step('folio_unlock(); folio_put()', () => {
      with_reference(page, (found) => {
        folio_unlock(found)
        put_page(found)
      })
      page.set(none)
    })
  })
const faults = (options: ExclusiveOptions = {}) =>
  does('faults', () =>
    IfIs(pte, 'device_exclusive', ({ page }) => remove_device_exclusive_entry(mm(options), page, options)),
  )
const zaps = (options: ExclusiveOptions = {}) =>
  does('zaps', () =>
    Step('zap', () => {
      IfIs(pte, 'present', ({ page }) => {
        pte.set(ExclusivePte.none)
        page_remove_rmap(page)
        put_page(page)
      }).Else(() => IfIs(pte, 'device_exclusive', ({ page }) => zap_exclusive_pte(mm(options), page, options)))
      log.push('z')
    }),
  )
const forks = (options: ExclusiveOptions = {}) =>
  does('forks', () =>
    Step('copy_pte_range()', () =>
      IfIs(pte, 'device_exclusive', ({ page }) => {
        const restored = try_restore_exclusive_pte(mm(options), page, options)
        If(restored, () => log.push('r')).Else(() => log.push('b'))
      }),
    ),
  )
const protects = (options: ExclusiveOptions = {}) =>
  does('protects', () =>
    Step('mprotect()', () => {
      vma_read_only.set(true)
      protect_exclusive_pte(mm(options), options)
    }),
  )
/** Somebody has the page lock for a while: reclaim, migration. */
const locks = thread('locks', () => {
  const page = Choose('page', Page)
  Reused(page, 'its lock alone matters')
  folio_lock(page)
  folio_unlock(page)
})

const one = { sizes: { Page: 1 } }
/** The entry of one page: exclusive, as each kernel counts it; or present. */
const is_exclusive =
  ({ keeps_rmap }: ExclusiveOptions = {}, write = true) =>
  (): void => {
    map()
    IfIs(pte, 'present', ({ page }) => {
      pte.set(ExclusivePte.device_exclusive({ page, write }))
      if (keeps_rmap !== undefined) page_remove_rmap(page)
    })
  }
const is_present = (write?: boolean) => (): void => map(write)

/** make_device_exclusive_range(). */
const in_5_14: ExclusiveOptions = { make_waits: no, make_tries_again: no, keeps_rmap: no, one_kind: no }

const logs = (threads: readonly ReturnType<typeof thread>[], initially?: () => void) =>
  endings(closed(threads, [], one, initially))
/** The entry, the references and the mapcount of the page when the thread is done. */
const left = (body: ReturnType<typeof thread>, initially: () => void) =>
  endings(closed([body], [], one, initially), 'end')

describe('make_device_exclusive', () => {
  test.each([
    ['a present page is exchanged in a bracket', is_present(), '[x]0'],
    ['one that may only be read is faulted in', is_present(false), 'f[x]0'],
    ['an exclusive one is taken from its device by a fault first', is_exclusive(), 'pf[x]0'],
    ['what is not there is faulted in', () => undefined, 'f[x]0'],
  ])('%s', (_, initially, expected) => {
    expect(logs([makes()], initially)).toEqual([expected])
  })

  test('a fault that fails is -EFAULT', () => {
    expect(logs([makes({}, { handle_mm_fault: () => no })])).toEqual(['E'])
  })

  test('the entry keeps the reference; up to 6.14 it does not count as mapped', () => {
    expect(left(makes(), is_present())).toEqual(['X11'])
    expect(left(makes(in_5_14), is_present())).toEqual(['X10'])
  })

  test('where the page is zapped meanwhile it begins again; up to 6.14 it gives no page', () => {
    // A zap before GUP is not noticed; one behind the exchange takes the page from under it.
    const before_and_behind = ['[x]0z', '[x]z0', '[xz]0', 'zf[x]0']
    expect(logs([makes(), zaps()], is_present())).toEqual([...before_and_behind, '[z]f[x]0', 'z[]f[x]0'].toSorted())
    expect(logs([makes(in_5_14), zaps(in_5_14)], is_present())).toEqual(
      [...before_and_behind, '[z]N', 'z[]N'].toSorted(),
    )
  })

  test('it waits for the page lock; up to 6.14 it gives no page where that is held', () => {
    expect(logs([makes(), locks], is_present())).toEqual(['[x]0'])
    expect(logs([makes(in_5_14), locks], is_present())).toEqual(['N', '[x]0'].toSorted())
  })

  test('without the look under the page table lock it exchanges what it has no reference to', () => {
    const blind: ExclusiveOptions = { make_looks_again: no }
    expect(logs([makes(blind), zaps()], is_present())).toContain('z[x]0')
  })
})

describe('remove_device_exclusive_entry', () => {
  test('restores the entry in a bracket, with the counts that there were', () => {
    expect(logs([faults()], is_exclusive())).toEqual(['(p)'])
    expect(left(faults(), is_exclusive())).toEqual(['P11'])
    expect(left(faults(in_5_14), is_exclusive(in_5_14))).toEqual(['P11'])
  })

  test('leaves alone what was zapped meanwhile', () => {
    // Before the thread has looked or has a reference, before the bracket, in it, and behind.
    expect(logs([faults(), zaps()], is_exclusive())).toEqual(['(p)z', '(pz)', '(z)', 'z', 'z()'].toSorted())
  })

  test('may be written afterwards if the entry and the VMA say so', () => {
    const read_only = () => {
      is_exclusive()()
      vma_read_only.set(true)
    }
    expect(left(faults(), read_only)).toEqual(['p11'])
    expect(left(faults({ restore_asks_vma: no }), read_only)).toEqual(['P11'])
    expect(left(faults(in_5_14), is_exclusive(in_5_14, false))).toEqual(['p11'])
  })

  test('waits until the device has been programmed', () => {
    // While the page is locked the entry does not become present again.
    expect(logs([makes(), faults()], is_exclusive()).filter((one) => /x.*p.*0/.test(one))).toEqual([])
  })
})

describe('fork() and mprotect()', () => {
  test('fork() restores an entry whose page is not locked, without a bracket', () => {
    expect(logs([forks()], is_exclusive())).toEqual(['pr'])
    expect(logs([forks(), locks], is_exclusive())).toEqual(['b', 'pr'])
    expect(left(forks(in_5_14), is_exclusive(in_5_14))).toEqual(['P11'])
  })

  test('mprotect() takes the right from an entry of 5.14, and leaves one of 6.15 to the fault', () => {
    expect(left(protects(), is_exclusive())).toEqual(['X11'])
    expect(left(protects(in_5_14), is_exclusive(in_5_14))).toEqual(['x10'])
  })

  test('zap takes the reference, and the mapcount where there is one', () => {
    expect(left(zaps(), is_exclusive())).toEqual(['.00'])
    expect(left(zaps(in_5_14), is_exclusive(in_5_14))).toEqual(['.00'])
  })
})
