/** The counts of all models, by the name of the protocol. */
import type { Counts } from './count.ts'
import { counts as deviceExclusive } from './device-exclusive/counts.ts'
import { counts as deviceMemory } from './device-memory/counts.ts'
import { counts as events2016 } from './events-2016/counts.ts'
import { counts as gpusvmXe } from './gpusvm-xe/counts.ts'
import { counts as intervalNotifier } from './interval-notifier/counts.ts'
import { counts as kvm } from './kvm/counts.ts'
import { counts as kfdSvm } from './kfd-svm/counts.ts'
import { counts as migrateVma } from './migrate-vma/counts.ts'
import { counts as mirror2017Fork } from './mirror-2017-fork/counts.ts'
import { counts as mirror2017 } from './mirror-2017/counts.ts'
import { counts as mirror414 } from './mirror-4.14/counts.ts'
import { counts as mirror420 } from './mirror-4.20/counts.ts'
import { counts as mirror52 } from './mirror-5.2/counts.ts'
import { counts as mirror6 } from './mirror-6/counts.ts'
import { counts as ownerCow } from './owner-cow/counts.ts'
import { counts as odp } from './odp/counts.ts'
import { counts as userptr } from './userptr/counts.ts'
import { counts as uvm } from './uvm/counts.ts'

export const counts: Readonly<Record<string, Counts>> = {
  'device-exclusive': deviceExclusive,
  'device-memory': deviceMemory,
  'events-2016': events2016,
  'interval-notifier': intervalNotifier,
  kvm,
  'gpusvm-xe': gpusvmXe,
  'kfd-svm': kfdSvm,
  'migrate-vma': migrateVma,
  'mirror-2017': mirror2017,
  'mirror-2017-fork': mirror2017Fork,
  'mirror-4.14': mirror414,
  'mirror-4.20': mirror420,
  'mirror-5.2': mirror52,
  'owner-cow': ownerCow,
  odp,
  userptr,
  'mirror-6': mirror6,
  uvm,
}
