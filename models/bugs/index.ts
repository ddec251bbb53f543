/** Every bug that is known of these protocols, and those that the checker found. */
import type { Bug } from './bug.ts'
import { discoveredBugs } from './discovered.ts'
import { bugsElsewhere } from './elsewhere.ts'
import { eventsBugs } from './events.ts'
import { gpusvmBugs } from './gpusvm.ts'
import { exclusiveBugs } from './exclusive.ts'
import { intervalBugs } from './interval.ts'
import { kvmBugs } from './kvm.ts'
import { kfdBugs } from './kfd.ts'
import { memoryBugs } from './memory.ts'
import { mirror6Bugs } from './mirror-6.ts'
import { mirrorBugs } from './mirror.ts'
import { nouveauBugs } from './nouveau.ts'
import { ownerBugs } from './owner.ts'
import { odpBugs } from './odp.ts'
import { rangeBugs } from './range.ts'
import { reportsElsewhere } from './reports-elsewhere.ts'
import { reportedBugs } from './reports.ts'
import { todaysBugs } from './today.ts'
import { userptrBugs } from './userptr.ts'
import { uvmBugs } from './uvm.ts'

export const allBugs: readonly Bug[] = [
  ...mirrorBugs,
  ...intervalBugs,
  ...mirror6Bugs,
  ...nouveauBugs,
  ...kfdBugs,
  ...gpusvmBugs,
  ...exclusiveBugs,
  ...memoryBugs,
  ...rangeBugs,
  ...ownerBugs,
  ...odpBugs,
  ...eventsBugs,
  ...bugsElsewhere,
  ...reportedBugs,
  ...todaysBugs,
  ...reportsElsewhere,
  ...userptrBugs,
  ...uvmBugs,
  ...kvmBugs,
  ...discoveredBugs,
]
