/** A thread of the recording: it may do whatever threads do that use the driver, and in any order. */
import {
  and,
  array,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  current,
  Ghost,
  Idle,
  If,
  IfSome,
  isSomeAnd,
  Local,
  Loop,
  no,
  none,
  not,
  oneOf,
  optional,
  or,
  range,
  shared,
  Shows,
  size,
  Step,
  thread,
  yes,
  type Bool as Condition,
  type Id,
  type Int,
  type PlaceOf,
} from 'hmmcheck'
import { alternatives, bracket, insert, release, remove } from './core.ts'
import { dmirror_fault, dmirror_range_snapshot } from './fault.ts'
import { finalizing, freeing, migrate, try_to_migrate, unmapping } from './migration.ts'
import { change, exchange, giving, line, taking, type Line } from './page-table.ts'
import { P_BACKING, P_CONTENT, P_NOUAF } from './properties.ts'
import {
  backing,
  content,
  device_pt,
  Dm,
  dmirror,
  Entry,
  entries,
  freed,
  Mm,
  move,
  newest,
  notifier,
  Owner,
  Page,
  pte,
  Sub,
  Tag,
  Task,
  Va,
  watched,
  Word,
} from './state.ts'

/** The subscription of a device's file. */
const subOf = shared('dmirror_notifier', array(Dm, Sub))

/** A CPU fault on a device page: do_swap_page(), and from there the driver. */
function device_private_fault(): void {
  const pfn = Local('fault_pfn', Page)
  const addr = Local('fault_addr', Va)
  const last = Local('last_reference', Bool)
  Step('do_swap_page(): get_page()', () => {
    const va = Choose('addr', Va)
    const page = Choose('pfn', Page)
    addr.set(va)
    pfn.set(page)
    Shows('devpriv_get', { addr: va, pfn: page })
  })
  Step('dmirror_devmem_fault()', () => Shows('devmem_fault', { addr, pfn }))
  migrate({ setup: () => undefined })
  Step('dmirror_devmem_fault() returns', () => Shows('devmem_fault_ret', { addr }))
  Step('do_swap_page(): put_page()', () => {
    const ref = Choose('ref', range(1, 1_000_000))
    last.set(ref.eq(1))
    Shows('devpriv_put', { addr, pfn, ref })
  })
  If(last, () => alternatives(freeing(last)))
}

/** A CPU fault on an entry that the device uses alone: remove_device_exclusive_entry(). */
function exclusive_fault(): void {
  const into = line('restored')
  const pfn = Local('excl_pfn', Page)
  const addr = Local('excl_addr', Va)
  const same = Local('same', Bool)
  Step('remove_device_exclusive_entry(): lock_page()', () => {
    const va = Choose('addr', Va)
    const page = Choose('pfn', Page)
    addr.set(va)
    pfn.set(page)
    Shows('devexcl_lock', { addr: va, pfn: page })
  })
  alternatives([
    () => Step('remove_device_exclusive_entry(): the page is locked', () => Shows('devexcl_lock_retry', { addr })),
    () => restore(into, addr, pfn, same),
  ])
}

/** The entry becomes what it was, in a range of its own. */
function restore(into: Line, addr: Int, pfn: Id<'Page'>, same: PlaceOf<typeof Bool>): void {
  bracket(
    'restore',
    ({ mm }) => [
      () => {
        Step('remove_device_exclusive_entry(): pte_same()', () => {
          const is = Choose('same', Bool)
          const { kind, page } = pte.at(mm).at(addr)
          Await(or(kind.eq('unknown'), is.eq(and(or(kind.eq('devexcl_w'), kind.eq('devexcl_r')), page.eq(pfn)))))
          same.set(is)
          Shows('devexcl_restore', { addr, pfn, same: is })
        })
        If(same, () =>
          change(into, {
            by: 'restore_exclusive_pte',
            old: ['devexcl_r', 'devexcl_w'],
            now: ['present_r', 'present_w'],
            when: (seen) => and(seen.va.eq(addr), seen.opage.eq(pfn), seen.npage.eq(pfn)),
          }),
        )
      },
    ],
    (event) => event.eq('EXCLUSIVE'),
  )
}

/** What may happen to a process wherever it touches its memory. */
const activity = (): readonly (() => void)[] => {
  const given = line('given')
  const lost = line('lost')
  return [
    ...giving(given),
    () =>
      bracket(
        'change',
        ({ mm, start, end }) => [
          ...taking(lost, (seen) => and(seen.mm.eq(mm), seen.va.ge(start), seen.va.lt(end))),
          ...freeing(yes, 1),
        ],
        (event) => and(event.ne('MIGRATE'), event.ne('EXCLUSIVE')),
      ),
    device_private_fault,
    exclusive_fault,
    () => Step('do_swap_page(): pte_same() is false', () => Shows('devpriv_changed')),
    ...freeing(yes),
  ]
}

const Command = oneOf(
  'none',
  'READ',
  'WRITE',
  'MIGRATE_TO_DEV',
  'MIGRATE_TO_SYS',
  'EXCLUSIVE',
  'CHECK_EXCLUSIVE',
  'SNAPSHOT',
  'RELEASE',
)

const callLocals = () => ({
  cmd: Local('cmd', Command),
  dm: Local('dm', Dm),
  sub: Local('sub', Sub),
  start: Local('addr', Va),
  at: Local('done', Va),
  end: Local('end', Va),
  failed: Local('failed', Bool),
  ready: Local('ready', Bool),
  bad: Local('bad', Bool),
  /** What xa_load() has given for the next page. */
  has_loaded: Local('has_loaded', Bool),
  loaded: Local('loaded', optional(Entry)),
})
type Call = ReturnType<typeof callLocals>

const holdsOrTakes = (dm: Id<'Dm'>): Condition => or(dmirror.at(dm).mutex.isNone, dmirror.at(dm).mutex.eq(current))

/** The mutex is held from the first page of dmirror_do_read() or dmirror_do_write() to the last. */
function next_page({ at, end, dm, has_loaded }: Call): void {
  has_loaded.set(false)
  at.set(at.plus(1))
  If(at.lt(end), () => dmirror.at(dm).mutex.set(current)).Else(() => dmirror.at(dm).mutex.set(none))
}

const isReading = ({ cmd, ready }: Call): Condition =>
  or(cmd.eq('READ'), and(ready, or(cmd.eq('MIGRATE_TO_DEV'), cmd.eq('EXCLUSIVE'))))

/** dmirror_do_read() and dmirror_do_write(), page by page. */
const accesses = (call: Call): readonly (() => void)[] => {
  const { cmd, dm, at, end } = call
  const used = (page: Id<'Page'>) => Assert(P_NOUAF, not(freed.at(page)), 'the device uses a page that was freed')
  return [
    () =>
      Step('xa_load()', () => {
        Await(and(not(call.has_loaded), or(isReading(call), cmd.eq('WRITE')), at.lt(end), holdsOrTakes(dm)))
        call.has_loaded.set(true)
        call.loaded.set(device_pt.at(dm).at(at))
      }),
    () =>
      Step('dmirror_do_read()', () => {
        const vpn = Choose('vpn', Va)
        const pfn = Choose('pfn', Page)
        const tag = Choose('tag', Tag)
        const word = Choose('word', Word)
        Await(
          and(
            isReading(call),
            at.eq(vpn),
            vpn.lt(end),
            holdsOrTakes(dm),
            call.has_loaded,
            isSomeAnd(call.loaded, (entry) => and(entry.page.eq(pfn), entry.tag.eq(tag))),
            or(not(watched.at(vpn)), content.at(pfn).isNone, content.at(pfn).eq(word)),
          ),
        )
        Ghost(() => used(pfn))
        Ghost(() =>
          Assert(
            P_CONTENT,
            or(
              not(watched.at(vpn)),
              not(isSomeAnd(dmirror.at(dm).mm, (mm) => isSomeAnd(newest.at(mm).at(vpn), (last) => last.ne(word)))),
            ),
            'the device reads what is not the newest word',
          ),
        )
        content.at(pfn).set(word)
        next_page(call)
        Shows('dev_read', { dm, vpn, pfn, tag, word })
      }),
    () =>
      Step('dmirror_do_write()', () => {
        const vpn = Choose('vpn', Va)
        const pfn = Choose('pfn', Page)
        const word = Choose('word', Word)
        Await(
          and(
            cmd.eq('WRITE'),
            at.eq(vpn),
            vpn.lt(end),
            holdsOrTakes(dm),
            call.has_loaded,
            isSomeAnd(call.loaded, (entry) => and(entry.page.eq(pfn), entry.tag.eq('write'))),
          ),
        )
        Ghost(() => used(pfn))
        content.at(pfn).set(word)
        Ghost(() => If(watched.at(vpn), () => IfSome(dmirror.at(dm).mm, (mm) => newest.at(mm).at(vpn).set(word))))
        next_page(call)
        Shows('dev_write', { dm, vpn, pfn, word })
      }),
    () =>
      Step('the device touches what it must not', () => {
        const vpn = Choose('vpn', Va)
        const pfn = Choose('pfn', Page)
        const why = Choose('why', oneOf('free', 'zone_device'))
        Await(
          and(
            or(isReading(call), cmd.eq('WRITE')),
            at.eq(vpn),
            call.has_loaded,
            isSomeAnd(call.loaded, (entry) => entry.page.eq(pfn)),
            or(and(why.eq('free'), or(freed.at(pfn), entries.at(pfn).eq(0))), why.eq('zone_device')),
          ),
        )
        Ghost(() => {
          Assert(P_NOUAF, why.ne('free'), 'the device uses a page that was freed')
          Assert(P_BACKING, why.ne('zone_device'), 'the device touches a ZONE_DEVICE page')
        })
        device_pt.at(dm).at(vpn).set(none)
        call.bad.set(true)
        call.has_loaded.set(false)
        dmirror.at(dm).mutex.set(none)
        Shows('dev_bad', { dm, vpn, pfn, why })
      }),
    () => {
      const write = Local('misses_write', Bool)
      alternatives([
        () =>
          Step('dmirror_do_read(): no entry', () => {
            const vpn = Choose('vpn', Va)
            Await(and(isReading(call), at.eq(vpn), vpn.lt(end), holdsOrTakes(dm), call.has_loaded, call.loaded.isNone))
            call.has_loaded.set(false)
            write.set(false)
            dmirror.at(dm).mutex.set(none)
            Shows('dev_miss', { dm, vpn })
          }),
        () =>
          Step('dmirror_do_write(): no entry for writing', () => {
            const vpn = Choose('vpn', Va)
            const tag = Choose('tag', oneOf('none', 'read', 'atomic'))
            const entry = call.loaded
            Await(
              and(
                cmd.eq('WRITE'),
                at.eq(vpn),
                vpn.lt(end),
                holdsOrTakes(dm),
                call.has_loaded,
                or(
                  and(entry.isNone, tag.eq('none')),
                  isSomeAnd(entry, (one) =>
                    or(and(one.tag.eq('read'), tag.eq('read')), and(one.tag.eq('atomic'), tag.eq('atomic'))),
                  ),
                ),
              ),
            )
            call.has_loaded.set(false)
            write.set(true)
            dmirror.at(dm).mutex.set(none)
            Shows('dev_miss_w', { dm, vpn, tag })
          }),
      ])
      // without a process there is no fault, and a read after a migration does without one
      alternatives([
        () => {
          const when = or(cmd.eq('READ'), cmd.eq('WRITE'))
          const ret = dmirror_fault({ dm, sub: call.sub, start: at, end, write, snapshot: false, when }, activity)
          If(ret.ne(0), () => call.failed.set(true))
        },
        () => Step('no fault: the process is gone, or pages were just migrated', () => call.failed.set(true)),
      ])
    },
  ]
}

/** dmirror_exclusive(): pages are locked, marked one by one, and mapped all at once. */
function exclusive({ cmd, dm, start, end, ready, failed }: Call): void {
  const into = line('marked')
  const at = Local('mark_at', Va)
  const marked = Local('marked', array(Va, optional(Page)))
  const done = Local('marks', range(0, 1_000_000))
  Step('make_device_exclusive_range()', () => {
    Await(and(cmd.eq('EXCLUSIVE'), not(ready)))
    at.set(start)
    done.set(0)
    Shows('make_device_exclusive_range enter', { start })
  })
  Loop(() =>
    alternatives([
      ...activity(),
      () => {
        bracket(
          'exclusive',
          ({ mm, start: first, end: last }) => [
            () =>
              exchange(
                into,
                {
                  by: 'ptep_clear_flush',
                  old: ['present_r', 'present_w'],
                  when: (seen) => and(seen.mm.eq(mm), seen.va.ge(first), seen.va.lt(last)),
                },
                {
                  by: 'page_make_device_exclusive_one',
                  old: ['none'],
                  now: ['devexcl_r', 'devexcl_w'],
                  then: (seen) => marked.at(seen.va).set(seen.npage),
                },
              ),
          ],
          (event) => event.eq('EXCLUSIVE'),
        )
      },
      () =>
        Step('page_make_device_exclusive()', () => {
          const addr = Choose('addr', Va)
          const pfn = Choose('pfn', Page)
          const ok = Choose('ok', Bool)
          Await(and(at.eq(addr), or(not(ok), marked.at(addr).eq(pfn))))
          at.set(at.plus(1))
          If(ok, () => done.increment())
          Shows('excl', { addr, pfn, ok })
        }),
      () => {
        Step('make_device_exclusive_range() returns', () => Shows('make_device_exclusive_range exit'))
        Break()
      },
    ]),
  )
  Step('make_device_exclusive_range() has returned', () => {
    const ret = Choose('ret', range(-4096, 4096))
    failed.set(ret.ne(end.minus(start)))
    at.set(start)
    ready.set(true)
    Shows('excl_ret', { dm, addr: start, ret })
  })
  If(failed, () => done.set(0))
  Loop(() => {
    If(done.eq(0), () => Break())
    Step('dmirror_atomic_map(): xa_store()', () => {
      const vpn = Choose('vpn', Va)
      const pfn = Choose('pfn', Page)
      Await(and(vpn.ge(at), vpn.lt(end), holdsOrTakes(dm), marked.at(vpn).eq(pfn)))
      at.set(vpn.plus(1))
      done.decrement()
      If(done.gt(0), () => dmirror.at(dm).mutex.set(current)).Else(() => dmirror.at(dm).mutex.set(none))
      device_pt
        .at(dm)
        .at(vpn)
        .set(Entry.value({ page: pfn, tag: 'atomic' }))
      Shows('dev_map', { dm, vpn, pfn, tag: 'atomic' })
    })
  })
}

/** dmirror_snapshot(): a subscription of its own for each part of the range. */
function snapshot({ cmd, dm, start, end, at, failed }: Call): void {
  const sub = Local('snapshot_sub', Sub)
  insert(sub, dm, cmd.eq('SNAPSHOT'))
  dmirror_range_snapshot({ dm, sub, start, end, write: no, snapshot: true, when: yes })
  remove(sub, true)
  at.set(end)
  failed.set(false)
}

/** An ioctl of the driver. */
function dmirror_fops_unlocked_ioctl(): void {
  const call = callLocals()
  const { cmd, dm, at, start, end, sub, ready, failed, bad, has_loaded } = call
  Step('dmirror_fops_unlocked_ioctl()', () => {
    const device = Choose('dm', Dm)
    const command = Choose('cmd', Command)
    const addr = Choose('addr', Va)
    const last = Choose('end', Va)
    Await(notifier.at(subOf.at(device)).dm.eq(device))
    dm.set(device)
    cmd.set(command)
    start.set(addr)
    at.set(addr)
    end.set(last)
    sub.set(subOf.at(device))
    ready.set(false)
    failed.set(false)
    bad.set(false)
    has_loaded.set(false)
    Shows('ioctl', { dm: device, cmd: command, addr, end: last })
  })
  Loop(() =>
    alternatives([
      ...accesses(call),
      () => {
        migrate({ to: dm, when: and(cmd.eq('MIGRATE_TO_DEV'), not(ready)) })
        ready.set(true)
      },
      () => migrate({ when: cmd.eq('MIGRATE_TO_SYS') }),
      () => exclusive(call),
      () => snapshot(call),
      ...activity(),
      () => {
        Step('dmirror_fops_unlocked_ioctl() returns', () => {
          const ret = Choose('ret', range(-4096, 4096))
          const cpages = Choose('cpages', range(0, 1_000_000))
          Await(
            or(
              and(ret.eq(0), at.ge(end), or(cmd.eq('READ'), cmd.eq('WRITE'))),
              and(ret.ne(0), or(failed, bad), or(cmd.eq('READ'), cmd.eq('WRITE'))),
              and(cmd.ne('READ'), cmd.ne('WRITE')),
            ),
          )
          Await(or(cmd.ne('READ'), at.eq(start.plus(cpages))))
          Shows('ioctl_ret', { dm, cmd, addr: start, ret, cpages })
        })
        Break()
      },
    ]),
  )
}

/** dmirror_fops_open() */
function open(): void {
  const sub = Local('opened', Sub)
  insert(sub, undefined, yes)
  Step('dmirror_fops_open()', () => {
    const dm = Choose('dm', Dm)
    const owner = Choose('owner', Owner)
    const mm = Choose('mm', Mm)
    dmirror.at(dm).mm.set(mm)
    dmirror.at(dm).owner.set(owner)
    notifier.at(sub).dm.set(dm)
    subOf.at(dm).set(sub)
    Shows('open', { dm, sub, mm, owner })
  })
}

/** dmirror_fops_release(): the subscription goes, and device memory is evicted through the reverse map. */
function dmirror_fops_release(): void {
  const dm = Local('closed', Dm)
  const pages = Local('evicted', range(0, 1_000_000))
  const to_copy = Local('to_evict', range(0, 1_000_000))
  const finalized = Local('evicted_last', optional(Page))
  const sub = Local('closed_sub', Sub)
  Step('dmirror_fops_release()', () => {
    const device = Choose('dm', Dm)
    dm.set(device)
    sub.set(subOf.at(device))
    pages.set(0)
    Shows('release_start', { dm: device, sub: subOf.at(device) })
  })
  remove(sub, false)
  Loop(() =>
    alternatives([
      () =>
        Step('migrate_device_range()', () => {
          const pfn = Choose('pfn', Page)
          Await(backing.at(pfn).isSome)
          move.at(pfn).by.set(current)
          move.at(pfn).stage.set('collected')
          pages.increment()
          Shows('evict_collect', { pfn })
        }),
      () => try_to_migrate(),
      ...unmapping({ pages, to_copy }, yes),
      () =>
        Step('dmirror_device_evict_chunk(): copy_highpage(), migrate_device_pages()', () => {
          const src = Choose('src', Page)
          const dst = Choose('dst', Page)
          const r = Choose('r', range(-4096, 0))
          Await(and(move.at(src).by.eq(current), move.at(src).stage.eq('unmapped')))
          freed.at(dst).set(false)
          IfSome(backing.at(src), (behind) => content.at(dst).set(content.at(behind)))
          move.at(src).to.set(dst)
          If(r.eq(0), () => move.at(src).stage.set('moved')).Else(() => move.at(src).stage.set('failed'))
          Shows('page', { src, dst, r })
        }),
      ...finalizing({ pages, finalized }, yes),
      ...freeing(yes),
      () => {
        Step('dmirror_fops_release() returns', () => {
          Await(pages.eq(0))
          Shows('release_done', { dm })
        })
        Break()
      },
    ]),
  )
}

/** A CPU write that the recording program tells of, from its beginning to its end. What `cpu_add` writes is not told. */
function cpu_write(): void {
  const stored = Local('stored', Bool)
  const va = Local('user_va', Va)
  const word = Local('user_word', optional(Word))
  const mm = Local('user_mm', optional(Mm))
  const begins = (op: 'cpu_w' | 'cpu_add') => (): void => {
    Step(`${op} begins`, () => {
      const addr = Choose('page', Va)
      const of = Choose('mm', optional(Mm))
      va.set(addr)
      mm.set(of)
      watched.at(addr).set(true)
      stored.set(false)
      if (op === 'cpu_w') {
        const v = Choose('v', Word)
        word.set(v)
        Shows('user enter', { op, page: addr, v, mm: of })
      } else {
        word.set(none)
        Shows('user enter', { op, page: addr, mm: of })
      }
    })
  }
  alternatives([begins('cpu_w'), begins('cpu_add')])
  Loop(() =>
    alternatives([
      ...activity(),
      dmirror_fops_release,
      release,
      () =>
        Step('the CPU stores', () => {
          Await(
            and(
              not(stored),
              isSomeAnd(mm, (one) => pte.at(one).at(va).kind.eq('present_w')),
            ),
          )
          stored.set(true)
          IfSome(mm, (one) => {
            IfSome(pte.at(one).at(va).page, (page) => content.at(page).set(word))
            Ghost(() => newest.at(one).at(va).set(word))
          })
        }),
      () => {
        Step('a CPU write ends', () => Shows('user exit', { writes: true }))
        Break()
      },
    ]),
  )
}

/** Another operation of the recording program, whose own lines say what it does. */
const other_user = (): readonly (() => void)[] => [
  () =>
    Step('an operation begins', () => {
      const addr = Choose('page', Va)
      const n = Choose('n', range(0, 1_000_000))
      watched.at(addr).set(true)
      If(n.gt(1), () => watched.at(addr.plus(1)).set(true))
      If(n.gt(2), () => watched.at(addr.plus(2)).set(true))
      Shows('user enter', { writes: false, page: addr, n })
    }),
  () => Step('an operation without pages begins', () => Shows('user enter', { writes: false, paged: false })),
  () => Step('an operation ends', () => Shows('user exit', { writes: false })),
]

/** Everything that a thread may do. */
export const task = thread(
  'task',
  () => {
    Loop(() => {
      Idle()
      alternatives([
        dmirror_fops_unlocked_ioctl,
        open,
        dmirror_fops_release,
        release,
        ...activity(),
        cpu_write,
        ...other_user(),
      ])
    })
  },
  { count: size(Task), daemon: true },
)
