/** Every run of the catalogue that takes seconds. */
import { deviceExclusiveProtocol } from '../../../models/device-exclusive/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons, untaken } from './never-taken.ts'

testCatalogue(deviceExclusiveProtocol, reasons, untaken)
