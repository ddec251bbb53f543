/** Bugs of drivers that mirror a process over interval notifiers, and have memory of their device. */
import { findingsIn, found, type Bug } from './bug.ts'

const inMirror6 = findingsIn('mirror-6')

export const mirror6Bugs: readonly Bug[] = [
  {
    id: 'B-37',
    title: '`struct page` dereferenced before the retry check',
    versions: 'xe up to 6.13; amdgpu by reading',
    commit: '0a98219bcc96 (6.14)',
    known: 'report',
    fix: 'touch pages under the notifier lock, after the check',
    place: found(inMirror6('without-touches-after-retry', 'fault', 'P-NOUAF', 'touches-after-retry')),
  },
]
