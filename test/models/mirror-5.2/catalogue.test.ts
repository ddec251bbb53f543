/** Every run of the catalogue that takes seconds. */
import { mirror52Protocol } from '../../../models/mirror-5.2/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(mirror52Protocol, reasons)
