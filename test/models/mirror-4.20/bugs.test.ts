/** The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down. */
import { mirror420Protocol } from '../../../models/mirror-4.20/protocol.ts'
import { testBugs, testOrders } from '../known-bugs.ts'

const smallest = { cpus: 1, devices: 1, pages: 1, addresses: 1 }

testBugs(mirror420Protocol, [
  {
    name: 'B-02: a range that is listed inside a bracket, as merged', variant: 'as-merged', scenario: 'snapshot', sizes: smallest,
    property: 'P-NOUAF', message: /the device \w+ a page that was freed/, steps: [/up_read\(&hmm->mirrors_sem\)/, /list_add\(&range->list/, /ptep_clear_flush/, /the device/],
    // The assertion of the installation fails earlier.
    later: true,
  },
  {
    name: 'B-02, for the kind of an entry: the page goes to a device, or is poisoned', variant: 'without-count-open-brackets', scenario: 'values', sizes: smallest,
    property: 'P-TYPE', steps: [/migrate_vma_setup|memory_failure/, /up_read\(&hmm->mirrors_sem\)/, /list_add\(&range->list/], later: true,
  },
  {
    name: 'B-04: struct hmm is freed under a method', variant: 'without-free-by-srcu', scenario: 'registration', sizes: smallest,
    property: 'P-LIFE', message: /use after free/, steps: [/hmm_invalidate_range_start/, /hlist_del_init_rcu/, /kfree\(hmm\)/],
  },
  {
    name: 'B-05: a start that fails is counted for ever', variant: 'without-uncount-on-failure', scenario: 'oom', sizes: smallest,
    property: 'P-BAL', steps: [/mutex_lock\(&driver->update\)/, /blockable is false/, /return -EAGAIN/],
  },
  {
    name: 'B-05, the other path: a refusal that nobody is told of', variant: 'without-refusal-is-returned', scenario: 'oom', sizes: smallest,
    property: 'P-NOUAF', message: /the device \w+ a page that was freed/, steps: [/mutex_lock\(&driver->update\)/, /update\): blockable is false/, /ptep_clear_flush/, /driver->pte/, /the device/],
    later: true,
  },
  {
    name: 'B-17b: the last reference of the mm_struct goes before mm->hmm is cleared', variant: 'without-hmm-mmgrab', scenario: 'close', sizes: smallest,
    property: 'P-LIFE', message: /of an mm_struct that was freed/, steps: [/mm_users = 0/, /hlist_del_init_rcu\(hmm\)/, /mmdrop\(mm\)/],
  },
  {
    name: 'B-61 (a): a callback that sleeps where it must not', variant: 'without-callback-trylock', scenario: 'oom', sizes: smallest,
    property: 'misuse: sleeping function called from invalid context', message: /sleeping function/, steps: [/blockable is false/, /sync_cpu_device_pagetables\(mirror, &update\)/],
  },
  {
    name: 'B-61 (b): down_read(mirrors_sem) where it must not sleep', variant: 'without-trylock-nonblocking', scenario: 'oom', sizes: smallest,
    property: 'misuse: sleeping function called from invalid context', message: /sleeping function/, steps: [/blockable is false/],
  },
  {
    name: 'B-62: the last mirror does not unhook', variant: 'any-mirror-clears-mm', scenario: 'close',
    property: 'P-REF-MM', steps: [/list_del\(&mirror->list\)/, /list_del\(&mirror->list\)/],
  },
  {
    name: 'B-62: the registration after goes round for ever', variant: 'any-mirror-clears-mm', scenario: 'registration',
    property: 'recoverable', steps: [/list_add\(&mirror->list/, /list_add\(&mirror->list/, /list_del\(&mirror->list\)/, /device_bind_address_space/],
  },
  {
    name: 'B-63: struct hmm is found before its notifier is registered, which fails', variant: 'without-register-mmap-sem', scenario: 'two-registrars',
    property: 'P-LIFE', message: /use after free/, steps: [/mm->hmm = hmm/, /-EINTR/, /mm_get_hmm/, /mm->hmm = NULL/, /kfree\(hmm\)/, /mirrors_sem/], later: true,
  },
  {
    name: 'B-64: -EBUSY for what is documented as -EAGAIN', variant: 'without-again-means-dropped', scenario: 'nonblocking-fault', sizes: smallest,
    property: 'P-LOCK', message: /dropped mmap_sem, and does not say so/, steps: [/VM_FAULT_RETRY/, /up_read\(&mm->mmap_sem\); mmput/],
  },
  {
    name: 'B-83: a writer between two readers, the first of which waits for the second', variant: 'callback-waits', scenario: 'reclaim',
    property: 'lock-deadlock', steps: [/__down_read\(&hmm/, /rwsem_down_write_failed\(&hmm/, /rwsem_down_read_failed\(&hmm/],
  },
  {
    name: 'B-89: exit with two mirrors frees struct hmm under the second', variant: 'release-unlinks-uncounted', scenario: 'close',
    property: 'P-LIFE', message: /hmm->mirrors_sem\): use after free/, steps: [/mm_users = 0/, /list_del_init\(&mirror->list\)/, /kfree\(hmm\)/, /hmm = mirror->hmm/],
  },
  {
    name: 'a poisoned page that is taken for a frame', variant: 'without-pfn-values-check', scenario: 'values', sizes: smallest,
    property: 'P-RETRY', message: /out of date/, steps: [/make_hwpoison_entry/, /pte = \*ptep/, /driver->pte/],
  },
  {
    name: 'a frame of a vma that is none for mirrors', variant: 'special-unchecked', scenario: 'values', sizes: smallest,
    property: 'P-RETRY', message: /out of date/, steps: [/vm_flags/, /pte_mkspecial/, /pte = \*ptep/, /driver->pte/],
  },
  {
    name: 'struct hmm is freed under a range', variant: 'unbind-does-not-wait', scenario: 'registration', sizes: smallest,
    property: 'P-LIFE', message: /hmm_vma_range_done\(\)/, steps: [/list_add\(&range->list/, /list_del\(&mirror->list\)/, /hmm_vma_range_done\(\)/],
  },
])

testOrders(mirror420Protocol, [
  { name: 'B-82: hmm_mirror_unregister in a callback', variant: 'callback-unregisters', scenario: 'snapshot', sizes: smallest, cycle: ['mirrors_sem → mirrors_sem'] },
  { name: 'B-82: hmm_mirror_register in a callback', variant: 'callback-registers', scenario: 'snapshot', sizes: smallest, cycle: ['mirrors_sem → mirrors_sem'] },
  {
    name: 'B-83: one CPU is enough for the order, which takes three threads to be a deadlock', variant: 'callback-waits', scenario: 'snapshot', sizes: smallest,
    cycle: ['mirrors_sem → driver->work', 'driver->work → mirrors_sem'],
  },
  {
    name: 'a driver that unbinds waits with mmap_sem held for its fault handler, which takes it', variant: 'unbind-holds-mmap-sem', scenario: 'oom-registration',
    cycle: ['mmap_sem → driver->fault', 'driver->fault → mmap_sem'],
  },
])
