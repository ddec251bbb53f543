/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { mirror420Protocol } from '../../../models/mirror-4.20/protocol.ts'
import { testVariants } from '../mirror/support.ts'

const scenario = {
  'bound-at-start': true, 'teardown': true, 'steal': false, 'driver-calls': 'hmm_vma_fault', 'block': true, 'interrupted': true, 'unbound-after-exit': false, 'unplugged': false,
  'bind-fails': true,
}

testVariants(mirror420Protocol, {
  'count-open-brackets': [
    'handle_device_fault', 'hmm_invalidate_range_end', 'hmm_invalidate_range_start', 'hmm_invalidate_range_start_failed', 'hmm_invalidate_range_start_nonblock',
  ],
  'release-before-unlink': ['hmm_mirror_unregister', 'hmm_release', 'hmm_release_unlinking'],
  // Where references are counted there is no text that looks at hmm->mm.
  'last-clears-mm': [],
  'hmm-kref': ['exit', 'handle_device_fault', 'hmm_alloc', 'hmm_mirror_register', 'hmm_mirror_unregister', 'hmm_vma_fault', 'mm_get_hmm', 'mmu_notifier_unregister_no_release'],
  'retry-only-nonblocking': ['hmm_vma_fault'],
  'again-means-dropped': ['hmm_vma_fault'],
  'fault-checks-vma': ['hmm_vma_fault'],
  'free-by-srcu': ['hmm_free', 'hmm_invalidate_range_end', 'hmm_invalidate_range_start', 'hmm_invalidate_range_start_nonblock'],
  // Part of when the mm_struct may be freed.
  'hmm-mmgrab': ['exit', 'hmm_free', 'hmm_register', 'mmu_notifier_unregister_no_release'],
  // With what it calls.
  'collapse-brackets': ['call_mirror', 'hmm_invalidate_range', 'hmm_invalidate_range_end', 'hmm_invalidate_range_start', 'retract_page_tables'],
  'trylock-nonblocking': ['hmm_invalidate_range_start_nonblock'],
  'uncount-on-failure': ['hmm_invalidate_range_start_failed'],

  // Who is owed a callback is noted by the one who changes the entry.
  'invalidate-at-start': [
    '__oom_reap_task_mm', 'call_mirror', 'device_private_entry_fault', 'do_mprotect', 'do_munmap', 'hmm_invalidate_range', 'hmm_invalidate_range_end',
    'hmm_invalidate_range_start', 'hmm_invalidate_range_start_nonblock', 'hwpoison_user_mappings', 'migrate_vma', 'page_mkclean_one', 'retract_page_tables', 'set_pmd_migration_entry', 'try_to_unmap',
  ],
  // In the thread `exit` itself it is the walk of the notifiers.
  'release-callback': ['exit', 'hmm_release'],
  'publish-before-callback': ['hmm_notifier_register', 'hmm_register', 'mmu_notifier_unregister', 'publish'],
  // Without it nothing is counted either.
  'unregister-unhooks': ['exit', 'handle_device_fault', 'hmm_alloc', 'hmm_mirror_unregister', 'hmm_vma_fault', 'mm_get_hmm', 'mmu_notifier_unregister_no_release'],
  'unhook-before-unpublish': ['mmu_notifier_unregister_no_release'],
  'unregister-guard': ['hmm_mirror_unregister'],

  'fault-mmap-sem': ['handle_mm_fault'],
  'munmap-mmap-sem': ['do_munmap'],
  'mprotect-mmap-sem': ['do_mprotect'],
  'device-fault-mmap-sem': ['handle_device_fault', 'hmm_vma_fault'],
  'register-mmap-sem': ['bind'],
  'mirrors-sem-callback': ['hmm_invalidate_range', 'hmm_invalidate_range_start_nonblock'],
  'mirrors-sem-register': ['hmm_mirror_register'],
  'mirrors-sem-unregister': ['hmm_mirror_unregister'],
  'mirrors-sem-release': ['hmm_release'],
  'hmm-lock': [
    'handle_device_fault', 'hmm_invalidate_range_end', 'hmm_invalidate_range_start', 'hmm_invalidate_range_start_failed', 'hmm_invalidate_range_start_nonblock',
    'hmm_vma_fault',
  ],
  'driver-lock': ['call_mirror', 'handle_device_fault', 'hmm_release', 'sync_cpu_device_pagetables_nonblock', 'unbind'],
  'page-table-lock': ['publish'],
  'pte-lock': ['handle_mm_fault'],
  'rmap-lock': [
    'collapse_file', 'hwpoison_user_mappings', 'memory_failure', 'page_mkclean', 'page_mkclean_one', 'retract_page_tables', 'rmap_walk', 'set_pmd_migration_entry',
    'try_to_unmap', 'try_to_unmap_one',
  ],
  'take-all-locks': ['hmm_notifier_register'],
  'synchronize-srcu': ['exit'],
  'fault-mmget': ['device_fault'],
  'bind-mmget': ['device_bind_address_space'],
  // Who exits is asked where anybody but the process may drop the last reference.
  'mmput-unlocked': ['exit', 'handle_device_fault'],
  // With what it calls.
  'reaper-brackets': [
    '__oom_reap_task_mm', 'call_mirror_nonblock', 'hmm_invalidate_range_end', 'hmm_invalidate_range_start_failed', 'hmm_invalidate_range_start_nonblock',
    'sync_cpu_device_pagetables_nonblock',
  ],
  // With what it calls.
  'bind-unwinds': ['hmm_free', 'hmm_mirror_unregister', 'mmu_notifier_unregister_no_release'],
  'stable-check': ['handle_mm_fault'],
  'bracket-outside-ptl': ['call_mirror', 'hmm_invalidate_range', 'hmm_invalidate_range_end', 'hmm_invalidate_range_start', 'set_pmd_migration_entry'],
  'unbind-flushes': ['device_fault', 'handle_device_fault', 'unbind'],

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
  'refusal-is-returned': ['hmm_invalidate_range_start_nonblock'],
  'callback-trylock': ['sync_cpu_device_pagetables_nonblock'],
  'vma-check': ['handle_device_fault'],
  'pte-special-check': ['hmm_vma_fault'],
  'pfn-values-check': ['handle_device_fault'],
}, [{ ...scenario, 'cpus-also': 'oom-reaper' }, { ...scenario, 'cpus-also': 'write-protect' }, { ...scenario, 'cpus-also': 'special-entries' }, { ...scenario, 'cpus-also': 'huge-pages' }, { ...scenario, 'cpus-also': 'oom-write' }], [
  'steal', 'bound-at-start', 'teardown', 'driver-calls', 'block', 'cpus-also', 'interrupted', 'unbound-after-exit', 'unplugged', 'bind-fails',
  'callback-does', 'unregister-twice', 'range-done-after-error', 'device-spinlock', 'unregister-waits', 'unregister-mmap-sem',
])
