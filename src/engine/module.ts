/**
 * The module that searches: takes parents, generates, looks up and keeps successors, all in WebAssembly.
 * docs/decisions/ says why it is built so.
 */
import type { Compiled } from '../compiler/compile.ts'
import type { CompiledInstance } from '../compiler/layout.ts'
import { readAt } from '../compiler/to-wasm/access.ts'
import { emitCondition } from '../compiler/to-wasm/expression.ts'
import { emitSuccessors, emitWaits } from '../compiler/to-wasm/instance-functions.ts'
import { locate } from '../compiler/to-wasm/location.ts'
import { breaks, succeeded, type Observer } from '../compiler/to-wasm/observer.ts'
import { scopeIn } from '../compiler/to-wasm/scope.ts'
import { fork, stateIn } from '../compiler/to-wasm/state.ts'
import { keep, writing } from '../compiler/to-wasm/writing.ts'
import { watchOf } from '../compiler/watch.ts'
import { module, type Func, type Module, type Target } from '../wasm/assembler.ts'
import { and, binary, call, get, i32, i64, load, not, or, unary, type W } from '../wasm/expression.ts'
import { control, memoryBytes, planOf, routeBits, violationBytes, type MemoryPlan } from './memory.ts'

export interface EngineInput {
  readonly compiled: Compiled
  readonly plan: MemoryPlan
  readonly options: EmitOptions
}

/** What a module is emitted for. */
export interface EmitOptions {
  /** Partitions that successors may belong to; 0 if there is only one. */
  readonly boxes: number
  /** Whether its memory is shared between threads. */
  readonly shared: boolean
  /** For tests of collisions: bits of the hash that count, from the top. */
  readonly hashBits?: number
  /**
   * Says of every successor whose it is and by which edge, as `labelOf` reads it, from `plan.address` on: for walks,
   * which choose among them.
   */
  readonly labelled?: boolean
}

/** A successor's label: the edge, from the first of the model's, and the thread instance. */
const instanceBits = 6
export const labelOf = (label: number): { readonly instance: number; readonly edge: number } => ({
  instance: label & ((1 << instanceBits) - 1),
  edge: label >>> instanceBits,
})

const at = (address: number, size: 32 | 64 = 32): W => load(size, i32(0), address)
const set = (f: Func, address: number, value: W, size: 32 | 64 = 32): void => {
  f.store(size, i32(0), address, value)
}

function observerOf({
  compiled: { watched, edges },
  plan,
  options: { labelled = false },
}: EngineInput): Omit<Observer, 'rest'> {
  const mark = (f: Func, number: number): void => {
    f.store(8, i32(0), plan.edges + number, i32(1))
  }
  const entry = (n: number): number => plan.violations + n * violationBytes
  const record = (f: Func, n: number, successor: W): void => {
    set(f, entry(n), i32(1))
    set(f, entry(n) + 4, at(control.parent))
    set(f, entry(n) + 8, binary('sub32', successor, at(control.parentStart)))
    set(f, entry(n) + 12, at(control.fails))
    set(f, control.found, binary('add32', at(control.found), i32(1)))
  }
  return {
    watch: (claim) => watchOf(watched, claim),
    covers: (property) => watched.findIndex(({ by, claim }) => by === 'covers' && claim.name === property),
    fail(f, n, successor) {
      if (n >= 0)
        f.if(
          at(entry(n)),
          () => undefined,
          () => {
            record(f, n, successor)
          },
        )
      set(f, control.fails, binary('add32', at(control.fails), i32(1)))
    },
    found(f, n, condition, successor) {
      f.if(and(not(at(entry(n))), condition), () => {
        record(f, n, successor)
      })
    },
    settled: (n) => at(entry(n)),
    take(f, instance, edge, successor) {
      const number = instance.thread.firstEdge + edge
      mark(f, number)
      if (!labelled) return
      const n = divide(binary('sub32', successor, i32(plan.successor)), plan)
      f.store(32, binary('mul32', n, i32(4)), plan.address, i32((number << instanceBits) | instance.number))
    },
    tried(f, instance, edge) {
      mark(f, instance.thread.firstEdge + edge)
    },
    arm(f, instance, arm) {
      mark(f, edges.length + instance.thread.firstArm + arm)
    },
    stutterAddress: (n) => plan.stutter + 4 * n,
    fails: () => at(control.fails),
  }
}

/** The bytes of the module. Exports: expand, absorb, one, turn, mark, idle, locate, lift, lowest, place. */
export function emitEngine(compiled: Compiled, options: EmitOptions): Uint8Array {
  const plan = planOf(compiled, options.boxes)
  const input: EngineInput = { compiled, plan, options }
  const m = module({ initial: Math.ceil(memoryBytes(plan, 0) / 65536), maximum: 65536, shared: options.shared })
  const observing = observerOf(input)
  const resting = writeRests(m, input, observing)
  const observer: Observer = {
    ...observing,
    rest(f, instance, point, successor) {
      const looks = resting.get(instance)?.get(point)
      if (looks !== undefined) f.do(looks, successor)
    },
  }
  const successorsOf = emitSuccessors(m, compiled, observer)
  const idle = m.function(['i32'], ['i64'], (f) => {
    writeIdle(f, input)
  })
  const stuck = compiled.watched.some((w) => w.property?.kind === 'lock-deadlock')
    ? writeStuck(m, input, observer)
    : undefined
  const judge = m.function(['i32'], [], (f) => {
    writeJudge(f, input, observer)
  })
  const parent = m.function(['i32', 'i32'], ['i32'], (f) => {
    writeParent(f, input, observer, { successorsOf, idle, stuck, judge })
  })

  m.export(
    'expand',
    m.function(['i32', 'i32'], ['i32'], (f) => {
      writeExpand(f, input, parent)
    }),
  )
  m.export(
    'absorb',
    m.function(['i32'], [], (f) => {
      writeAbsorb(f, input)
    }),
  )
  m.export(
    'one',
    m.function([], ['i32'], (f) => {
      begin(f, plan, i32(0))
      f.result(binary('sub32', call(parent, 'i32', i32(plan.input), i32(plan.successor)), i32(plan.successor)))
    }),
  )
  m.export(
    'turn',
    m.function(['i32'], ['i32'], (f) => {
      writeTurn(f, input, successorsOf, judge)
    }),
  )
  m.export(
    'mark',
    m.function(['i32'], [], (f) => {
      writeMark(f, input, parent)
    }),
  )
  m.export('idle', idle)
  m.export(
    'locate',
    m.function(['i32'], ['i32'], (f) => {
      writeLocate(f, input)
    }),
  )
  m.export(
    'lift',
    m.function(['i32', 'i32'], ['i32'], (f) => {
      writeLift(f, input)
    }),
  )
  m.export(
    'lowest',
    m.function(['i32'], ['i32'], (f) => {
      writeLowest(f, input)
    }),
  )
  m.export(
    'place',
    m.function(['i32'], [], (f) => {
      writePlace(f, input)
    }),
  )
  return m.finish()
}

/** The instances that are at an allowed end in the state at the address, as a mask. */
function writeIdle(f: Func, { compiled: { model, layout } }: EngineInput): void {
  const state = stateIn(f, layout, get(0, 'i32'))
  const w = writing(f, model, layout)
  let mask: W = i64(0)
  for (const { number, thread, point: slot } of layout.instances) {
    const point = keep(w, readAt(w, state, locate(slot)), true)
    const ends = thread.points.flatMap(({ idle }, n) => (idle ? [binary('eq64', point, i64(n))] : []))
    const there = thread.source.daemon ? i32(1) : ends.reduce(or, i32(0))
    mask = keep(w, binary('or64', mask, binary('shl64', unary('extend', there), i64(number))), true)
  }
  f.result(mask)
}

/** (state, mask of the threads without a possibility) -> is there a set of threads stuck in acquisitions? */
/** For tests of collisions: bits of the hash that count. */
const bitsOf = ({ options: { hashBits = 64 } }: EngineInput): number => hashBits

function writeStuck(m: Module, { compiled }: EngineInput, observer: Observer): number {
  const waits = emitWaits(m, compiled, observer)
  return m.function(['i32', 'i64'], ['i32'], (f) => {
    const state = get(0, 'i32'),
      mask = get(1, 'i64')
    const changed = f.local('i32')
    f.loop((again) => {
      f.set(changed, i32(0))
      waits.forEach((w, i) => {
        const mine = 1n << BigInt(i)
        f.if(not(binary('eq64', binary('and64', mask, i64(mine)), i64(0))), () => {
          f.if(
            call(w, 'i32', state, mask),
            () => undefined,
            () => {
              f.set(1, binary('and64', mask, i64(~mine)))
              f.set(changed, i32(1))
            },
          )
        })
      })
      f.brIf(again, and(binary('ne32', get(changed, 'i32'), i32(0)), binary('ne64', mask, i64(0))))
    })
    f.result(binary('ne64', mask, i64(0)))
  })
}

/**
 * Judges what can be said of the state alone: invariants, `sometimes`, and what a step that changes nothing would
 * break.
 */
function writeJudge(f: Func, { compiled: { model, layout, watched }, plan }: EngineInput, observer: Observer): void {
  const w = writing(f, model, layout)
  const state = stateIn(f, layout, get(0, 'i32'))
  watched.forEach(({ property, by }, n) => {
    if (property?.condition === undefined || (by !== 'itself' && by !== 'premise')) return
    const { condition } = property
    const scope = scopeIn(undefined, fork(state))
    switch (by === 'premise' ? 'sometimes' : property.kind) {
      case 'invariant':
        f.if(
          observer.settled(n),
          () => undefined,
          () => {
            observer.found(f, n, breaks(f, emitCondition(w, condition, scope)), i32(0))
          },
        )
        return
      case 'sometimes':
        f.if(
          observer.settled(n),
          () => undefined,
          () => {
            observer.found(f, n, succeeded(f, emitCondition(w, condition, scope)), i32(0))
          },
        )
        return
      case 'transition':
        f.if(
          observer.settled(n),
          () => {
            set(f, plan.stutter + 4 * n, i32(0))
          },
          () => {
            set(f, plan.stutter + 4 * n, breaks(f, emitCondition(w, condition, { ...scope, before: scope.state })))
          },
        )
        return
      default:
        return
    }
  })
}

/**
 * By instance and control point where it may rest: a function of the state that it comes to, which tells of locks
 * that it holds there.
 */
function writeRests(
  m: Module,
  { compiled: { model, layout, threads, watched } }: EngineInput,
  observer: Pick<Observer, 'found'>,
): ReadonlyMap<CompiledInstance, ReadonlyMap<number, number>> {
  return new Map(
    layout.instances.map((instance) => {
      const { thread } = instance
      const mine = watched.flatMap(({ rest }, n) =>
        rest !== undefined && threads[rest.thread] === thread
          ? [{ ...rest, n, point: thread.points.findIndex(({ name }) => name === rest.point) }]
          : [],
      )
      return [
        instance,
        new Map(
          [...new Set(mine.map(({ point }) => point))].map((point) => [
            point,
            m.function(['i32'], [], (f) => {
              const w = writing(f, model, layout),
                state = stateIn(f, layout, get(0, 'i32'))
              const held = mine
                .filter((one) => one.point === point)
                .map(({ n, isHeld }) => ({
                  n,
                  isHeld: keep(w, succeeded(f, emitCondition(w, isHeld, scopeIn(instance, state))), true),
                }))
              f.if(held.map(({ isHeld }) => isHeld).reduce(or, i32(0)), () => {
                for (const { n, isHeld } of held) observer.found(f, n, isHeld, get(0, 'i32'))
              })
            }),
          ]),
        ),
      ]
    }),
  )
}

interface Parts {
  readonly successorsOf: readonly number[]
  readonly idle: number
  readonly stuck: number | undefined
  readonly judge: number
}

/** (state, where its successors go) -> behind its last successor. Judges the state too. */
function writeParent(
  f: Func,
  { compiled: { model, watched }, plan }: EngineInput,
  observer: Observer,
  { successorsOf, idle, stuck, judge }: Parts,
): void {
  const state = get(0, 'i32'),
    successor = get(1, 'i32')
  const old = f.local('i32'),
    start = f.local('i32'),
    failsBefore = f.local('i32'),
    without = f.local('i64')
  const deadlock = watched.findIndex((w) => w.claim.kind === 'deadlock' && w.by === 'itself')
  const standstill = watched.findIndex((w) => w.claim.kind === 'deadlock' && w.by === 'standstill')
  const lock = watched.findIndex((w) => w.property?.kind === 'lock-deadlock')
  f.set(start, successor)
  if (watched.some((w) => w.property?.condition !== undefined)) f.do(judge, state)
  f.set(without, i64(0))
  successorsOf.forEach((target, i) => {
    if (stuck === undefined) {
      f.set(1, call(target, 'i32', state, successor))
      return
    }
    f.set(old, successor)
    f.set(failsBefore, at(control.fails))
    f.set(1, call(target, 'i32', state, successor))
    f.if(
      and(binary('eq32', get(old, 'i32'), successor), binary('eq32', get(failsBefore, 'i32'), at(control.fails))),
      () => {
        f.set(without, binary('or64', get(without, 'i64'), i64(1n << BigInt(i))))
      },
    )
  })
  if (stuck !== undefined && lock >= 0) {
    f.if(and(binary('ne64', get(without, 'i64'), i64(0)), not(observer.settled(lock))), () => {
      observer.found(f, lock, call(stuck, 'i32', state, get(without, 'i64')), i32(0))
    })
  }
  if (deadlock >= 0) {
    const all = (1n << BigInt(model.instances.length)) - 1n
    const waits = (): W => binary('ne64', call(idle, 'i64', state), i64(all))
    f.if(not(at(control.fails)), () => {
      f.block((out) => {
        f.if(binary('eq32', get(start, 'i32'), successor), () => {
          f.if(not(observer.settled(deadlock)), () => {
            observer.found(f, deadlock, waits(), i32(0))
          })
          f.br(out)
        })
        f.brIf(out, observer.settled(standstill))
        // any successor that differs from the state
        f.set(old, get(start, 'i32'))
        f.block((end) => {
          f.loop((again) => {
            f.brIf(end, binary('ge32u', get(old, 'i32'), successor))
            for (let i = 0; i < plan.words; i++)
              f.brIf(out, binary('ne64', load(64, get(old, 'i32'), 8 * i), load(64, state, 8 * i)))
            f.set(old, binary('add32', get(old, 'i32'), i32(plan.stateBytes)))
            f.br(again)
          })
        })
        observer.found(f, standstill, waits(), i32(0))
      })
    })
  }
  f.result(successor)
}

/** A parent at that place of the input; its successors go where all go. */
function begin(f: Func, plan: MemoryPlan, index: W): void {
  set(f, control.parent, index)
  set(f, control.parentStart, i32(plan.successor))
  set(f, control.fails, i32(0))
}

/** (thread) -> bytes of the successors that it has in the first state of the input. */
function writeTurn(
  f: Func,
  { compiled: { watched }, plan }: EngineInput,
  successorsOf: readonly number[],
  judge: number,
): void {
  const end = f.local('i32')
  begin(f, plan, i32(0))
  if (watched.some((w) => w.property?.condition !== undefined)) f.do(judge, i32(plan.input))
  f.set(end, i32(plan.successor))
  successorsOf.forEach((target, thread) => {
    f.if(binary('eq32', get(0, 'i32'), i32(thread)), () => {
      f.set(end, call(target, 'i32', i32(plan.input), i32(plan.successor)))
    })
  })
  f.result(binary('sub32', get(end, 'i32'), i32(plan.successor)))
}

/**
 * Sets a byte at the output's place for each of so many states of the input: 1 if a watch that is not settled finds
 * something in it, or a successor of it is known.
 */
function writeMark(f: Func, input: EngineInput, parent: number): void {
  const {
    plan,
    compiled: { watched },
  } = input
  const index = f.local('i32'),
    from = f.local('i32'),
    end = f.local('i32'),
    slot = f.local('i32'),
    marked = f.local('i32')
  const here = get(from, 'i32')
  f.set(index, i32(0))
  f.block((out) => {
    f.loop((parents) => {
      f.brIf(out, binary('ge32u', get(index, 'i32'), get(0, 'i32')))
      begin(f, plan, get(index, 'i32'))
      set(f, control.found, i32(0))
      f.set(
        end,
        call(
          parent,
          'i32',
          binary('add32', i32(plan.input), binary('mul32', get(index, 'i32'), i32(plan.stateBytes))),
          i32(plan.successor),
        ),
      )
      f.set(marked, binary('ne32', at(control.found), i32(0)))
      f.if(get(marked, 'i32'), () => {
        watched.forEach((_, n) => {
          const entry = plan.violations + n * violationBytes
          f.if(binary('eq32', at(entry), i32(1)), () => {
            set(f, entry, i32(0))
          })
        })
      })
      f.set(from, i32(plan.successor))
      f.block((done) => {
        f.loop((again) => {
          f.brIf(done, get(marked, 'i32'))
          f.brIf(done, binary('ge32u', here, get(end, 'i32')))
          const state = wordsAt(plan, here)
          f.if(
            isZero(state),
            () => {
              f.set(marked, at(control.zeroSeen))
            },
            () => {
              f.set(slot, home(plan, hash(state, f, bitsOf(input))))
              probe(
                f,
                plan,
                state,
                slot,
                () => {
                  f.set(marked, i32(1))
                },
                () => undefined,
              )
            },
          )
          f.set(from, binary('add32', here, i32(plan.stateBytes)))
          f.br(again)
        })
      })
      f.store(8, get(index, 'i32'), plan.output, get(marked, 'i32'))
      f.set(index, binary('add32', get(index, 'i32'), i32(1)))
      f.br(parents)
    })
  })
  set(f, control.found, i32(0))
}

/** Mixes the words of a state: high 32 bits for the home slot, others for the partition. */
function hash(words: readonly W[], f: Func, bits: number): W {
  const h = f.local('i64')
  const [first, ...others] = words
  f.set(h, binary('mul64', first ?? i64(0), i64(0x9e3779b97f4a7c15n)))
  for (const w of others) {
    f.set(h, binary('xor64', get(h, 'i64'), binary('shr64', get(h, 'i64'), i64(32))))
    f.set(h, binary('mul64', binary('xor64', get(h, 'i64'), w), i64(0xd6e8feb86659fd93n)))
  }
  f.set(h, binary('xor64', get(h, 'i64'), binary('shr64', get(h, 'i64'), i64(32))))
  f.set(h, binary('mul64', get(h, 'i64'), i64(0xbf58476d1ce4e5b9n)))
  if (bits < 64) f.set(h, binary('and64', get(h, 'i64'), i64(((1n << BigInt(bits)) - 1n) << BigInt(64 - bits))))
  return get(h, 'i64')
}
const wordsAt = (plan: MemoryPlan, address: W): readonly W[] =>
  Array.from({ length: plan.words }, (_, i) => load(64, address, 8 * i))
/** The address of the home slot. */
const home = (plan: MemoryPlan, h: W): W =>
  binary(
    'add32',
    i32(plan.table),
    binary(
      'mul32',
      unary(
        'wrap',
        binary('shr64', binary('mul64', binary('shr64', h, i64(32)), unary('extend', at(control.capacity))), i64(32)),
      ),
      i32(plan.stateBytes),
    ),
  )
const isZero = (words: readonly W[]): W =>
  unary(
    'eqz64',
    words.reduce((a, b) => binary('or64', a, b)),
  )

/** Looks a state up from its home on. `found` or `free` is run with the slot's address in `slot`. */
function probe(
  f: Func,
  plan: MemoryPlan,
  state: readonly W[],
  slot: number,
  found: (() => void) | undefined,
  free: () => void,
): void {
  const here = get(slot, 'i32')
  const there = wordsAt(plan, here)
  const value = f.local('i64')
  f.block((done) => {
    f.loop((again) => {
      f.set(value, there[0] ?? i64(0))
      const v = get(value, 'i64')
      const others = there.slice(1)
      const equal = others.reduce<W>((all, w, i) => and(all, binary('eq64', w, state[i + 1] ?? i64(0))), i32(1))
      f.if(binary('eq64', v, state[0] ?? i64(0)), () => {
        f.if(equal, () => {
          found?.()
          f.br(done)
        })
      })
      f.if(unary('eqz64', v), () => {
        f.if(others.length === 0 ? i32(1) : isZero(others), () => {
          free()
          f.br(done)
        })
      })
      f.set(slot, binary('add32', here, i32(plan.stateBytes)))
      f.br(again)
    })
  })
}

const copyState = (f: Func, to: W, from: readonly W[]): void => {
  from.forEach((w, i) => {
    f.store(64, to, 8 * i, w)
  })
}

/** What grows with every new state, in locals while a block is worked on. */
interface Growth {
  readonly count: number
  readonly output: number
  readonly log: number
  readonly lastParent: number
}
const growth = (f: Func): Growth => ({
  count: f.local('i32'),
  output: f.local('i32'),
  log: f.local('i32'),
  lastParent: f.local('i32'),
})
function takeUp(f: Func, plan: MemoryPlan, g: Growth): void {
  f.set(g.count, at(control.count))
  f.set(g.output, binary('add32', i32(plan.output), binary('mul32', at(control.output), i32(plan.stateBytes))))
  f.set(g.log, binary('add32', i32(plan.log), at(control.log)))
  f.set(g.lastParent, at(control.lastParent))
}
function putDown(f: Func, plan: MemoryPlan, g: Growth): void {
  set(f, control.count, get(g.count, 'i32'))
  set(f, control.output, divide(binary('sub32', get(g.output, 'i32'), i32(plan.output)), plan))
  set(f, control.log, binary('sub32', get(g.log, 'i32'), i32(plan.log)))
  set(f, control.lastParent, get(g.lastParent, 'i32'))
}

/** A number in the log: one byte, or 255 and four. */
function logNumber(f: Func, log: number, value: W): void {
  const p = get(log, 'i32')
  f.if(
    binary('lt32u', value, i32(255)),
    () => {
      f.store(8, p, 0, value)
      f.set(log, binary('add32', p, i32(1)))
    },
    () => {
      f.store(8, p, 0, i32(255))
      f.store(32, p, 1, value)
      f.set(log, binary('add32', p, i32(5)))
    },
  )
}

/** Takes a state into the table, the output and the log, if it is not there. */
function insert(f: Func, plan: MemoryPlan, state: readonly W[], slot: number, parent: W, ordinal: W, g: Growth): void {
  const keep = (inTable: boolean): void => {
    if (inTable) copyState(f, get(slot, 'i32'), state)
    copyState(f, get(g.output, 'i32'), state)
    f.set(g.count, binary('add32', get(g.count, 'i32'), i32(1)))
    f.set(g.output, binary('add32', get(g.output, 'i32'), i32(plan.stateBytes)))
    logNumber(f, g.log, binary('sub32', parent, get(g.lastParent, 'i32')))
    f.set(g.lastParent, parent)
    logNumber(f, g.log, ordinal)
  }
  f.block((done) => {
    f.if(unary('eqz64', state[0] ?? i64(0)), () => {
      f.if(state.length === 1 ? i32(1) : isZero(state.slice(1)), () => {
        f.if(
          at(control.zeroSeen),
          () => undefined,
          () => {
            set(f, control.zeroSeen, i32(1))
            keep(false)
          },
        )
        f.br(done)
      })
    })
    probe(f, plan, state, slot, undefined, () => {
      keep(true)
    })
  })
}

/** Is there room for all that one block may bring? */
function roomForBlock(input: EngineInput): W {
  const { plan } = input
  // the last slot that a block could run beyond must be free
  const guard = binary(
    'add32',
    i32(plan.table),
    binary('mul32', binary('add32', at(control.capacity), i32(1022)), i32(plan.stateBytes)),
  )
  const boxes =
    input.options.boxes > 0
      ? Array.from({ length: plan.boxes }, (_, i) =>
          binary('le32u', at(plan.boxCounts + 4 * i), i32(plan.boxRecords - plan.successors)),
        )
      : []
  return [
    binary('le32u', at(control.count), at(control.limit)),
    isZero(wordsAt(plan, guard)),
    binary('le32u', at(control.output), i32(plan.outputStates - plan.successors)),
    binary('le32u', at(control.log), i32(plan.logBytes - 10 * plan.successors)),
    ...boxes,
  ].reduce(and)
}

/** Sends a state to another partition. */
function send(f: Func, plan: MemoryPlan, destination: W, state: readonly W[], parent: W, ordinal: W): void {
  const n = f.local('i32'),
    to = f.local('i32'),
    counter = f.local('i32')
  f.set(counter, binary('mul32', destination, i32(4)))
  f.set(n, load(32, get(counter, 'i32'), plan.boxCounts))
  f.set(
    to,
    binary(
      'add32',
      i32(plan.box),
      binary(
        'mul32',
        binary('add32', binary('mul32', destination, i32(plan.boxRecords)), get(n, 'i32')),
        i32(plan.recordBytes),
      ),
    ),
  )
  copyState(f, get(to, 'i32'), state)
  f.store(32, get(to, 'i32'), plan.stateBytes, parent)
  f.store(32, get(to, 'i32'), plan.stateBytes + 4, ordinal)
  f.store(32, get(counter, 'i32'), plan.boxCounts, binary('add32', get(n, 'i32'), i32(1)))
}
const routeOf = (plan: MemoryPlan, h: W): W =>
  load(8, unary('wrap', binary('and64', binary('shr64', h, i64(20)), i64((1 << routeBits) - 1))), plan.route)

/** In the place of a slot's address: the state was met not long ago. */
const recent = 300

/**
 * A small cache of states met lately, each of them known already: most successors are old, and need not be looked up
 * far away.
 */
function skipRecent(f: Func, plan: MemoryPlan, state: readonly W[], h: W, addresses: number, next: Target): void {
  const at = f.local('i32')
  f.set(
    at,
    binary(
      'add32',
      i32(plan.recent),
      binary('mul32', binary('and32', unary('wrap', h), i32(plan.recentStates - 1)), i32(plan.stateBytes)),
    ),
  )
  const there = wordsAt(plan, get(at, 'i32'))
  const equal = there.map((w, i) => binary('eq64', w, state[i] ?? i64(0))).reduce(and)
  f.if(equal, () => {
    f.if(not(isZero(state)), () => {
      f.store(32, get(addresses, 'i32'), 0, i32(recent))
      f.br(next)
    })
  })
  copyState(f, get(at, 'i32'), state)
}

/** (first parent, behind the last) -> the first that was not expanded: less than asked if the room ran out. */
function writeExpand(f: Func, input: EngineInput, parentFunction: number): void {
  const { plan } = input,
    partitioned = input.options.boxes > 0
  const first = get(0, 'i32'),
    end = get(1, 'i32')
  const i = f.local('i32'),
    successor = f.local('i32'),
    blockStart = f.local('i32'),
    from = f.local('i32'),
    slot = f.local('i32'),
    addresses = f.local('i32'),
    sink = f.local('i64'),
    last = f.local('i32'),
    mine = f.local('i32')
  const words = Array.from({ length: plan.words }, () => f.local('i64'))
  const grown = growth(f)
  const here = get(from, 'i32'),
    index = get(i, 'i32'),
    sp = get(successor, 'i32')
  f.set(i, first)
  if (partitioned) f.set(mine, at(control.me))
  f.block((out) => {
    f.loop((blocks) => {
      f.brIf(out, binary('ge32u', index, end))
      f.brIf(out, not(roomForBlock(input)))
      // one: all successors of a block of parents
      f.set(blockStart, index)
      f.set(successor, i32(plan.successor))
      f.block((full) => {
        f.loop((parents) => {
          set(f, control.parent, index)
          set(f, control.parentStart, sp)
          set(f, control.fails, i32(0))
          f.set(
            successor,
            call(
              parentFunction,
              'i32',
              binary('add32', i32(plan.input), binary('mul32', index, i32(plan.stateBytes))),
              sp,
            ),
          )
          f.store(32, binary('mul32', binary('sub32', index, get(blockStart, 'i32')), i32(4)), plan.counts, sp)
          f.set(i, binary('add32', index, i32(1)))
          f.brIf(full, binary('ge32u', index, end))
          f.brIf(full, binary('ge32u', binary('sub32', index, get(blockStart, 'i32')), i32(plan.block)))
          f.brIf(parents, binary('le32u', sp, i32(plan.successor + (plan.successors - plan.fanOut) * plan.stateBytes)))
        })
      })
      set(
        f,
        control.transitions,
        binary(
          'add64',
          at(control.transitions, 64),
          unary('extend', divide(binary('sub32', sp, i32(plan.successor)), plan)),
        ),
        64,
      )
      // two: where each would stand
      f.set(from, i32(plan.successor))
      f.set(addresses, i32(plan.address))
      f.block((done) => {
        f.loop((again) => {
          f.brIf(done, binary('ge32u', here, sp))
          words.forEach((w, n) => {
            f.set(w, load(64, here, 8 * n))
          })
          const state = words.map((w) => get(w, 'i64'))
          const h = hash(state, f, bitsOf(input))
          f.block((next) => {
            skipRecent(f, plan, state, h, addresses, next)
            const stay = (): void => {
              f.store(32, get(addresses, 'i32'), 0, home(plan, h))
            }
            if (!partitioned) {
              stay()
              return
            }
            f.if(
              binary('ne32', routeOf(plan, h), get(mine, 'i32')),
              () => {
                f.store(32, get(addresses, 'i32'), 0, binary('add32', routeOf(plan, h), i32(1)))
              },
              stay,
            )
          })
          f.set(addresses, binary('add32', get(addresses, 'i32'), i32(4)))
          f.set(from, binary('add32', here, i32(plan.stateBytes)))
          f.br(again)
        })
      })
      // three: touch them all, so that the lookups overlap: a loop so short that many are under way at once
      f.set(slot, i32(plan.address))
      f.block((done) => {
        f.loop((again) => {
          f.brIf(done, binary('ge32u', get(slot, 'i32'), get(addresses, 'i32')))
          for (let n = 0; n < 4; n++)
            f.set(sink, binary('xor64', get(sink, 'i64'), load(64, load(32, get(slot, 'i32'), 4 * n), 0)))
          f.set(slot, binary('add32', get(slot, 'i32'), i32(16)))
          f.br(again)
        })
      })
      // four: keep the new ones
      takeUp(f, plan, grown)
      f.set(from, i32(plan.successor))
      f.set(addresses, i32(plan.address))
      const parent = get(blockStart, 'i32')
      const ordinal = f.local('i32')
      const firstOf = f.local('i32')
      f.set(firstOf, binary('mul32', parent, i32(4)))
      f.loop((parents) => {
        f.set(last, load(32, binary('sub32', binary('mul32', parent, i32(4)), get(firstOf, 'i32')), plan.counts))
        f.set(ordinal, i32(0))
        f.block((done) => {
          f.loop((again) => {
            f.brIf(done, binary('ge32u', here, get(last, 'i32')))
            words.forEach((w, n) => {
              f.set(w, load(64, here, 8 * n))
            })
            const state = words.map((w) => get(w, 'i64'))
            f.set(slot, load(32, get(addresses, 'i32'), 0))
            f.block((known) => {
              const keep = (): void => {
                insert(f, plan, state, slot, parent, get(ordinal, 'i32'), grown)
              }
              f.brIf(known, binary('eq32', get(slot, 'i32'), i32(recent)))
              if (!partitioned) {
                keep()
                return
              }
              f.if(
                binary('lt32u', get(slot, 'i32'), i32(257)),
                () => {
                  send(f, plan, binary('sub32', get(slot, 'i32'), i32(1)), state, parent, get(ordinal, 'i32'))
                },
                keep,
              )
            })
            f.set(ordinal, binary('add32', get(ordinal, 'i32'), i32(1)))
            f.set(addresses, binary('add32', get(addresses, 'i32'), i32(4)))
            f.set(from, binary('add32', here, i32(plan.stateBytes)))
            f.br(again)
          })
        })
        f.set(blockStart, binary('add32', parent, i32(1)))
        f.brIf(parents, binary('lt32u', parent, index))
      })
      putDown(f, plan, grown)
      f.br(blocks)
    })
  })
  set(f, control.sink, get(sink, 'i64'), 64)
  f.result(index)
}
/** Bytes of successors to their number. */
const divide = (bytes: W, plan: MemoryPlan): W =>
  (plan.words & (plan.words - 1)) === 0
    ? binary('shr32', bytes, i32(3 + Math.log2(plan.words)))
    : unary(
        'wrap',
        binary('shr64', binary('mul64', unary('extend', bytes), i64(Math.ceil(2 ** 32 / plan.stateBytes))), i64(32)),
      )

/** Takes so many records that stand at the successors' place: those that belong here are kept, others sent on. */
function writeAbsorb(f: Func, input: EngineInput): void {
  const { plan } = input
  const from = f.local('i32'),
    end = f.local('i32'),
    slot = f.local('i32')
  const words = Array.from({ length: plan.words }, () => f.local('i64'))
  const here = get(from, 'i32')
  const grown = growth(f)
  takeUp(f, plan, grown)
  f.set(from, i32(plan.successor))
  f.set(end, binary('add32', i32(plan.successor), binary('mul32', get(0, 'i32'), i32(plan.recordBytes))))
  f.block((done) => {
    f.loop((again) => {
      f.brIf(done, binary('ge32u', here, get(end, 'i32')))
      words.forEach((w, n) => {
        f.set(w, load(64, here, 8 * n))
      })
      const state = words.map((w) => get(w, 'i64'))
      const parent = load(32, here, plan.stateBytes),
        ordinal = load(32, here, plan.stateBytes + 4)
      const h = hash(state, f, bitsOf(input))
      f.set(slot, home(plan, h))
      if (input.options.boxes > 0)
        f.if(
          binary('ne32', routeOf(plan, h), at(control.me)),
          () => {
            send(f, plan, routeOf(plan, h), state, parent, ordinal)
          },
          () => {
            insert(f, plan, state, slot, parent, ordinal, grown)
          },
        )
      else insert(f, plan, state, slot, parent, ordinal, grown)
      f.set(from, binary('add32', here, i32(plan.recordBytes)))
      f.br(again)
    })
  })
  putDown(f, plan, grown)
}

/**
 * (address of a state) -> its slot, counted from 1; 0 for the state of zero bits, which has none; -1 if it is not
 * known.
 */
function writeLocate(f: Func, input: EngineInput): void {
  const { plan } = input
  const slot = f.local('i32'),
    result = f.local('i32')
  const state = wordsAt(plan, get(0, 'i32'))
  f.if(isZero(state), () => {
    f.return(i32(0))
  })
  f.set(slot, home(plan, hash(state, f, bitsOf(input))))
  f.set(result, i32(-1))
  probe(
    f,
    plan,
    state,
    slot,
    () => {
      f.set(result, get(slot, 'i32'))
    },
    () => undefined,
  )
  f.if(binary('eq32', get(result, 'i32'), i32(-1)), () => {
    f.return(i32(-1))
  })
  f.result(binary('add32', i32(1), divide(binary('sub32', get(result, 'i32'), i32(plan.table)), plan)))
}

/** (first slot, how many) -> how many states stood there; they are at the successors' place now, and the slots free. */
function writeLift(f: Func, { plan }: EngineInput): void {
  const from = f.local('i32'),
    end = f.local('i32'),
    to = f.local('i32')
  const here = get(from, 'i32')
  f.set(from, binary('add32', i32(plan.table), binary('mul32', get(0, 'i32'), i32(plan.stateBytes))))
  f.set(end, binary('add32', here, binary('mul32', get(1, 'i32'), i32(plan.stateBytes))))
  f.set(to, i32(plan.successor))
  f.block((done) => {
    f.loop((again) => {
      f.brIf(done, binary('ge32u', here, get(end, 'i32')))
      f.if(not(isZero(wordsAt(plan, here))), () => {
        copyState(f, get(to, 'i32'), wordsAt(plan, here))
        for (let n = 0; n < plan.words; n++) f.store(64, here, 8 * n, i64(0))
        f.set(to, binary('add32', get(to, 'i32'), i32(plan.stateBytes)))
      })
      f.set(from, binary('add32', here, i32(plan.stateBytes)))
      f.br(again)
    })
  })
  f.result(divide(binary('sub32', get(to, 'i32'), i32(plan.successor)), plan))
}

/** For each of so many states at the successors' place. */
function eachLifted(f: Func, plan: MemoryPlan, body: (here: W) => void): void {
  const from = f.local('i32'),
    end = f.local('i32')
  f.set(from, i32(plan.successor))
  f.set(end, binary('add32', i32(plan.successor), binary('mul32', get(0, 'i32'), i32(plan.stateBytes))))
  f.block((done) => {
    f.loop((again) => {
      f.brIf(done, binary('ge32u', get(from, 'i32'), get(end, 'i32')))
      body(get(from, 'i32'))
      f.set(from, binary('add32', get(from, 'i32'), i32(plan.stateBytes)))
      f.br(again)
    })
  })
}

/** The lowest home slot of so many lifted states; the capacity if there is none. */
function writeLowest(f: Func, input: EngineInput): void {
  const { plan } = input
  const lowest = f.local('i32'),
    mine = f.local('i32')
  f.set(lowest, at(control.capacity))
  eachLifted(f, plan, (here) => {
    f.set(mine, divide(binary('sub32', home(plan, hash(wordsAt(plan, here), f, bitsOf(input))), i32(plan.table)), plan))
    f.if(binary('lt32u', get(mine, 'i32'), get(lowest, 'i32')), () => {
      f.set(lowest, get(mine, 'i32'))
    })
  })
  f.result(get(lowest, 'i32'))
}

/** Puts so many lifted states, all different and none of them known, into the table. */
function writePlace(f: Func, input: EngineInput): void {
  const { plan } = input
  const slot = f.local('i32')
  const words = Array.from({ length: plan.words }, () => f.local('i64'))
  eachLifted(f, plan, (here) => {
    words.forEach((w, n) => {
      f.set(w, load(64, here, 8 * n))
    })
    const state = words.map((w) => get(w, 'i64'))
    f.set(slot, home(plan, hash(state, f, bitsOf(input))))
    probe(f, plan, state, slot, undefined, () => {
      copyState(f, get(slot, 'i32'), state)
    })
  })
}
