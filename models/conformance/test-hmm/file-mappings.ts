/** Memory of files, and memory that processes share: the model has private anonymous memory alone. */
import type { RecordedEvent } from 'hmmcheck'

/** mm/memory.c: it makes entries of a file's pages, and of copies of them; never those of anonymous memory. */
const fileFault = 'do_set_pte'
/** It makes those of anonymous memory, where do_anonymous_page() is inlined. */
const anonymousFault = '__handle_mm_fault'

/**
 * The first event by which the driver maps, or collects for migration, an address whose entry was made for a file.
 * Entries of the program's own text, which no device touches, do not matter.
 */
export function ofFileMapping(events: readonly RecordedEvent[]): RecordedEvent | undefined {
  const pages = new Set<unknown>()
  return events.find(({ kind, fields: { vpn, addr, new: entry, by } }) => {
    if (kind === 'dev_map') return pages.has(vpn)
    if (kind === 'collect') return pages.has(addr)
    if (kind === 'pte' && by === fileFault) pages.add(addr)
    if (kind === 'pte' && by === anonymousFault && entry !== 'none') pages.delete(addr)
    return false
  })
}
