/** Checks a model in this process. */
import type { ConfiguredModel } from '../language/ast.ts'
import { checkOn, checkPreparedOn } from './checking.ts'
import { node } from './node.ts'
import type { Prepared } from './prepare.ts'
import type { CheckResult, CheckSettings } from './result.ts'

/**
 * Explores every reachable state of the model and judges its properties.
 *
 * @throws ModelError if the model cannot be run: an `initially` without outcome, a state too large
 */
export const check = (model: ConfiguredModel, settings?: CheckSettings): Promise<CheckResult> =>
  checkOn(node, model, settings)

/**
 * Checks a model that is prepared already: what asks about its states besides shares its compiled form.
 *
 * @param prepared by `prepare`, with its warnings and with the settings that it has in common with `settings`
 */
export const checkPrepared = (
  model: ConfiguredModel,
  prepared: Prepared,
  settings: Omit<CheckSettings, 'properties'>,
): Promise<CheckResult> => checkPreparedOn(node, model, prepared, settings)
