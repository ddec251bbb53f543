/**
 * Lines of the recorded driver and kernel that no kept recording has, in short recordings that are written here: ranges
 * that can't wait, MADV_COLD, MADV_PAGEOUT and MADV_FREE, swap, and a device fault that takes too long.
 */
import { describe, expect, test } from 'vitest'
import { conform } from '../../src/conform/conform.ts'
import { readJsonLines } from '../../src/conform/jsonl.ts'
import { recordedModel, variantOf } from './mutated.ts'

type Fields = Readonly<Record<string, string | number | null>>
/** A line: its thread, its kind, and its fields. */
type Line = readonly [thread: number, kind: string, fields: Fields]

const model = recordedModel()
const variant = variantOf(model, 'j0')

const json = ([tid, kind, fields]: Line, n: number): string => {
  const [fn = '', phase] = kind.split(' ')
  const frame = phase === undefined ? { fn: 'f', phase: 'point', ev: kind } : { fn, phase }
  return JSON.stringify({ t: n, tid, pid: 1, ...frame, ...fields })
}

/** The line that no state explains; undefined if all are explained. */
const rejected = (...lines: readonly Line[]): Line | undefined => {
  const { rejection } = conform(model, variant, readJsonLines([...opened, ...lines].map(json).join('\n')))
  return rejection && lines[rejection.event.order - opened.length]
}

const [PROGRAM, OTHER] = [63, 9]
const subs = { subs: 'subs1', sub: 'sub1' }
const buffer = { mm: 'mm1', addr: '10000000' }
const page = '1220fc'

const opened: readonly Line[] = [
  [
    PROGRAM,
    'insert',
    { ...subs, mm: 'mm1', start: '0', last: 'ffffffffffffefff', active: 0, deferred: 0, subs_seq: 2, sub_seq: 1 },
  ],
  [PROGRAM, 'open', { dm: 'dm1', sub: 'sub1', mm: 'mm1', owner: 'dev1' }],
]

/** An entry changes. */
const pte = (thread: number, by: string, old: string, now: string, pages: readonly [string, string]): Line => [
  thread,
  'pte',
  { ...buffer, by, old, opfn: pages[0], new: now, npfn: pages[1] },
]
const faulted = pte(PROGRAM, '__handle_mm_fault', 'none', 'present_w', ['0', page])
const cleared = (by: string): Line => pte(OTHER, by, 'present_w', 'none', [page, '0'])
const set = (by: string, now: string, to = page): Line => pte(OTHER, by, 'none', now, ['0', to])

const NAME = '__mmu_notifier_invalidate_range'
const range = (event: string): Fields => ({ mm: 'mm1', start: '10000000', end: '10001000', event, owner: null })

/** A whole range of the buffer. `seq`: the number of the subscriptions before it. */
const inRange = (seq: number, ...inside: readonly Line[]): readonly Line[] => {
  const odd = seq + 1
  const called = { ...subs, cur_seq: odd }
  const started: Fields = { ...range('CLEAR'), subs: 'subs1', blockable: 1, active: 1, seq_old: seq, seq: odd }
  return [
    [OTHER, `${NAME}_start enter`, range('CLEAR')],
    [OTHER, 'inv_start', { ...started, hit: 'sub1' }],
    [OTHER, 'cb_enter', { ...called, event: 'CLEAR' }],
    [OTHER, 'set_seq', { dm: 'dm1', sub: 'sub1', old: seq - 1, seq: odd, start: '10000000', end: '10001000' }],
    [OTHER, 'inv_unlock', { dm: 'dm1', sub: 'sub1' }],
    [OTHER, 'cb_exit', { ...called, ret: 1 }],
    [OTHER, `${NAME}_start exit`, { ret: 0 }],
    ...inside,
    [OTHER, `${NAME}_end enter`, range('CLEAR')],
    [OTHER, 'inv_end', { subs: 'subs1', active: 0, seq_old: odd, seq: seq + 2, wake: 1 }],
    [OTHER, `${NAME}_end exit`, {}],
  ]
}

describe('a range that cannot wait', () => {
  const start = (event: string, blockable: number): readonly Line[] => [
    [OTHER, `${NAME}_start enter`, range(event)],
    [OTHER, 'inv_start', { ...range(event), subs: 'subs1', blockable, active: 1, seq_old: 2, seq: 3, hit: 'sub1' }],
    [OTHER, 'cb_enter', { ...subs, cur_seq: 3, event }],
  ]
  const wouldBlock: Line = [OTHER, 'inv_wouldblock', { dm: 'dm1', sub: 'sub1' }]
  const returns = (ret: number): Line => [OTHER, 'cb_exit', { ...subs, cur_seq: 3, ret }]
  const undone: Line = [OTHER, 'inv_end', { subs: 'subs1', active: 0, seq_old: 3, seq: 4, wake: 1 }]
  const exit = (ret: number): Line => [OTHER, `${NAME}_start exit`, { ret }]
  const refused = [...start('UNMAP', 0), wouldBlock, returns(0), undone]

  test('is undone where a callback refuses it, and the next one begins two later', () => {
    expect(rejected(...refused, exit(-11), ...inRange(4).with(3, renumbered))).toBeUndefined()
    expect(rejected(...refused, exit(0))).toEqual(exit(0))
  })
  // the subscription has still the number that it had
  const renumbered: Line = [
    OTHER,
    'set_seq',
    { dm: 'dm1', sub: 'sub1', old: 1, seq: 5, start: '10000000', end: '10001000' },
  ]

  test('has no end of its own behind that', () => {
    const end: Line = [OTHER, `${NAME}_end enter`, range('UNMAP')]
    expect(rejected(...refused, exit(-11), end)).toEqual(end)
  })

  test('is one of the OOM reaper, and a range that can wait is not refused', () => {
    expect(rejected(...start('UNMAP', 1), wouldBlock)).toEqual(wouldBlock)
    const clear = start('CLEAR', 0)
    expect(rejected(...clear)).toEqual(clear[1])
    expect(rejected(...start('UNMAP', 0), wouldBlock, returns(1))).toEqual(returns(1))
  })
})

describe('MADV_COLD and MADV_PAGEOUT', () => {
  const by = 'madvise_cold_or_pageout_pte_range'
  test('clear an entry and put it back without a range', () => {
    expect(rejected(faulted, cleared(by), set(by, 'present_w'))).toBeUndefined()
  })
  test('take no right, and put back no other page', () => {
    expect(rejected(faulted, cleared(by), set(by, 'present_r'))).toEqual(set(by, 'present_r'))
    expect(rejected(faulted, cleared(by), set(by, 'present_w', '1220fd'))).toEqual(set(by, 'present_w', '1220fd'))
  })
})

describe('MADV_FREE', () => {
  const by = 'madvise_free_pte_range'
  const freed = [cleared(by), set(by, 'present_w')]
  const discarded = cleared('try_to_unmap_one')

  test('puts entries back in a range, and nowhere else', () => {
    expect(rejected(faulted, ...inRange(2, ...freed))).toBeUndefined()
    expect(rejected(faulted, ...freed)).toEqual(freed[0])
  })
  test('lets a page be discarded, and nothing else does', () => {
    expect(rejected(faulted, ...inRange(2, ...freed), ...inRange(4, discarded), faulted)).toBeUndefined()
    const without = inRange(2, discarded)
    expect(rejected(faulted, ...without)).toEqual(without[8])
  })
})

describe('reclaim', () => {
  const by = 'try_to_unmap_one'
  const swapped = [cleared('ptep_clear_flush'), set(by, 'swap', '0')]
  const back = pte(PROGRAM, 'do_swap_page', 'swap', 'present_w', ['0', '1220fd'])
  test('writes a page to swap, from where do_swap_page() brings it back', () => {
    expect(rejected(faulted, ...inRange(2, ...swapped), back)).toBeUndefined()
    expect(rejected(faulted, back)).toEqual(back)
  })
  test('puts a page back that is in use', () => {
    expect(rejected(faulted, ...inRange(2, cleared(by), set(by, 'present_w')))).toBeUndefined()
  })
})

describe('a device fault that takes longer than HMM_RANGE_DEFAULT_TIMEOUT', () => {
  const call = (cmd: string): Fields => ({ dm: 'dm1', cmd, addr: '10000000' })
  const begins = (cmd: string): Line => [PROGRAM, 'ioctl', { ...call(cmd), npages: 1, mm: 'mm1' }]
  const ends = (cmd: string, ret: number): Line => [PROGRAM, 'ioctl_ret', { ...call(cmd), ret, cpages: 0 }]
  const missed: Line = [PROGRAM, 'dev_miss', { dm: 'dm1', vpn: '10000' }]

  test('ends a snapshot with an error, too', () => {
    const own = { subs: 'subs1', sub: 'sub2', mm: 'mm1' }
    const part = (start: string): Line => [
      PROGRAM,
      'insert',
      { ...own, start, last: '10000fff', active: 0, deferred: 0, subs_seq: 2, sub_seq: 1 },
    ]
    const over: readonly Line[] = [
      [PROGRAM, 'remove', { ...own, active: 0, subs_seq: 2, deferred: 0, unlinked: 0 }],
      [PROGRAM, 'remove_ret', { subs: 'subs1', sub: 'sub2', waited_seq: 0 }],
      [PROGRAM, 'ioctl_ret', { ...call('SNAPSHOT'), ret: -16, cpages: 0 }],
    ]
    expect(rejected(begins('SNAPSHOT'), part('10000000'), ...over)).toBeUndefined()
    expect(rejected(begins('SNAPSHOT'), part('0'), ...over)).toEqual(part('0'))
  })

  test('ends the read with an error', () => {
    expect(rejected(begins('READ'), missed, ends('READ', -16))).toBeUndefined()
    expect(rejected(begins('READ'), missed, ends('READ', 0))).toEqual(ends('READ', 0))
  })
})
