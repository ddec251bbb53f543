/** Every run of the catalogue that takes seconds. */
import { ownerCowProtocol } from '../../../models/owner-cow/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(ownerCowProtocol, reasons)
