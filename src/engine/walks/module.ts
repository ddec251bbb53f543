/**
 * The module that walks: a strategy chooses among the successors of a state, the walk goes on from the one that it
 * took, and all that it came by is counted, in WebAssembly.
 */
import type { Compiled } from '../../compiler/compile.ts'
import { module } from '../../wasm/assembler.ts'
import type { ValueType } from '../../wasm/expression.ts'
import type { Func } from '../../wasm/function.ts'
import { mostPages, pagesFor } from '../../wasm/memory.ts'
import type { EngineScope } from '../emit/scope.ts'
import { emitRecorders } from '../emit/observer.ts'
import { emitOfState } from '../emit/state-functions.ts'
import { needsOf, planMemory, type PlanNeeds } from '../memory.ts'
import { emitDraw } from './emit/chance.ts'
import { emitAbsorb, emitCover, emitHome, emitTally } from './emit/coverage.ts'
import { emitFactsOf, emitLook, emitTake, emitWalk, type WalkFunctions } from './emit/walk.ts'
import { walkExportNames, type WalkExports } from './exports.ts'
import { planWalks, type WalkNeeds } from './memory.ts'
import type { StrategyName } from './strategy.ts'

/** The options of a module that walks. */
const options = { labelled: true }

export const planNeedsOf = (compiled: Compiled): PlanNeeds => needsOf(compiled, options)

const walkersOf = ({ layout: { instances } }: Compiled): WalkNeeds => ({
  threads: instances.length,
  points: instances.reduce((sum, { thread }) => sum + thread.points.length, 0),
})

/** The bytes of the module. */
export function emitWalks(compiled: Compiled): Uint8Array {
  const plan = planMemory(planNeedsOf(compiled))
  const needs = walkersOf(compiled)
  const walk = planWalks(plan, needs)
  const m = module({ initial: pagesFor(walk.table), maximum: mostPages, shared: false })
  const scope: EngineScope = { compiled, plan, options, recorders: emitRecorders(m) }
  const emit = (parameters: readonly ValueType[], results: readonly ValueType[], write: (f: Func) => void): number =>
    m.function(parameters, results, write)

  const { ofState } = emitOfState(m, scope, walk.threadEnds)
  const look = emit(['i32'], ['i32'], (f) => {
    emitLook(f, scope, ofState)
  })
  const take = emit(['i32', 'i32'], [], (f) => {
    emitTake(f, walk)
  })
  const factsOf = emit(['i32', 'i32'], ['i32'], (f) => {
    emitFactsOf(f, walk)
  })
  const draw = emit(['i32'], ['i32'], (f) => {
    emitDraw(f, walk)
  })
  const functions: WalkFunctions = { look, take, factsOf, draw }
  const by = (strategy: StrategyName): number =>
    emit(['i32'], ['i32'], (f) => {
      emitWalk(f, walk, needs.threads, strategy, functions)
    })
  const home = emit(['i32'], ['i32'], (f) => {
    emitHome(f, scope, walk)
  })
  const tally = emit(['i32', 'i32', 'i64'], [], (f) => {
    emitTally(f, walk)
  })
  const cover = emit(['i32'], [], (f) => {
    emitCover(f, walk, { home, tally })
  })
  const absorb = emit(['i32'], [], (f) => {
    emitAbsorb(f, walk, { home, tally })
  })
  const exported: Readonly<Record<keyof WalkExports, number>> = {
    uniform: by('uniform'),
    pct: by('pct'),
    brackets: by('brackets'),
    ...functions,
    cover,
    absorb,
  }
  for (const name of walkExportNames) m.export(name, exported[name])
  return m.finish()
}
