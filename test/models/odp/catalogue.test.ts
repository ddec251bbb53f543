/** Every run of the catalogue that takes seconds. */
import { odpProtocol } from '../../../models/odp/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons, untaken } from './never-taken.ts'

testCatalogue(odpProtocol, reasons, untaken)
