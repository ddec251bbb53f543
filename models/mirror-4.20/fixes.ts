/** Every correction, lock and check of the protocol, in the order in which they are listed. */
import { fixesIn, type Fix } from 'hmmcheck'
import * as by420 from 'hmmcheck/models/mirror/fixes/by-4.20'
import * as corrections from 'hmmcheck/models/mirror/fixes/corrections'
import * as only420 from 'hmmcheck/models/mirror/fixes/only-4.20'
import * as locks from 'hmmcheck/models/mirror/fixes/locks'
import * as checks from 'hmmcheck/models/mirror/fixes/checks'

const own = (kind: Fix['kind']): readonly Fix[] => fixesIn(only420).filter((fix) => fix.kind === kind)

export const fixes: readonly Fix[] = [
  ...fixesIn(corrections),
  ...own('correction'),
  // 4.20 has them: they are checks that it could lack.
  ...fixesIn(by420).map((fix): Fix => ({ ...fix, kind: 'check' })),
  ...fixesIn(locks),
  ...own('lock'),
  ...fixesIn(checks),
  ...own('check'),
]
