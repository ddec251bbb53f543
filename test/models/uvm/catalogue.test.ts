/** Every run of the catalogue that takes seconds. */
import { uvmProtocol } from '../../../models/uvm/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(uvmProtocol, reasons)
