/** The common parts of the models of the merged mirror: their initial states, and the properties that must hold. */
import {
  and,
  Choose,
  deadlock,
  every,
  ForEach,
  If,
  lockDeadlock,
  not,
  or,
  recoverable,
  some,
  type Block,
  type Bool,
  type Id,
  type Property,
} from 'hmmcheck'
import { Device, mm_state } from 'hmmcheck/kernel'
import {
  agree,
  agree_always,
  balanced,
  changes_are_announced,
  granted_by_vma,
  mm_is_freed,
  never_below_zero,
  newest_value,
  no_stale_entry,
  no_use_after_free,
  no_use_after_kfree,
  paired,
  permitted,
  private_after_fork,
  protected_means_read_only,
  referenced,
  returns_unlocked,
  snapshot_is_valid,
  start_means_empty,
  unique,
  of_one_kind,
  type Announced,
  type Kinds,
  type References,
  type Rights,
} from 'hmmcheck/properties'
import { bound_at_start, count_open_brackets, cpus_also, counted, teardown } from './fixes.ts'
import {
  bracket,
  driver,
  gathered,
  hmm,
  Hmm,
  hmm_objects,
  is_owed,
  is_registered,
  mem_map,
  mm,
  notifiers,
  order,
  special,
} from './state.ts'

const tables: Rights & Kinds & Announced = {
  cpu: (va) => mm.pte.at(va),
  device: (one, va) => driver.at(one).pte.at(va),
  is_registered,
  is_owed,
  is_open: (one) => bracket.at(one).va.isSome,
  is_answered: (one, va) => and(bracket.at(one).answered, bracket.at(one).va.eq(va)),
  is_told: (device) => some(Hmm, (one) => and(notifiers.is_listed(one), hmm.at(one).mirrors.has(device))),
  is_protecting: (one) => bracket.at(one).protects,
  cpu_may_write: (va) => mm.writable.has(va),
  device_may_write: (one, va) => driver.at(one).writable.has(va),
  is_device_private: (va) => special.at(va).eq('device_private'),
  is_special: (va) => special.at(va).ne('none'),
  leads_to_own_memory: (one, va) => driver.at(one).own_memory.has(va),
}
const references: References = {
  refcount: (page) => mem_map.at(page).refcount,
  mapped: (va) => mm.pte.at(va),
  held: (one) => gathered.at(one),
}
/** Not one that is on its way out: it can no longer be found, or it cannot be used. */
const is_used = (one: Id<'Hmm'>): Bool =>
  and(hmm_objects.is_allocated(one), or(and(counted, hmm.at(one).kref.gt(0)), and(not(counted), hmm.at(one).mm)))

/** The process is gone, and every device unbound. */
const is_gone = and(
  mm_state.eq('exited'),
  every(Device, (one) => driver.at(one).bound.eq('unbound')),
)

/** Or hmm_mirror_register() was called for every device before. */
export const initially: Block = () => {
  If(bound_at_start, () => {
    const of = Choose('hmm', Hmm)
    hmm_objects.allocated.add(of)
    mm.hmm.set(of)
    notifiers.list.add(of)
    notifiers.mm_count.add(of)
    If(not(counted), () => hmm.at(of).mm.set(true))
    ForEach(Device, (one) => {
      hmm.at(of).mirrors.add(one)
      If(counted, () => hmm.at(of).kref.increment())
      driver.at(one).hmm.set(of)
      driver.at(one).bound.set('bound')
    })
  })
}

/** @param child the entries of another process that shares pages with this one */
export const propertiesWith = (child: Pick<References, 'mapped_by_child'> = {}): readonly Property[] => [
  ...agree(tables),
  ...agree_always(tables),
  ...no_use_after_free(),
  ...no_stale_entry(tables),
  ...start_means_empty(tables),
  ...changes_are_announced(tables),
  ...protected_means_read_only(cpus_also.eq('write-protect'), tables),
  ...permitted(tables),
  granted_by_vma(),
  ...private_after_fork(cpus_also.eq('fork'), (page) => mem_map.at(page).refcount),
  ...of_one_kind(cpus_also.eq('special-entries'), tables),
  ...snapshot_is_valid(),
  ...newest_value(),
  ...referenced({ ...references, ...child }),
  never_below_zero(),
  ...mm_is_freed(teardown, is_gone, not(notifiers.mm_count.isEmpty)),
  ...balanced(
    Hmm,
    (one) => hmm.at(one).notifiers,
    (one) => and(count_open_brackets, notifiers.is_listed(one)),
    tables,
  ),
  paired(),
  ...no_use_after_kfree(),
  ...unique(Hmm, is_used),
  ...returns_unlocked(),
  ...order,
  deadlock(),
  lockDeadlock(),
  recoverable(),
]

export const properties: readonly Property[] = propertiesWith()
