/** SHA-256 (FIPS 180-4), synchronous and without Node, so that a schedule has the same digest in a browser. */

const FIRST_PRIMES = 64

/**
 * The first 32 bits of the fractional part of the `root`-th root of the first primes, from which the standard takes
 * its constants.
 */
function fractions(root: 2 | 3, count: number): Uint32Array {
  const words = new Uint32Array(count)
  for (let candidate = 2, found = 0; found < count; candidate += 1) {
    let prime = true
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) if (candidate % divisor === 0) prime = false
    if (!prime) continue
    const value = root === 2 ? Math.sqrt(candidate) : Math.cbrt(candidate)
    words[found] = (value - Math.floor(value)) * 2 ** 32
    found += 1
  }
  return words
}

const ROUND = fractions(3, FIRST_PRIMES)
const START = fractions(2, 8)

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

/** The message, a one bit, zeros, and the length in bits: whole blocks of 64 bytes. */
function padded(bytes: Uint8Array): DataView {
  const length = Math.ceil((bytes.length + 9) / 64) * 64
  const block = new Uint8Array(length)
  block.set(bytes)
  block[bytes.length] = 0x80
  const view = new DataView(block.buffer)
  view.setUint32(length - 8, Math.floor(bytes.length / 2 ** 29))
  view.setUint32(length - 4, bytes.length << 3)
  return view
}

/**
 * The SHA-256 of a text's UTF-8 bytes.
 *
 * @returns 64 hexadecimal digits
 */
export function sha256(text: string): string {
  const message = padded(new TextEncoder().encode(text))
  const hash = Uint32Array.from(START)
  const w = new Uint32Array(64)
  const at = (words: Uint32Array, index: number): number => words[index] ?? 0
  for (let block = 0; block < message.byteLength; block += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = message.getUint32(block + i * 4)
    for (let i = 16; i < 64; i += 1) {
      const early = at(w, i - 15)
      const late = at(w, i - 2)
      const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)
      const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
      w[i] = at(w, i - 16) + s0 + at(w, i - 7) + s1
    }
    // eight words, always
    let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number]
    for (let i = 0; i < 64; i += 1) {
      const t1 =
        (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + at(ROUND, i) + at(w, i)) | 0
      const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) hash[i] = at(hash, i) + word
  }
  return [...hash].map((word) => word.toString(16).padStart(8, '0')).join('')
}
