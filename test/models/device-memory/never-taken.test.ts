/** Where `fixed` holds, every transition was taken somewhere, but for one. */
import { deviceMemoryProtocol } from '../../../models/device-memory/protocol.ts'
import { testNeverTaken } from '../never-taken.ts'

testNeverTaken(deviceMemoryProtocol, [
  {
    label: /^default of (orig_)?pte$/,
    why: 'migration entries and swap entries are not modelled here: no entry is of a kind without an arm',
  },
])
