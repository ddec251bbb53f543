/** Every run of the catalogue that takes seconds. */
import { userptrProtocol } from '../../../models/userptr/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(userptrProtocol, reasons, [
  {
    variant: /^without-restore-checks-process$/,
    label: /invalid has bo/,
    inside: /update_invalid_user_pages/,
    why: 'a restore that fails finds that the buffer was invalidated, so that the next one has work',
  },
  {
    variant: /^without-populate-checks-seq$/,
    label: /^(pinned = false|list_move_tail\(&userptr->invalidate_link\)|unpin_user_pages\(\))$/,
    inside: /xe_vm_userptr_pin|i915_gem_object_userptr_submit_init/,
    why: 'what is not asked for is never found out of date',
  },
])
