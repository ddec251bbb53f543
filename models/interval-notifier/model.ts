/** Interval notifiers: brackets, a driver's subscriptions, its faults, and the registration of the first one. */
import {
  and,
  Bool,
  Choose,
  deadlock,
  ForEach,
  If,
  lockDeadlock,
  model,
  not,
  recoverable,
  setOf,
  type Model,
} from 'hmmcheck'
import { Va } from 'hmmcheck/kernel'
import { no_use_after_kfree, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { classic, cow, reap, zap } from './bracket.ts'
import { fault } from './fault.ts'
import { callback_sets_seq, classic_listed, faults, registers, subscribes } from './fixes.ts'
import { properties } from './properties.ts'
import { failing, interval, intervals, Notifier, Sub } from './state.ts'
import { register, subscriber } from './subscriber.ts'

export const intervalNotifier = (): Model =>
  model('interval-notifier', {
    threads: [zap, reap, cow, subscriber, fault, register],

    initially: () => {
      ForEach(Sub, (one) => {
        const va = Choose('va', Va)
        interval.at(one).set(va)
      })
      intervals.has_itree.set(not(registers))
      If(classic_listed, () => {
        const fails = Choose('fails', Notifier)
        const one_fails = Choose('one_fails', Bool)
        If(one_fails, () => failing.add(fails))
        classic.list.set(setOf(Notifier).all)
      })
    },

    properties: [
      ...properties(),
      ...testedUnless(not(and(faults, callback_sets_seq)), snapshot_is_valid()),
      ...testedUnless(not(subscribes), no_use_after_kfree()),
      recoverable(),
      deadlock(),
      lockDeadlock(),
    ],
  })
