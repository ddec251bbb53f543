/** Every run of the catalogue that takes seconds. */
import { kfdSvmProtocol } from '../../../models/kfd-svm/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons, untaken } from './never-taken.ts'

testCatalogue(kfdSvmProtocol, reasons, untaken)
