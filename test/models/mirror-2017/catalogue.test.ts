/** Every run of the catalogue that takes seconds. */
import { mirror2017Protocol } from '../../../models/mirror-2017/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'

testCatalogue(mirror2017Protocol)
