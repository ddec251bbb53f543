/** The bytes of instructions, as the WebAssembly specification numbers them. */
import type { Binary, Unary, ValueType, Vector } from './expression.ts'

/** Instructions without operands of their own. */
export const opcode: Readonly<Record<Unary | Binary, number>> = {
  eqz32: 0x45,
  eqz64: 0x50,
  wrap: 0xa7,
  extend: 0xad,
  popcnt64: 0x7b,
  ctz32: 0x68,
  add32: 0x6a,
  sub32: 0x6b,
  mul32: 0x6c,
  div32u: 0x6e,
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
  eq64: 0x51,
  ne64: 0x52,
  lt64s: 0x53,
  gt64s: 0x55,
  le64s: 0x57,
  ge64s: 0x59,
  rem64s: 0x81,
}

/** The first byte of every instruction on vectors. */
const vectors = 0xfd
/** Those behind `high` name the word: the second. */
export const vectorCode: Readonly<Record<Vector, readonly number[]>> = {
  splat: [vectors, 0x12],
  high: [vectors, 0x1e, 0x01],
  eq: [vectors, 0xd6, 0x01],
  or: [vectors, 0x50],
  xor: [vectors, 0x51],
  any: [vectors, 0x53],
  signs: [vectors, 0xc4, 0x01],
}

/** Instructions of control flow, of locals and of the stack. */
export const instruction = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  const32: 0x41,
  const64: 0x42,
} as const

/** The type of a block without a result. */
export const noResult = 0x40

const typeCodes = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const
export const typeCode = (type: ValueType): number => typeCodes[type]

/** By the bits that are loaded or stored. */
export const loadCode = { 8: [0x2d], 16: [0x2f], 32: [0x28], 64: [0x29], 128: [0xfd, 0x00] } as const
export const storeCode = { 8: 0x3a, 16: 0x3b, 32: 0x36, 64: 0x37 } as const
/** The alignment that is promised, as a power of two. */
export const alignment = { 8: 0, 16: 1, 32: 2, 64: 3, 128: 4 } as const
