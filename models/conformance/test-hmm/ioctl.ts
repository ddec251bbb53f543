/** The ioctls of the driver. */
import {
  and,
  Await,
  type Bool as Condition,
  Break,
  Choose,
  Local,
  Loop,
  no,
  none,
  not,
  or,
  range,
  Shows,
  Step,
  yes,
} from 'hmmcheck'
import { accesses, type Call, callLocals, Command } from './access.ts'
import { alternatives } from './alternatives.ts'
import { activity } from './cpu-faults.ts'
import { beginEviction, evicting, evictionLocals } from './eviction.ts'
import { exclusive } from './exclusive.ts'
import { dmirror_range_snapshot } from './fault.ts'
import { subOf } from './files.ts'
import { migrate } from './migration.ts'
import { Dm, notifier, Sub, Va } from './state.ts'
import { insert, remove } from './subscription.ts'

/** dmirror_snapshot(): a subscription of its own for each part of the range. */
function snapshot({ cmd, dm, end, at, failed }: Call): void {
  const sub = Local('snapshot_sub', Sub)
  const next = Local('snapshot_next', Va)
  insert(sub, { dm, at, end, next }, cmd.eq('SNAPSHOT'))
  dmirror_range_snapshot({ dm, sub, start: at, end: next, write: no, snapshot: true, when: yes })
  remove(sub, true)
  at.set(next)
  failed.set(false)
}

/** Whether the device reads, writes or looks at all pages of the range before the ioctl ends well. */
const isRead = (cmd: Call['cmd']): Condition =>
  or(cmd.eq('READ'), cmd.eq('WRITE'), cmd.eq('MIGRATE_TO_DEV'), cmd.eq('EXCLUSIVE'), cmd.eq('SNAPSHOT'))

/** An ioctl of the driver. */
export function dmirror_fops_unlocked_ioctl(): void {
  const call = callLocals()
  const { cmd, dm, at, start, end, sub, ready, failed, bad, has_loaded, loaded } = call
  const evicted = evictionLocals()
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
    loaded.set(none)
    beginEviction(evicted)
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
      ...evicting(evicted, cmd.eq('RELEASE')),
      ...activity(),
      () => {
        Step('dmirror_fops_unlocked_ioctl() returns', () => {
          const ret = Choose('ret', range(-4096, 4096))
          const cpages = Choose('cpages', range(0, 1_000_000))
          Await(
            or(
              // dmirror_migrate_to_device() and dmirror_exclusive() read what they have brought, too
              and(ret.eq(0), or(at.ge(end), not(isRead(cmd)))),
              and(ret.ne(0), or(failed, bad, and(cmd.ne('READ'), cmd.ne('WRITE')))),
            ),
          )
          Await(evicted.pages.eq(0))
          Await(or(cmd.ne('READ'), at.eq(start.plus(cpages))))
          Shows('ioctl_ret', { dm, cmd, addr: start, ret, cpages })
        })
        Break()
      },
    ]),
  )
}
