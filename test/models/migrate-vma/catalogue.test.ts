/** Every run of the catalogue that takes seconds. */
import { migrateVmaProtocol } from '../../../models/migrate-vma/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'

testCatalogue(migrateVmaProtocol)
