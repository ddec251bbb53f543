/** Runs of bytes, and the numbers of WebAssembly in them: LEB128, seven bits in each byte. */

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
