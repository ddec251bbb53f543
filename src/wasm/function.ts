/** Functions while they are written: instructions one behind the other, with structured control flow. */
import { bytes, type Bytes } from './bytes.ts'
import { encode, type Encoding } from './encode.ts'
import type { ValueType, W } from './expression.ts'
import { alignment, instruction, noResult, storeCode } from './opcodes.ts'

/** A place to branch to. */
export interface BranchTarget {
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
  /**
   * An `if` with sides that end in what is known only when both are written.
   *
   * @param ends called behind both sides; what it returns writes the end of each
   */
  branch(condition: W, side: (outcome: boolean) => void, ends: () => (outcome: boolean) => void): void
  block(body: (out: BranchTarget) => void): void
  loop(body: (again: BranchTarget) => void): void
  br(target: BranchTarget): void
  brIf(target: BranchTarget, condition: W): void
  /** Branches to the target numbered by the value, or to the last. */
  brTable(targets: readonly BranchTarget[], value: W): void
  copy(to: W, from: W, size: W): void
  fill(at: W, byte: W, size: W): void
  unreachable(): void
  /** A remark before the next instruction. Only an assembler whose code people read takes it. */
  note?(text: string): void
  /** The local that `check` raises; reset it by hand. */
  readonly error: number
}

/** The written parts of a function. */
export interface Written {
  readonly parameters: readonly ValueType[]
  readonly results: readonly ValueType[]
  readonly locals: ValueType[]
  readonly code: Bytes
}

/** The position of the writing: the run of bytes, and the depth in blocks. */
interface Pen extends Encoding {
  code: Bytes
  depth: number
}

/** Begins to write a function. */
export function func(index: number, { locals, parameters, code }: Written): Func {
  let errorLocal: number | undefined
  const local = (type: ValueType): number => parameters.length + locals.push(type) - 1
  const error = (): number => (errorLocal ??= local('i32'))
  const pen: Pen = {
    code,
    depth: 0,
    error,
  }
  return {
    index,
    local,
    get error() {
      return error()
    },
    ...values(pen),
    ...branches(pen),
    ...blocks(pen),
  }
}

type Values = Pick<
  Func,
  'set' | 'tee' | 'store' | 'drop' | 'do' | 'result' | 'return' | 'copy' | 'fill' | 'unreachable'
>
/** Instructions that take values. */
function values(pen: Pen): Values {
  const putAll = (all: readonly W[]): void => {
    for (const w of all) encode(pen, w)
  }
  return {
    set(local, value) {
      encode(pen, value)
      pen.code.byte(instruction.localSet)
      pen.code.unsigned(local)
    },
    tee(local, value) {
      encode(pen, value)
      pen.code.byte(instruction.localTee)
      pen.code.unsigned(local)
    },
    store(size, address, offset, value) {
      putAll([address, value])
      pen.code.byte(storeCode[size])
      pen.code.unsigned(alignment[size])
      pen.code.unsigned(offset)
    },
    do(target, ...args) {
      putAll(args)
      pen.code.byte(instruction.call)
      pen.code.unsigned(target)
    },
    drop(value) {
      encode(pen, value)
      pen.code.byte(instruction.drop)
    },
    result(value) {
      encode(pen, value)
    },
    return(value) {
      encode(pen, value)
      pen.code.byte(instruction.return)
    },
    copy(to, from, size) {
      putAll([to, from, size])
      pen.code.push(0xfc, 0x0a, 0x00, 0x00)
    },
    fill(at, byte, size) {
      putAll([at, byte, size])
      pen.code.push(0xfc, 0x0b, 0x00)
    },
    unreachable() {
      pen.code.byte(instruction.unreachable)
    },
  }
}

/** Branches to the end of a block, or to the beginning of a loop. */
function branches(pen: Pen): Pick<Func, 'br' | 'brIf' | 'brTable'> {
  const to = ({ depth }: BranchTarget): void => {
    pen.code.unsigned(pen.depth - depth)
  }
  return {
    br(target) {
      pen.code.byte(instruction.br)
      to(target)
    },
    brIf(target, condition) {
      encode(pen, condition)
      pen.code.byte(instruction.brIf)
      to(target)
    },
    brTable(targets, value) {
      encode(pen, value)
      pen.code.byte(instruction.brTable)
      pen.code.unsigned(targets.length - 1)
      targets.forEach(to)
    },
  }
}

/** Instructions that contain others. */
function blocks(pen: Pen): Pick<Func, 'if' | 'branch' | 'block' | 'loop'> {
  /** Writes code that is put into a block later. */
  const aside = (write: () => void): Bytes => {
    const outer = pen.code
    const written = bytes()
    pen.code = written
    pen.depth++
    write()
    pen.depth--
    pen.code = outer
    return written
  }
  const nested = (opening: number, body: (t: BranchTarget) => void): void => {
    pen.code.push(opening, noResult)
    pen.depth++
    body({ depth: pen.depth })
    pen.depth--
    pen.code.byte(instruction.end)
  }
  return {
    if(condition, then, otherwise) {
      encode(pen, condition)
      nested(instruction.if, () => {
        then()
        if (otherwise === undefined) return
        pen.code.byte(instruction.else)
        otherwise()
      })
    },
    branch(condition, side, ends) {
      const sides = [true, false].map((outcome) =>
        aside(() => {
          side(outcome)
        }),
      )
      const end = ends()
      const tails = [true, false].map((outcome) =>
        aside(() => {
          end(outcome)
        }),
      )
      encode(pen, condition)
      pen.code.push(instruction.if, noResult)
      sides.forEach((code, n) => {
        if (n > 0) pen.code.byte(instruction.else)
        pen.code.append(code)
        pen.code.append(tails[n] ?? bytes())
      })
      pen.code.byte(instruction.end)
    },
    block(body) {
      nested(instruction.block, body)
    },
    loop(body) {
      nested(instruction.loop, body)
    },
  }
}
