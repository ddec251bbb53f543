/** Where a recording gives objects free: an mm and its subscriptions, notifiers, a struct dmirror, threads, and pages. */
import type { Freed, RecordedEvent } from 'hmmcheck'

type Name = RecordedEvent['fields'][string]

/** An address space, as far as the recording has shown it. */
interface Space {
  readonly mm: Name
  readonly subscriptions: Set<Name>
  /** Notifiers that are inserted: they keep the mm by mmgrab(). */
  readonly inserted: Set<Name>
  /** The pages that its page table names, by address. */
  readonly table: Map<Name, Name>
  /** The process whose exit_mmap() has returned. */
  gone?: string
}

/** Fields that name pages. */
const PAGES = ['pfn', 'opfn', 'npfn', 'src', 'dst', 'backing']

const remembered = <K, V>(known: Map<K, V>, key: K, make: () => V): V => {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

/**
 * What becomes free, and behind which event. An mm is freed by __mmdrop(), which no line tells of: it follows when
 * exit_mmap() has returned and no notifier is in it any more. Its subscriptions go with it, and the threads of its process,
 * and the pages that this process was the last to name and that no other page table names: somebody else may have them
 * before they are named again.
 */
export function freedIn(events: readonly RecordedEvent[]): readonly Freed[] {
  const freed: Freed[] = []
  const spaces = new Map<Name, Space>()
  const exiting = new Map<string, Name>()
  const threads = new Map<string, Set<string>>()
  /** By page, the process that has named it last. */
  const namedBy = new Map<Name, string>()
  /** Threads inside dmirror_fops_release(); of those that are to be given free behind it, true. */
  const releasing = new Map<string, boolean>()
  const spaceOf = (mm: Name): Space =>
    remembered(spaces, mm, () => ({ mm, subscriptions: new Set(), inserted: new Set(), table: new Map() }))
  const isOver = ({ mm, subscriptions, inserted, gone }: Space, at: RecordedEvent): void => {
    if (gone === undefined || inserted.size > 0) return
    const free = (sort: string, names: Iterable<Name>): void => {
      for (const name of names) freed.push({ sort, name, at })
    }
    spaces.delete(mm)
    const used = new Set([...spaces.values()].flatMap(({ table }) => [...table.values()]))
    const pages = [...namedBy].flatMap(([page, by]) => (by === gone && !used.has(page) ? [page] : []))
    const own = [...(threads.get(gone) ?? [])]
    free('Mm', [mm])
    free('Subs', subscriptions)
    free('Page', pages)
    free(
      'Thread',
      own.filter((thread) => !releasing.has(thread)),
    )
    for (const page of pages) namedBy.delete(page)
    for (const thread of own) if (releasing.has(thread)) releasing.set(thread, true)
    threads.delete(gone)
  }
  for (const event of events) {
    const { kind, thread, process = thread, fields } = event
    const { mm = null, sub = null, subs = null, dm = null, addr = null, npfn = null } = fields
    remembered(threads, process, () => new Set<string>()).add(thread)
    for (const field of PAGES) if (fields[field] !== undefined) namedBy.set(fields[field], process)
    switch (kind) {
      case 'pte':
        spaceOf(mm).table.set(addr, npfn)
        break
      case 'insert':
        spaceOf(mm).inserted.add(sub)
        spaceOf(mm).subscriptions.add(subs)
        break
      case 'remove_ret':
        freed.push({ sort: 'Sub', name: sub, at: event })
        for (const space of [...spaces.values()]) if (space.inserted.delete(sub)) isOver(space, event)
        break
      case 'release_start':
        releasing.set(thread, false)
        break
      case 'release_done':
        freed.push({ sort: 'Dm', name: dm, at: event })
        if (releasing.get(thread) === true) freed.push({ sort: 'Thread', name: thread, at: event })
        releasing.delete(thread)
        break
      case 'exit_mmap enter':
        exiting.set(thread, mm)
        break
      case 'exit_mmap exit': {
        const space = spaceOf(exiting.get(thread) ?? null)
        space.gone = process
        isOver(space, event)
      }
    }
  }
  return freed
}
