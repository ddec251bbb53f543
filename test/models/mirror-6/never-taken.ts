/** Steps that are never taken where `fixed` holds, and why. */
import type { Untaken } from '../../support/catalogue.ts'
import type { Reason } from '../never-taken.ts'

/** The device's part of a fault that moves memory back. */
const device_moves = /:dmirror_range_fault.*:do_swap_page/

export const reasons: readonly Reason[] = [
  {
    label: /^else of if \((range|fault_range|cow_range|rmap_range|holes|todo|found|all) has (va|sub)/,
    why: 'with one address and one subscription, whatever is about any is about it',
  },
  {
    label: /^(else of if \(!refused\)|refused = true|mn_itree_inv_end\(\))$/,
    why: 'a callback waits for its lock in a bracket that may block, so that none of these is refused',
  },
  {
    label: /^(remove_migration_pte|folio_unlock)/,
    inside: /:migrate_device_unmap|:dmirror_range_fault.*:migrate_vma_finalize/,
    why: 'nobody else has a reference to what moves, or it is one more, which migrate_folio() finds: of device memory one too many passes here',
  },
  {
    label: /^(spin_lock\(ptl\): is it a migration entry\?|folio_wait_locked\(page\))$/,
    inside: /:handle_mm_fault/,
    why: 'the device waits in its walk for a migration entry that it finds there; the CPU meets none where nobody else moves memory',
  },
  {
    label: /^else of if \(migrate_vma\[current\]\[va\]\.(src|dst) != none\)$/,
    why: 'on the way back every entry has a source, and there is a free page: the one that its source is a copy of was freed',
  },
  {
    label: /./,
    inside: device_moves,
    scenarios: ['to-ram', 'two-mirrors'],
    why: 'the walk reports what is in the memory of its own device, and nothing moves there between the walk and the fault',
  },
  {
    label: /^(wait_event|if \(ret == -EBUSY\)|else of if \(valid\))/,
    inside: /:dmirror_range_fault/,
    scenarios: ['exit'],
    why: 'a fault holds mm_users, and only the exit has brackets here: none runs beside a fault',
  },
  {
    label: /./,
    inside: /:do_anonymous_page|:dmirror_range_fault.*:handle_mm_fault|:dmirror_range_fault\/3\/9\/9/,
    scenarios: ['two-mirrors'],
    why: 'nobody takes memory away: the address always has a page, of system memory or of the device',
  },
]

export const untaken: readonly Untaken[] = [
  {
    variant: /^(nouveau-6\.12|without-own-migrate-zaps|erases-unlocked)$/,
    label: /^(for each sub|else of if \(!\(dmirror == sub\)\))$/,
    inside: device_moves,
    why: 'in nouveau-to-ram the walk reports what is in the memory of its own device: a fault of the device moves nothing',
  },
  {
    variant: /^(nouveau-6\.12|without-owned-pages-fault)$/,
    label: /./,
    inside: /:dmirror_range_fault.*:(do_swap_page|migration_entry_wait)\b/,
    why: 'in nouveau-fork the walk reports what is in the memory of its own device, whatever was asked',
  },
  {
    variant: /^(nouveau-6\.12|without-owned-pages-fault)$/,
    label: /^(spin_lock\(ptl\): is it a migration entry\?|folio_wait_locked\(page\)|else of if \(todo has va\))$/,
    inside: /:handle_mm_fault/,
    why: 'as nobody but the child moves memory there: no page is on its way, or locked, when it faults',
  },
  {
    variant: /^without-bind-checks-mm$/,
    label: /^else of if \(holes has va\)$/,
    inside: /:dmirror_migrate_to_device/,
    why: 'with one address, what is to be filled is about it',
  },
  {
    variant: /^without-walk-checks-seq$/,
    label: /^if \(ret == -EBUSY\)$/,
    inside: /:dmirror_range_fault/,
    why: 'the walk does not ask whether it is busy',
  },
  {
    variant: /^without-map-by-fault$/,
    label: /^else of if \(todo has va\)$/,
    inside: /:dmirror_migrate_to_device/,
    why: 'with one address, what is to be mapped is about it',
  },
]
