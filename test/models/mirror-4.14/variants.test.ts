/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { mirror414Protocol } from '../../../models/mirror-4.14/protocol.ts'
import { testVariants } from '../mirror/support.ts'

/** Every text is there: pages are faulted in, rights taken, and signals arrive. */
const scenario = {
  'bound-at-start': true, 'teardown': true, 'steal': false, 'driver-calls': 'hmm_vma_fault', 'block': true, 'cpus-also': 'write-protect', 'interrupted': true,
  'unbound-after-exit': false, 'unplugged': true, 'bind-fails': false,
}

testVariants(mirror414Protocol, {
  // Who is owed a callback is noted by the one who changes the entry.
  'invalidate-at-start': [
    'call_mirror', 'do_mprotect', 'do_munmap', 'hmm_invalidate_range', 'hmm_invalidate_range_end', 'hmm_invalidate_range_start', 'page_mkclean_one', 'try_to_unmap',
  ],
  'count-open-brackets': ['handle_device_fault', 'hmm_invalidate_range_end', 'hmm_invalidate_range_start'],
  // In the thread `exit` itself it is the walk of the notifiers.
  'release-callback': ['exit', 'hmm_release', 'leave_device'],
  'release-before-unlink': ['hmm_mirror_unregister', 'hmm_release', 'hmm_release_unlinking', 'leave_device'],
  'publish-before-callback': ['hmm_notifier_register', 'hmm_register', 'mmu_notifier_unregister', 'publish'],
  // Without it nothing is counted either.
  'unregister-unhooks': ['exit', 'handle_device_fault', 'hmm_alloc', 'hmm_mirror_unregister', 'hmm_vma_fault', 'mm_get_hmm', 'mmu_notifier_unregister_no_release'],
  'unhook-before-unpublish': ['mmu_notifier_unregister_no_release'],
  'unregister-waits': ['mmu_notifier_unregister_no_release'],
  // Where references are counted there is no text that looks at hmm->mm.
  'last-clears-mm': [],
  'hmm-kref': ['exit', 'handle_device_fault', 'hmm_alloc', 'hmm_mirror_register', 'hmm_mirror_unregister', 'hmm_vma_fault', 'mm_get_hmm', 'mmu_notifier_unregister_no_release'],
  // A driver that needs mmap_sem to unregister pins the mm_struct: part of what may be freed.
  'unregister-mmap-sem': ['exit', 'hmm_free', 'hmm_register', 'mmu_notifier_unregister_no_release', 'unbind'],
  'unregister-guard': ['hmm_mirror_unregister'],
  'retry-only-nonblocking': ['hmm_vma_fault'],
  'again-means-dropped': ['hmm_vma_fault'],
  'fault-checks-vma': ['hmm_vma_fault'],

  'device-spinlock': ['leave_device'],

  'fault-mmap-sem': ['handle_mm_fault'],
  'munmap-mmap-sem': ['do_munmap'],
  'mprotect-mmap-sem': ['do_mprotect'],
  'device-fault-mmap-sem': ['handle_device_fault', 'hmm_vma_fault'],
  'register-mmap-sem': ['bind'],
  'mirrors-sem-callback': ['hmm_invalidate_range'],
  'mirrors-sem-register': ['hmm_mirror_register'],
  'mirrors-sem-unregister': ['hmm_mirror_unregister'],
  'mirrors-sem-release': ['hmm_release'],
  'hmm-lock': ['handle_device_fault', 'hmm_invalidate_range_end', 'hmm_invalidate_range_start', 'hmm_vma_fault'],
  'driver-lock': ['call_mirror', 'handle_device_fault', 'hmm_release', 'unbind'],
  'page-table-lock': ['publish'],
  'pte-lock': ['handle_mm_fault'],
  'rmap-lock': ['page_mkclean', 'page_mkclean_one', 'rmap_walk', 'try_to_unmap'],
  'take-all-locks': ['hmm_notifier_register'],
  'synchronize-srcu': ['exit', 'mmu_notifier_unregister_no_release'],
  'fault-mmget': ['device_fault'],
  'bind-mmget': ['device_bind_address_space'],

  'range-done-check': ['handle_device_fault'],
  'end-invalidates-ranges': ['hmm_invalidate_range_end'],
  'present-check': ['hmm_register', 'mm_get_hmm'],
  'loser-check': ['publish'],
  'pte-none-check': ['handle_mm_fault'],
  'bound-check': ['handle_device_fault'],
  'bound-recheck': ['handle_device_fault'],
  'unbind-clears': ['unbind'],
  'rmap-brackets': ['call_mirror', 'hmm_invalidate_page', 'hmm_invalidate_range', 'try_to_unmap'],
  'core-releases-first': ['hmm_release'],
  'unhook-twice': ['mmu_notifier_unregister_no_release'],
}, [scenario], [
  'steal', 'bound-at-start', 'teardown', 'driver-calls', 'block', 'cpus-also', 'interrupted', 'unbound-after-exit', 'unplugged', 'bind-fails',
  'callback-does', 'unregister-twice', 'range-done-after-error', 'free-by-srcu', 'hmm-mmgrab', 'unbind-flushes',
  'vma-check', 'pte-special-check', 'pfn-values-check', 'mmput-unlocked', 'bind-unwinds', 'stable-check',
])
