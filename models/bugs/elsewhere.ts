/** Known bugs that no model here shows, and why: livelocks, and bugs of what none of them has. */
import { inexpressible, temporal, type Bug } from './bug.ts'

const interval = 'the interval notifier of 5.5 and later, which no model here has'
const validAgain = 'a range that becomes valid again, as from 5.2 to 5.4; in these models one that was invalidated stays so'
const exclusive = 'device-exclusive entries, which no model here has'
const kvm = 'KVM\'s notifier'
const driver = (name: string): string => `the driver ${name}, which is not modelled`
const events = 'v11 and v12 of the series, 2015 and 2016'

/** Every state of them is as it should be, and from each there is a way out. */
const livelocks: readonly Bug[] = [
  {
    id: 'B-26', title: 'Two CPU faulters keep the device page from being migrated', versions: '6.1 to 6.14', commit: '1afaeb8293c9 (6.15)', known: 'report',
    fix: '`trylock_page` under the page table lock first; who does not get it waits without a reference',
    place: temporal('both fail and try again, for ever, though either could succeed'),
  },
  {
    id: 'B-28', title: 'Spinning device-private faulters starve the holder', versions: '6.15 to 7.0-rc', commit: 'b570f37a2ce4 (7.0)', known: 'report',
    fix: 'sleep on the folio lock without a reference',
    place: temporal('a faulter that goes round keeps a work item from its CPU: without preemption, under an unfair scheduler'),
  },
  {
    id: 'B-59', title: 'Two devices migrate the same range against each other', versions: 'xe, about 6.15 to 6.18', commit: '0620837490e0', known: 'report',
    fix: 'after -EBUSY a migration holds a lock alone',
    place: temporal('each evicts what the other has got, for ever, though either could succeed'),
  },
  {
    id: 'B-68', title: 'ABA in the wait conditions of brackets and faults', versions: events, known: 'reading',
    fix: 'wait for those faults that were listed, not for another number of them',
    place: temporal('a wake-up is missed, and made good by the next change: a stall'),
  },
  {
    id: 'B-70', title: 'No wait on locked entries', versions: events, known: 'reading',
    fix: 'sleep until the entry is unlocked',
    place: temporal('faulters go round until the migration ends, which under priorities it never does'),
  },
]

/** Of HMM and the core. */
const core: readonly Bug[] = [
  {
    id: 'B-06', title: 'ABA on `range->valid`', versions: '5.2 to 5.4', known: 'inference', fix: 'a sequence, compared for equality',
    place: inexpressible(validAgain),
  },
  {
    id: 'B-07', title: 'Waiters starve behind unrelated invalidations', versions: '5.2 to 5.4', known: 'reading', fix: 'wait for the brackets over the range alone',
    place: inexpressible(`${validAgain}; and a matter of fairness`),
  },
  {
    id: 'B-09', title: '`hmm_vma_fault` leaks a registered range on its stack', versions: '5.2', known: 'reading', fix: 'unregister on every way out with an error',
    place: inexpressible('the wait with a timeout of 5.2, and a range that outlives the call'),
  },
  {
    id: 'B-11', title: '`mmu_interval_notifier_remove` returns before the deferred removal is done', versions: '5.5 to 5.17', commit: '319561669a59 (5.18)', known: 'report',
    fix: 'test the condition of the wait under the lock', place: inexpressible(interval),
  },
  {
    id: 'B-12', title: 'Failing classic notifier leaves the interval side active for ever', versions: '5.5 to 6.12', known: 'inference',
    fix: 'end the interval side when the list fails', place: inexpressible(interval),
  },
  {
    id: 'B-13', title: 'Notifiers whose start succeeded get no end after another\'s failure', versions: '4.19 to 5.11', commit: 'c2655835fd8c (5.12)', known: 'report',
    fix: 'on a failure call the end of those that have one', place: inexpressible('a second notifier of another kind in one process'),
  },
  {
    id: 'B-14', title: 'ODP read lock leaked on -EAGAIN', versions: '5.0 to 5.2', commit: '7608bf40cf24', known: 'report',
    fix: 'release it on the way out with an error', place: inexpressible('the lock that RDMA holds from start to end of a bracket'),
  },
  {
    id: 'B-19', title: 'CPU fault on a device-exclusive entry holds no reference', versions: '5.14 to 6.2', commit: '7c7b962938dd (6.3)', known: 'report',
    fix: '`folio_try_get`, lock, `pte_same`', place: inexpressible(exclusive),
  },
  {
    id: 'B-20', title: 'Missing unlock and put when the exclusive map retries', versions: '5.14 to 6.13', commit: 'b3fefbb30a16 (6.14)', known: 'report',
    fix: 'unlock and put before the retry', place: inexpressible(exclusive),
  },
  {
    id: 'B-21', title: 'Exclusive entries drop the mapcount and keep the reference', versions: '5.14 to 6.14', commit: '"mm: fixes for device-exclusive entries (hmm)" (6.15)', unverified: true, known: 'report',
    fix: 'the reverse map knows these entries', place: inexpressible(exclusive),
  },
  {
    id: 'B-22', title: 'Exclusive mapping installed outside a critical section of the notifier', versions: 'lib/test_hmm.c of 6.1 and 6.12', known: 'reading',
    fix: 'read the sequence before, check it under the driver\'s lock', place: inexpressible(exclusive),
  },
  {
    id: 'B-30', title: 'Indeterminate entry for an unsupported ZONE_DEVICE page in a hole', versions: '4.14 to 5.12', commit: '34f5e9b9d199 (5.13)', known: 'report',
    fix: 'refuse the page', place: inexpressible('an uninitialised variable, and a kind of page that no model here has'),
  },
  {
    id: 'B-31', title: '`hmm_range_fault` fails on another device\'s private page', versions: '5.8 to 5.19', commit: '8a295dbbaf72 (6.0)', known: 'report',
    fix: 'a fault is needed then', place: inexpressible('two devices with memory of their own under migrate_vma'),
  },
  {
    id: 'B-35', title: 'Folio that will be freed is put on the LRU', versions: '4.14 to 6.13', commit: '41cddf83d8b0 (6.14; CVE-2025-21861)', known: 'report',
    fix: 'put on the LRU what stays', place: inexpressible('the LRU and its batches'),
  },
  {
    id: 'B-36', title: 'Bracket smaller than the entries changed', versions: 'up to 4.18', commit: '017b1660df89 (4.19)', known: 'report',
    fix: 'widen the range before its start', place: inexpressible('huge pages and shared page tables'),
  },
  {
    id: 'B-39', title: 'Owner filter is per device, mirrors are per process and file', versions: 'lib/test_hmm.c of 6.1 and 6.12; nouveau inferred', known: 'reading',
    fix: 'filter by mirror', place: inexpressible('two mirrors of one device in migrate_vma'),
  },
  {
    id: 'B-57', title: 'Secondary TLB invalidated too late', versions: 'up to 6.5', commit: '6bbd42e2df8f (6.6)', known: 'report',
    fix: 'invalidate where the architecture flushes its TLB', place: inexpressible('a device\'s own TLB: device accesses translate and access in one step'),
  },
  {
    id: 'B-58', title: 'Device write to its own read-only device-private page never gets the permission', versions: '5.8 to 6.12', known: 'reading',
    fix: 'a fault is needed where writing is asked for', place: inexpressible('`hmm_range_fault` with write requests on device-private entries; and a livelock'),
  },
  {
    id: 'B-77', title: 'Index slips over several directories', versions: events, known: 'inference',
    fix: 'map the directory of the address, and test `dst[idx]`', place: inexpressible('directories of the mirror page table: a model has one entry an address'),
  },
  {
    id: 'B-90', title: '`mm_hmm_migrate` loops', versions: events, known: 'reading',
    fix: 'clear `ret` before the retry, and `backoff` before the fault', place: inexpressible('huge pages, and an event that the caller uses again: one thread that goes round'),
  },
]

/** Of drivers and other users of the notifier. */
const users: readonly Bug[] = [
  {
    id: 'B-37', title: '`struct page` dereferenced before the retry check', versions: 'xe up to 6.13; amdgpu by reading', commit: '0a98219bcc96 (6.14)', known: 'report',
    fix: 'touch pages under the notifier lock, after the check', place: inexpressible('a driver that looks at the pages of its snapshot; those here install and no more'),
  },
  {
    id: 'B-45', title: 'xe userptr: folio lock taken under the notifier lock', versions: '6.14', commit: '2577b202458c (6.15)', known: 'report',
    fix: 'lock no folio under the notifier lock', place: inexpressible(driver('xe')),
  },
  {
    id: 'B-46', title: 'i915 userptr: page lock in `put_pages` called from the notifier', versions: '5.3-rc', commit: 'cb6d7c7dc7ff, reverted by 505a8ec7e11a', known: 'report',
    fix: 'trylock, or defer', place: inexpressible(driver('i915')),
  },
  {
    id: 'B-47', title: 'i915: callback needs a mutex that its own caller holds', versions: 'about 5.3', commit: '484d9a844d0d', known: 'report',
    fix: 'a callback takes no lock under which reclaim can run', place: inexpressible(driver('i915')),
  },
  {
    id: 'B-48', title: 'amdkfd: exit, removal of a vma and a foreign mm in fault handling', versions: '5.14 to 6.0', commit: 'a0c55ecee100, 7ad153db5859, 3a876060892b', known: 'report',
    fix: 'drain faults before teardown; a vma that is gone is no error; use the mm of the fault', place: inexpressible(driver('amdkfd')),
  },
  {
    id: 'B-49', title: 'amdgpu userptr validated without the protocol at submission', versions: 'up to 6.0', commit: '4458da0bb09d (6.1)', known: 'report',
    fix: 'keep the range and its sequence up to the submission', place: inexpressible(driver('amdgpu')),
  },
  {
    id: 'B-50', title: 'mlx5 implicit ODP: child MR destroyed twice', versions: 'up to 6.13', commit: 'd3d930411ce3 (6.14)', known: 'report',
    fix: 'claim it by cmpxchg', place: inexpressible(driver('mlx5')),
  },
  {
    id: 'B-51', title: 'mlx5 ODP MR: invalidation after the key was revoked', versions: 'up to 6.13', commit: 'abb604a1a9c8 (6.14)', known: 'report',
    fix: 'revoke under `umem_mutex`', place: inexpressible(driver('mlx5')),
  },
  {
    id: 'B-52', title: 'KVM: order of sequence and counter reads', versions: '2.6 to 3.x', commit: 'a355aa54f1d2 (3.3)', unverified: true, known: 'report',
    fix: 'barriers between the writes and between the reads', place: inexpressible(`${kvm}; and memory order, which is sequentially consistent here`),
  },
  {
    id: 'B-53', title: 'KVM arm64 and RISC-V: facts of the vma read outside the window of the sequence', versions: '5.x to 6.2', commit: '13ec9308a857 (6.3)', known: 'report',
    fix: 'sample the sequence before mmap_lock is dropped', place: inexpressible(kvm),
  },
  {
    id: 'B-54', title: 'KVM: memslots change between start and end', versions: '5.12 to 5.15', commit: '52ac8b358b0c (5.16)', known: 'report',
    fix: 'updates wait until no invalidation is active', place: inexpressible(kvm),
  },
  {
    id: 'B-55', title: 'KVM: refresh of the gfn to pfn cache', versions: '5.17, 5.18', commit: '58cd407ca4c6 (5.19)', known: 'report',
    fix: 'clear the valid flag before the lookup, check under the lock of the cache', place: inexpressible(kvm),
  },
  {
    id: 'B-56', title: 'KVM: APIC access page reloaded before the unmap', versions: '4.15 to 5.7', commit: 'e649b3f0188f (5.8)', known: 'report',
    fix: 'ask for the reload after the change; the pattern of B-02', place: inexpressible(kvm),
  },
]

export const bugsElsewhere: readonly Bug[] = [...livelocks, ...core, ...users]
