/** The text of a variant, statement by statement, and the procedures in which two variants differ. */
import type { Statement } from '../../src/language/ast.ts'
import { configure } from '../../src/language/index.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { visitStatements } from '../../src/language/walk.ts'

/** What a scenario adds to a variant: sizes by sort, and its constants. */
export interface World {
  readonly sizes: Readonly<Record<string, number>>
  readonly constants: Readonly<Record<string, boolean | number | string>>
  /** Procedures that the model has of its own although the kernel's vocabulary has the name. */
  readonly own?: readonly string[]
}

/** What a statement is by itself, without what stands inside it and where it was written. */
export function ownText(statement: Statement): string {
  switch (statement.kind) {
    case 'if':
      return JSON.stringify([statement.kind, statement.condition, statement.then.binds, statement.otherwise.binds])
    case 'match':
      return JSON.stringify([statement.kind, statement.of, Object.keys(statement.arms)])
    case 'either':
      return JSON.stringify([statement.kind, statement.branches.length])
    case 'loop':
    case 'step':
    case 'forEach':
    case 'call':
      return JSON.stringify({ ...statement, body: [], at: '' })
    default:
      return JSON.stringify({ ...statement, at: '' })
  }
}

/** What the kernel offers every model: a difference in one of these belongs to its caller. */
const vocabulary = new Set([
  'down_read',
  '__down_read',
  'down_write',
  '__down_write',
  'up_read',
  'up_write',
  'rwsem_down_read_failed',
  'rwsem_read_granted',
  'rwsem_down_write_failed',
  'rwsem_write_granted',
  'mutex_lock',
  'mutex_unlock',
  'alloc_page',
  'get_page',
  'put_page',
  'flush_tlb_page',
  'tlb_load',
  'page_add_anon_rmap',
  'page_remove_rmap',
  'folio_lock',
  'folio_unlock',
  'lock_page',
  'trylock_page',
  'unlock_page',
  'wait_on_page_locked',
  'try_grab_page',
  'unpin_user_page',
  'percpu_ref_tryget_live',
  'percpu_ref_put',
  'percpu_ref_kill',
  'complete',
  'wait_for_completion',
])

/** The innermost procedure of the model itself that a path leads through; or its thread. */
function placeOf(thread: string, path: string, ownNames: readonly string[] = []): string {
  const calls = [...path.matchAll(/:(\w+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => ownNames.includes(name) || !vocabulary.has(name))
  return calls.at(-1) ?? `thread ${thread}`
}

/** The text of a variant, with every actor: the statement at each path, under the procedure it belongs to. */
function textOf(
  { model, variants }: Protocol,
  variant: string,
  { sizes, constants, own: ownNames }: World,
): ReadonlyMap<string, { readonly place: string; readonly text: string }> {
  const setting = variants.find(({ name }) => name === variant)?.constants ?? {}
  const configured = configure(model, { sizes, constants: { ...setting, ...constants } })
  const found = new Map<string, { place: string; text: string }>()
  for (const { name, body } of configured.threads) {
    visitStatements(body, (statement) =>
      found.set(`${name} ${statement.path}`, {
        place: placeOf(name, statement.path, ownNames),
        text: ownText(statement),
      }),
    )
  }
  return found
}

const texts = new Map<string, ReturnType<typeof textOf>>()

/** The text of a variant that many others are compared with: made once. */
function textOnce(...asked: Parameters<typeof textOf>): ReturnType<typeof textOf> {
  const [{ name }, variant, world] = asked
  const key = JSON.stringify([name, variant, world])
  const text = texts.get(key) ?? textOf(...asked)
  texts.set(key, text)
  return text
}

/** The procedures in which two variants differ, in order. */
export function placesOfDifference(protocol: Protocol, one: string, other: string, world: World): readonly string[] {
  const [a, b] = [textOnce(protocol, one, world), textOf(protocol, other, world)]
  const places = [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => a.get(path)?.text !== b.get(path)?.text)
    .map((path) => (a.get(path) ?? b.get(path))?.place ?? path)
  return [...new Set(places)].toSorted()
}

/** Transitions that do not say where in the kernel, or in whose hardware, they stand. */
export function withoutSource({ model }: Protocol): readonly string[] {
  const control = ['label', 'loop', 'goto', 'return', 'break', 'continue', 'either']
  const missing = new Set<string>()
  for (const { name, body } of model.threads) {
    visitStatements(body, (statement) => {
      const isCall = statement.kind === 'call' && !statement.atomic
      if (statement.source === undefined && !isCall && !control.includes(statement.kind))
        missing.add(`${name}: ${placeOf(name, statement.path)}`)
    })
  }
  return [...missing]
}
