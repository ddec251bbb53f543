/** Expression trees to instructions. */
import type { Bytes } from './bytes.ts'
import type { W } from './expression.ts'
import { alignment, instruction, loadCode, opcode, typeCode, vectorCode } from './opcodes.ts'

type Of<O extends W['op']> = Extract<W, { readonly op: O }>

/** The destination of instructions. */
export interface Encoding {
  readonly code: Bytes
  /** The number of the local that a `check` raises. */
  error(): number
}

/** Writes the instructions that leave a value on the stack. */
export function encode(to: Encoding, w: W): void {
  const { code } = to
  switch (w.op) {
    case 'const32':
      code.byte(instruction.const32)
      code.signed32(w.value)
      return
    case 'const64':
      encodeConst64(code, w.value)
      return
    case 'get':
      code.byte(instruction.localGet)
      code.unsigned(w.local)
      return
    case 'unary':
      encode(to, w.of)
      code.byte(opcode[w.name])
      return
    case 'binary':
      encode(to, w.left)
      encode(to, w.right)
      code.byte(opcode[w.name])
      return
    case 'select':
      encode(to, w.then)
      encode(to, w.otherwise)
      encode(to, w.condition)
      code.byte(instruction.select)
      return
    case 'if':
      encodeIf(to, w)
      return
    case 'masked':
      encodeMasked(to, w)
      return
    case 'vector':
      for (const one of w.of) encode(to, one)
      code.push(...vectorCode[w.name])
      return
    case 'load':
      encode(to, w.address)
      code.push(...loadCode[w.size])
      code.unsigned(alignment[w.size])
      code.unsigned(w.offset)
      return
    case 'check':
      encodeCheck(to, w)
      return
    case 'let':
      encode(to, w.value)
      code.byte(instruction.localSet)
      code.unsigned(w.local)
      encode(to, w.body)
      return
    case 'call':
      for (const argument of w.arguments) encode(to, argument)
      code.byte(instruction.call)
      code.unsigned(w.target)
      return
  }
}

function encodeConst64(code: Bytes, value: bigint): void {
  code.byte(instruction.const64)
  code.signed64(BigInt.asIntN(64, value))
}

/** `(if (result type) condition (then) (else otherwise))` */
function encodeIf(to: Encoding, w: Of<'if'>): void {
  const { code } = to
  encode(to, w.condition)
  code.push(instruction.if, typeCode(w.type))
  encode(to, w.then)
  code.byte(instruction.else)
  encode(to, w.otherwise)
  code.byte(instruction.end)
}

/** `(word & mask) = value`: shorter where the value is 0, or the mask a single bit. */
function encodeMasked(to: Encoding, { word, mask, value }: Of<'masked'>): void {
  const { code } = to
  encode(to, word)
  if (mask !== (1n << 64n) - 1n) {
    encodeConst64(code, mask)
    code.byte(opcode.and64)
  }
  const isSingleBit = (mask & (mask - 1n)) === 0n
  if (value === 0n) code.byte(opcode.eqz64)
  else if (isSingleBit) code.push(opcode.eqz64, opcode.eqz32)
  else {
    encodeConst64(code, value)
    code.byte(opcode.eq64)
  }
}

/** `error := bad | error`, then the value. The flag is read last: what is in `bad` may raise it too. */
function encodeCheck(to: Encoding, { bad, of }: Of<'check'>): void {
  const { code } = to
  const error = to.error()
  encode(to, bad)
  code.byte(instruction.localGet)
  code.unsigned(error)
  code.push(opcode.or32, instruction.localSet)
  code.unsigned(error)
  encode(to, of)
}
