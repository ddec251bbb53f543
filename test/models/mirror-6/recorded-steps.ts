/** The events that a step of mirror-6 stands for, by its label. A step that is not listed is one that no recording shows. */
import { kindOf, NONE, tagOf, type Entry, type Kernel } from './recorded-kernel.ts'
import type { Fields, Task, Told } from './told.ts'

const SUB = { subs: 'subs1', sub: 'sub1' }
const DM = { dm: 'dm1', sub: 'sub1' }
const ADDRESS = '10000000'
const RANGE = { start: ADDRESS, end: '10001000' }
const PAGE = { dm: 'dm1', vpn: '10000' }

type Tells = (told: Told, label: string) => void

const entryOf = ({ mm }: Kernel): Entry => mm.pte[0] ?? NONE
const childEntryOf = ({ child_mm }: Kernel): Entry => child_mm?.pte[0] ?? NONE
const deviceEntryOf = ({ driver }: Kernel): Entry => driver[0]?.pte[0] ?? NONE
const isCallback = ({ path }: Told): boolean => path.includes(':dmirror_interval_invalidate')
const isFault = ({ path }: Told): boolean => path.includes(':dmirror_range_fault')

/** A change of the entry, with the function that makes it. */
const pte = (
  { tell, before, after }: Told,
  by: string,
  [old, opfn]: readonly [string, string],
  [now, npfn]: readonly [string, string],
) => {
  const { page } = entryOf(before).fields
  // of no page, as the recordings have it
  const oref = page === undefined ? -1 : (after.mem_map[page]?.refcount ?? -1)
  tell('pte', { mm: 'mm1', addr: ADDRESS, old, opfn, oref, new: now, npfn, by })
}
const changes = (told: Told, by: string): void => {
  const [old, now] = [entryOf(told.before), entryOf(told.after)]
  if (kindOf(old) !== kindOf(now) || old.fields.page !== now.fields.page)
    pte(told, by, [kindOf(old), told.pfn(old.fields.page)], [kindOf(now), told.pfn(now.fields.page)])
}

const rangeOf = ({ path }: Told): Fields & { readonly event: string } => ({
  mm: 'mm1',
  ...RANGE,
  ...(/:migrate_vma_(setup|pages)\b/.test(path) && !path.includes(':try_to_migrate')
    ? { event: 'MIGRATE', owner: 'dev1' }
    : { event: path.includes(':copy_page_range') ? 'PROTECTION_PAGE' : 'CLEAR', owner: null }),
})

const enters = (told: Told): void => {
  told.tell('cb_enter', { ...SUB, cur_seq: told.task.cur_seq, event: rangeOf(told).event })
}
const leaves = ({ tell, task }: Told): void => {
  tell('cb_exit', { ...SUB, cur_seq: task.cur_seq, ret: 1 })
  tell('__mmu_notifier_invalidate_range_start exit', { ret: 0 })
}

/** Brackets, the callback, and readers. */
const core: readonly (readonly [RegExp, Tells])[] = [
  [
    /^mn_itree_inv_start_range/,
    (told) => {
      const { numbers, task, tell } = told
      const seq_old = numbers.subs
      numbers.active += 1
      if (numbers.subs % 2 === 0) numbers.subs += 1
      task.cur_seq = numbers.subs
      const range = rangeOf(told)
      tell('__mmu_notifier_invalidate_range_start enter', range)
      const numbered = { active: numbers.active, seq_old, seq: numbers.subs }
      tell('inv_start', { subs: 'subs1', ...range, blockable: 1, ...numbered, hit: 'sub1' })
    },
  ],
  [
    /^mn_itree_inv_end/,
    (told) => {
      const { numbers, tell } = told
      const seq_old = numbers.subs
      numbers.active -= 1
      const wake = numbers.active === 0 && seq_old % 2 === 1
      if (wake) numbers.subs += 1
      tell('__mmu_notifier_invalidate_range_end enter', rangeOf(told))
      tell('inv_end', { subs: 'subs1', active: numbers.active, seq_old, seq: numbers.subs, wake: wake ? 1 : 0 })
      tell('__mmu_notifier_invalidate_range_end exit')
    },
  ],
  [
    // a callback that returns at once is one step with the choice of whom to call
    /^if \(flag\)$/,
    (told) => {
      if (told.chosen('sub') === undefined) return
      enters(told)
      told.tell('inv_ignored', { ...DM, cur_seq: told.task.cur_seq })
      leaves(told)
    },
  ],
  [
    /^mmu_interval_set_seq/,
    ({ numbers, task, tell }) => {
      tell('set_seq', { ...DM, old: numbers.sub, seq: task.cur_seq, ...RANGE })
      numbers.sub = task.cur_seq
    },
  ],
  [/^mutex_lock\(/, (told) => (isCallback(told) ? enters(told) : undefined)],
  [
    /^mutex_unlock\(/,
    (told) => {
      const { task, tell, path } = told
      if (isCallback(told)) {
        tell('inv_unlock', DM)
        leaves(told)
      } else if (task.done && isFault(told)) tell('map_unlock', { ...DM, ret: task.short ? -14 : 0 })
      else if (task.done && !path.includes(':dmirror_migrate_to_device')) {
        tell('ioctl_ret', { dm: 'dm1', cmd: task.cmd, addr: ADDRESS, ret: 0, cpages: 1 })
        task.cmd = 'none'
      }
    },
  ],
  [
    /^mmu_interval_read_begin/,
    ({ numbers, task, tell }) => {
      Object.assign(task, { sample: numbers.sub, waits: numbers.sub === numbers.subs, begins: true })
      const wait = task.waits ? 1 : 0
      tell('read_begin', { ...SUB, sub_seq: numbers.sub, subs_seq: numbers.subs, active: numbers.active, wait })
    },
  ],
]

/** hmm_range_fault() is over. */
const walked = ({ task, tell }: Told, ret: number): void => {
  if (!task.walks) return
  task.walks = false
  tell('hmm_range_fault exit', { ret })
  tell('hrf_ret', { ...DM, seq: task.sample, ret })
}

/** A fault of the device. */
const fault: readonly (readonly [RegExp, Tells])[] = [
  [
    /^mmu_interval_check_retry/,
    ({ numbers, task, tell }) => {
      if (!task.walks) tell('hmm_range_fault enter', { sub: 'sub1', seq: task.sample, ...RANGE })
      task.walks = true
      tell('check_retry', { sub: 'sub1', seq: task.sample, busy: numbers.sub === task.sample ? 0 : 1 })
    },
  ],
  [
    /^pte = ptep_get/,
    ({ before, tell, pfn }) => {
      const entry = entryOf(before)
      tell('walk_pte', { sub: 'sub1', addr: ADDRESS, kind: kindOf(entry), pfn: pfn(entry.fields.page) })
    },
  ],
  [
    /^vmf->orig_pte/,
    ({ task, tell }) => {
      if (task.walks) tell('fault', { addr: ADDRESS, write: task.cmd === 'WRITE' ? 1 : 0 })
    },
  ],
  [/^failed = /, ({ tell }) => tell('fault_ret', { addr: ADDRESS })],
  [/^if \(ret == -EBUSY\)$/, (told) => walked(told, -16)],
  [/^the fault is over$/, (told) => walked(told, -14)],
  [
    /^mmu_interval_read_retry/,
    (told) => {
      const { numbers, task, tell } = told
      walked(told, 0)
      task.done = numbers.sub === task.sample
      tell('read_retry', { ...DM, seq: task.sample, sub_seq: numbers.sub, retry: task.done ? 0 : 1 })
    },
  ],
  [
    /^xa_store\(\)$/,
    ({ before, after, task, tell, isDevicePage, pfn, backing, memory }) => {
      const walked = before.pfns.flat().find(({ is }) => is === 'present')
      const page = walked?.fields.page ?? -1
      // no right to write, where it was asked for: the driver makes no entry, and fails
      task.short = task.cmd === 'WRITE' && walked?.fields.write === false
      if (task.short) return
      if (isDevicePage(page)) tell('devpriv_fault', { ...PAGE, pfn: pfn(page), backing: backing(page), fix: 1 })
      tell('dev_map', { ...PAGE, pfn: memory(page), tag: tagOf(deviceEntryOf(after)) })
    },
  ],
]

const begins = ({ task, tell }: Told, cmd: Task['cmd']): void => {
  if (task.cmd !== 'none') task.tid += 1
  Object.assign(task, { cmd, done: false })
  tell('ioctl', { dm: 'dm1', cmd, addr: ADDRESS, npages: 1, mm: 'mm1' })
}
const commandOf = ({ chosen }: Told): Task['cmd'] => (chosen('writes') === true ? 'WRITE' : 'READ')
/** The driver has looked into its table, and found no entry, or none for writing. */
const misses = ({ task, tell, before }: Told): void => {
  if (task.cmd === 'READ') tell('dev_miss', PAGE)
  else tell('dev_miss_w', { ...PAGE, tag: deviceEntryOf(before).is === 'present' ? 'read' : 'none' })
}

/** Calls of the driver, and accesses. */
const access: readonly (readonly [RegExp, Tells])[] = [
  [
    /^dmirror_fault\(\)$/,
    (told) => {
      begins(told, commandOf(told))
      misses(told)
    },
  ],
  [/^dmirror_read\(\), dmirror_write\(\)$/, (told) => begins(told, commandOf(told))],
  [/^ioctl\(HMM_DMIRROR_MIGRATE_TO_DEV\)$/, (told) => begins(told, 'MIGRATE_TO_DEV')],
  [
    /^memcpy\(\)$/,
    (told) => {
      const { before, task, tell, isDevicePage, memory, word, write } = told
      const entry = before.loaded.find(({ is }) => is === 'present')
      const page = entry?.fields.page
      if (entry === undefined || page === undefined) misses(told)
      else if (!isDevicePage(page) && before.mem_map[page]?.refcount === 0)
        tell('dev_bad', { ...PAGE, pfn: memory(page), why: 'free' })
      else {
        task.done = true
        if (task.cmd === 'WRITE') tell('dev_write', { ...PAGE, pfn: memory(page), word: write(page) })
        else tell('dev_read', { ...PAGE, pfn: memory(page), tag: tagOf(entry), word: word(page) })
      }
    },
  ],
  [
    /^the CPU reads or writes$/,
    ({ after, chosen, is_child, tell, write }) => {
      if (chosen('write') !== true || is_child) return
      const told = { op: 'cpu_w', pg: 0, n: 1, v: write(entryOf(after).fields.page ?? -1) }
      tell('user enter', told)
      tell('user exit', { ...told, r: 0 })
    },
  ],
]

/** Changes of the page table by others than a migration, and faults on device memory. */
const memory: readonly (readonly [RegExp, Tells])[] = [
  [/^zap_pte_range/, (told) => changes(told, 'unmap_page_range')],
  [
    /^spin_lock\(ptl\): if \(pte_none\(\*ptep\)\) set_pte_at\(\)$/,
    (told) => {
      const { page } = entryOf(told.after).fields
      if (entryOf(told.before).is === 'none' && page !== undefined) told.copy(page, null)
      changes(told, '__handle_mm_fault')
    },
  ],
  [
    /^spin_lock\(ptl\): if \(pte_same\(\)\)/,
    ({ after, thread, tell, pfn }) => {
      const held = after.held[thread] ?? null
      if (held === null) tell('devpriv_changed')
      else for (const kind of ['devpriv_get', 'devmem_fault']) tell(kind, { addr: ADDRESS, pfn: pfn(held) })
    },
  ],
  [
    /^put_page\(vmf->page\)$/,
    ({ before, thread, tell, pfn }) => {
      const held = before.held[thread] ?? -1
      tell('devmem_fault_ret', { addr: ADDRESS })
      tell('devpriv_put', { addr: ADDRESS, pfn: pfn(held), ref: before.mem_map[held]?.refcount ?? 0 })
    },
  ],
]

/** fork() and copy-on-write, as the parent's page table shows them. */
const forks: readonly (readonly [RegExp, Tells])[] = [
  [/^copy_pte_range/, (told) => changes(told, 'copy_page_range')],
  [/^spin_lock\(ptl\): if \(pte_same\(\)\) wp_page_reuse/, (told) => changes(told, 'ptep_set_access_flags')],
  [
    /^spin_lock\(ptl\): if \(pte_same\(\)\) ptep_clear_flush/,
    (told) => {
      const [old, now] = [entryOf(told.before), entryOf(told.after)]
      const [from, to] = [old.fields.page, now.fields.page]
      if (from === undefined || to === undefined || from === to) return
      told.copy(to, from)
      pte(told, 'ptep_clear_flush', [kindOf(old), told.pfn(from)], ['none', '0'])
      pte(told, 'wp_page_copy', ['none', '0'], [kindOf(now), told.pfn(to)])
    },
  ],
  [
    /^try_to_migrate_one\(\):/,
    (told) => {
      const [old, now] = [entryOf(told.before), entryOf(told.after)]
      if (old.is === now.is) return
      const page = told.pfn(old.fields.page)
      pte(told, 'ptep_clear_flush', [kindOf(old), page], ['none', '0'])
      pte(told, 'try_to_migrate_one', ['none', '0'], [kindOf(now), page])
    },
  ],
]

/** What a migration does between its calls. */
const migration: readonly (readonly [RegExp, Tells])[] = [
  [
    /^spin_lock\(ptl\): folio_trylock\(\)/,
    (told) => {
      const { before, after, is_child, tell, pfn, moved } = told
      const of = is_child ? childEntryOf : entryOf
      const [old, now] = [of(before), of(after)]
      const page = pfn(old.fields.page)
      const { migrate } = moved(after)
      if (migrate && old.is !== 'none' && !is_child) {
        pte(told, 'ptep_clear_flush', [kindOf(old), page], ['none', '0'])
        pte(told, 'migrate_vma_collect_pmd', ['none', '0'], [kindOf(now), page])
      }
      tell('collect', {
        mm: is_child ? 'mm2' : 'mm1',
        addr: ADDRESS,
        kind: kindOf(old),
        pfn: page,
        migrate: migrate ? 1 : 0,
      })
    },
  ],
  [
    /^migrate_vma_check_page/,
    ({ before, after, tell, pfn, moved }) =>
      tell(moved(after).migrate ? 'unmap_ok' : 'unmap_fail', { pfn: pfn(moved(before).src) }),
  ],
  [
    /^remove_migration_pte\(\):/,
    (told) => {
      const { before, path, tell, pfn, moved } = told
      const { src, dst, migrate } = moved(before)
      if (!path.includes(':migrate_vma_finalize')) tell('unmap_restore', { pfn: pfn(src) })
      else tell('finalize', { src: pfn(src), dst: pfn(dst), moved: migrate && dst !== null ? 1 : 0 })
      changes(told, 'remove_migration_pte')
    },
  ],
  [
    /^zone_device_page_init/,
    ({ after, tell, pfn, backing, word, copy, moved }) => {
      const { src, dst } = moved(after)
      if (dst === null) return
      copy(dst, src)
      const pages = { src: pfn(src), dst: pfn(dst), backing: backing(dst) }
      tell('copy_to_dev', { dm: 'dm1', addr: ADDRESS, ...pages, word: word(dst) })
    },
  ],
  [
    /^xa_erase\(\)$/,
    (told) => {
      const entry = deviceEntryOf(told.before)
      if (!isCallback(told)) told.tell('dev_erase_nolock', PAGE)
      else if (entry.is === 'present')
        told.tell('dev_erase', { ...PAGE, pfn: told.memory(entry.fields.page ?? -1), tag: tagOf(entry) })
    },
  ],
  [
    /^copy_highpage\(\)$/,
    ({ before, tell, pfn, backing, word, copy, moved }) => {
      const { src, dst } = moved(before)
      if (dst !== null) copy(dst, src)
      const pages = { src: pfn(src), backing: backing(src ?? -1), dst: pfn(dst) }
      tell('copy_to_sys', { addr: ADDRESS, ...pages, word: word(dst) })
    },
  ],
  [
    /^migrate_folio\(\)$/,
    ({ before, after, tell, pfn, moved }) => {
      const { src, dst } = moved(before)
      if (src !== null && dst !== null)
        tell('page', { src: pfn(src), dst: pfn(dst), r: moved(after).migrate ? 0 : -11 })
    },
  ],
  [
    /set_pte_at\(device private entry\)/,
    (told) => {
      const { dst, migrate } = told.moved(told.after)
      told.tell(migrate ? 'insert_ok' : 'insert_abort', { addr: ADDRESS, pfn: told.pfn(dst) })
      if (migrate) changes(told, '__migrate_device_pages')
    },
  ],
  [
    /^xa_store\(\): BACKING_PAGE/,
    ({ before, after, tell, memory: backing, moved }) => {
      const { dst, migrate } = moved(before)
      if (dst !== null && migrate) tell('dev_map', { ...PAGE, pfn: backing(dst), tag: tagOf(deviceEntryOf(after)) })
    },
  ],
]

export const stepsTold = [...core, ...fault, ...access, ...forks, ...memory, ...migration]
