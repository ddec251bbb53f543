/**
 * Two-phase commit with N resource managers (Stateright `2pc.rs`, TLA+ `TwoPhase`).
 *
 * Messages are only ever added, so a receipt can happen again and again: those are self-loops, and they count.
 */
import {
  and,
  array,
  Await,
  Bool,
  Either,
  every,
  invariant,
  Loop,
  model,
  not,
  oneOf,
  setOf,
  shared,
  some,
  sometimes,
  sort,
  Step,
  thread,
  threadPer,
} from '../../src/language/index.ts'
import type { Oracle } from './oracle.ts'

const ResourceManager = sort('ResourceManager')

const rm = shared('rm', array(ResourceManager, oneOf('working', 'prepared', 'committed', 'aborted')))
const tm = shared('tm', oneOf('init', 'committed', 'aborted'))
const tmPrepared = shared('tmPrepared', setOf(ResourceManager))
const sentPrepared = shared('sentPrepared', setOf(ResourceManager))
const sentCommit = shared('sentCommit', Bool)
const sentAbort = shared('sentAbort', Bool)

/** The transaction manager hears one of them. A thread for each, so that no local keeps the last one's name. */
const receivePrepared = threadPer(
  ResourceManager,
  'transaction manager hears',
  (r) => {
    Loop(() => {
      Step('receive Prepared', () => {
        Await(and(tm.eq('init'), sentPrepared.has(r)))
        tmPrepared.add(r)
      })
    })
  },
  { daemon: true },
)

const transactionManager = thread(
  'transaction manager',
  () => {
    Loop(() => {
      Either(
        () =>
          Step('commit', () => {
            Await(
              and(
                tm.eq('init'),
                every(ResourceManager, (r) => tmPrepared.has(r)),
              ),
            )
            tm.set('committed')
            sentCommit.set(true)
          }),
        () =>
          Step('abort', () => {
            Await(tm.eq('init'))
            tm.set('aborted')
            sentAbort.set(true)
          }),
      )
    })
  },
  { daemon: true },
)

const resourceManager = threadPer(
  ResourceManager,
  'resource manager',
  (r) => {
    Loop(() => {
      Either(
        () =>
          Step('prepare', () => {
            Await(rm.at(r).eq('working'))
            rm.at(r).set('prepared')
            sentPrepared.add(r)
          }),
        () =>
          Step('choose to abort', () => {
            Await(rm.at(r).eq('working'))
            rm.at(r).set('aborted')
          }),
        () =>
          Step('receive Commit', () => {
            Await(sentCommit)
            rm.at(r).set('committed')
          }),
        () =>
          Step('receive Abort', () => {
            Await(sentAbort)
            rm.at(r).set('aborted')
          }),
      )
    })
  },
  { daemon: true },
)

export const twoPhaseCommit = model('two-phase commit', {
  threads: [transactionManager, receivePrepared, resourceManager],
  properties: [
    invariant(
      'no two disagree',
      not(
        and(
          some(ResourceManager, (r) => rm.at(r).eq('committed')),
          some(ResourceManager, (r) => rm.at(r).eq('aborted')),
        ),
      ),
    ),
    sometimes(
      'all commit',
      every(ResourceManager, (r) => rm.at(r).eq('committed')),
    ),
    sometimes(
      'one prepares and aborts',
      some(ResourceManager, (r) => and(rm.at(r).eq('aborted'), sentPrepared.has(r))),
    ),
  ],
})

const row = (
  resourceManagers: number,
  counts: Pick<Oracle, 'states' | 'stored' | 'transitions' | 'depth'>,
): Oracle => ({
  name: `two-phase commit, ${resourceManagers} resource managers`,
  model: twoPhaseCommit,
  configuration: { sizes: { ResourceManager: resourceManagers }, constants: {} },
  ...counts,
  // Everybody prepares and is heard, the manager commits, everybody hears it. One prepares, the manager aborts, it
  // hears that.
  shortest: { 'all commit': 3 * resourceManagers + 1, 'one prepares and aborts': 3 },
})

export const rows: readonly Oracle[] = [
  row(1, { states: 12 }),
  row(2, { states: 56 }),
  row(3, { states: 288, stored: 80, transitions: 1_145, depth: 11 }),
  row(4, { states: 1_568, stored: 166 }),
  row(5, { states: 8_832, stored: 314, transitions: 58_145, depth: 17 }),
  row(6, { states: 50_816, stored: 553 }),
  row(7, { states: 296_448, stored: 920, transitions: 2_744_705, depth: 23 }),
  row(8, { states: 1_745_408, transitions: 18_507_777, depth: 26 }),
  row(9, { states: 10_340_352, transitions: 123_558_401, depth: 29 }),
  row(10, { states: 61_515_776 }),
]
