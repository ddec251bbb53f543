/** The device reads and writes through its own page table: dmirror_read() and dmirror_write(). */
import {
  and,
  Assert,
  Await,
  Bool,
  type Bool as Condition,
  Choose,
  current,
  Ghost,
  type Id,
  If,
  IfSome,
  isSomeAnd,
  Local,
  none,
  not,
  oneOf,
  optional,
  or,
  Shows,
  Step,
} from 'hmmcheck'
import { mayUse } from './agreement.ts'
import { alternatives } from './alternatives.ts'
import { activity } from './cpu-faults.ts'
import { dmirror_fault } from './fault.ts'
import { P_BACKING, P_CONTENT, P_NOUAF } from './properties.ts'
import {
  content,
  device_pt,
  Dm,
  dmirror,
  entries,
  Entry,
  freed,
  newest,
  Page,
  Sub,
  Tag,
  Va,
  watched,
  Word,
} from './state.ts'

export const Command = oneOf(
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

/** What an ioctl keeps. */
export const callLocals = () => ({
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
export type Call = ReturnType<typeof callLocals>

/** dmirror->mutex, which is released behind the last page. */
export const holdsOrTakes = (dm: Id<'Dm'>): Condition =>
  or(dmirror.at(dm).mutex.isNone, dmirror.at(dm).mutex.eq(current))

/** The mutex is held from the first page of dmirror_do_read() or dmirror_do_write() to the last. */
function next_page({ at, end, dm, has_loaded }: Call): void {
  has_loaded.set(false)
  at.set(at.plus(1))
  If(at.lt(end), () => dmirror.at(dm).mutex.set(current)).Else(() => dmirror.at(dm).mutex.set(none))
}

const isReading = ({ cmd, ready }: Call): Condition =>
  or(cmd.eq('READ'), and(ready, or(cmd.eq('MIGRATE_TO_DEV'), cmd.eq('EXCLUSIVE'))))

/** dmirror_do_read() and dmirror_do_write(), page by page. */
export const accesses = (call: Call): readonly (() => void)[] => {
  const { cmd, dm, at, end } = call
  const used = (page: Id<'Page'>) => Assert(P_NOUAF, not(freed.at(page)), 'the device uses a page that was freed')
  return [
    () =>
      Step('xa_load()', () => {
        Await(and(not(call.has_loaded), or(isReading(call), cmd.eq('WRITE')), at.lt(end), holdsOrTakes(dm)))
        dmirror.at(dm).mutex.set(current)
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
            mayUse(dm, vpn, pfn),
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
            mayUse(dm, vpn, pfn),
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
            mayUse(dm, vpn, pfn),
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
