/** Every run of the catalogue that takes seconds. */
import { mirror414Protocol } from '../../../models/mirror-4.14/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'

testCatalogue(mirror414Protocol)
