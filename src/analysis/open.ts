/**
 * Fields that a configuration leaves open: the protocol changes them in text that has no part in this configuration,
 * in a thread that the scenario leaves out, in a branch that the variant does not have, or in another model of the
 * same text. Such a field may well stand still here, and a test of it go one way alone:
 * that is what the scenario is, and nothing to warn of.
 */
import type { ConfiguredModel, Model, Statement } from '../language/ast.ts'
import { identityOf, remembered, rememberedByKey } from '../language/remembered.ts'
import { blocksOf, visitStatements } from '../language/walk.ts'
import { fieldsOverlap, sharedReadsOf, readsOfStatement, writesIn } from './fields.ts'

export interface Open {
  /** Whether somebody who has no part in this configuration writes the field, or something in it. */
  field(field: string): boolean
  /** Whether a test or a guard of a statement depends on one of these fields, directly or by locals of the thread. */
  statement(thread: number, statement: Statement): boolean
}

/** The statements of a model by thread and path. */
function textsIn({ threads, initially }: Model): ReadonlyMap<string, readonly Statement[]> {
  return new Map([
    ...threads.map(({ name, body }) => [`thread ${name}`, body] as const),
    ...(initially === undefined ? [] : [['initially', initially.body] as const]),
  ])
}

const nothing: readonly Statement[] = []

const pathsIn = remembered((body: readonly Statement[]): ReadonlySet<string> => {
  const paths = new Set<string>()
  visitStatements(body, ({ path }) => {
    paths.add(path)
  })
  return paths
})

const besides = rememberedByKey<readonly Statement[], readonly string[]>()

/** The fields that a text writes in statements of which another has no part. */
const writtenBesides = (body: readonly Statement[], other: readonly Statement[]): readonly string[] =>
  besides(body, String(identityOf(other)), () => {
    const paths = pathsIn(other)
    return [...new Set(writesIn(body).flatMap(({ field, statement }) => (paths.has(statement.path) ? [] : [field])))]
  })

/** @param elsewhere fields that another model of the same text changes */
export function openOf(model: ConfiguredModel, whole: Model, elsewhere: readonly string[] = []): Open {
  const here = textsIn(model)
  const fields = new Set([
    ...elsewhere,
    ...[...textsIn(whole)].flatMap(([text, body]) => writtenBesides(body, here.get(text) ?? nothing)),
  ])
  const known = new Map<string, boolean>()
  const field = (name: string): boolean => {
    const found = known.get(name) ?? [...fields].some((one) => fieldsOverlap(one, name))
    known.set(name, found)
    return found
  }
  // few threads have a statement that is asked about
  const localsOf = remembered((body: readonly Statement[]) => openLocals(body, field))
  return {
    field,
    statement: (thread, statement) => {
      const { fields: read, locals } = readsOfStatement(statement)
      if ([...read].some(field)) return true
      const open = locals.size === 0 ? undefined : localsOf(model.threads[thread]?.body ?? nothing)
      return [...locals].some((id) => open?.has(id) === true)
    },
  }
}

/** The locals that get a value made of an open field, or that are set where a test of one leads. */
function openLocals(body: readonly Statement[], field: (name: string) => boolean): ReadonlySet<number> {
  const open = new Set<number>()
  let before = -1
  const isOpen = ({ fields, locals }: ReturnType<typeof sharedReadsOf>): boolean =>
    [...fields].some(field) || [...locals].some((id) => open.has(id))
  const walk = (statements: readonly Statement[], under: boolean): void => {
    for (const s of statements) {
      const reads = isOpen(readsOfStatement(s))
      if ('target' in s && s.target.kind === 'local' && (under || reads)) open.add(s.target.id)
      if (s.kind === 'choose' && (under || reads)) open.add(s.local)
      if (s.kind === 'if' || s.kind === 'match') {
        const arms =
          s.kind === 'if'
            ? [s.then, s.otherwise]
            : [...Object.values(s.arms), ...(s.otherwise === undefined ? [] : [s.otherwise])]
        for (const { binds } of arms)
          for (const { local, value } of binds) if (under || isOpen(sharedReadsOf(value))) open.add(local)
      }
      const tests = (s.kind === 'if' || s.kind === 'match') && reads
      for (const { body: inner } of blocksOf(s)) walk(inner, under || tests)
    }
  }
  while (before !== open.size) {
    before = open.size
    walk(body, false)
  }
  return open
}
