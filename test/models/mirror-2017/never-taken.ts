/** Transitions that `fixed` never takes where it holds, and why. */
import { scenarios } from '../../../models/mirror-2017/scenarios.ts'
import type { Reason } from '../never-taken.ts'

/** Nobody binds or unbinds there: `mirrors_sem` and the list of mirrors stay as they are. */
const alone = scenarios.filter(({ threads = [] }) => !threads.includes('registrar')).map(({ name }) => name)

export const reasons: readonly Reason[] = [
  ...[
    /^rwsem_down_read_failed\(&hmm\[hmm\]\.mirrors_sem\)$/,
    /^rwsem_read_granted\(&hmm\[hmm\]\.mirrors_sem\)$/,
  ].flatMap((label): readonly Reason[] => [
    { label, inside: /:do_munmap/, why: 'only registrars write mirrors_sem, and they hold mmap_sem, as munmap does' },
    { label, scenarios: alone, why: 'without a registrar nobody writes mirrors_sem' },
  ]),
  {
    label: /^else of if \(hmm\[hmm\]\.mirrors has device\)$/,
    inside: /:do_munmap/,
    why: 'only registrars change the list; with one device there is no other whose notifier could find the list without it',
  },
  {
    label: /^else of if \(hmm\[hmm\]\.mirrors has device\)$/,
    scenarios: alone,
    why: 'without a registrar every device is in the list',
  },
  {
    label: /^kfree_hmm\(hmm\)$/,
    inside: /:hmm_register/,
    why: "the loser's path of B-80: who registers holds mmap_sem in write mode",
  },
  { label: /^kfree_hmm\(hmm\)$/, scenarios: alone, why: 'without a registrar nobody registers' },
]
