/** Every run of the catalogue that takes seconds. */
import { uvmProtocol } from '../../../models/uvm/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(uvmProtocol, reasons, [
  {
    variant: /unregister-lock/,
    label: /^rwsem_/,
    inside: /uvm_va_space_cpu_fault/,
    why: 'nobody takes va_space->lock for writing, so no reader waits',
  },
])
