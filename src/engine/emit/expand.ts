/** The search: blocks of parents are expanded, each in four phases. */
import type { Func } from '../../wasm/function.ts'
import { doWhile, leaveIf, loopWhile, when } from '../../wasm/control.ts'
import { all, call32, load32, local32, local64, opposite, parameter32, store32 } from '../../wasm/typed.ts'
import type { I32, I64, Local32, Local64 } from '../../wasm/typed.ts'
import { control, lookup, planOfKeys, type MemoryPlan } from '../memory.ts'
import { toForm } from './canonical.ts'
import { homeOf, outboxOf, recentPlaceOf } from './hash.ts'
import { emitKey } from './key.ts'
import { roomForNew, newStates, type NewStates } from './new-states.ts'
import { emitSend, roomInOutboxes } from './outboxes.ts'
import { beginParent, hasFingerprints, isPartitioned, statesIn, type EngineScope } from './scope.ts'
import { emitTouch } from './touch.ts'
import { emitInsert, roomInSet } from './visited-set.ts'
import { areEqual, isZero, loadWords, localWords, storeWords, wordsAt } from './words.ts'

/** The values that the phases hand to each other, in locals. */
interface Block {
  readonly f: Func
  readonly scope: EngineScope
  /** The parent to be expanded next: behind those of the block. */
  readonly next: Local32
  /** The first parent of the block. */
  readonly first: Local32
  /** The address behind the last successor. */
  readonly end: Local32
  /** The address behind the last lookup. */
  readonly lookupsEnd: Local32
  /** The successor that is looked at: its address and its words. */
  readonly from: Local32
  readonly words: readonly Local64[]
  readonly slot: Local32
  /** The address of its fingerprint, where that is its key. */
  readonly fingerprint: Local32
  readonly sink: Local64
  /** The outbox that stands for this partition. */
  readonly me: Local32
  readonly found: NewStates
}

/**
 * (first parent, behind the last) -> the first that was not expanded: less than asked if the room ran out.
 *
 *     (loop while (next < end of the parents)
 *       (br_if $done (there is no room for a block))
 *       generate, look up, touch, keep)
 */
export function emitExpand(f: Func, scope: EngineScope, successorsOf: number): void {
  const { plan } = scope
  const end = parameter32(1)
  const block: Block = {
    f,
    scope,
    next: local32(f),
    first: local32(f),
    end: local32(f),
    lookupsEnd: local32(f),
    from: local32(f),
    words: localWords(f, plan.words),
    slot: local32(f),
    fingerprint: local32(f),
    sink: local64(f),
    me: local32(f),
    found: newStates(f, scope),
  }
  block.next.set(parameter32(0))
  control.remembers.store(f, 1n)
  if (isPartitioned(scope)) block.me.set(control.me.load())
  loopWhile(f, block.next.lt(end), (done) => {
    leaveIf(f, done, opposite(all([...roomInSet(scope), ...roomForNew(plan), ...roomInOutboxes(scope)])))
    emitGenerate(block, end, successorsOf)
    emitLookUp(block)
    emitTouch(f, plan, { end: block.lookupsEnd, at: block.slot, sink: block.sink })
    emitKeep(block)
  })
  control.remembers.store(f, 0n)
  control.hasJudged.store(f, 0n)
  control.sink.store(f, block.sink)
  f.result(block.next.w)
}

/**
 * Phase one: all successors of a block of parents. The block ends at the last parent, after `blockParents`, or where
 * the successors of one more could find no room.
 */
function emitGenerate({ f, scope, next, first, end }: Block, endOfParents: I32, successorsOf: number): void {
  const { plan, canonical } = scope
  const before = local32(f)
  const { blockParents, blockSuccessors, fanOut, input, stateBytes, successors } = plan
  first.set(next)
  end.set(successors.start)
  f.block((full) => {
    doWhile(
      f,
      () => {
        beginParent(f, next, end)
        if (canonical !== undefined) before.set(end)
        end.set(call32(successorsOf, input.at(next), end))
        if (canonical !== undefined) {
          // of every state of the orbit
          const each = statesIn(plan, end.sub(before)).extend()
          countTransitions(f, each.mul(toForm(canonical, input.at(next)).extend()))
        }
        plan.blockEnds.store(f, next.sub(first), end)
        next.set(next.add(1))
        leaveIf(f, full, next.ge(endOfParents))
        leaveIf(f, full, next.sub(first).ge(blockParents))
      },
      () => end.le(successors.addressOf(0) + (blockSuccessors - fanOut) * stateBytes),
    )
  })
  if (canonical === undefined) countTransitions(f, statesIn(plan, end.sub(successors.address)).extend())
}
const countTransitions = (f: Func, more: I64): void => {
  control.transitions.store(f, control.transitions.load().add(more))
}

/**
 * Phase two: for each successor, where it would stand (`lookup`): its home slot, an outbox, or nowhere, if it was met
 * lately. Where there is anything to permute, the successor becomes the form of its orbit before.
 */
function emitLookUp(block: Block): void {
  const { f, scope, end, lookupsEnd, from, words, fingerprint, me } = block
  const { plan } = scope
  const { successors, lookups, fingerprints, stateBytes } = plan
  if (hasFingerprints(scope)) fingerprint.set(fingerprints.start)
  from.set(successors.start)
  lookupsEnd.set(lookups.start)
  loopWhile(f, from.lt(end), () => {
    if (scope.canonical !== undefined) store32(f, lookupsEnd, toForm(scope.canonical, from), orbitOffset(plan))
    loadWords(words, from)
    const { hash, words: key } = emitKey(f, scope, words)
    if (hasFingerprints(scope)) {
      storeWords(f, fingerprint, key)
      fingerprint.set(fingerprint.add(fingerprints.stride))
    }
    f.block((done) => {
      const stays = (): void => {
        store32(f, lookupsEnd, homeOf(planOfKeys(plan), hash))
      }
      if (!isPartitioned(scope)) {
        stays()
        return
      }
      const outbox = local32(f)
      outbox.set(outboxOf(f, scope, words, hash))
      const goes = (): void => {
        emitRecent(block, hash, () => {
          store32(f, lookupsEnd, lookup.recent)
          f.br(done)
        })
        store32(f, lookupsEnd, lookup.toOutbox(outbox))
      }
      when(f, outbox.ne(me), goes, stays)
    })
    lookupsEnd.set(lookupsEnd.add(lookups.stride))
    from.set(from.add(stateBytes))
  })
}

/** From the lookup of a successor to the size of its orbit. */
const orbitOffset = ({ orbitSizes, lookups }: MemoryPlan): number => orbitSizes.address - lookups.address

/**
 * A small cache of states that were sent lately: most successors are old, and one that was sent already need not go
 * again. Each state has one place there, and takes it from the one before. A lookup in this partition's own table
 * costs less than the cache would.
 */
function emitRecent({ f, scope: { plan }, words }: Block, hash: I64, known: () => void): void {
  const place = local32(f)
  place.set(recentPlaceOf(plan, hash))
  when(f, areEqual(wordsAt(plan.words, place), words), () => {
    when(f, isZero(words).isZero(), known)
  })
  storeWords(f, place, words)
}

/**
 * Phase four: parent by parent, what is new is kept, and what belongs to other partitions sent.
 *
 *     (loop for each parent
 *       (loop for each of its successors
 *         (if (it belongs elsewhere)
 *           (if (it was not sent lately) (send))
 *           (else (insert)))))
 */
function emitKeep(block: Block): void {
  const { f, scope, next, first, lookupsEnd, from, words, slot, fingerprint, found } = block
  const { plan } = scope
  const { successors, lookups, fingerprints, blockEnds, stateBytes } = plan
  const last = local32(f),
    ordinal = local32(f),
    firstOffset = local32(f)
  const parent = first
  found.open()
  from.set(successors.start)
  lookupsEnd.set(lookups.start)
  if (hasFingerprints(scope)) fingerprint.set(fingerprints.start)
  firstOffset.set(parent.mul(blockEnds.stride))
  doWhile(
    f,
    () => {
      last.set(load32(parent.mul(blockEnds.stride).sub(firstOffset), blockEnds.address))
      ordinal.set(0)
      loopWhile(f, from.lt(last), () => {
        loadWords(words, from)
        slot.set(load32(lookupsEnd))
        const orbit = scope.canonical === undefined ? undefined : load32(lookupsEnd, orbitOffset(plan))
        const insert = (): void => {
          const key = hasFingerprints(scope) ? wordsAt(plan.keyWords, fingerprint) : words
          emitInsert(f, planOfKeys(plan), key, slot, () => {
            found.keep(words, parent, ordinal, orbit)
          })
        }
        const send = (): void => {
          when(f, slot.ne(lookup.recent), () => {
            emitSend(f, plan, lookup.outboxOf(slot), { words, parent, ordinal, orbit })
          })
        }
        if (isPartitioned(scope)) when(f, lookup.isElsewhere(slot), send, insert)
        else insert()
        ordinal.set(ordinal.add(1))
        lookupsEnd.set(lookupsEnd.add(lookups.stride))
        if (hasFingerprints(scope)) fingerprint.set(fingerprint.add(fingerprints.stride))
        from.set(from.add(stateBytes))
      })
      first.set(parent.add(1))
    },
    () => parent.lt(next),
  )
  found.close()
}
