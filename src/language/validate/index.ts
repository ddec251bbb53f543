/** Everything that can be wrong with a model as a whole, one subject per file. */
import type { ConfiguredModel, Model } from '../ast.ts'
import { checkControl } from './control.ts'
import { checkElements } from './elements.ts'
import { checkExpressions } from './expressions.ts'
import { checkForEach } from './for-each.ts'
import { checkGhosts } from './ghosts.ts'
import { checkLabels } from './labels.ts'
import { checkNames } from './names.ts'
import { checkPointers } from './pointers.ts'
import { checkSize } from './size.ts'
import { checkSteps } from './steps.ts'
import { checkTypes } from './types.ts'

/** @throws ModelError for the first mistake found in a model, whatever its configuration */
export function validate(model: Model): void {
  checkNames(model)
  checkTypes(model)
  checkExpressions(model)
  checkSteps(model)
  checkForEach(model)
  checkGhosts(model)
  checkControl(model)
  checkLabels(model)
  checkPointers(model)
}

/** @throws ModelError for the first mistake found that depends on sizes and constants */
export function validateConfigured(model: ConfiguredModel): void {
  checkSize(model, model.sizes)
  checkTypes(model)
  checkElements(model)
  checkExpressions(model)
  checkControl(model, model.sizes)
}
