/**
 * Records come in: from TypeScript, initial states or states of a table that is divided; from other partitions,
 * successors.
 */
import type { Func } from '../../wasm/function.ts'
import { forUpTo, when } from '../../wasm/control.ts'
import { local32, parameter32 } from '../../wasm/typed.ts'
import { control } from '../memory.ts'
import { emitHash, homeOf, outboxOf } from './hash.ts'
import { toForm } from './canonical.ts'
import { newStates } from './new-states.ts'
import { emitSend } from './outboxes.ts'
import { isPartitioned, type EngineScope } from './scope.ts'
import { emitInsert } from './visited-set.ts'
import { loadWords, localWords } from './words.ts'

/**
 * (how many) Takes records, which are where successors are: states that belong here are kept, others sent on.
 *
 *     (for each record
 *       (if (its bucket goes to another partition) (send) (else (insert))))
 */
export function emitReceive(f: Func, scope: EngineScope): void {
  const { plan, canonical } = scope
  const { record, successors } = plan
  const from = local32(f),
    end = local32(f),
    slot = local32(f),
    orbit = canonical === undefined ? undefined : local32(f)
  const words = localWords(f, plan.words)
  const found = newStates(f, scope)
  found.open()
  end.set(successors.start.add(parameter32(0).mul(record.bytes)))
  forUpTo(f, from, { from: successors.start, end, step: record.bytes }, () => {
    if (canonical !== undefined) orbit?.set(toForm(canonical, from))
    loadWords(words, from)
    const [parent, ordinal] = [record.parent.load(from), record.ordinal.load(from)]
    const hash = emitHash(f, scope, words)
    slot.set(homeOf(plan, hash))
    const insert = (): void => {
      emitInsert(f, plan, words, slot, () => {
        found.keep(words, parent, ordinal, orbit)
      })
    }
    if (!isPartitioned(scope)) {
      insert()
      return
    }
    const outbox = outboxOf(plan, hash)
    when(
      f,
      outbox.ne(control.me.load()),
      () => {
        emitSend(f, plan, outbox, words, parent, ordinal)
      },
      insert,
    )
  })
  found.close()
}
