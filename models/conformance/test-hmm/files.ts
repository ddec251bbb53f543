/** The device's file is opened and closed. */
import { array, Await, Break, Choose, Local, Loop, shared, Shows, Step, yes } from 'hmmcheck'
import { alternatives } from './alternatives.ts'
import { beginEviction, evicting, evictionLocals } from './eviction.ts'
import { freeing } from './finalize.ts'
import { Dm, dmirror, Mm, notifier, Owner, Sub } from './state.ts'
import { insert, remove } from './subscription.ts'

/** The subscription of a device's file. */
export const subOf = shared('dmirror_notifier', array(Dm, Sub))

/** dmirror_fops_open() */
export function open(): void {
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
export function dmirror_fops_release(): void {
  const dm = Local('closed', Dm)
  const evicted = evictionLocals()
  const sub = Local('closed_sub', Sub)
  Step('dmirror_fops_release()', () => {
    const device = Choose('dm', Dm)
    dm.set(device)
    sub.set(subOf.at(device))
    beginEviction(evicted)
    Shows('release_start', { dm: device, sub: subOf.at(device) })
  })
  remove(sub, false)
  Loop(() =>
    alternatives([
      ...evicting(evicted, yes),
      ...freeing(yes),
      () => {
        Step('dmirror_fops_release() returns', () => {
          Await(evicted.pages.eq(0))
          Shows('release_done', { dm })
        })
        Break()
      },
    ]),
  )
}
