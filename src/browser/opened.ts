/** A protocol in one configuration, ready to be explored: its machine, and the tree of what was done on it. */
import type { Protocol } from '../catalogue/protocol.ts'
import { claimedIn, settingOf, type Setting } from '../catalogue/setting.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { configure } from '../language/configure.ts'
import { selectProperties } from '../language/select.ts'
import { machine } from '../semantics/machine.ts'
import { historyOf, type History } from './history.ts'
import type { OpenNames } from './messages.ts'
import { unlessMistaken } from '../catalogue/mistakes.ts'

export interface Opened {
  readonly protocol: Protocol
  readonly setting: Setting
  /** The variant that has these fixes; undefined if none has. */
  readonly variant: string | undefined
  /** Text for a sentence: the name of the variant, or of the one that the fixes were changed of. */
  readonly called: string
  /** The configured model, with all of its properties. */
  readonly whole: ConfiguredModel
  /** The same with those that are claimed. */
  readonly model: ConfiguredModel
  readonly history: History
}

/**
 * Opens a protocol.
 *
 * @throws UsageError if it has no such variant, scenario or size; ModelError if the model cannot be run
 */
export function openProtocol(protocol: Protocol, names: OpenNames): Opened {
  const { setting, variant } = settingFor(protocol, names)
  const whole = configure(protocol.model, setting.configuration)
  const model = selectProperties(whole, claimedIn(setting))
  const called = variant ?? `${setting.variant.name} with other fixes`
  return { protocol, setting, variant, called, whole, model, history: historyOf(machine(model)) }
}

/** The setting of some names, and the variant that has its fixes, if one has. */
function settingFor(protocol: Protocol, { fixes = {}, ...names }: OpenNames): Pick<Opened, 'setting' | 'variant'> {
  const setting = settingOf(protocol, names)
  const constants = { ...setting.configuration.constants, ...fixes }
  const candidates = [setting.variant, ...protocol.variants].flatMap(({ name }) => {
    const found = unlessMistaken(() => settingOf(protocol, { ...names, variant: name }))
    return found !== undefined && isSame(found.configuration.constants, constants) ? [found] : []
  })
  const [same] = candidates
  return same === undefined
    ? { setting: { ...setting, configuration: { ...setting.configuration, constants } }, variant: undefined }
    : { setting: same, variant: same.variant.name }
}

type Constants = Setting['configuration']['constants']

const isSame = (one: Constants, other: Constants): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => one[name] === other[name])
