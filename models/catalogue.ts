/** Every protocol that comes with the package, and every bug that is known of them. */
import type { Catalogue } from 'hmmcheck'
import type { Bug } from './bugs/bug.ts'
import { defineBugs } from './bugs/define.ts'
import { allBugs } from './bugs/index.ts'
import { deviceMemoryProtocol } from './device-memory/protocol.ts'
import { deviceExclusiveProtocol } from './device-exclusive/protocol.ts'
import { events2016Protocol } from './events-2016/protocol.ts'
import { gpusvmXeProtocol } from './gpusvm-xe/protocol.ts'
import { intervalNotifierProtocol } from './interval-notifier/protocol.ts'
import { kvmProtocol } from './kvm/protocol.ts'
import { kfdSvmProtocol } from './kfd-svm/protocol.ts'
import { migrateVmaProtocol } from './migrate-vma/protocol.ts'
import { mirror2017Protocol } from './mirror-2017/protocol.ts'
import { mirror2017ForkProtocol } from './mirror-2017-fork/protocol.ts'
import { mirror414Protocol } from './mirror-4.14/protocol.ts'
import { mirror420Protocol } from './mirror-4.20/protocol.ts'
import { mirror52Protocol } from './mirror-5.2/protocol.ts'
import { mirror6Protocol } from './mirror-6/protocol.ts'
import { ownerCowProtocol } from './owner-cow/protocol.ts'
import { odpProtocol } from './odp/protocol.ts'
import { userptrProtocol } from './userptr/protocol.ts'
import { uvmProtocol } from './uvm/protocol.ts'

export const catalogue: Catalogue = [
  mirror2017Protocol,
  mirror2017ForkProtocol,
  events2016Protocol,
  mirror414Protocol,
  mirror420Protocol,
  deviceMemoryProtocol,
  migrateVmaProtocol,
  intervalNotifierProtocol,
  mirror52Protocol,
  ownerCowProtocol,
  odpProtocol,
  userptrProtocol,
  kvmProtocol,
  mirror6Protocol,
  deviceExclusiveProtocol,
  kfdSvmProtocol,
  gpusvmXeProtocol,
  uvmProtocol,
]

export const bugs: readonly Bug[] = defineBugs(catalogue, allBugs)
