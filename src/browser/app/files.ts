/** Opens a file of the reader's. */

/** Bytes of a file that is read: a schedule has fewer. */
const LARGEST_TEXT = 64 * 2 ** 20

/** Asks for a file, and reads it. */
export function openFile(opened: (name: string, text: string) => void, refused: (message: string) => void): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.json,application/json'
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file === undefined) return
    if (file.size > LARGEST_TEXT) {
      refused(`HMM256: ${file.name} has more than 64 MiB, which is more than any schedule`)
      return
    }
    void file.text().then(
      (text) => {
        opened(file.name, text)
      },
      (error: unknown) => {
        refused(`HMM220: ${file.name} can't be read: ${error instanceof Error ? error.message : String(error)}`)
      },
    )
  })
  input.click()
}
