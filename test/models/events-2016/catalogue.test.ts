/** Every run of the catalogue that takes seconds. */
import { events2016Protocol } from '../../../models/events-2016/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'

testCatalogue(events2016Protocol)
