/**
 * Variants and scenarios of a model share the threads in which they do not differ. What is prepared beside others must
 * be what is prepared alone: the model as it is searched, and every byte of its module.
 */
import { expect, test } from 'vitest'
import { deviceMemoryProtocol } from '../../models/device-memory/protocol.ts'
import { mirror2017Protocol } from '../../models/mirror-2017/protocol.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { emitEngine } from '../../src/engine/module.ts'
import { prepare } from '../../src/explorer/prepare.ts'
import type { Configuration, Model } from '../../src/language/ast.ts'
import { configure } from '../../src/language/configure.ts'
import { selectProperties } from '../../src/language/select.ts'

/** The model as it is searched, and its module. */
function made(model: Model, configuration: Configuration, properties: readonly string[]): readonly string[] {
  const { model: searched, compiled } = prepare(selectProperties(configure(model, configuration), properties), {})
  return [JSON.stringify(searched), Buffer.from(emitEngine(compiled, {})).toString('base64')]
}

/** A model that shares no object with the other, so that nothing that was remembered of that is found. */
const copyOf = (model: Model): Model => structuredClone(model)

const protocols: readonly (readonly [string, Protocol])[] = [
  ['device-memory', deviceMemoryProtocol],
  ['mirror-2017', mirror2017Protocol],
]

test.each(protocols)(
  '%s: each variant beside the others, and alone',
  (_, protocol) => {
    const { model, variants, scenarios } = protocol
    const names = model.properties.map(({ name }) => name)
    // each with the first scenario, which they have in common, and with another in turn
    const settings = variants
      .filter((_, n) => n % 5 === 0)
      .flatMap(({ name: variant }, n) =>
        [scenarios[0], scenarios[1 + (n % (scenarios.length - 1))]].flatMap((scenario) =>
          scenario === undefined ? [] : [settingOf(protocol, { variant, scenario: scenario.name })],
        ),
      )
    const selections = [names, names.filter((_, n) => n % 2 === 0)]
    const different = new Set<string>()
    for (const { configuration } of settings)
      for (const properties of selections) {
        const together = made(model, configuration, properties)
        expect(together).toEqual(made(copyOf(model), configuration, properties))
        different.add(together.join())
      }
    // each setting is a model of its own, so the equality says something
    expect(different.size).toBeGreaterThan(settings.length)
  },
  120_000,
)
