/** Every run of the catalogue that takes seconds. */
import { mirror420Protocol } from '../../../models/mirror-4.20/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'

testCatalogue(mirror420Protocol)
