/** Published counts, written in the language: the reading key to it. */
import {
  and,
  array,
  Await,
  Bool,
  Choose,
  Either,
  every,
  Local,
  Loop,
  model,
  not,
  oneOf,
  or,
  range,
  setOf,
  shared,
  sort,
  Step,
  struct,
  thread,
  threadPer,
  wrapping,
} from '../../../src/language/index.ts'

export function lostUpdate() {
  const Incrementer = sort('Incrementer')
  const i = shared('i', range(0, 9))
  const t = shared('t', array(Incrementer, range(0, 9)))
  return model('lost update', {
    threads: [
      threadPer(Incrementer, 'increment', (me) => {
        t.at(me).set(i)
        i.set(t.at(me).plus(1))
      }),
    ],
  })
}

export function peterson() {
  const Process = range(0, 1)
  const flag = shared('flag', array(Process, Bool))
  const turn = shared('turn', Process, 1)
  const process = (self: number, other: number) =>
    thread(`process ${self}`, () => {
      Loop(() => {
        Step('a0: skip', () => {})
        Step('a1', () => flag.at(self).set(true))
        Step('a2', () => turn.set(other))
        Step('a3', () => Await(or(not(flag.at(other)), turn.eq(self))))
        Step('cs', () => {})
        Step('a4', () => flag.at(self).set(false))
      })
    })
  return model('Peterson', { threads: [process(0, 1), process(1, 0)] })
}

export function twoPhaseCommit() {
  const ResourceManager = sort('ResourceManager')
  const rm = shared('rm', array(ResourceManager, oneOf('working', 'prepared', 'committed', 'aborted')))
  const tm = shared('tm', oneOf('init', 'committed', 'aborted'))
  const tmPrepared = shared('tmPrepared', setOf(ResourceManager))
  const sent = {
    prepared: shared('sent.prepared', setOf(ResourceManager)),
    commit: shared('sent.commit', Bool),
    abort: shared('sent.abort', Bool),
  }

  const transactionManager = thread(
    'tm',
    () => {
      Loop(() =>
        Either(
          () =>
            Step('receive Prepared', () => {
              const r = Choose('r', ResourceManager, (r) => sent.prepared.has(r))
              Await(tm.eq('init'))
              tmPrepared.add(r)
            }),
          () =>
            Step('commit', () => {
              Await(
                and(
                  tm.eq('init'),
                  every(ResourceManager, (r) => tmPrepared.has(r)),
                ),
              )
              tm.set('committed')
              sent.commit.set(true)
            }),
          () =>
            Step('abort', () => {
              Await(tm.eq('init'))
              tm.set('aborted')
              sent.abort.set(true)
            }),
        ),
      )
    },
    { daemon: true },
  )

  const resourceManager = threadPer(
    ResourceManager,
    'rm',
    (r) => {
      Loop(() =>
        Either(
          () =>
            Step('prepare', () => {
              Await(rm.at(r).eq('working'))
              rm.at(r).set('prepared')
              sent.prepared.add(r)
            }),
          () =>
            Step('choose to abort', () => {
              Await(rm.at(r).eq('working'))
              rm.at(r).set('aborted')
            }),
          () =>
            Step('receive Commit', () => {
              Await(sent.commit)
              rm.at(r).set('committed')
            }),
          () =>
            Step('receive Abort', () => {
              Await(sent.abort)
              rm.at(r).set('aborted')
            }),
        ),
      )
    },
    { daemon: true },
  )
  return model('two-phase commit', { threads: [transactionManager, resourceManager] })
}

export function ticketLock(cpus: number) {
  const Cpu = sort('Cpu')
  const Ticket = wrapping(cpus)
  const lock = shared('lock', struct('lock', { next: Ticket, owner: Ticket }))

  return model('ticket spinlock', {
    threads: [
      threadPer(Cpu, 'cpu', () => {
        Loop(() => {
          const my = Local('my', Ticket)
          Step('call arch_spin_lock', () => {})
          Step('l1: atomic fetch and add', () => {
            my.set(lock.next)
            lock.next.increment()
          })
          Step('l2', () => Await(lock.owner.eq(my)))
          Step('cs', () => {})
          Step('call arch_spin_unlock', () => {})
          Step('u1', () => lock.owner.increment())
          Step('u2', () => {})
        })
      }),
    ],
  })
}
