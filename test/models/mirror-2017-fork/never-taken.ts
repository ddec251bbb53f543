/** Transitions that `fixed` never takes where it holds, and why. */
import type { Reason } from '../never-taken.ts'

export const reasons: readonly Reason[] = [
  {
    label: /^rwsem_.*mirrors_sem/,
    inside: /:hmm_invalidate_range/,
    why: 'without a registrar nobody writes mirrors_sem',
  },
  {
    label: /^else of if \(hmm\[hmm\]\.mirrors has device\)/,
    inside: /:call_mirror/,
    why: 'without a registrar every device is in the list',
  },
  { label: /./, inside: /:handle_device_fault\/[^:]*:hmm_free/, why: 'nobody unbinds' },
  { label: /^if \(!driver->bound\)/, inside: /:handle_device_fault/, why: 'nobody unbinds' },
]
