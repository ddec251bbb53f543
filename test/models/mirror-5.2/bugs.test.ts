/** The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down. */
import { mirror52Protocol } from '../../../models/mirror-5.2/protocol.ts'
import { testBugs, type Bug } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'B-05: a bracket that was refused stays counted',
    variant: 'without-uncount-on-failure',
    scenario: 'oom',
    property: 'P-BAL',
    steps: [/notifiers\+\+/, /down_read_trylock/, /EAGAIN/],
  },
  {
    name: 'B-05: a refusal is hidden',
    variant: 'without-refusal-is-returned',
    scenario: 'oom',
    property: 'P-INV',
    message: /still has an entry/,
    steps: [/the device entry is made|mutex_lock/, /notifiers\+\+/, /mutex_trylock/, /ptep_clear_flush/],
    later: true,
  },
  {
    name: 'B-06: a whole bracket between the walk and the commit',
    variant: 'without-validity-is-sticky',
    scenario: 'fault',
    sizes: { cpus: 1 },
    property: 'P-RETRY',
    message: /has changed/,
    steps: [/hmm_range_fault/, /notifiers\+\+/, /ptep_clear_flush/, /hmm_range_valid/, /the device entry is made/],
  },
  {
    name: 'B-09: the list leads to a stack frame that was left',
    variant: 'without-timeout-unregisters',
    scenario: 'compat',
    property: 'P-LIFE',
    message: /stack frame/,
    steps: [/notifiers\+\+/, /hmm_range_register/, /the time is over/, /the fault returns/],
  },
  {
    name: 'G6-90: the process ends before the commit',
    variant: 'without-unregister-last',
    scenario: 'exit',
    property: 'P-RETRY',
    message: /has changed/,
    steps: [/hmm_range_valid/, /list_del_init/, /mm_users/, /unmap_vmas/, /the device entry is made/],
  },
  {
    name: 'G6-90: the process ends under the lock of the driver',
    variant: 'without-unregister-last',
    scenario: 'exit-lock',
    property: 'deadlock',
    steps: [/mutex_lock/, /list_del_init/, /mm_users/, /mmu_notifier_release/],
  },
  {
    name: 'G6-91: 0, and no entry',
    variant: 'without-special-entries-fault',
    scenario: 'special',
    property: 'P-SERVED',
    message: /HMM_PFN_NONE/,
    steps: [/ptep_clear_flush/, /hmm_range_fault/],
  },
]

testBugs(mirror52Protocol, bugs)
