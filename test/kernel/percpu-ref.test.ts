/** percpu_ref and the completion: who still gets a reference, who sees the last one go, and who waits. */
import { describe, expect, test } from 'vitest'
import { Await, Bool, deadlock, If, oneOf, queueOf, shared, Step, type Recorded } from '../../src/language/index.ts'
import {
  complete,
  Completion,
  percpu_ref_kill,
  percpu_ref_put,
  percpu_ref_tryget_live,
  PercpuRef,
  spin_lock,
  Spinlock,
  wait_for_completion,
} from '../../src/kernel/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

const ref = shared('ref', PercpuRef)
const done = shared('done', Completion)
const lock = shared('lock', Spinlock)
const log = shared('log', queueOf(oneOf('y', 'n'), 4))
const says = (answer: Bool): Recorded => If(answer, () => log.push('y')).Else(() => log.push('n'))
const one = {}
/** The owner's reference. */
const initially = (): Recorded => ref.count.set(1)

describe('percpu_ref', () => {
  test('gives out references until it is killed', () => {
    const body = thread('a', () => {
      const before = percpu_ref_tryget_live(ref)
      says(before)
      percpu_ref_kill(ref)
      const after = percpu_ref_tryget_live(ref)
      return says(after)
    })
    expect(endings(closed([body], [], one, initially))).toEqual(['yn'])
  })

  test('exactly one of those who give back sees the last one go', () => {
    const body = thread('a', () => {
      percpu_ref_tryget_live(ref)
      const killed = percpu_ref_kill(ref)
      says(killed)
      const put = percpu_ref_put(ref)
      return says(put)
    })
    expect(endings(closed([body], [], one, initially))).toEqual(['ny'])
    expect(
      endings(
        closed(
          [
            thread('a', () => {
              const killed = percpu_ref_kill(ref)
              return says(killed)
            }),
          ],
          [],
          one,
          initially,
        ),
      ),
    ).toEqual(['y'])
  })

  test('a reference that is taken while it is killed: it is there, or it is refused', () => {
    const takes = thread('a', () => {
      const live = percpu_ref_tryget_live(ref)
      return says(live)
    })
    const kills = thread('b', () => {
      const released = percpu_ref_kill(ref)
      return says(released)
    })
    expect(endings(closed([takes, kills], [], one, initially))).toEqual(['ny', 'yn'])
  })

  test('giving back what nobody has, and killing twice, is misuse', async () => {
    expect(
      await verdicts(
        closed(
          [
            thread('a', () => {
              percpu_ref_kill(ref)
              return percpu_ref_put(ref)
            }),
          ],
          [],
          one,
          initially,
        ),
      ),
    ).toMatchObject({ 'percpu_ref_put() of nothing': 'violated in 2' })
    expect(
      await verdicts(
        closed(
          [
            thread('a', () => {
              percpu_ref_tryget_live(ref)
              percpu_ref_kill(ref)
              return percpu_ref_kill(ref)
            }),
          ],
          [],
          one,
          initially,
        ),
      ),
    ).toMatchObject({ 'percpu_ref_kill() of what was killed': 'violated in 3' })
  })
})

describe('a completion', () => {
  test('is waited for until it has happened, and then no more', () => {
    const waits = thread('a', () => {
      wait_for_completion(done)
      wait_for_completion(done)
      return log.push('y')
    })
    expect(endings(closed([waits]))).toEqual([' and stuck'])
    expect(endings(closed([waits, thread('b', () => complete(done))]))).toEqual(['y'])
  })

  test('who never completes it leaves a deadlock', async () => {
    const waits = thread('a', () => wait_for_completion(done))
    expect(await verdicts(closed([waits], [deadlock()]))).toEqual({ deadlock: 'violated in 0' })
    expect(await verdicts(closed([waits, thread('b', () => complete(done))], [deadlock()]))).toEqual({
      deadlock: 'holds',
    })
  })

  test('nobody waits for one under a spinlock', async () => {
    expect(
      await verdicts(
        closed([
          thread('a', () => {
            spin_lock(lock)
            return wait_for_completion(done)
          }),
          thread('b', () =>
            Step('later', () => {
              Await(done.done)
              return undefined
            }),
          ),
        ]),
      ),
    ).toEqual({ 'sleeping function called from invalid context': 'violated in 2' })
  })
})
