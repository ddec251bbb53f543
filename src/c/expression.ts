/**
 * Expression trees as C. C leaves open in which order the operands of an operator are evaluated, so an expression of C
 * changes nothing: what raises the error flag, sets a local or calls a function becomes a statement before it.
 */
import { remembered } from '../language/remembered.ts'
import {
  binaryOp,
  constantIn,
  i64,
  isTruth,
  type Binary,
  type Unary,
  type ValueType,
  type W,
} from '../wasm/expression.ts'

type Of<O extends W['op']> = Extract<W, { readonly op: O }>

/** The destination of statements, and the names in them. */
export interface Printing {
  line(text: string): void
  /** Writes the lines of a block, one level deeper. */
  indented(write: () => void): void
  /** The name of a local. */
  name(local: number): string
  /** A fresh local. */
  temporary(type: ValueType): string
  /** The name of the local that a `check` raises. */
  error(): string
  /** The name of a function. */
  called(target: number): string
  isErrorLocal(local: number): boolean
}

/** Prints what the value needs before it, and gives the value as an expression. */
export function expressionText(to: Printing, w: W): string {
  switch (w.op) {
    case 'const32':
      return `${w.value >>> 0}u`
    case 'const64':
      return constant64(w.value)
    case 'get':
      return to.name(w.local)
    case 'unary':
      // compilers warn where they see that a truth is compared with a number
      if (w.name === 'extend' && isTruth(w.of)) return `number_of_truth(${expressionText(to, w.of)})`
      return (w.name === 'eqz32' ? printNot(to, w.of) : undefined) ?? unary(w.name, operand(expressionText(to, w.of)))
    case 'binary':
      return printBinary(to, w)
    case 'select': {
      const [then = '', otherwise = '', condition = ''] = operands(to, [w.then, w.otherwise, w.condition])
      return `${operand(condition)} ? ${operand(then)} : ${operand(otherwise)}`
    }
    case 'if':
      return printIf(to, w)
    case 'masked':
      return masked(to, w, true)
    case 'load':
      return `${wordText(expressionText(to, w.address), w.offset)}`
    case 'check':
      printCheck(to, w)
      return expressionText(to, w.of)
    case 'let':
      to.line(`${to.name(w.local)} = ${expressionText(to, w.value)};`)
      return expressionText(to, w.body)
    case 'call': {
      const result = to.temporary(w.type)
      to.line(`${result} = ${callOf(to, w.target, w.arguments)};`)
      return result
    }
    case 'vector':
      throw new Error(`no C for the vector operation ${w.name}`)
  }
}

/** A call, with its arguments evaluated before. */
export const callOf = (to: Printing, target: number, given: readonly W[]): string =>
  `${to.called(target)}(${operands(to, given).join(', ')})`

/** The word of 64 bits at an address of the model's memory. */
export const wordText = (address: string, offset: number): string => {
  if (offset % 8 !== 0) throw new Error('a word of the memory begins at a multiple of 8')
  return `WORD(${address}, ${offset / 8})`
}

/**
 * Values that are evaluated in this order. Where a later one needs statements before it, what an earlier one reads
 * could be changed by them: it is kept in a local.
 */
function operands(to: Printing, all: readonly W[]): readonly string[] {
  const lastWithStatements = all.findLastIndex(needsStatements)
  return all.map((w, n) => {
    const text = expressionText(to, w)
    if (n >= lastWithStatements || isStable(to, w)) return text
    const kept = to.temporary(w.type)
    to.line(`${kept} = ${text};`)
    return kept
  })
}

const isStable = (to: Printing, w: W): boolean =>
  w.op === 'const32' || w.op === 'const64' || (w.op === 'get' && !to.isErrorLocal(w.local))

/** Whether a value cannot be printed as an expression alone. */
const needsStatements: (w: W) => boolean = remembered((w: W): boolean => {
  switch (w.op) {
    case 'check':
    case 'let':
    case 'call':
      return true
    case 'unary':
      return needsStatements(w.of)
    case 'binary':
      return needsStatements(w.left) || needsStatements(w.right)
    case 'select':
    case 'if':
      return [w.condition, w.then, w.otherwise].some(needsStatements)
    case 'masked':
      return needsStatements(w.word)
    case 'load':
      return needsStatements(w.address)
    case 'const32':
    case 'const64':
    case 'get':
    case 'vector':
      return false
  }
})

/** Only one side is evaluated: one with statements needs them in a block. */
function printIf(to: Printing, { type, condition, then, otherwise }: Of<'if'>): string {
  const test = expressionText(to, condition)
  if (!needsStatements(then) && !needsStatements(otherwise))
    return `${operand(test)} ? ${operand(expressionText(to, then))} : ${operand(expressionText(to, otherwise))}`
  const result = to.temporary(type)
  const side = (w: W): void => {
    to.indented(() => {
      to.line(`${result} = ${expressionText(to, w)};`)
    })
  }
  to.line(`if (${test}) {`)
  side(then)
  to.line('} else {')
  side(otherwise)
  to.line('}')
  return result
}

/** `error |= bad`. A `bad` that is always 0 stands for what is evaluated in it. */
function printCheck(to: Printing, { bad }: Of<'check'>): void {
  if (bad.op === 'binary' && bad.name === 'and32' && bad.right.op === 'const32' && bad.right.value === 0) {
    expressionText(to, bad.left)
    return
  }
  const raised = expressionText(to, bad)
  to.line(`${to.error()} |= ${raised};`)
}

const all64 = (1n << 64n) - 1n

/** Small numbers in decimal, masks in hexadecimal digits. */
const constant64 = (value: bigint): string => (value < 1024n ? `${value}ull` : `0x${value.toString(16)}ull`)

/** `(word & mask) == value`, or `!=`. */
function masked(to: Printing, { word: of, mask, value }: Of<'masked'>, isEqual: boolean): string {
  const word = operand(expressionText(to, of))
  const literal = literalIn(word)
  if (literal !== undefined) return ((literal & mask) === value) === isEqual ? known.yes : known.no
  const isBit = value !== 0n && (mask & (mask - 1n)) === 0n
  const bits = mask === all64 ? word : `(${word} & ${constant64(mask)})`
  return `${bits} ${isEqual === isBit ? '!=' : '=='} ${isBit ? '0' : constant64(value)}`
}

const opposites: Readonly<Partial<Record<Binary, Binary>>> = {
  eq32: 'ne32',
  ne32: 'eq32',
  eq64: 'ne64',
  ne64: 'eq64',
  lt64s: 'ge64s',
  ge64s: 'lt64s',
  gt64s: 'le64s',
  le64s: 'gt64s',
}
/** The opposite of a truth; nothing if the value may be another number. */
function printNot(to: Printing, of: W): string | undefined {
  if (of.op === 'masked') return masked(to, of, false)
  const opposite = of.op === 'binary' ? opposites[of.name] : undefined
  if (of.op === 'binary' && opposite !== undefined) return printBinary(to, { ...of, name: opposite })
  if (!isTruth(of)) return undefined
  const text = expressionText(to, of)
  return text === known.yes ? known.no : text === known.no ? known.yes : `!${operand(text)}`
}

/** Truths that are known only here are printed as these, and end in no operator: compilers warn of what is always so. */
const known = { yes: '1', no: '0' } as const

/** Comparisons of something with itself. */
const ofEqual: Readonly<Partial<Record<Binary, string>>> = {
  eq32: known.yes,
  eq64: known.yes,
  le64s: known.yes,
  ge64s: known.yes,
  ne32: known.no,
  ne64: known.no,
  lt64s: known.no,
  gt64s: known.no,
}

function printBinary(to: Printing, { name, left: of, right: by }: Of<'binary'>): string {
  const [left = '', right = ''] = operands(to, [of, by])
  const same = left === right ? ofEqual[name] : foldedText(name, left, right)
  return same ?? printLogical(name, [of, left], [by, right]) ?? binary(name, operand(left), by, operand(right))
}

/** The number that a text of 64 bits is. */
const literalIn = (text: string): bigint | undefined => (/^\w+ull$/.test(text) ? BigInt(text.slice(0, -3)) : undefined)

/** What two numbers come to, which are known only here: what stands before them was statements. */
function foldedText(name: Binary, left: string, right: string): string | undefined {
  const [a, b] = [literalIn(left), literalIn(right)]
  if (name === 'and64' && (a === 0n || b === 0n)) return constant64(0n)
  if (a === undefined || b === undefined) return undefined
  const folded = binaryOp(name, i64(a), i64(b))
  const value = constantIn(folded)
  if (value === undefined) return undefined
  return folded.type === 'i64' ? constant64(value) : value === 0n ? known.no : known.yes
}

type Printed = readonly [w: W, text: string]

/** Both or either of two truths. */
function printLogical(name: Binary, [of, left]: Printed, [by, right]: Printed): string | undefined {
  if (name !== 'and32' && name !== 'or32') return undefined
  const [decides, leaves] = name === 'or32' ? [known.yes, known.no] : [known.no, known.yes]
  if (left === decides || right === decides) return decides
  if (left === leaves) return right
  if (right === leaves) return left
  return isTruth(of) && isTruth(by) ? `${operand(left)} ${name === 'or32' ? '||' : '&&'} ${operand(right)}` : undefined
}

/** As it can stand beside an operator. */
const operand = (text: string): string => (/^[\w.]+$|^\w+\([^()]*\)$/.test(text) ? text : `(${text})`)

function unary(name: Unary, of: string): string {
  switch (name) {
    case 'eqz32':
    case 'eqz64':
      return `${of} == 0`
    case 'wrap':
      return `(u32)${of}`
    case 'extend':
      return `(u64)${of}`
    case 'popcnt64':
      return `ones(${of})`
    case 'ctz32':
      return `trailing_zeros(${of})`
  }
}

const symbols: Readonly<Partial<Record<Binary, string>>> = {
  add32: '+',
  sub32: '-',
  mul32: '*',
  div32u: '/',
  and32: '&',
  or32: '|',
  xor32: '^',
  eq32: '==',
  ne32: '!=',
  lt32u: '<',
  ge32u: '>=',
  gt32u: '>',
  le32u: '<=',
  add64: '+',
  sub64: '-',
  mul64: '*',
  and64: '&',
  or64: '|',
  xor64: '^',
  eq64: '==',
  ne64: '!=',
}
/** Of numbers with a sign. */
const signed: Readonly<Partial<Record<Binary, string>>> = {
  lt64s: '<',
  le64s: '<=',
  gt64s: '>',
  ge64s: '>=',
}
/** WebAssembly shifts by the number modulo the width; in C a shift by the width or more means nothing. */
const shifts: Readonly<Partial<Record<Binary, readonly [symbol: string, width: bigint]>>> = {
  shl32: ['<<', 32n],
  shr32: ['>>', 32n],
  shl64: ['<<', 64n],
  shr64: ['>>', 64n],
}

function binary(name: Binary, left: string, by: W, right: string): string {
  const shift = shifts[name]
  if (shift !== undefined) {
    const [symbol, width] = shift
    if (by.op === 'const32' || by.op === 'const64') return `${left} ${symbol} ${BigInt(by.value) % width}`
    return `${left} ${symbol} (${right} & ${width - 1n})`
  }
  const ofSigned = signed[name]
  if (ofSigned !== undefined) return `(i64)${left} ${ofSigned} (i64)${right}`
  if (name === 'rem64s') return `(u64)((i64)${left} % (i64)${right})`
  const symbol = symbols[name]
  if (symbol === undefined) throw new Error(`no C for the operation ${name}`)
  return `${left} ${symbol} ${right}`
}
