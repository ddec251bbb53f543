/** hmm_range_fault(): what it reports of each kind of entry, what it has faulted in, and when it gives up. */
import { describe, expect, test } from 'vitest'
import {
  array,
  Assert,
  assertion,
  Bool,
  Choose,
  constant,
  deadlock,
  ForEach,
  If,
  Let,
  Match,
  no,
  not,
  oneOf,
  queueOf,
  recoverable,
  setOf,
  shared,
  sometimes,
  Step,
  Thread,
  current,
  yes,
  type Bool as Condition,
  type Id,
} from '../../src/language/index.ts'
import {
  hmm_range_fault,
  HmmPfn,
  HmmRequest,
  Page,
  SwapPageTable,
  SwapPte,
  turn_pfn_stale,
  Va,
  type HmmRange,
  type VmaOf,
} from '../../src/kernel/index.ts'
import { closed, endings, finals, thread, verdicts } from './support.ts'

/** f, F: handle_mm_fault() to read, to write; w: waits for a migration entry. Then the answer, and each entry's. */
const log = shared('log', queueOf(oneOf('f', 'F', 'w', '0', 'B', 'E', 'P', '-', 'r', 'W', 'e', 's'), 8))
const pte = shared('pte', SwapPageTable)
const owned = shared('owned', Bool)
const changed = shared('changed', Bool)
const served = shared('served', Bool, yes)
const request = constant('request', HmmRequest)
const owner_ignores_request = constant('owner_ignores_request', Bool)
const faults_on_foreign = constant('faults_on_foreign', Bool)
const unbounded_inner = constant('unbounded_inner', Bool)
const pfns = shared('pfns', array(Thread, array(Va, HmmPfn)))
const loaded = shared('loaded', array(Thread, HmmPfn))

/** A fault makes the entry present, and writable if it is for a write, if it is served. */
const handle_mm_fault = (va: Id<'Va'>, write: Condition) => {
  Step('handle_mm_fault()', () => {
    If(write, () => log.push('F')).Else(() => log.push('f'))
    If(served, () => pte.at(va).set(SwapPte.present({ page: Choose('page', Page), write, dirty: no })))
  })
  return yes
}
const migration_entry_wait = (va: Id<'Va'>) =>
  Step('migration_entry_wait()', () => {
    log.push('w')
    pte.at(va).set(SwapPte.present({ page: Choose('page', Page), write: yes, dirty: no }))
  })
const options = { owner_ignores_request, unbounded_inner, fault_on_foreign_device_page: faults_on_foreign }
const call = (more: Partial<HmmRange> = {}) => {
  const ret = hmm_range_fault(
    {
      pte: (va) => pte.at(va),
      request: () => request,
      hmm_pfns: (va) => pfns.at(current).at(va),
      is_owned: () => owned,
      check_retry: () => changed,
      handle_mm_fault,
      migration_entry_wait,
      ...more,
    },
    options,
  )
  Step('the answer', () => {
    If(ret.eq('0'), () => log.push('0'))
    If(ret.eq('-EBUSY'), () => log.push('B'))
    If(ret.eq('-EFAULT'), () => log.push('E'))
    If(ret.eq('-EPERM'), () => log.push('P'))
  })
  return ret
}
const report = (va: Id<'Va'>) =>
  Step('the entry', () =>
    Match(pfns.at(current).at(va), {
      none: () => log.push('-'),
      error: () => log.push('e'),
      valid: ({ write }) => If(write, () => log.push('W')).Else(() => log.push('r')),
      stale: () => log.push('s'),
    }),
  )
const reads = (more?: Partial<HmmRange>) =>
  thread('reads', () => {
    const va = Choose('va', Va)
    const ret = call(more)
    If(ret.eq('0'), () => report(va))
  })

const setting = (asked: 'none' | 'read' | 'write', more: Readonly<Record<string, boolean>> = {}) => ({
  sizes: { Page: 1, Va: 1 },
  constants: { request: asked, owner_ignores_request: true, faults_on_foreign: true, unbounded_inner: true, ...more },
})
type Kind = 'none' | 'swap' | 'migration' | 'present' | 'read only' | 'own' | 'own, read only' | 'foreign'
const entry = (kind: Kind) => {
  const it = { page: Choose('its', Page), write: kind.endsWith('read only') ? no : yes }
  if (kind === 'none') return SwapPte.none
  if (kind === 'swap') return SwapPte.swap
  if (kind === 'migration') return SwapPte.migration(it)
  return kind === 'present' || kind === 'read only' ? SwapPte.present({ ...it, dirty: no }) : SwapPte.device_private(it)
}
const has = (kind: Kind) => () => {
  ForEach(Va, (va) => pte.at(va).set(entry(kind)))
  if (kind.startsWith('own')) owned.set(yes)
}

describe('an entry', () => {
  test.each([
    // Without a request, for reading, for writing.
    ['none', '0-', 'f0r', 'F0W'],
    ['swap', '0-', 'f0r', 'F0W'],
    ['migration', '0-', 'w0W', 'w0W'],
    ['present', '0W', '0W', '0W'],
    ['read only', '0r', '0r', 'F0W'],
    ['own', '0W', '0W', '0W'],
    ['own, read only', '0r', '0r', '0r'],
    ['foreign', '0-', 'f0r', 'F0W'],
  ] as const)('%s: is reported, or faulted in where that is asked for', (kind, none, read, write) => {
    const answers = (asked: 'none' | 'read' | 'write') => endings(closed([reads()], [], setting(asked), has(kind)))
    expect([answers('none'), answers('read'), answers('write')]).toEqual([[none], [read], [write]])
  })

  test("the caller's own that may only be read is faulted in, where its request is looked at", () => {
    const looks = { owner_ignores_request: false }
    expect(endings(closed([reads()], [], setting('write', looks), has('own, read only')))).toEqual(['F0W'])
    expect(endings(closed([reads()], [], setting('read', looks), has('own, read only')))).toEqual(['0r'])
  })

  test("another device's is an error before 6.0, if it is asked for", () => {
    const before = { faults_on_foreign: false }
    expect(endings(closed([reads()], [], setting('read', before), has('foreign')))).toEqual(['E'])
    expect(endings(closed([reads()], [], setting('none', before), has('foreign')))).toEqual(['0-'])
  })
})

describe('an address', () => {
  const answers = (vma: VmaOf, asked: 'none' | 'read' | 'write', kind: Kind) =>
    endings(closed([reads({ vma })], [], setting(asked), has(kind)))

  test('without a vma, or one that may not be read, is an error for who asks', () => {
    for (const vma of [{ exists: () => no }, { may_read: () => no }]) {
      expect(answers(vma, 'none', 'present')).toEqual(['0e'])
      expect(answers(vma, 'read', 'present')).toEqual(['E'])
    }
  })

  test('that may not be written gives no write access, and says so if a fault is needed', () => {
    const vma = { may_write: () => no }
    expect(answers(vma, 'write', 'read only')).toEqual(['P'])
    expect(answers(vma, 'write', 'none')).toEqual(['P'])
    expect(answers(vma, 'read', 'none')).toEqual(['f0r'])
  })

  test('whose fault fails is an error', () => {
    const fails = { handle_mm_fault: () => no }
    expect(endings(closed([reads(fails)], [], setting('read'), has('none')))).toEqual(['E'])
  })
})

describe('the walk', () => {
  test('asks whether the number has changed at its beginning, and after a fault', () => {
    const before = () => {
      has('present')()
      changed.set(yes)
    }
    expect(endings(closed([reads()], [], setting('read'), before))).toEqual(['B'])
    const changes = thread('changes', () => changed.set(yes))
    // Before the first look, after the fault, or when nobody looks any more.
    expect(endings(closed([reads(), changes], [], setting('read'), has('none')))).toEqual(['B', 'f0r', 'fB'])
    expect(endings(closed([reads(), changes], [], setting('read'), has('present')))).toEqual(['0W', 'B'])
  })

  test('goes on for ever where faults do nothing, and where it is bounded gives up', async () => {
    const silent = (va: Id<'Va'>, write: Condition) => {
      Step('handle_mm_fault()', () => If(write, () => pte.at(va).set(SwapPte.swap)))
      return yes
    }
    const model = (bounded: boolean) =>
      closed(
        [reads({ handle_mm_fault: silent })],
        [recoverable(), deadlock()],
        setting('read', { unbounded_inner: !bounded }),
        has('none'),
      )
    expect(await verdicts(model(false))).toEqual({ deadlock: 'holds', recoverable: 'violated in 0' })
    expect(await verdicts(model(true))).toEqual({ deadlock: 'holds', recoverable: 'holds' })
    expect(endings(model(true))).toEqual(['B'])
  })

  test('keeps what it has stored, and faults in the rest with the first', () => {
    const two = { ...setting('read'), sizes: { Page: 1, Va: 2 } }
    const one_of_two = () => {
      const first = Choose('first', Va)
      pte.at(first).set(entry('present'))
    }
    // The present one is not faulted in again if it was stored before; else it is, and is as the fault has left it.
    expect(endings(closed([reads()], [], two, one_of_two))).toEqual(['f0W', 'f0r', 'ff0r'])
  })

  test('is of the addresses of its range', () => {
    const two = { ...setting('read'), sizes: { Page: 1, Va: 2 } }
    const of_none = reads({ range: setOf(Va).empty })
    expect(endings(closed([of_none], [], two, has('none')))).toEqual(['0-'])
  })
})

describe('load and store', () => {
  /** The page of the entry is freed, and the entry is gone with it. */
  const frees = (what: () => void) =>
    thread('frees', () =>
      Step('zap, free', () => {
        ForEach(Va, (va) => pte.at(va).set(SwapPte.none))
        what()
      }),
    )
  const shared_pfns = shared('shared_pfns', array(Va, HmmPfn))
  const forgets = frees(() => {
    const page = Choose('freed', Page)
    ForEach(Thread, (one) => {
      turn_pfn_stale(loaded.at(one), page)
      ForEach(Va, (va) => turn_pfn_stale(pfns.at(one).at(va), page))
    })
    ForEach(Va, (va) => turn_pfn_stale(shared_pfns.at(va), page))
  })

  test('what is freed between them or behind them is stale', () => {
    const model = (more: Partial<HmmRange>) => closed([reads(more), forgets], [], setting('none'), has('present'))
    expect(endings(model({}))).toEqual(['0-', '0W', '0s'])
    expect(endings(model({ loaded: loaded.at(current) }))).toEqual(['0-', '0W', '0s'])
  })

  test('an old entry is stored over a newer one that another call has stored, in an array that both share', async () => {
    // The CPU's entry is changed once. Whoever has looked last has seen what is there now.
    const newest = shared('newest', setOf(Thread))
    const walks = thread('walks', () => {
      const va = Choose('va', Va)
      call({
        hmm_pfns: (at) => shared_pfns.at(at),
        loaded: loaded.at(current),
        on_load: () => If(not(pte.at(va).is('none')), () => newest.add(current)),
      })
      Step('the driver uses the entry', () => {
        const fresh = Let('fresh', newest.has(current))
        If(fresh, () => Assert('P-RETRY', shared_pfns.at(va).is('valid'), 'what was stored is gone'))
      })
    })
    const maps = thread('maps', () => {
      const va = Choose('va', Va)
      pte.at(va).set(entry('present'))
    })
    const model = (...threads: readonly ReturnType<typeof thread>[]) =>
      closed([...threads, maps], [assertion('P-RETRY'), sometimes('fresh', not(newest.isEmpty))], setting('none'))
    expect(await verdicts(model(walks))).toMatchObject({ 'P-RETRY': 'holds' })
    const again = thread('again', () => {
      call({ hmm_pfns: (at) => shared_pfns.at(at), loaded: loaded.at(current) })
    })
    expect((await verdicts(model(walks, again)))['P-RETRY']).toMatch(/^violated/)
  })

  test('flags of the entry are read and written back by the two', () => {
    const flag = shared('flag', Bool)
    const kept = shared('kept', array(Thread, Bool))
    const clears = thread('clears', () => flag.set(no))
    const walks = thread('walks', () => {
      call({
        loaded: loaded.at(current),
        on_load: () => kept.at(current).set(flag),
        on_store: () => flag.set(kept.at(current)),
      })
    })
    const mapped = () => {
      has('present')()
      flag.set(yes)
    }
    const found = finals(closed([walks, clears], [], setting('none'), mapped)).map(({ shared: { flag: it } }) => it)
    expect([...new Set(found)].sort()).toEqual([false, true])
  })
})
