/** Every correction, lock and check of the protocol, in the order in which they are listed. */
import { fixesIn, type Fix } from 'hmmcheck'
import * as by420 from 'hmmcheck/models/mirror/fixes/by-4.20'
import * as corrections from 'hmmcheck/models/mirror/fixes/corrections'
import * as only414 from 'hmmcheck/models/mirror/fixes/only-4.14'
import * as locks from 'hmmcheck/models/mirror/fixes/locks'
import * as checks from 'hmmcheck/models/mirror/fixes/checks'

export const fixes: readonly Fix[] = [by420, corrections, only414, locks, checks].flatMap(fixesIn)
