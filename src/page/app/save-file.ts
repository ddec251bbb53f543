/** Offers a text as a file of the reader's. */
export function saveFile(name: string, type: string, text: string): void {
  const link = globalThis.document.createElement('a')
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(address)
  }, 10_000)
}
