/** The names of variables in Promela: as in the model, unless the name is taken. */
import type { ConfiguredModel } from '../../../src/language/ast.ts'
import { internal } from '../../../src/compiler/encoding.ts'
import { leavesOf } from './store.ts'

/** Words of Promela, and of the C that SPIN writes. */
const taken = new Set([
  'active',
  'assert',
  'atomic',
  'bit',
  'bool',
  'break',
  'byte',
  'chan',
  'd_step',
  'do',
  'else',
  'empty',
  'enabled',
  'eval',
  'false',
  'fi',
  'for',
  'full',
  'goto',
  'hidden',
  'if',
  'in',
  'init',
  'inline',
  'int',
  'len',
  'local',
  'ltl',
  'mtype',
  'nempty',
  'never',
  'nfull',
  'notrace',
  'np_',
  'od',
  'of',
  'pc_value',
  'pid',
  'print',
  'printf',
  'printm',
  'priority',
  'proctype',
  'provided',
  'run',
  'select',
  'short',
  'show',
  'skip',
  'stateless',
  'timeout',
  'trace',
  'true',
  'typedef',
  'unless',
  'unsigned',
  'xr',
  'xs',
  'auto',
  'case',
  'char',
  'const',
  'continue',
  'default',
  'double',
  'enum',
  'extern',
  'float',
  'long',
  'now',
  'register',
  'return',
  'signed',
  'sizeof',
  'static',
  'struct',
  'switch',
  'this',
  'union',
  'void',
  'volatile',
  'while',
])
const identifier = (s: string): string => s.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_|_$/g, '')

export const sharedName = (name: string): string =>
  taken.has(identifier(name)) ? `${identifier(name)}_` : identifier(name)

const known = new WeakMap<ConfiguredModel, readonly ReadonlyMap<number, string>[]>()
function localNames(model: ConfiguredModel): readonly ReadonlyMap<number, string>[] {
  const found = known.get(model)
  if (found !== undefined) return found
  const shared = model.variables.flatMap((v) => leavesOf(sharedName(v.name), v.type, model.sizes).map((l) => l.name))
  const names = model.threads.map((t) => {
    const used = new Set([...taken, ...shared])
    return new Map(
      t.locals.map((l) => {
        const stem = identifier(l.name)
        let name = stem
        for (let n = 2; used.has(name); n++) name = `${stem}_${n}`
        used.add(name)
        return [l.id, name] as const
      }),
    )
  })
  known.set(model, names)
  return names
}
export const nameOfLocal = (model: ConfiguredModel, thread: number, id: number): string =>
  localNames(model)[thread]?.get(id) ?? internal(`no local ${id}`)
