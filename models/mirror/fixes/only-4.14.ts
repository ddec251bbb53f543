/** Corrections of mirror-4.14 alone. */
import { fix } from 'hmmcheck'

export const unregister_waits = fix('unregister-waits', {
  kind: 'correction',
  source: '6d7c3cde93c1 (5.2), B-04; here as a wait',
  summary:
    'between taking the notifier away and clearing mm->hmm, methods that still run are waited for; in 4.17 nobody ' +
    'waits',
})
export const unregister_mmap_sem = fix('unregister-mmap-sem', {
  kind: 'correction',
  source: 'what drivers need in place of a way to wait for their fault handlers; B-83',
  summary: 'hmm_mirror_unregister is called with mmap_sem in write mode, as hmm_mirror_register is',
})
export const device_spinlock = fix('device-spinlock', {
  kind: 'correction',
  source: "mail of July 2015 (Hairgrove's report on the first series), B-75",
  summary:
    "the list of a device's mirrors is under a spinlock, which its unlock does not touch afterwards; as it was, " +
    'under a mutex',
})
