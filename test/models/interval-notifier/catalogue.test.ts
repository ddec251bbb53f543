/** Every run of the catalogue that takes seconds. */
import { intervalNotifierProtocol } from '../../../models/interval-notifier/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(intervalNotifierProtocol, reasons)
