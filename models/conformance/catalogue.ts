/** The models that recordings are compared with. */
import type { ConformanceModel } from 'hmmcheck'
import { testHmm } from './test-hmm/conformance.ts'

export const conformanceModels: readonly ConformanceModel[] = [testHmm]
