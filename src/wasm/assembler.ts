/** An assembler of WebAssembly modules: bytes out, nothing else. */
import { bytes, type Bytes } from './bytes.ts'
import type { ValueType } from './expression.ts'
import { func, type Func, type Written } from './function.ts'
import { instruction, typeCode } from './opcodes.ts'

/** The name of a function, and what it stands for: for people who read the code. */
export interface Called {
  readonly name: string
  readonly comment?: string
}

/** Functions while they are written, for whatever machine. `called` is asked only where people read the code. */
export interface Functions {
  /** Reserves an index, so that functions may call each other in any order. */
  declare(parameters: readonly ValueType[], results: readonly ValueType[], called?: () => Called): number
  define(index: number, write: (f: Func) => void): void
  function(
    parameters: readonly ValueType[],
    results: readonly ValueType[],
    write: (f: Func) => void,
    called?: () => Called,
  ): number
}

/** A module while it is written. */
export interface Module extends Functions {
  export(name: string, index: number): void
  finish(): Uint8Array
}

/** The parameters and results of a function. */
type Signature = Pick<Written, 'parameters' | 'results'>
interface Export {
  readonly name: string
  readonly index: number
}

/** The memory of a module, in pages. */
interface MemoryLimits {
  readonly initial: number
  readonly maximum: number
  readonly shared: boolean
}

/** A module with one memory, imported as `env.memory`. */
export function module(memory: MemoryLimits): Module {
  const functions: (Written | undefined)[] = []
  const signatures: Signature[] = []
  const exports: Export[] = []
  const it: Module = {
    declare(parameters, results) {
      functions.push(undefined)
      return signatures.push({ parameters, results }) - 1
    },
    define(index, write) {
      const signature = signatures[index]
      if (signature === undefined) throw new Error('an undeclared function')
      const written: Written = { ...signature, locals: [], code: bytes() }
      functions[index] = written
      write(func(index, written))
    },
    function(parameters, results, write) {
      const index = it.declare(parameters, results)
      it.define(index, write)
      return index
    },
    export(name, index) {
      exports.push({ name, index })
    },
    finish() {
      const types = [...new Map(signatures.map((s) => [JSON.stringify(s), s])).entries()]
      const out = bytes()
      out.push(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
      section(out, 1, (b) => {
        vector(b, types, ([, signature]) => {
          putSignature(b, signature)
        })
      })
      section(out, 2, (b) => {
        putMemory(b, memory)
      })
      section(out, 3, (b) => {
        vector(b, signatures, (s) => {
          b.unsigned(types.findIndex(([key]) => key === JSON.stringify(s)))
        })
      })
      section(out, 7, (b) => {
        vector(b, exports, (one) => {
          putText(b, one.name)
          b.push(0x00)
          b.unsigned(one.index)
        })
      })
      section(out, 10, (b) => {
        vector(b, functions, (written) => {
          if (written === undefined) throw new Error('a function was declared and not defined')
          putFunction(b, written)
        })
      })
      return out.finish()
    },
  }
  return it
}

/** A section: its number, its length, its bytes. */
function section(out: Bytes, id: number, write: (b: Bytes) => void): void {
  const b = bytes()
  write(b)
  out.push(id)
  out.unsigned(b.length)
  out.append(b)
}

/** A vector: the number of items, then each of them. */
function vector<T>(b: Bytes, items: readonly T[], put: (item: T) => void): void {
  b.unsigned(items.length)
  items.forEach(put)
}

function putText(b: Bytes, text: string): void {
  const encoded = new TextEncoder().encode(text)
  b.unsigned(encoded.length)
  b.push(...encoded)
}

function putSignature(b: Bytes, { parameters, results }: Signature): void {
  b.push(0x60)
  for (const types of [parameters, results])
    vector(b, types, (type) => {
      b.push(typeCode(type))
    })
}

function putMemory(b: Bytes, { initial, maximum, shared }: MemoryLimits): void {
  b.unsigned(1)
  putText(b, 'env')
  putText(b, 'memory')
  b.push(0x02, shared ? 0x03 : 0x01)
  b.unsigned(initial)
  b.unsigned(maximum)
}

/** The length of a function, its locals, its code. */
function putFunction(b: Bytes, { locals, code }: Written): void {
  const body = bytes()
  vector(body, runsOf(locals), ({ count, type }) => {
    body.unsigned(count)
    body.push(typeCode(type))
  })
  body.append(code)
  body.push(instruction.end)
  b.unsigned(body.length)
  b.append(body)
}

/** Locals of the same type, one behind the other, are said once. */
function runsOf(locals: readonly ValueType[]): readonly { readonly count: number; readonly type: ValueType }[] {
  const runs: { type: ValueType; count: number }[] = []
  for (const type of locals) {
    const last = runs.at(-1)
    if (last?.type === type) last.count++
    else runs.push({ type, count: 1 })
  }
  return runs
}
