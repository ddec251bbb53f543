/** Packed states: words as numbers, and as bytes. */

/** The words of a state as bytes. */
export function packed(state: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(state.length * 8)
  const view = new DataView(bytes.buffer)
  state.forEach((word, n) => {
    view.setBigUint64(8 * n, word, true)
  })
  return bytes
}

/** The bytes of a state as words. */
export function unpacked(bytes: Uint8Array): readonly bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / 8 }, (_, n) => view.getBigUint64(8 * n, true))
}
