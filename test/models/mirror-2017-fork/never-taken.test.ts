/** Where `fixed` holds, every transition was taken somewhere, but for those that are explained here. */
import { mirror2017ForkProtocol } from '../../../models/mirror-2017-fork/protocol.ts'
import { testNeverTaken } from '../never-taken.ts'

testNeverTaken(mirror2017ForkProtocol, [
  {
    label: /^rwsem_.*mirrors_sem/,
    inside: /:hmm_invalidate_range/,
    why: 'without a registrar nobody writes mirrors_sem',
  },
  {
    label: /^else of if \(hmm\[hmm\]\.mirrors has device\)/,
    inside: /:call_mirror/,
    why: 'without a registrar every device is in the list',
  },
  { label: /./, inside: /:handle_device_fault\/[^:]*:hmm_free/, why: 'nobody unbinds' },
  { label: /^if \(!driver->bound\)/, inside: /:handle_device_fault/, why: 'nobody unbinds' },
])
