/** Transitions that `fixed` never takes where it holds, and why. */
import type { Reason } from '../never-taken.ts'

/** Nobody unbinds or binds there; or, in `close`, when everybody else is gone. */
const alone = /^(snapshot|fault|rights|rights-fault|exit|unplug|close)$/
/** Somebody does. */
const registrar = /^(nonblocking|registration|second-struct|interrupted|teardown|reclaim)$/

export const reasons: readonly Reason[] = [
  {
    label: /^no more$/,
    inside: /./,
    scenarios: /^(?!rights)/,
    why: 'the CPUs of this scenario do no more than the rest',
  },
  {
    label: /^rwsem_.*mirrors_sem/,
    inside: /:hmm_invalidate_range|:hmm_release/,
    scenarios: alone,
    why: 'without a registrar nobody writes mirrors_sem',
  },
  {
    label: /^rwsem_.*mirrors_sem/,
    inside: /:do_munmap/,
    scenarios: registrar,
    why: 'only registrars write it, and they hold mmap_sem, as munmap does',
  },
  {
    label: /^else of if \(hmm\[hmm\]\.mirrors has device\)/,
    inside: /:call_mirror|:hmm_release/,
    scenarios: alone,
    why: 'without a registrar every device is in the list',
  },
  {
    label: /^else of if \(hmm\[hmm\]\.mirrors has device\)/,
    inside: /:do_munmap/,
    scenarios: /^reclaim$/,
    why: 'only registrars change the list; with one device there is no other whose notifier could find the list without it',
  },
  {
    label: /./,
    inside: /:handle_device_fault\/[^:]*:hmm_free/,
    why: 'nobody unbinds while the fault handler holds mmap_sem, so its reference is not the last',
  },
  {
    label: /./,
    inside: /:hmm_vma_fault\/[^:]*:hmm_free/,
    scenarios: /^(fault|rights-fault)$/,
    why: 'mmap_sem is not dropped, and nobody unbinds',
  },
  { label: /./, inside: /:bind\//, scenarios: /^close$/, why: 'nobody binds to a process that is gone' },
  { label: /^device_bind|^driver->bound/, inside: /:bind/, scenarios: /^close$/, why: 'the same' },
  { label: /^rwsem_/, inside: /:unbind/, scenarios: /^close$/, why: 'there is nobody to wait for' },
  { label: /^if \(!driver->bound\)/, inside: /:handle_device_fault/, scenarios: alone, why: 'nobody unbinds' },
  {
    label: /VM_FAULT_RETRY$/,
    inside: /:hmm_vma_fault/,
    scenarios: /^(fault|rights-fault)$/,
    why: 'the caller asks to block',
  },
  {
    label: /^if \(ret == EAGAIN && false\)/,
    inside: /:handle_device_fault/,
    scenarios: /^(fault|rights-fault)$/,
    why: 'the same',
  },
  {
    label: /VM_FAULT_OOM$/,
    inside: /:hmm_vma_fault/,
    scenarios: /^rights-fault$/,
    why: 'one CPU cannot hold both pages',
  },
  {
    label: /^kfree\(hmm\)/,
    inside: /:hmm_register/,
    why: "the loser's path of B-80: who registers holds mmap_sem in write mode",
  },
  {
    label: /^(kfree\(hmm\)|spin_lock.*mm->hmm = NULL)/,
    inside: /:hmm_register/,
    scenarios: /^(?!interrupted)/,
    why: 'no signal arrives',
  },
]
