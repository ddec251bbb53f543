/** Effects on queues: a length, and cells of which those behind the length are blank. */
import type { Type, TypeOf } from '../../language/ast.ts'
import type { BranchTarget } from '../../wasm/function.ts'
import { both32, binaryOp, failIf, choose, i32, i64, isNo, either32, unary, type W } from '../../wasm/expression.ts'
import { internal, number, partsOf } from '../encoding.ts'
import type { QueueEffect } from '../program.ts'
import { readAt, writeAt } from './access.ts'
import { emitCode, isSmall, partOf, partType } from './coded.ts'
import { emitEqual } from './compare.ts'
import { emitExpression } from './expression.ts'
import { fitTo } from './fit.ts'
import { partAt, type Location } from './location.ts'
import { scopeIn } from './scope.ts'
import type { PackedState } from './state.ts'
import { failOnError, settleValue, settleNumber, targetIn, type TransitionWriting } from './store.ts'
import { coded, composed, fitted, placed, type Fitted } from './value.ts'
import { keep, type Writing } from './writing.ts'

/** A queue in the state. */
interface Queue {
  readonly type: TypeOf<'queue'>
  readonly lengthAt: Location
  readonly length: W
  readonly cells: readonly Location[]
}

export function emitQueueEffect(
  t: TransitionWriting,
  effect: QueueEffect,
  state: PackedState,
  out: BranchTarget,
): void {
  const { w } = t
  const at = targetIn(t, effect.target, state, out)
  if (at.type.kind !== 'queue') return internal('a queue operation on no queue')
  const lengthAt = partAt(w, at, 'length')
  const length = keep(w, readAt(w, state, lengthAt), true)
  const cells = Array.from({ length: number(at.type.capacity) }, (_, i) => partAt(w, at, String(i)))
  const queue: Queue = { type: at.type, lengthAt, length, cells }
  switch (effect.op) {
    case 'push':
      push(t, effect, state, queue, out)
      return
    case 'pop':
      w.f.drop(failIf(binaryOp('eq64', length, i64(0)), i64(0)))
      failOnError(t, out)
      closeUp(w, state, queue, () => i32(1))
      writeAt(w, state, lengthAt, keep(w, binaryOp('sub64', length, i64(1)), true))
      return
    case 'discard':
      discard(t, effect, state, queue, out)
      return
  }
}

type Given = Extract<QueueEffect, { readonly value: unknown }>

function push(t: TransitionWriting, effect: Given, state: PackedState, queue: Queue, out: BranchTarget): void {
  const { w } = t
  const { length, lengthAt, cells, type } = queue
  const { value, partial } = settleValue(
    w,
    fitTo(w, emitExpression(w, effect.value, scopeIn(t.instance, state)), type.of),
  )
  const full = failIf(binaryOp('ge64s', length, i64(number(type.capacity))), i64(0))
  if (full.partial) w.f.drop(full)
  if (partial || full.partial) failOnError(t, out)
  cells.forEach((cell, i) => {
    putIf(w, state, keep(w, binaryOp('eq64', length, i64(i)), true), cell, value)
  })
  writeAt(w, state, lengthAt, keep(w, binaryOp('add64', length, i64(1)), true))
}

/** Takes out the first element that is equal, if there is one. */
function discard(t: TransitionWriting, effect: Given, state: PackedState, queue: Queue, out: BranchTarget): void {
  const { w } = t
  const { length, lengthAt, cells } = queue
  const sought = emitExpression(w, effect.value, scopeIn(t.instance, state))
  const { value, partial } =
    sought.form === 'number' ? settleNumber(w, sought) : settleValue(w, fitTo(w, sought, sought.type))
  if (partial) failOnError(t, out)
  let found: W = i32(0)
  const moved = cells.map((cell, i) => {
    const isHere = both32(binaryOp('gt64s', length, i64(i)), emitEqual(w, placed(cell, state), value))
    found = keep(w, either32(found, isHere), true)
    return found
  })
  closeUp(w, state, queue, (i) => moved[i] ?? i32(0))
  writeAt(w, state, lengthAt, keep(w, binaryOp('sub64', length, unary('extend', found)), true))
}

/** Moves what stands behind a cell into it, where `moved(i)`. */
function closeUp(w: Writing, state: PackedState, { cells, type }: Queue, moved: (i: number) => W): void {
  cells.forEach((cell, i) => {
    const next = cells[i + 1]
    putIf(w, state, moved(i), cell, next === undefined ? cleared(w, type.of) : fitted(placed(next, state)))
  })
}

/** cell := condition ? value : cell, for elements of any size. */
function putIf(w: Writing, state: PackedState, condition: W, cell: Location, value: Fitted): void {
  if (isNo(condition)) return
  if (isSmall(w, cell.type)) {
    writeAt(w, state, cell, keep(w, choose(condition, emitCode(w, value), readAt(w, state, cell)), true))
    return
  }
  for (const { key } of partsOf(cell.type, w.sizes))
    putIf(w, state, condition, partAt(w, cell, key), fitted(partOf(w, value, key)))
}

const cleared = (w: Writing, type: Type): Fitted =>
  fitted(isSmall(w, type) ? coded(type, i64(0)) : composed(type, (key) => cleared(w, partType(w, type, key))))
