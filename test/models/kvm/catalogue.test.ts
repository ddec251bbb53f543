/** Every run of the catalogue that takes seconds. */
import { kvmProtocol } from '../../../models/kvm/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(kvmProtocol, reasons)
