/** Walks in a module of its own: what TypeScript says to it, and hears from it. */
import { instantiateOver } from '../../wasm/instantiate.ts'
import { mostPages, pageBytes, pagesFor, writeToPages } from '../../wasm/memory.ts'
import { watchesOf, type Finding } from '../findings.ts'
import { control, planMemory, type PlanNeeds } from '../memory.ts'
import { coverageOf, type CoverageTable } from './coverage.ts'
import { walkExportNames, type WalkExports } from './exports.ts'
import { NONE, planWalks, pointNumbers, stretchOf, type PointPlace, type WalkPlan } from './memory.ts'
import type { WalkStart, StrategyName } from './strategy.ts'

/** All that a thread needs to walk: it can be sent to it. */
export interface WalkSetup {
  readonly code: WebAssembly.Module
  readonly needs: PlanNeeds
  /** The initial states, packed. */
  readonly initial: readonly Uint8Array[]
  /** Of each instance. */
  readonly points: readonly PointPlace[]
  /** Whether distinct states and transitions are counted, which takes memory and time. */
  readonly counts: boolean
  /** States that are counted at most. */
  readonly limit: number
}

/** A finding of a walk after these transitions. */
export interface WalkSighting extends Pick<Finding, 'watch' | 'successors' | 'fails'> {
  readonly ordinals: readonly number[]
}

export interface Stretches {
  readonly steps: number
  readonly findings: readonly WalkSighting[]
}

/** The state of a walk for a strategy that TypeScript follows. */
export interface StepView {
  /** Transitions that can be taken. */
  readonly count: number
  instanceOf(transition: number): number
  /** What is known of the control point of a thread: `pointFact`. */
  factsOf(thread: number): number
}

export interface Walker {
  /** Starts at an initial state, and ends after `maxSteps` steps or where there is no transition to take. */
  walk(strategy: StrategyName, beginning: WalkStart, initial: number, maxSteps: number): Stretches
  /** The same, by a function that chooses the transitions. */
  walkBy(choose: (view: StepView) => number, initial: number, maxSteps: number): Stretches
  readonly coverage: CoverageTable
  /** 1 for each edge that was taken. */
  taken(): Uint8Array
  /** Each watch is found once; after this, once more. */
  forget(): void
}

/** Writes down where the control points stand, and what is known of them. */
function writePoints({ points, facts }: WalkPlan, view: DataView, places: readonly PointPlace[]): void {
  let next = 0
  places.forEach(({ offset, shift, mask, facts: known }, thread) => {
    const numbers = [offset, shift, mask, facts.addressOf(next)]
    numbers.forEach((number, n) => {
      points.write(view, thread * pointNumbers + n, number)
    })
    for (const fact of known) facts.write(view, next++, fact)
  })
}

/** Starts the module over a memory of its own. */
export function startWalker({ code, needs, initial, points, counts, limit }: WalkSetup): Walker {
  const plan = planMemory(needs)
  const walk = planWalks(plan, {
    threads: points.length,
    points: points.reduce((sum, { facts }) => sum + facts.length, 0),
  })
  const memory = new WebAssembly.Memory({ initial: pagesFor(walk.table), maximum: mostPages })
  const engine = instantiateOver<WalkExports>(code, memory, walkExportNames)
  let [bytes, view] = [new Uint8Array(memory.buffer), new DataView(memory.buffer)]
  const resize = (end: number): void => {
    const missing = pagesFor(end) - memory.buffer.byteLength / pageBytes
    const before = bytes.length
    if (missing > 0) memory.grow(missing)
    bytes = new Uint8Array(memory.buffer)
    view = new DataView(memory.buffer)
    writeToPages(bytes, before)
  }
  writePoints(walk, view, points)
  const coverage = coverageOf(walk, engine, { bytes: () => bytes, view: () => view, resize }, { limit, counts })
  const watches = watchesOf({ plan, view: () => view })
  const { input, stateBytes } = plan
  const longest = stretchOf(plan)

  /** Walks stretch by stretch. `go` walks one, from a number of steps on, and ends where something is found. */
  const inStretches = (start: number, maxSteps: number, go: (steps: number, done: number) => number): Stretches => {
    const state = initial[start]
    if (state === undefined) throw new RangeError(`there is no initial state ${start}`)
    bytes.set(state, input.address)
    walk.last.write(view, NONE)
    const [before, findings]: [number[], WalkSighting[]] = [[], []]
    let done = 0
    for (;;) {
      const wanted = Math.min(longest, maxSteps - done)
      const steps = go(wanted, done)
      done += steps
      const found = control.found.read(view) !== 0
      const ended = done === maxSteps || (!found && steps < wanted)
      if (found || !ended) for (let n = 0; n < steps; n++) before.push(walk.ordinals.read(view, n))
      if (found)
        for (const { watch, successors, fails } of watches.take({ log: 0, index: 0 }))
          findings.push({ watch, successors, fails, ordinals: [...before] })
      coverage.cover(steps)
      if (ended) return { steps: done, findings }
      const from = input.addressOf(steps)
      bytes.copyWithin(input.address, from, from + stateBytes)
    }
  }

  const instanceOf = (transition: number): number => {
    const address = plan.successors.address + transition * stateBytes
    let thread = 0
    while (walk.threadEnds.read(view, thread + 1) <= address) thread++
    return thread
  }
  const one = {
    count: 0,
    step: 0,
    instanceOf,
    factsOf: (thread: number): number => engine.factsOf(thread, one.step),
  }
  return {
    walk(strategy, { chance, priorities = [], demotions = [] }, start, maxSteps) {
      walk.chance.forEach((cell, n) => {
        cell.write(view, chance[n] ?? 0)
      })
      // above half of the numbers, so that those that fall behind are above 0
      walk.lowest.write(view, 2 ** 31)
      priorities.forEach((priority, thread) => {
        walk.priorities.write(view, thread, 2 ** 31 + priority)
      })
      return inStretches(start, maxSteps, (steps, done) => {
        const here = demotions.map((step) => step - done).filter((step) => step >= 0 && step < steps)
        for (const step of here) walk.demotions.write(view, step, walk.demotions.read(view, step) + 1)
        const walked = engine[strategy](steps)
        for (const step of here) walk.demotions.write(view, step, 0)
        return walked
      })
    },
    walkBy: (choose, start, maxSteps) =>
      inStretches(start, maxSteps, (steps) => {
        for (one.step = 0; ; one.step++) {
          one.count = engine.look(one.step)
          if (control.found.read(view) !== 0 || one.count === 0 || one.step === steps) return one.step
          engine.take(one.step, choose(one))
        }
      }),
    coverage,
    taken: () => bytes.slice(walk.walked.address, walk.walked.address + walk.walked.count),
    forget() {
      watches.lookForAll()
    },
  }
}
