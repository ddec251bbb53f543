/** Special page table entries, the mapcount, translation caches, and what fork makes of entries. */
import { describe, expect, test } from 'vitest'
import {
  and,
  Assert,
  assertion,
  Choose,
  If,
  invariant,
  no,
  not,
  oneOf,
  or,
  queueOf,
  shared,
  some,
  Step,
  yes,
  type Bool,
  type Id,
  type Recorded,
} from '../../src/language/index.ts'
import {
  copyOnePte,
  Cpu,
  CpuTlb,
  flush_tlb_page,
  is_device_private_entry,
  is_entry_of,
  is_migration_entry,
  is_present_entry,
  is_writable_entry,
  maps_page,
  must_fault,
  Page,
  reverseMap,
  SwapPageTable,
  SwapPte,
  tlb_caches,
  tlb_load,
  turn_tlb_stale,
  Va,
} from '../../src/kernel/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

const pte = shared('pte', SwapPageTable)
const child = shared('child', SwapPageTable)
const tlb = shared('tlb', CpuTlb)
const log = shared('log', queueOf(oneOf('y', 'n'), 6))
const says = (answer: Bool): Recorded => If(answer, () => log.push('y')).Else(() => log.push('n'))
const { mapcount, page_mapped, page_add_anon_rmap, page_remove_rmap } = reverseMap(2)
const copy_one_pte = copyOnePte({ dup_rmap: page_add_anon_rmap })
const copy_unprotected = copyOnePte({ dup_rmap: page_add_anon_rmap, protect_nonpresent: no })

interface Things {
  readonly va: Id<'Va'>
  readonly page: Id<'Page'>
  readonly cpu: Id<'Cpu'>
}
/** What one thread says of one page at one address. */
const doing = (body: (things: Things) => void) =>
  closed(
    [
      thread('a', () => {
        const va = Choose('va', Va)
        const page = Choose('page', Page)
        const cpu = Choose('cpu', Cpu)
        return Step('all of it', () => {
          body({ va, page, cpu })
          return undefined
        })
      }),
    ],
    [],
    { sizes: { Page: 1, Va: 1, Cpu: 1 } },
  )
const answers = (body: (things: Things) => void) => endings(doing(body))

describe('entries', () => {
  type Kind = 'none' | 'present' | 'migration' | 'device_private' | 'swap'
  const set = (kind: Kind, { va, page }: Things): Recorded =>
    pte.at(va).set(
      {
        none: () => SwapPte.none,
        present: () => SwapPte.present({ page, write: yes, dirty: no }),
        migration: () => SwapPte.migration({ page, write: yes }),
        device_private: () => SwapPte.device_private({ page, write: yes }),
        swap: () => SwapPte.swap,
      }[kind](),
    )

  test.each([
    ['none', 'nnnny'],
    ['present', 'yynnn'],
    ['migration', 'nynny'],
    ['device_private', 'yynny'],
    ['swap', 'nnnny'],
  ] as const)('%s: does it map, is it of the page, read only, cached, must a CPU fault', (kind, said) => {
    expect(
      answers((things) => {
        const entry = pte.at(things.va)
        set(kind, things)
        says(maps_page(entry, things.page))
        says(is_entry_of(entry, things.page))
        says(and(is_entry_of(entry, things.page), not(is_writable_entry(entry))))
        says(tlb_caches(tlb, things.va, things.page))
        says(must_fault(entry, no))
      }),
    ).toEqual([said])
  })

  test('each is of its own kind', () => {
    for (const kind of ['present', 'migration', 'device_private'] as const) {
      expect(
        answers((things) => {
          const entry = pte.at(things.va)
          set(kind, things)
          says(is_present_entry(entry, things.page))
          says(is_migration_entry(entry, things.page))
          says(is_device_private_entry(entry, things.page))
        }),
      ).toEqual([{ present: 'ynn', migration: 'nyn', device_private: 'nny' }[kind]])
    }
  })

  test('what may only be read faults on a write', () => {
    expect(
      answers(({ va, page }) => {
        pte.at(va).set(SwapPte.present({ page, write: no, dirty: no }))
        says(must_fault(pte.at(va), no))
        says(must_fault(pte.at(va), yes))
      }),
    ).toEqual(['ny'])
  })
})

describe('the mapcount', () => {
  test('is the number of entries', () => {
    expect(
      answers(({ page }) => {
        says(page_mapped(page))
        page_add_anon_rmap(page)
        page_add_anon_rmap(page)
        page_remove_rmap(page)
        says(page_mapped(page))
        page_remove_rmap(page)
        says(page_mapped(page))
      }),
    ).toEqual(['nyn'])
  })

  test('does not fall below zero', async () => {
    expect(await verdicts(doing(({ page }) => page_remove_rmap(page)))).toEqual({
      'page_remove_rmap() of a page that no entry refers to': 'violated in 2',
    })
  })
})

describe('a translation cache', () => {
  const present = ({ va, page }: Things, write: Bool): Recorded =>
    pte.at(va).set(SwapPte.present({ page, write, dirty: no }))

  test('keeps what a CPU has loaded, until it is flushed', () => {
    const model = closed(
      [
        thread('a', () => {
          const va = Choose('va', Va)
          const page = Choose('page', Page)
          const cpu = Choose('cpu', Cpu)
          present({ va, page, cpu }, yes)
          tlb_load(tlb.at(cpu).at(va), pte.at(va), no)
          pte.at(va).set(SwapPte.none)
          says(tlb_caches(tlb, va, page))
          flush_tlb_page(tlb, va)
          return says(tlb_caches(tlb, va, page))
        }),
      ],
      [],
      { sizes: { Page: 1, Va: 1, Cpu: 2 } },
    )
    expect(endings(model)).toEqual(['yn'])
  })

  test('a load for a write sets the dirty bit, one for a read does not', () => {
    const loads = (write: Bool) =>
      endings(
        closed(
          [
            thread('a', () => {
              const va = Choose('va', Va)
              const page = Choose('page', Page)
              const cpu = Choose('cpu', Cpu)
              present({ va, page, cpu }, yes)
              tlb_load(tlb.at(cpu).at(va), pte.at(va), write)
              return says(pte.at(va).eq(SwapPte.present({ page, write: true, dirty: true })))
            }),
          ],
          [],
          { sizes: { Page: 1, Va: 1, Cpu: 1 } },
        ),
      )
    expect(loads(yes)).toEqual(['y'])
    expect(loads(no)).toEqual(['n'])
  })

  test('nothing is loaded where the CPU would fault', () => {
    const loads = (body: (things: Things) => Recorded, write: Bool) =>
      endings(
        closed(
          [
            thread('a', () => {
              const va = Choose('va', Va)
              const page = Choose('page', Page)
              const cpu = Choose('cpu', Cpu)
              body({ va, page, cpu })
              tlb_load(tlb.at(cpu).at(va), pte.at(va), write)
              return log.push('y')
            }),
          ],
          [],
          { sizes: { Page: 1, Va: 1, Cpu: 1 } },
        ),
      )
    expect(loads((things) => present(things, no), no)).toEqual(['y'])
    expect(loads((things) => present(things, no), yes)).toEqual([' and stuck'])
    expect(loads(({ va, page }) => pte.at(va).set(SwapPte.migration({ page, write: yes })), no)).toEqual([' and stuck'])
  })

  test('what it has of a page that is freed is stale, and stays so', async () => {
    const model = closed(
      [
        thread('a', () => {
          const va = Choose('va', Va)
          const page = Choose('page', Page)
          const cpu = Choose('cpu', Cpu)
          present({ va, page, cpu }, yes)
          tlb_load(tlb.at(cpu).at(va), pte.at(va), no)
          return Step('the page is freed', () => {
            turn_tlb_stale(tlb, page)
            return Assert('P-NOUAF', tlb.at(cpu).at(va).is('cached'))
          })
        }),
      ],
      [assertion('P-NOUAF')],
      { sizes: { Page: 1, Va: 1, Cpu: 1 } },
    )
    expect(await verdicts(model)).toEqual({ 'P-NOUAF': 'violated in 4' })
  })
})

describe('fork', () => {
  test.each([
    ['present', ({ va, page }: Things) => pte.at(va).set(SwapPte.present({ page, write: yes, dirty: yes })), 1],
    ['migration', ({ va, page }: Things) => pte.at(va).set(SwapPte.migration({ page, write: yes })), 0],
    ['device private', ({ va, page }: Things) => pte.at(va).set(SwapPte.device_private({ page, write: yes })), 1],
  ] as const)('a %s entry is copied, and nobody may write any more', (_, set, references) => {
    expect(
      answers((things) => {
        set(things)
        copy_one_pte(pte.at(things.va), child.at(things.va))
        says(is_entry_of(child.at(things.va), things.page))
        says(or(is_writable_entry(pte.at(things.va)), is_writable_entry(child.at(things.va))))
        says(mapcount.at(things.page).eq(references))
      }),
    ).toEqual(['yny'])
  })

  test('an empty one stays empty', () => {
    expect(
      answers(({ va }) => {
        copy_one_pte(pte.at(va), child.at(va))
        says(child.at(va).is('none'))
      }),
    ).toEqual(['y'])
  })

  test('without the protection both keep the right to write, but not of what is present', async () => {
    const shared_writable = (set: (things: Things) => Recorded) =>
      verdicts(
        closed(
          [
            thread('a', () => {
              const va = Choose('va', Va)
              const page = Choose('page', Page)
              const cpu = Choose('cpu', Cpu)
              set({ va, page, cpu })
              return copy_unprotected(pte.at(va), child.at(va))
            }),
          ],
          [
            invariant(
              'one writer',
              not(some(Va, (va) => and(is_writable_entry(pte.at(va)), is_writable_entry(child.at(va))))),
            ),
          ],
          { sizes: { Page: 1, Va: 1, Cpu: 1 } },
        ),
      )
    expect(await shared_writable(({ va, page }) => pte.at(va).set(SwapPte.migration({ page, write: yes })))).toEqual({
      'one writer': 'violated in 3',
    })
    expect(
      await shared_writable(({ va, page }) => pte.at(va).set(SwapPte.device_private({ page, write: yes }))),
    ).toEqual({ 'one writer': 'violated in 3' })
    expect(
      await shared_writable(({ va, page }) => pte.at(va).set(SwapPte.present({ page, write: yes, dirty: no }))),
    ).toEqual({ 'one writer': 'holds' })
  })
})
