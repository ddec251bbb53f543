/** The faults of a fork, each in the smallest world that has it, as a reader would write it down. */
import { mirror6Protocol } from '../../../models/mirror-6/protocol.ts'
import { testBugs, type Bug } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'fault 5, B-58: the walk reports a page without the right to write, and the driver fails',
    variant: 'test-hmm-6.1',
    scenario: 'fork-device',
    property: 'P-SERVED',
    message: /-EFAULT/,
    steps: [/copy_pte_range/, /ptep_get/, /mmu_interval_read_retry/, /xa_store/],
  },
  {
    name: "D-36: a child moves its memory, and the parent's GPU has it",
    variant: 'nouveau-6.12',
    scenario: 'nouveau-child-binds',
    property: 'P-ISO',
    message: /what is not its own/,
    steps: [/copy_pte_range/, /get_task_mm/, /zone_device_page_init/, /xa_store.*BACKING_PAGE/, /xa_load/],
  },
  {
    name: 'a fork without a bracket: the device writes what the child reads',
    variant: 'without-fork-invalidates',
    scenario: 'fork',
    property: 'P-ISO',
    message: /what is not its own/,
    steps: [/xa_store/, /copy_pte_range/, /xa_load/, /the CPU reads/],
  },
]

testBugs(mirror6Protocol, bugs)
