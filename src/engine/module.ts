/**
 * The module that searches: it takes parents, generates their successors, and looks up and keeps these, all in
 * WebAssembly. docs/internals.md explains it; docs/decisions/0002-engine.md says why it is built so.
 */
import type { Compiled } from '../compiler/compile.ts'
import { module } from '../wasm/assembler.ts'
import type { Func } from '../wasm/function.ts'
import type { ValueType } from '../wasm/expression.ts'
import { mostPages } from '../wasm/memory.ts'
import { emitCanonical, emitOwnForm } from './emit/canonical.ts'
import { emitEdges } from './emit/edges.ts'
import { emitExpand } from './emit/expand.ts'
import { emitMark } from './emit/mark.ts'
import { emitRecorders } from './emit/observer.ts'
import { emitReceive, emitReceiveKeys } from './emit/receive.ts'
import { emitReturning } from './emit/returning.ts'
import { hasFingerprints, type EmitOptions, type EngineScope } from './emit/scope.ts'
import { emitOfState } from './emit/state-functions.ts'
import { emitSuccessorsOfAll, emitSuccessorsOfInstance, emitSuccessorsOfThread } from './emit/successors.ts'
import { emitFind, emitTakeOut, emitPutBack, emitRehash } from './emit/visited-set.ts'
import { exportNames, type EngineExports } from './exports.ts'
import { memoryPages, planOf } from './memory.ts'

/** The bytes of the module. */
export function emitEngine(compiled: Compiled, options: EmitOptions): Uint8Array {
  const plan = planOf(compiled, options)
  const m = module({ initial: memoryPages(plan, 0), maximum: mostPages, shared: false })
  const own = { compiled, plan, options, recorders: emitRecorders(m) }
  const form = emitCanonical(m, own)
  const scope: EngineScope = { ...own, ...(form === undefined ? {} : { canonical: form }) }
  const emit = (parameters: readonly ValueType[], results: readonly ValueType[], write: (f: Func) => void): number =>
    m.function(parameters, results, write)

  const { parts, ofState } = emitOfState(m, scope)
  const expand = emit(['i32', 'i32'], ['i32'], (f) => {
    emitExpand(f, scope, ofState)
  })
  const receive = emit(['i32'], [], (f) => {
    emitReceive(f, scope)
  })
  const receiveKeys = hasFingerprints(scope)
    ? emit(['i32'], [], (f) => {
        emitReceiveKeys(f, scope)
      })
    : receive
  const successorsOfAll = emit([], ['i32'], (f) => {
    emitSuccessorsOfAll(f, scope, ofState)
  })
  const ofInstance = emit(['i32', 'i32', 'i32'], ['i32'], (f) => {
    emitSuccessorsOfInstance(f, parts)
  })
  const successorsOfThread = emit(['i32'], ['i32'], (f) => {
    emitSuccessorsOfThread(f, scope, { ...parts, ofInstance })
  })
  const mark = emit(['i32'], [], (f) => {
    emitMark(f, scope, ofState)
  })
  const find = emit(['i32'], ['i32'], (f) => {
    emitFind(f, scope)
  })
  const edges = emit(['i32', 'i32'], ['i32'], (f) => {
    emitEdges(f, scope, { ofState, idle: parts.idle, find })
  })
  const returning = emit(['i32', 'i32', 'i32'], ['i32'], (f) => {
    emitReturning(f, scope, { ofInstance, idle: parts.idle, find })
  })
  const takeOut = emit(['i32', 'i32'], ['i32'], (f) => {
    emitTakeOut(f, scope)
  })
  const putBack = emit(['i32'], [], (f) => {
    emitPutBack(f, scope)
  })
  const rehash = emit(['i32'], ['i32'], (f) => {
    emitRehash(f, scope)
  })
  const canonical = form ?? emit(['i32'], ['i32'], emitOwnForm)
  const exported: Readonly<Record<keyof EngineExports, number>> = {
    expand,
    receive,
    receiveKeys,
    successorsOfAll,
    successorsOfThread,
    mark,
    idle: parts.idle,
    find,
    edges,
    returning,
    takeOut,
    putBack,
    rehash,
    canonical,
  }
  for (const name of exportNames) m.export(name, exported[name])
  return m.finish()
}
