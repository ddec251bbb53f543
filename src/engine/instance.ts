/** A module that runs: its functions, and its memory as TypeScript reads and writes it. */
import { instantiateOver } from '../wasm/instantiate.ts'
import { pageBytes, pagesFor, writeToPages } from '../wasm/memory.ts'
import { giveMemory, takeMemory } from '../wasm/spare-memory.ts'
import type { EngineModel } from './engine-model.ts'
import { exportNames, type EngineExports } from './exports.ts'
import { control, leastCapacity, memoryBytes, memoryPages, planOf, tableLimit, type MemoryPlan } from './memory.ts'
import type { EmitOptions } from './emit/scope.ts'

export interface EngineInstance {
  readonly model: EngineModel
  readonly plan: MemoryPlan
  readonly engine: EngineExports
  /** The whole memory. Both views are new after the memory has grown. */
  readonly view: () => DataView
  readonly bytes: () => Uint8Array
  /** A copy of a part of the memory. */
  copyOut(address: number, length: number): Uint8Array
  /** Makes a state the first of the input; its address. */
  input(state: Uint8Array): number
  readonly capacity: () => number
  /** Gives the table this capacity, the slots of whole homes; false if there is not so much memory. */
  resize(capacity: number): boolean
  /**
   * Gives some bytes behind the table away while `use` works: zeros, at the address that it gets. Undefined if there is
   * no memory for them.
   */
  behindTable<Result>(length: number, use: (address: number) => Result): Result | undefined
  /** All of the memory that is in use: what another instance of the same options and capacity needs to go on. */
  used(): Uint8Array
  /** Gives its memory back, for the next instance: nothing can be done with this one any more. It may be said again. */
  release(): void
}

export interface InstanceOptions extends EmitOptions {
  /** Bytes of the table at first; it is never smaller than one block needs. */
  readonly tableBytes: number
}

/**
 * Starts a module that was emitted for these options.
 *
 * @throws RangeError if there is not enough memory
 */
export function startInstance(model: EngineModel, code: WebAssembly.Module, options: InstanceOptions): EngineInstance {
  const plan = planOf(model, options)
  const { keyBytes, homeSlots } = plan
  let capacity = Math.max(leastCapacity(plan), Math.floor(options.tableBytes / keyBytes / homeSlots) * homeSlots)
  const memory = takeMemory(memoryPages(plan, capacity))
  let isReleased = false
  const engine = instantiateOver<EngineExports>(code, memory, exportNames)
  let bytes = new Uint8Array(memory.buffer)
  let view = new DataView(memory.buffer)
  const tell = (): void => {
    control.capacity.write(view, capacity)
    control.homes.write(view, capacity / homeSlots)
    control.limit.write(view, tableLimit(plan, capacity))
  }
  tell()
  writeToPages(bytes, plan.table)
  /** False if there is not so much memory. */
  const reach = (pages: number): boolean => {
    if (isReleased) throw new RangeError('the memory was given back')
    const before = bytes.length
    const missing = pages - before / pageBytes
    if (missing <= 0) return true
    try {
      memory.grow(missing)
    } catch {
      return false
    }
    bytes = new Uint8Array(memory.buffer)
    view = new DataView(memory.buffer)
    writeToPages(bytes, before)
    return true
  }
  return {
    model,
    plan,
    engine,
    view: () => view,
    bytes: () => bytes,
    copyOut: (address, length) => bytes.slice(address, address + length),
    input(state) {
      bytes.set(state, plan.input.address)
      return plan.input.address
    },
    capacity: () => capacity,
    behindTable(length, use) {
      const address = memoryBytes(plan, capacity)
      if (!reach(pagesFor(address + length))) return undefined
      try {
        return use(address)
      } finally {
        // the table grows into zeros
        bytes.fill(0, address, address + length)
      }
    },
    used: () => bytes.subarray(0, memoryBytes(plan, capacity)),
    release() {
      if (isReleased) return
      isReleased = true
      giveMemory(memory, memoryBytes(plan, capacity))
      // What comes after finds no memory, not that of another.
      bytes = new Uint8Array(0)
      view = new DataView(new ArrayBuffer(0))
    },
    resize(wanted) {
      if (!reach(memoryPages(plan, wanted))) return false
      capacity = wanted
      tell()
      return true
    },
  }
}
