/** Every run of the catalogue that takes seconds. */
import { gpusvmXeProtocol } from '../../../models/gpusvm-xe/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons, untaken } from './never-taken.ts'

testCatalogue(gpusvmXeProtocol, reasons, untaken)
