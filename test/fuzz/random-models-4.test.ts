import { testRandomModels } from './random-models.ts'

testRandomModels(4)
