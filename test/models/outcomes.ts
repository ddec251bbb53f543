/** The ends of a small world that is made of a protocol's procedures. */
import type { Configuration, Model } from '../../src/language/ast.ts'
import { configure, model, type Block, type ThreadDefinition } from '../../src/language/index.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import type { Plain } from '../../src/semantics/plain.ts'
import { finals, type Final } from '../kernel/support.ts'

export interface SmallWorld extends Omit<Configuration, 'threads'> {
  readonly threads: readonly ThreadDefinition[]
  readonly initially: Block
}

/** What of a setting the model has any use for. */
const usedBy = ({ sorts, constants }: Model, given: Configuration): Configuration => ({
  sizes: Object.fromEntries(Object.entries(given.sizes).filter(([name]) => sorts.includes(name))),
  constants: Object.fromEntries(
    Object.entries(given.constants).filter(([name]) => constants.some((one) => one.name === name)),
  ),
})

/** Every end of these threads, told in words: each once, in order. */
export function endsOf(
  { model: { properties }, variants }: Protocol,
  variant: string,
  { threads, initially, sizes, constants }: SmallWorld,
  tell: (end: Final) => string,
): readonly string[] {
  const world = model('world', { threads, properties, initially })
  const setting = { sizes, constants: { ...variants.find(({ name }) => name === variant)?.constants, ...constants } }
  return [...new Set(finals(configure(world, usedBy(world, setting))).map(tell))].toSorted()
}

const isRecord = (value: unknown): value is Readonly<Record<string, Plain>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands at a path of fields and indices; undefined if there is nothing. */
export const at = (value: Plain | undefined, ...path: readonly (string | number)[]): Plain | undefined => {
  const [first, ...rest] = path
  if (first === undefined) return value
  if (Array.isArray(value)) return at(value[Number(first)], ...rest)
  return isRecord(value) ? at(value[first], ...rest) : undefined
}
