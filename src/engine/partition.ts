/**
 * One partition of the visited set: an instance of the engine with a memory of its own. It expands parents, keeps
 * those of their successors that are its own, and hands out the others. What it finds new comes back as chunks, and
 * how it was found as the log.
 */
import type { Compiled } from '../compiler/compile.ts'
import { codeOf } from './code.ts'
import { control, leastCapacity, memoryBytes, planOf, tableLimit, violationBytes, type MemoryPlan } from './memory.ts'

/** A state's place in the order in which a partition found its states. */
export interface StateId {
  readonly log: number
  readonly index: number
}

/** States found one after the other by one partition, still to be expanded. */
export interface Chunk {
  readonly log: number
  readonly first: number
  count: number
  readonly states: Uint8Array
}

/**
 * How the states of a log from `first` on were found: parents (as distances) and ordinals, both as numbers of one or
 * five bytes.
 */
export interface Segment {
  readonly first: number
  readonly count: number
  readonly parents: StateId
  readonly bytes: Uint8Array
}

/** States for another partition, all from parents of one chunk. */
export interface Parcel {
  readonly to: number
  readonly parents: StateId
  readonly count: number
  readonly records: Uint8Array
}

/** A violation or witness; `transition` says which possibility of the state, if it is not the state itself. */
export interface Finding {
  readonly watch: number
  readonly state: StateId
  readonly successors: number
  readonly fails: number
}

export interface Harvest {
  /**
   * Newly found states; `states` lies in the memory of the partition, and is to be copied before anything else is
   * asked of it.
   */
  readonly chunk: Chunk | undefined
  readonly segment: Segment | undefined
  readonly parcels: readonly Parcel[]
  readonly findings: readonly Finding[]
}

/** What can come of one state. */
export interface Successors {
  readonly count: number
  readonly states: Uint8Array
  /** How many possibilities failed. */
  readonly fails: number
  readonly findings: readonly Finding[]
}

interface Exports {
  expand(first: number, end: number): number
  absorb(count: number): void
  one(): number
  turn(thread: number): number
  mark(count: number): void
  idle(address: number): bigint
  locate(address: number): number
  lift(first: number, count: number): number
  lowest(count: number): number
  place(count: number): void
}

export interface Partition {
  readonly log: number
  readonly plan: MemoryPlan
  readonly count: () => number
  readonly transitions: () => bigint
  /** Bytes of its table. */
  readonly tableBytes: () => number
  /** Takes initial states; the first has this number among them. */
  seed(states: readonly (readonly bigint[])[], number: number): Harvest
  /** Expands the states of a chunk from `from` on; says how far it came. */
  expand(chunk: Chunk, from: number): { readonly next: number; readonly harvest: Harvest }
  absorb(parcel: Parcel, from: number): { readonly next: number; readonly harvest: Harvest }
  /** Has the table no room for another block? */
  full(): boolean
  /** Makes room; false if that would pass the limit. */
  grow(limitBytes: number): boolean
  /** Empties the table into runs of states. */
  drain(take: (states: Uint8Array, count: number) => void): void
  /**
   * Takes states of a former partition, none of them known; those that belong elsewhere come back. They are no news:
   * no log, no chunk.
   */
  adopt(states: Uint8Array, count: number): readonly Parcel[]
  readonly zeroSeen: () => boolean
  /** Which partition a route leads to; which of them this one is. */
  route(table: Uint8Array, me: number): void
  /** The successors of a state, packed, in order, without keeping them; and how many possibilities failed. */
  successors(state: Uint8Array): Successors
  /** The same of one thread alone; findings are of its transitions, and of the state. */
  turn(state: Uint8Array, thread: number): Successors
  /**
   * Which of so many states matter: those in which a watch that is not settled finds something, and those that have a
   * known successor.
   *
   * @returns a byte a state, 1 or 0
   */
  mark(states: Uint8Array, count: number): Uint8Array
  /** The slots of the successors of a state, all of them known. */
  slotsOfSuccessors(state: Uint8Array): { readonly slots: readonly number[]; readonly fails: number }
  idle(state: Uint8Array): bigint
  /** The slot of a known state, from 1; 0 for the state of zero bits; -1 if it is not known. */
  locate(state: Uint8Array): number
  readonly capacity: () => number
  /** Bytes of the edges that were taken, then of the arms: 1 where they were. */
  taken(): Uint8Array
  /** Forgets which findings were made, so that they can be made again. */
  forget(): void
  /** Marks findings made elsewhere, so that they are not made again. */
  settle(watches: readonly number[]): void
  /** Looks for these alone from now on. */
  watch(watches: readonly number[]): void
}

const pageBytes = 65536
/** A small table grows fast, so that few states are moved; a large one slowly, so that little stands empty. */
const growthOf = (tableBytes: number): number => (tableBytes < 2 ** 28 ? 2 : 1.5)

/** A partition that knows no state, to be asked about single ones. */
export function blank(compiled: Compiled): Partition {
  return partition(compiled, codeOf(compiled, { boxes: 0, shared: false }), { log: 0, boxes: 0, bytes: 2 ** 16 })
}

/** The words of a state as bytes. */
export function packed(state: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(state.length * 8)
  const view = new DataView(bytes.buffer)
  state.forEach((word, n) => {
    view.setBigUint64(8 * n, word, true)
  })
  return bytes
}

/** Starts a partition with a table of `bytes` at first. `log` names it in the ids of its states. */
export function partition(
  compiled: Compiled,
  wasm: WebAssembly.Module,
  options: { readonly log: number; readonly boxes: number; readonly bytes: number },
): Partition {
  const plan = planOf(compiled, options.boxes)
  const { stateBytes, recordBytes } = plan
  const least = leastCapacity(plan)
  let capacity = Math.max(least, Math.floor(options.bytes / stateBytes))
  const memory = new WebAssembly.Memory({ initial: Math.ceil(memoryBytes(plan, capacity) / pageBytes), maximum: 65536 })
  const engine = new WebAssembly.Instance(wasm, { env: { memory } }).exports as unknown as Exports
  let bytes = new Uint8Array(memory.buffer)
  let view = new DataView(memory.buffer)
  const u32 = (address: number): number => view.getUint32(address, true)
  const set = (address: number, value: number): void => {
    view.setUint32(address, value, true)
  }
  const copyOut = (address: number, length: number): Uint8Array => bytes.slice(address, address + length)
  const resize = (): void => {
    set(control.capacity, capacity)
    set(control.limit, Math.max(0, tableLimit(plan, capacity)))
  }
  resize()
  let recorded = 0

  const findings = (parents: StateId): readonly Finding[] => {
    if (u32(control.found) === 0) return []
    set(control.found, 0)
    const all: Finding[] = []
    compiled.watched.forEach((_, watch) => {
      const at = plan.violations + watch * violationBytes
      if (u32(at) !== 1) return
      set(at, 2) // settled, and seen
      all.push({
        watch,
        state: { log: parents.log, index: parents.index + u32(at + 4) },
        successors: Math.round(u32(at + 8) / stateBytes),
        fails: u32(at + 12),
      })
    })
    return all
  }
  const harvest = (parents: StateId): Harvest => {
    const count = u32(control.output)
    const chunk =
      count === 0
        ? undefined
        : {
            log: options.log,
            first: recorded,
            count,
            states: bytes.subarray(plan.output, plan.output + count * stateBytes),
          }
    const segment =
      count === 0 ? undefined : { first: recorded, count, parents, bytes: copyOut(plan.log, u32(control.log)) }
    recorded += count
    set(control.output, 0)
    set(control.log, 0)
    set(control.lastParent, 0)
    const parcels: Parcel[] = []
    for (let to = 0; to < options.boxes; to++) {
      const n = u32(plan.boxCounts + 4 * to)
      if (n === 0) continue
      set(plan.boxCounts + 4 * to, 0)
      parcels.push({
        to,
        parents,
        count: n,
        records: copyOut(plan.box + to * plan.boxRecords * recordBytes, n * recordBytes),
      })
    }
    return { chunk, segment, parcels, findings: findings(parents) }
  }
  /** Puts `count` states from `states` into the table, some at a time. */
  const place = (states: Uint8Array, count: number): void => {
    for (let done = 0; done < count; done += plan.successors) {
      const n = Math.min(plan.successors, count - done)
      bytes.set(states.subarray(done * stateBytes, (done + n) * stateBytes), plan.successor)
      engine.place(n)
    }
  }
  const drain = (from: number, take: (states: Uint8Array, count: number) => void): void => {
    for (let first = from; first > 0; ) {
      const n = Math.min(plan.successors, first)
      first -= n
      const lifted = engine.lift(first, n)
      if (lifted > 0) take(copyOut(plan.successor, lifted * stateBytes), lifted)
    }
  }
  const input = (state: Uint8Array): void => {
    bytes.set(state, plan.input)
  }
  const harvestOne = (length: number): Successors => ({
    count: length / stateBytes,
    states: copyOut(plan.successor, length),
    fails: u32(control.fails),
    findings: findings({ log: 0, index: 0 }),
  })
  const full = (): boolean => {
    if (u32(control.count) > u32(control.limit)) return true
    const guard = plan.table + (capacity + 1022) * stateBytes
    for (let i = 0; i < stateBytes; i++) if (bytes[guard + i] !== 0) return true
    return false
  }

  return {
    log: options.log,
    plan,
    full,
    count: () => u32(control.count),
    capacity: () => capacity,
    transitions: () => view.getBigUint64(control.transitions, true),
    tableBytes: () => capacity * stateBytes,
    seed(states, number) {
      states.forEach((words, i) => {
        const at = plan.successor + i * recordBytes
        words.forEach((w, n) => {
          view.setBigUint64(at + 8 * n, w, true)
        })
        view.setUint32(at + stateBytes, 0, true)
        view.setUint32(at + stateBytes + 4, number + i, true)
      })
      engine.absorb(states.length)
      return harvest({ log: -1, index: 0 })
    },
    expand(chunk, from) {
      const n = Math.min(chunk.count - from, plan.inputStates)
      bytes.set(chunk.states.subarray(from * stateBytes, (from + n) * stateBytes), plan.input)
      const done = engine.expand(0, n)
      return { next: from + done, harvest: harvest({ log: chunk.log, index: chunk.first + from }) }
    },
    absorb(parcel, from) {
      const n = Math.min(parcel.count - from, plan.successors)
      bytes.set(parcel.records.subarray(from * recordBytes, (from + n) * recordBytes), plan.successor)
      engine.absorb(n)
      return { next: from + n, harvest: harvest(parcel.parents) }
    },
    grow(limitBytes) {
      const old = capacity
      const wanted = Math.max(least, Math.floor(old * growthOf(old * stateBytes)))
      const most = Math.floor(Math.min(limitBytes, 65536 * pageBytes - memoryBytes(plan, 0) - pageBytes) / stateBytes)
      const target = Math.min(wanted, most)
      if (target < old * 1.1) return false
      const missing = Math.ceil(memoryBytes(plan, target) / pageBytes) - memory.buffer.byteLength / pageBytes
      if (missing > 0) {
        try {
          memory.grow(missing)
        } catch {
          return false
        }
        bytes = new Uint8Array(memory.buffer)
        view = new DataView(memory.buffer)
      }
      capacity = target
      resize()
      // In place: homes keep their order, so from the top down each state moves up into room that is free already.
      // Near the bottom, where that is not so, all that is left is taken out first.
      const aside: { readonly states: Uint8Array; readonly count: number }[] = []
      for (let first = old + plan.tail; first > 0; ) {
        const n = Math.min(plan.successors, first)
        first -= n
        const lifted = engine.lift(first, n)
        if (lifted === 0) continue
        if (first > 1 << 14 && engine.lowest(lifted) >= first) {
          engine.place(lifted)
          continue
        }
        aside.push({ states: copyOut(plan.successor, lifted * stateBytes), count: lifted })
        drain(first, (states, count) => {
          aside.push({ states, count })
        })
        break
      }
      for (const { states, count } of aside) place(states, count)
      return true
    },
    drain(take) {
      drain(capacity + plan.tail, take)
    },
    adopt(states, count) {
      for (let i = 0; i < count; i++)
        bytes.set(states.subarray(i * stateBytes, (i + 1) * stateBytes), plan.successor + i * recordBytes)
      engine.absorb(count)
      const before = recorded
      const { parcels } = harvest({ log: -1, index: 0 })
      recorded = before
      return parcels
    },
    zeroSeen: () => u32(control.zeroSeen) !== 0,
    route(table, me) {
      bytes.set(table, plan.route)
      set(control.me, me)
    },
    successors(state) {
      input(state)
      return harvestOne(engine.one())
    },
    turn(state, thread) {
      input(state)
      return harvestOne(engine.turn(thread))
    },
    mark(states, count) {
      const marks = new Uint8Array(count)
      for (let done = 0; done < count; done += plan.inputStates) {
        const n = Math.min(plan.inputStates, count - done)
        bytes.set(states.subarray(done * stateBytes, (done + n) * stateBytes), plan.input)
        engine.mark(n)
        marks.set(bytes.subarray(plan.output, plan.output + n), done)
      }
      return marks
    },
    slotsOfSuccessors(state) {
      input(state)
      const slots = Array.from({ length: engine.one() / stateBytes }, (_, n) =>
        engine.locate(plan.successor + n * stateBytes),
      )
      return { slots, fails: u32(control.fails) }
    },
    idle(state) {
      input(state)
      return engine.idle(plan.input)
    },
    locate(state) {
      input(state)
      return engine.locate(plan.input)
    },
    taken: () => copyOut(plan.edges, compiled.edges.length + compiled.arms.length),
    forget() {
      compiled.watched.forEach((_, watch) => {
        set(plan.violations + watch * violationBytes, 0)
      })
    },
    watch(watches) {
      compiled.watched.forEach((_, watch) => {
        set(plan.violations + watch * violationBytes, watches.includes(watch) ? 0 : 2)
      })
    },
    settle(watches) {
      for (const watch of watches) set(plan.violations + watch * violationBytes, 2)
    },
  }
}
