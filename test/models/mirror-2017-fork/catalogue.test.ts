/** Every run of the catalogue that takes seconds. */
import { mirror2017ForkProtocol } from '../../../models/mirror-2017-fork/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(mirror2017ForkProtocol, reasons)
