/** Transitions that `fixed` never takes where it holds, and why. */
import type { Reason } from '../never-taken.ts'

/** Nobody unbinds or binds there; or, in `close`, when everybody else is gone. */
const alone = /^(snapshot|oom-write|huge-pages|rights|rights-alone|oom|values|values-fault|exit|close)$/
/** Somebody does. */
const registrar =
  /^(nonblocking-fault|oom-registration|registration|failed-bind|second-struct|teardown|reclaim|two-registrars)$/
const one_device = /^(nonblocking-fault|oom-registration|reclaim)$/
/** mmap_sem is not dropped. */
const blocks = /^(rights|rights-alone|values-fault)$/

export const reasons: readonly Reason[] = [
  {
    label: /^no more$/,
    inside: /./,
    scenarios:
      /^(snapshot|nonblocking-fault|exit|registration|failed-bind|second-struct|teardown|close|reclaim|two-registrars)$/,
    why: 'the CPUs of this scenario do no more than the rest',
  },
  {
    label: /^rwsem_.*mirrors_sem/,
    inside: /:hmm_invalidate_range|:hmm_release/,
    scenarios: alone,
    why: 'without a registrar nobody writes mirrors_sem',
  },
  {
    label: /^else of if \(.*hmm\[hmm\]\.mirrors has device\)/,
    inside: /:call_mirror|:hmm_release/,
    scenarios: alone,
    why: 'without a registrar every device is in the list',
  },
  {
    label: /^else of if \(.*hmm\[hmm\]\.mirrors has device\)/,
    inside: /:call_mirror/,
    scenarios: one_device,
    why: 'with one device, a list without it belongs to no notifier that could be called',
  },
  {
    label: /^(notifiers_decrement|srcu_read_unlock\(&srcu\): return -EAGAIN)/,
    inside: /:hmm_invalidate_range_start_failed/,
    scenarios: /^oom(-write)?$/,
    why: 'without a registrar down_read_trylock(mirrors_sem) succeeds: the other of the two ways to fail is taken',
  },
  {
    label: /./,
    inside: /:handle_device_fault\/[^:]*(:hmm_vma_fault\/[^:]*)?:hmm_free/,
    why: 'unbinding waits for the fault handler, so its reference is not the last',
  },
  { label: /^if \(!driver->bound\)/, inside: /:handle_device_fault/, scenarios: alone, why: 'nobody unbinds' },
  { label: /VM_FAULT_RETRY$/, inside: /:hmm_vma_fault/, scenarios: blocks, why: 'the caller asks to block' },
  { label: /^if \(ret == EAGAIN && false\)/, inside: /:handle_device_fault/, scenarios: blocks, why: 'the same' },
  {
    label: /VM_FAULT_OOM$/,
    inside: /:hmm_vma_fault/,
    scenarios: /^rights-alone$/,
    why: 'one CPU cannot hold both pages',
  },
  { label: /./, inside: /:bind\//, scenarios: /^close$/, why: 'nobody binds to a process that is gone' },
  { label: /^device_bind|^driver->bound/, inside: /:bind/, scenarios: /^close$/, why: 'the same' },
  { label: /^rwsem_/, inside: /:unbind/, scenarios: /^close$/, why: 'there is nobody to wait for' },
  {
    label: /^kfree\(hmm\)/,
    inside: /:hmm_register/,
    scenarios: registrar,
    why: "the loser's path of B-80: who registers holds mmap_sem in write mode",
  },
  {
    label: /^(kfree\(hmm\)|spin_lock.*mm->hmm = NULL)/,
    inside: /:hmm_register/,
    scenarios: /^(?!second-struct|two-registrars)/,
    why: 'no signal arrives',
  },
]
