/** An assembler of WebAssembly modules: bytes out, nothing else. Functions are written with structured control flow. */
import type { Binary, Unary, ValueType, W } from './expression.ts'

const opcode: Readonly<Record<Unary | Binary, number>> = {
  eqz32: 0x45,
  eqz64: 0x50,
  wrap: 0xa7,
  extend: 0xad,
  popcnt64: 0x7b,
  ctz64: 0x7a,
  add32: 0x6a,
  sub32: 0x6b,
  mul32: 0x6c,
  and32: 0x71,
  or32: 0x72,
  xor32: 0x73,
  shl32: 0x74,
  shr32: 0x76,
  eq32: 0x46,
  ne32: 0x47,
  lt32u: 0x49,
  gt32u: 0x4b,
  le32u: 0x4d,
  ge32u: 0x4f,
  add64: 0x7c,
  sub64: 0x7d,
  mul64: 0x7e,
  and64: 0x83,
  or64: 0x84,
  xor64: 0x85,
  shl64: 0x86,
  shr64: 0x88,
  rotl64: 0x89,
  eq64: 0x51,
  ne64: 0x52,
  lt64s: 0x53,
  gt64s: 0x55,
  le64s: 0x57,
  ge64s: 0x59,
  rem64s: 0x81,
}
const typeCode = (type: ValueType): number => (type === 'i32' ? 0x7f : 0x7e)

/** A growing run of bytes. */
export interface Bytes {
  push(...bytes: readonly number[]): void
  unsigned(value: number): void
  signed(value: bigint): void
  append(other: Bytes): void
  readonly length: number
  finish(): Uint8Array
}
export function bytes(): Bytes {
  let buffer = new Uint8Array(256)
  let length = 0
  const reserve = (n: number): void => {
    if (length + n <= buffer.length) return
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + n))
    larger.set(buffer.subarray(0, length))
    buffer = larger
  }
  const it: Bytes = {
    push(...values) {
      reserve(values.length)
      for (const v of values) buffer[length++] = v
    },
    unsigned(value) {
      do {
        const b = value % 128
        value = Math.floor(value / 128)
        it.push(value > 0 ? b | 0x80 : b)
      } while (value > 0)
    },
    signed(value) {
      for (;;) {
        const b = Number(value & 0x7fn)
        value >>= 7n
        if ((value === 0n && (b & 0x40) === 0) || (value === -1n && (b & 0x40) !== 0)) {
          it.push(b)
          return
        }
        it.push(b | 0x80)
      }
    },
    append(other) {
      const o = other.finish()
      reserve(o.length)
      buffer.set(o, length)
      length += o.length
    },
    get length() {
      return length
    },
    finish: () => buffer.subarray(0, length),
  }
  return it
}

/** A place to branch to. */
export interface Target {
  readonly depth: number
}

/** One function while it is written. */
export interface Func {
  readonly index: number
  /** A fresh local. */
  local(type: ValueType): number
  set(local: number, value: W): void
  tee(local: number, value: W): void
  store(size: 8 | 16 | 32 | 64, address: W, offset: number, value: W): void
  drop(value: W): void
  /** Calls a function without a result. */
  do(target: number, ...args: readonly W[]): void
  /** Leaves the value on the stack: the result, at the end of the function. */
  result(value: W): void
  return(value: W): void
  if(condition: W, then: () => void, otherwise?: () => void): void
  /** Writes code aside, to be put into a branch of `branch`. */
  aside(write: () => void): Bytes
  /** An `if` whose branches were written aside. */
  branch(condition: W, then: readonly Bytes[], otherwise: readonly Bytes[]): void
  block(body: (out: Target) => void): void
  loop(body: (again: Target) => void): void
  br(target: Target): void
  brIf(target: Target, condition: W): void
  /** Branches to the target numbered by the value, or to the last. */
  brTable(targets: readonly Target[], value: W): void
  copy(to: W, from: W, size: W): void
  fill(at: W, byte: W, size: W): void
  unreachable(): void
  /** The local that `check` raises; reset it by hand. */
  readonly error: number
}

interface Written {
  readonly parameters: readonly ValueType[]
  readonly results: readonly ValueType[]
  readonly locals: ValueType[]
  readonly code: Bytes
}

/** A module while it is written. */
export interface Module {
  /** Reserves an index, so that functions may call each other in any order. */
  declare(parameters: readonly ValueType[], results: readonly ValueType[]): number
  define(index: number, write: (f: Func) => void): void
  function(parameters: readonly ValueType[], results: readonly ValueType[], write: (f: Func) => void): number
  export(name: string, index: number): void
  finish(): Uint8Array
}

/** A module with one memory, imported as `env.memory`. */
export function module(memory: {
  readonly initial: number
  readonly maximum: number
  readonly shared: boolean
}): Module {
  const functions: (Written | undefined)[] = []
  const signatures: { readonly parameters: readonly ValueType[]; readonly results: readonly ValueType[] }[] = []
  const exports: { readonly name: string; readonly index: number }[] = []
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
      const out = bytes()
      out.push(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
      const section = (id: number, write: (b: Bytes) => void): void => {
        const b = bytes()
        write(b)
        out.push(id)
        out.unsigned(b.length)
        out.append(b)
      }
      const types = [...new Map(signatures.map((s) => [JSON.stringify(s), s])).entries()]
      section(1, (b) => {
        b.unsigned(types.length)
        for (const [, s] of types) {
          b.push(0x60)
          b.unsigned(s.parameters.length)
          b.push(...s.parameters.map(typeCode))
          b.unsigned(s.results.length)
          b.push(...s.results.map(typeCode))
        }
      })
      section(2, (b) => {
        b.unsigned(1)
        name(b, 'env')
        name(b, 'memory')
        b.push(0x02, memory.shared ? 0x03 : 0x01)
        b.unsigned(memory.initial)
        b.unsigned(memory.maximum)
      })
      section(3, (b) => {
        b.unsigned(signatures.length)
        for (const s of signatures) b.unsigned(types.findIndex(([key]) => key === JSON.stringify(s)))
      })
      section(7, (b) => {
        b.unsigned(exports.length)
        for (const e of exports) {
          name(b, e.name)
          b.push(0x00)
          b.unsigned(e.index)
        }
      })
      section(10, (b) => {
        b.unsigned(functions.length)
        for (const f of functions) {
          if (f === undefined) throw new Error('a function was declared and not defined')
          const body = bytes()
          const runs: { type: ValueType; count: number }[] = []
          for (const type of f.locals) {
            const last = runs.at(-1)
            if (last?.type === type) last.count++
            else runs.push({ type, count: 1 })
          }
          body.unsigned(runs.length)
          for (const r of runs) {
            body.unsigned(r.count)
            body.push(typeCode(r.type))
          }
          body.append(f.code)
          body.push(0x0b)
          b.unsigned(body.length)
          b.append(body)
        }
      })
      return out.finish()
    },
  }
  return it
}

function name(b: Bytes, text: string): void {
  const t = new TextEncoder().encode(text)
  b.unsigned(t.length)
  b.push(...t)
}

const loadCode = { 8: 0x2d, 16: 0x2f, 32: 0x28, 64: 0x29 } as const
const storeCode = { 8: 0x3a, 16: 0x3b, 32: 0x36, 64: 0x37 } as const
const alignment = { 8: 0, 16: 1, 32: 2, 64: 3 } as const

function func(index: number, written: Written): Func {
  const { locals, parameters } = written
  let { code } = written
  let depth = 0
  let errorLocal: number | undefined
  const fresh = (type: ValueType): number => parameters.length + locals.push(type) - 1
  const put = (w: W): void => {
    switch (w.op) {
      case 'const32':
        code.push(0x41)
        code.signed(BigInt(w.value))
        return
      case 'const64':
        code.push(0x42)
        code.signed(BigInt.asIntN(64, w.value))
        return
      case 'get':
        code.push(0x20)
        code.unsigned(w.local)
        return
      case 'unary':
        put(w.of)
        code.push(opcode[w.name])
        return
      case 'binary':
        put(w.left)
        put(w.right)
        code.push(opcode[w.name])
        return
      case 'select':
        put(w.then)
        put(w.otherwise)
        put(w.condition)
        code.push(0x1b)
        return
      case 'if':
        put(w.condition)
        code.push(0x04, typeCode(w.type))
        put(w.then)
        code.push(0x05)
        put(w.otherwise)
        code.push(0x0b)
        return
      case 'masked': {
        put(w.word)
        const single = (w.mask & (w.mask - 1n)) === 0n
        if (w.mask !== (1n << 64n) - 1n) {
          code.push(0x42)
          code.signed(BigInt.asIntN(64, w.mask))
          code.push(opcode.and64)
        }
        if (w.value === 0n) code.push(opcode.eqz64)
        else if (single) {
          code.push(opcode.eqz64, opcode.eqz32)
        } else {
          code.push(0x42)
          code.signed(BigInt.asIntN(64, w.value))
          code.push(opcode.eq64)
        }
        return
      }
      case 'load':
        put(w.address)
        code.push(loadCode[w.size])
        code.unsigned(alignment[w.size])
        code.unsigned(w.offset)
        return
      // the flag is read last: what is in `bad` may raise it too
      case 'check':
        put(w.bad)
        put(get32(it.error))
        code.push(opcode.or32, 0x21)
        code.unsigned(it.error)
        put(w.of)
        return
      case 'let':
        put(w.value)
        code.push(0x21)
        code.unsigned(w.local)
        put(w.body)
        return
      case 'call':
        for (const a of w.arguments) put(a)
        code.push(0x10)
        code.unsigned(w.target)
        return
    }
  }
  const get32 = (local: number): W => ({ type: 'i32', partial: false, op: 'get', local })
  const branch = (t: Target): number => depth - t.depth
  const nested = (op: readonly number[], body: (t: Target) => void): void => {
    code.push(...op)
    depth++
    body({ depth })
    depth--
    code.push(0x0b)
  }
  const it: Func = {
    index,
    local: fresh,
    get error() {
      return (errorLocal ??= fresh('i32'))
    },
    set(local, value) {
      put(value)
      code.push(0x21)
      code.unsigned(local)
    },
    tee(local, value) {
      put(value)
      code.push(0x22)
      code.unsigned(local)
    },
    store(size, address, offset, value) {
      put(address)
      put(value)
      code.push(storeCode[size])
      code.unsigned(alignment[size])
      code.unsigned(offset)
    },
    do(target, ...args) {
      for (const a of args) put(a)
      code.push(0x10)
      code.unsigned(target)
    },
    drop(value) {
      put(value)
      code.push(0x1a)
    },
    result(value) {
      put(value)
    },
    return(value) {
      put(value)
      code.push(0x0f)
    },
    if(condition, then, otherwise) {
      put(condition)
      code.push(0x04, 0x40)
      depth++
      then()
      if (otherwise !== undefined) {
        code.push(0x05)
        otherwise()
      }
      depth--
      code.push(0x0b)
    },
    aside(write) {
      const outer = code
      code = bytes()
      depth++
      write()
      depth--
      const written = code
      code = outer
      return written
    },
    branch(condition, then, otherwise) {
      put(condition)
      code.push(0x04, 0x40)
      for (const b of then) code.append(b)
      code.push(0x05)
      for (const b of otherwise) code.append(b)
      code.push(0x0b)
    },
    block(body) {
      nested([0x02, 0x40], body)
    },
    loop(body) {
      nested([0x03, 0x40], body)
    },
    br(target) {
      code.push(0x0c)
      code.unsigned(branch(target))
    },
    brIf(target, condition) {
      put(condition)
      code.push(0x0d)
      code.unsigned(branch(target))
    },
    brTable(targets, value) {
      put(value)
      code.push(0x0e)
      code.unsigned(targets.length - 1)
      for (const t of targets) code.unsigned(branch(t))
    },
    copy(to, from, size) {
      put(to)
      put(from)
      put(size)
      code.push(0xfc, 0x0a, 0x00, 0x00)
    },
    fill(at, byte, size) {
      put(at)
      put(byte)
      put(size)
      code.push(0xfc, 0x0b, 0x00)
    },
    unreachable() {
      code.push(0x00)
    },
  }
  return it
}
