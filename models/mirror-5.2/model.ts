/** hmm_range_register(): ranges that are valid again when the last bracket of the process ends. */
import { deadlock, lockDeadlock, model, recoverable, type Model } from 'hmmcheck'
import { reap, registrar, zap } from './bracket.ts'
import { exit } from './exit.ts'
import { fault } from './fault.ts'
import { properties } from './properties.ts'

export const mirror52 = (): Model =>
  model('mirror-5.2', {
    threads: [zap, reap, registrar, fault, exit],
    properties: [...properties(), recoverable(), deadlock(), lockDeadlock()],
  })
