/** Transitions that `fixed` never takes where it holds, and why. */
import type { Reason } from '../never-taken.ts'

const oneDevice = ['migrate', 'failures', 'dirty-memory', 'faulters', 'pinned', 'fork', 'memory']

export const reasons: readonly Reason[] = [
  {
    label: /^rwsem_(down_read_failed|read_granted)\(&mm\.mmap_sem\)$/,
    scenarios: ['dirty', 'dirty-memory', 'faulters', 'pinned', 'two-mirrors', 'addresses', 'memory'],
    why: 'nobody takes mmap_sem for writing: no munmap, fork or registration takes part',
  },
  {
    label: /^rwsem_\w+\(&hmm\[hmm\]\.rwsem\)$/,
    scenarios: [
      'dirty',
      'dirty-memory',
      'migrate',
      'faulters',
      'pinned',
      'two-mirrors',
      'fork',
      'copies',
      'registration',
    ],
    why: 'nobody takes rwsem for writing but a registration, which holds mmap_sem: no driver fails',
  },
  {
    label: /^(rwsem_\w+|__down_write)\(&hmm\[hmm\]\.rwsem\)$/,
    scenarios: ['failures', 'unregister', 'memory'],
    why: 'at one address brackets and migrations exclude each other, so nobody walks while another kills; of several killers the first alone goes on',
  },
  {
    label: /^hmm_wait_device_fault\(\): wait_event/,
    inside: /:do_munmap|:copy_page_range/,
    scenarios: ['mirror', 'migrate', 'failures', 'unregister', 'fork', 'copies'],
    why: 'mmap_sem is held for writing, and who is listed holds it for reading',
  },
  {
    label: /^else of if \(saved\)$/,
    scenarios: ['migrate', 'failures', 'dirty-memory', 'faulters', 'two-mirrors', 'fork', 'memory'],
    why: 'only a pin makes mm_hmm_migrate() put an entry back without giving up',
  },
  {
    label: /./,
    inside: /:hmm_mirror_migrate[/\d.a-z-]*:hmm_mirror_(update|kill)/,
    scenarios: oneDevice,
    why: 'with one device there is no other mirror to tell',
  },
  {
    label: /^(flag = failing|else of if \(flag\)|hmm_mirror_ref\(mirror\); up_read\(&hmm->rwsem\))$/,
    inside: /:hmm_mirror_migrate/,
    scenarios: oneDevice,
    why: 'the same',
  },
  {
    label: /^else of if \(new_pte\)$/,
    scenarios: ['two-mirrors', 'fork'],
    why: 'there is always a free page, and one CPU to lock the entry',
  },
  {
    label: /./,
    inside: /:hmm_mirror_unref[/\d.a-z-]*:hmm_mirror_destroy/,
    scenarios: ['registration', 'unregister', 'exit'],
    why: 'the last reference is that of hmm_mirror_unregister(), which waits for callbacks, or of hmm_mirror_fault()',
  },
  {
    label: /^else of if \(hmm != none\)$/,
    inside: /:hmm_mirror_register/,
    scenarios: ['registration', 'unregister', 'exit'],
    why: 'a struct hmm was found or made before',
  },
]
