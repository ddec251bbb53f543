/**
 * Records come in: from TypeScript, initial states or states of a table that is divided; from other partitions,
 * successors. Each is the form of its orbit already.
 */
import type { Func } from '../../wasm/function.ts'
import { forUpTo, when } from '../../wasm/control.ts'
import { load32, local32, local64, parameter32, store32 } from '../../wasm/typed.ts'
import { control, lookup, planOfKeys } from '../memory.ts'
import { homeOf, outboxOf } from './hash.ts'
import { emitKey, emitKnownKey } from './key.ts'
import { newStates } from './new-states.ts'
import { emitSend } from './outboxes.ts'
import { isPartitioned, type EngineScope } from './scope.ts'
import { emitTouch } from './touch.ts'
import { emitInsert } from './visited-set.ts'
import { loadWords, localWords } from './words.ts'

/**
 * (how many) Takes records, which are where successors are: states that belong here are kept, others sent on.
 *
 *     (for each record (its lookup := its outbox, or its home))
 *     touch
 *     (for each record
 *       (if (it goes to an outbox) (send) (else (insert))))
 *
 * @param keyOf whether a record has a state, or the key of one: then what is new goes to a table, and nowhere else
 */
export function emitReceive(f: Func, scope: EngineScope, keyOf: typeof emitKey = emitKey): void {
  const { plan } = scope
  const keys = planOfKeys(plan)
  const { record, successors, lookups } = plan
  const [from, end, slot, at] = [local32(f), local32(f), local32(f), local32(f)]
  const sink = local64(f)
  const words = localWords(f, plan.words)
  const found = newStates(f, scope)
  end.set(successors.start.add(parameter32(0).mul(record.bytes)))
  at.set(lookups.start)
  forUpTo(f, from, { from: successors.start, end, step: record.bytes }, () => {
    loadWords(words, from)
    const { hash } = keyOf(f, scope, words)
    const stays = (): void => {
      store32(f, at, homeOf(keys, hash))
    }
    if (isPartitioned(scope)) {
      const outbox = local32(f)
      outbox.set(outboxOf(f, scope, words, hash))
      const goes = (): void => {
        store32(f, at, lookup.toOutbox(outbox))
      }
      when(f, outbox.ne(control.me.load()), goes, stays)
    } else stays()
    at.set(at.add(lookups.stride))
  })
  emitTouch(f, plan, { end: at, at: slot, sink })
  control.sink.store(f, sink)
  found.open()
  at.set(lookups.start)
  forUpTo(f, from, { from: successors.start, end, step: record.bytes }, () => {
    loadWords(words, from)
    slot.set(load32(at))
    const [parent, ordinal] = [record.parent.load(from), record.ordinal.load(from)]
    const orbit = record.orbit?.load(from)
    const insert = (): void => {
      emitInsert(f, keys, keyOf(f, scope, words).words, slot, () => {
        found.keep(words, parent, ordinal, orbit)
      })
    }
    const send = (): void => {
      emitSend(f, plan, lookup.outboxOf(slot), { words, parent, ordinal, orbit })
    }
    if (isPartitioned(scope)) when(f, lookup.isOutbox(slot), send, insert)
    else insert()
    at.set(at.add(lookups.stride))
  })
  found.close()
}

/** The same of records that have the keys of states, as the table of another partition holds them. */
export function emitReceiveKeys(f: Func, scope: EngineScope): void {
  emitReceive(f, scope, emitKnownKey)
}
