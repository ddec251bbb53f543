/** Runs of bytes, and the numbers of WebAssembly in them: LEB128, seven bits in each byte. */

/** A growing run of bytes. */
export interface Bytes {
  /** One byte. */
  byte(value: number): void
  push(...bytes: readonly number[]): void
  unsigned(value: number): void
  /** A number of 32 bits, with its sign. */
  signed32(value: number): void
  /** A number of 64 bits, with its sign. */
  signed64(value: bigint): void
  append(other: Bytes): void
  readonly length: number
  finish(): Uint8Array
}
/** Most runs are short: a branch that is written aside. */
const FIRST_LENGTH = 64

/** The two halves of a number of 64 bits. */
const halves = new DataView(new ArrayBuffer(8))

export function bytes(): Bytes {
  let buffer = new Uint8Array(FIRST_LENGTH)
  let length = 0
  const reserve = (n: number): void => {
    if (length + n <= buffer.length) return
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + n))
    larger.set(buffer.subarray(0, length))
    buffer = larger
  }
  const it: Bytes = {
    byte(value) {
      if (length === buffer.length) reserve(1)
      buffer[length++] = value
    },
    push(...values) {
      reserve(values.length)
      for (const v of values) buffer[length++] = v
    },
    unsigned(value) {
      for (; value > 0x7f; value = Math.floor(value / 128)) it.byte((value % 128) | 0x80)
      it.byte(value)
    },
    signed32(value) {
      // as long as the sign is not all that is left
      for (; value < -0x40 || value > 0x3f; value >>= 7) it.byte((value & 0x7f) | 0x80)
      it.byte(value & 0x7f)
    },
    signed64(value) {
      halves.setBigInt64(0, value)
      let high = halves.getInt32(0),
        low = halves.getInt32(4)
      while (high !== low >> 31 || low < -0x40 || low > 0x3f) {
        it.byte((low & 0x7f) | 0x80)
        low = (low >>> 7) | (high << 25)
        high >>= 7
      }
      it.byte(low & 0x7f)
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
