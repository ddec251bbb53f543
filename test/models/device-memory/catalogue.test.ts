/** Every run of the catalogue that takes seconds. */
import { deviceMemoryProtocol } from '../../../models/device-memory/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(deviceMemoryProtocol, reasons)
