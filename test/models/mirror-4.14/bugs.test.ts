/** The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down; and worlds that are too small. */
import { expect, test } from 'vitest'
import { mirror414Protocol } from '../../../models/mirror-4.14/protocol.ts'
import { check } from '../../../src/explorer/check.ts'
import { configure } from '../../../src/language/index.ts'
import { settingOf } from '../../../src/language/setting.ts'
import { testBugs, testOrders } from '../known-bugs.ts'

const smallest = { cpus: 1, devices: 1, pages: 1, addresses: 1 }

testBugs(mirror414Protocol, [
  {
    name: 'B-01: the device uses a page between range_start and range_end', variant: 'without-invalidate-at-start', scenario: 'snapshot', sizes: smallest,
    property: 'P-NOUAF', message: /the device \w+ a page that was freed/, steps: [/hmm_invalidate_range_start/, /ptep_clear_flush/, /the device/],
  },
  {
    name: 'B-01, for rights: the device may write what is being write-protected', variant: 'without-invalidate-at-start', scenario: 'rights', sizes: smallest,
    property: 'P-WP', steps: [/page_mkclean/, /driver->pte/, /hmm_invalidate_range_start/],
  },
  {
    name: 'B-02: a range that is listed inside a bracket', variant: 'without-count-open-brackets', scenario: 'snapshot', sizes: smallest,
    property: 'P-NOUAF', message: /the device \w+ a page that was freed/, steps: [/up_read\(&hmm->mirrors_sem\)/, /list_add\(&range->list/, /ptep_clear_flush/, /the device/],
  },
  {
    name: 'B-02, for rights: a writable entry beside a clean page', variant: 'without-count-open-brackets', scenario: 'rights', sizes: smallest,
    property: 'P-PERM', steps: [/page_mkclean/, /up_read\(&hmm->mirrors_sem\)/, /list_add\(&range->list/, /driver->pte/],
  },
  {
    name: 'B-03: mm->hmm is cleared under a notifier', variant: 'without-unhook-before-unpublish', scenario: 'registration', sizes: smallest,
    property: 'P-LIFE', message: /VM_BUG_ON\(!hmm\)/, steps: [/mm->hmm = NULL/, /hmm_invalidate_range_start/],
  },
  {
    name: 'B-04: struct hmm is freed under a method', variant: 'without-unregister-waits', scenario: 'registration', sizes: smallest,
    property: 'P-LIFE', message: /use after free/, steps: [/hmm_invalidate_range_start/, /hlist_del_init_rcu/, /kfree\(hmm\)/],
  },
  {
    name: 'B-08: a new page before invalidate_page', variant: 'without-rmap-brackets', scenario: 'snapshot',
    property: 'P-AGREE', steps: [/driver->pte/, /ptep_clear_flush/, /do_anonymous_page\(\) or/],
  },
  {
    name: 'B-10: a fault for writing where the vma is read-only', variant: 'without-fault-checks-vma', scenario: 'rights-fault', sizes: { ...smallest, pages: 2 },
    property: 'recoverable', steps: [/vma->vm_flags/, /pte = \*ptep/],
  },
  {
    name: 'B-16 (a): exit takes the notifier out before it calls release', variant: 'without-core-releases-first', scenario: 'exit', sizes: smallest,
    property: 'P-NOUAF', message: /the device/, steps: [/mn->ops->release/, /ptep_clear_flush/, /the device/],
  },
  {
    name: 'B-16 (b): exit and unregistration take the notifier out', variant: 'without-unhook-twice', scenario: 'teardown', sizes: smallest,
    property: 'P-LIFE', message: /a notifier that is in no list/, steps: [/hlist_del_init_rcu\(\) of every notifier/, /hlist_del_init_rcu\(hmm\)/],
  },
  {
    name: 'B-17: the notifier pins the mm_struct', variant: 'without-unregister-unhooks', scenario: 'teardown', sizes: smallest,
    property: 'P-REF-MM', steps: [/mm_users = 0/],
  },
  {
    name: 'B-17b: the last reference of the mm_struct goes before mm->hmm is cleared', variant: 'v4.18-backport', scenario: 'close', sizes: smallest,
    property: 'P-LIFE', message: /of an mm_struct that was freed/, steps: [/mm_users = 0/, /hlist_del_init_rcu\(hmm\)/, /mmdrop\(mm\)/],
  },
  {
    name: 'B-62: the registration after goes round for ever', variant: 'any-mirror-clears-mm', scenario: 'registration',
    property: 'recoverable', steps: [/list_add\(&mirror->list/, /list_add\(&mirror->list/, /list_del\(&mirror->list\)/, /device_bind_address_space/],
  },
  {
    name: 'B-62: the last mirror does not unhook', variant: 'any-mirror-clears-mm', scenario: 'close',
    property: 'P-REF-MM', steps: [/list_del\(&mirror->list\)/, /list_del\(&mirror->list\)/],
  },
  {
    name: 'B-63: struct hmm is found before its notifier is registered, which fails', variant: 'without-register-mmap-sem', scenario: 'registrars', sizes: { hmms: 1 },
    property: 'P-LIFE', message: /use after free/, steps: [/mm->hmm = hmm/, /-EINTR/, /mm_get_hmm/, /mm->hmm = NULL/, /kfree\(hmm\)/, /mirrors_sem/], later: true,
  },
  {
    name: 'B-64: mmap_sem is dropped although the caller asked to block', variant: 'without-retry-only-nonblocking', scenario: 'fault', sizes: smallest,
    property: 'P-LOCK', message: /dropped mmap_sem, and does not say so/, steps: [/VM_FAULT_RETRY/, /up_read\(&mm->mmap_sem\); mmput/],
  },
  {
    name: 'B-64: -EBUSY for what is documented as -EAGAIN', variant: 'without-again-means-dropped', scenario: 'nonblocking', sizes: smallest,
    property: 'P-LOCK', message: /dropped mmap_sem, and does not say so/, steps: [/VM_FAULT_RETRY/, /up_read\(&mm->mmap_sem\); mmput/],
  },
  {
    name: 'hmm_vma_range_done() after mmap_sem was dropped', variant: 'without-hmm-kref', scenario: 'nonblocking', sizes: smallest,
    property: 'P-LIFE', message: /hmm_vma_range_done\(\)/, steps: [/VM_FAULT_RETRY/, /list_del\(&mirror->list\)/, /mm->hmm = NULL/, /hmm_vma_range_done\(range\)/],
  },
  {
    name: 'B-67: mirrors of a struct hmm that was overwritten are not called', variant: 'register-overwrites', scenario: 'second-struct',
    property: 'P-INV', steps: [/mm->hmm = hmm/, /mm->hmm = hmm/, /hmm_invalidate_range_start/], later: true,
  },
  {
    name: 'B-75: the device is freed by who finds its mutex free, under the unlock that freed it', variant: 'without-device-spinlock', scenario: 'unplug', sizes: smallest,
    property: 'P-LIFE', message: /mutex_unlock\(&device->lock\): use after free/, steps: [/list_del\(&mirror->dlist\)/, /mutex_unlock\(&hmm_device/, /list_empty/, /wait_lock/],
  },
  {
    name: 'B-78: the device table outlives the process', variant: 'without-release-callback', scenario: 'exit', sizes: smallest,
    property: 'P-NOUAF', message: /the device/, steps: [/mm_users = 0/, /hlist_del_init_rcu/, /the device/],
  },
  {
    name: 'B-79: a callback before mm->hmm is set', variant: 'without-publish-before-callback', scenario: 'registration', sizes: smallest,
    property: 'P-LIFE', message: /VM_BUG_ON\(!hmm\)/, steps: [/__mmu_notifier_register/, /hmm_invalidate_range_start/],
  },
  {
    name: 'B-82: hmm_mirror_unregister in a callback', variant: 'callback-unregisters', scenario: 'snapshot', sizes: smallest,
    property: 'lock-deadlock', steps: [/__down_read\(&hmm/, /rwsem_down_write_failed\(&hmm/],
  },
  {
    name: 'B-82: hmm_mirror_register in a callback', variant: 'callback-registers', scenario: 'snapshot', sizes: smallest,
    property: 'lock-deadlock', steps: [/__down_read\(&hmm/, /rwsem_down_write_failed\(&hmm/],
  },
  {
    name: 'B-83: a writer between two readers, the first of which waits for the second', variant: 'callback-waits', scenario: 'reclaim',
    property: 'lock-deadlock', steps: [/__down_read\(&hmm/, /rwsem_down_write_failed\(&hmm/, /rwsem_down_read_failed\(&hmm/],
  },
  {
    name: 'B-84: hmm_mirror_unregister twice', variant: 'unregister-twice', scenario: 'registration', sizes: smallest,
    property: 'P-LIFE', message: /hmm_mirror_unregister\(\) of a mirror that is not registered/, steps: [/kfree\(hmm\)/, /hmm = mirror->hmm/],
  },
  {
    name: 'B-88 (a): hmm_vma_range_done() twice', variant: 'range-done-after-error', scenario: 'nonblocking', sizes: smallest,
    property: 'P-LIFE', message: /a range that is in no list/, steps: [/hmm_pfns_clear\(\)/, /the driver calls hmm_vma_range_done/],
  },
  {
    name: 'B-88 (b): what the walk has read is stored after it was zeroed', variant: 'driver-ignores-range-done', scenario: 'snapshot', sizes: smallest,
    property: 'P-NOUAF-ENTRY', steps: [/pte = \*ptep/, /ptep_clear_flush/, /hmm_invalidate_range_end/, /range->pfns\[i\] = pte/, /driver->pte/],
  },
  {
    name: 'B-89: exit with two mirrors frees struct hmm under the second', variant: 'release-unlinks-uncounted', scenario: 'close',
    property: 'P-LIFE', message: /hmm->mirrors_sem\): use after free/, steps: [/mm_users = 0/, /list_del_init\(&mirror->list\)/, /kfree\(hmm\)/, /hmm = mirror->hmm/],
  },
])

test.each([
  ['B-08 needs a second page', 'without-rmap-brackets', { ...smallest, cpus: 2 }],
  ['B-08 needs a second CPU, to fault while the first is in its callback', 'without-rmap-brackets', { ...smallest, pages: 2 }],
])('%s', async (_, variant, sizes) => {
  const { properties } = await check(configure(mirror414Protocol.model, settingOf(mirror414Protocol, { variant, scenario: 'snapshot', sizes }).configuration), { properties: ['P-AGREE', 'P-AGREE-STATE'] })
  expect(properties.map(({ verdict }) => verdict)).toEqual(['holds', 'holds'])
})

testOrders(mirror414Protocol, [
  {
    name: 'B-80: the loser of two registrations waits for callbacks, with mmap_sem held', variant: 'loser-unregisters', scenario: 'second-struct',
    cycle: ['mmap_sem → srcu', 'srcu → mmap_sem'],
  },
  {
    name: 'who does not lose does not wait: a callback that takes mmap_sem is wrong all the same, as registration takes every lock of the reverse map', variant: 'loser-unregisters',
    scenario: 'second-struct', constants: { 'present-check': true }, cycle: ['mmap_sem → i_mmap_rwsem', 'i_mmap_rwsem → mmap_sem'],
  },
  { name: 'B-82: hmm_mirror_unregister in a callback', variant: 'callback-unregisters', scenario: 'snapshot', sizes: smallest, cycle: ['mirrors_sem → mirrors_sem'] },
  { name: 'B-82: hmm_mirror_register in a callback', variant: 'callback-registers', scenario: 'snapshot', sizes: smallest, cycle: ['mirrors_sem → mirrors_sem'] },
  {
    name: 'B-83: one CPU is enough for the order, which takes three threads to be a deadlock', variant: 'callback-waits', scenario: 'snapshot', sizes: smallest,
    cycle: ['mirrors_sem → driver->work', 'driver->work → mirrors_sem'],
  },
  {
    name: 'B-83: nor is it gone with the deadlock', variant: 'callback-waits-fixed', scenario: 'snapshot', sizes: smallest,
    cycle: ['mirrors_sem → driver->work', 'driver->work → mirrors_sem'],
  },
])
