/** Leaves out ghosts and variables that nothing reads any more, with every assignment to them. The transitions stay. */
import type { ConfiguredModel, Expression, Statement, ModelThread } from '../../language/ast.ts'
import { statementLabel } from '../../language/labels.ts'
import { identityOf, rememberedByKey } from '../../language/remembered.ts'
import { armsOf, blocksOf, expressionsOf, mapStatement, rootOf, visit, visitStatements } from '../../language/walk.ts'
import { changes, domainsOf, type Domains } from '../domains.ts'
import { lowerThread } from '../lowering/lower.ts'

/** Visits every statement, the outer before the inner, and says whether it is inside a step. */
function everyStatement(
  list: readonly Statement[],
  inside: boolean,
  see: (s: Statement, inside: boolean) => void,
): void {
  for (const s of list) {
    see(s, inside)
    for (const { body } of blocksOf(s)) everyStatement(body, inside || isStep(s), see)
  }
}
const isStep = (s: Statement): boolean => s.kind === 'step' || (s.kind === 'call' && s.atomic)

/**
 * The shared variables that the model reads: not counted is what is only read to be put into a variable that is not
 * read.
 */
function readVariables(model: ConfiguredModel): ReadonlySet<string> {
  const read = new Set<string>()
  const mark = (e: Expression): void => {
    visit(e, (part) => {
      if (part.kind === 'shared') read.add(part.name)
    })
  }
  /** A place read for the index in it alone. */
  const markIndices = (place: Expression): void => {
    if (place.kind === 'index') mark(place.index)
    if (place.kind === 'index' || place.kind === 'field') markIndices(place.of)
  }
  for (const { condition } of model.properties) if (condition !== undefined) mark(condition)
  const bodies = [
    ...model.threads.map((t) => ({ body: t.body, inside: false, domains: domainsOf(model, t) })),
    { body: model.initially?.body ?? [], inside: true, domains: domainsOf(model) },
  ]
  // a change that can fail is behaviour: its variable stays
  for (const { body, domains } of bodies)
    visitStatements(body, (s) => {
      if (!changes(s)) return
      const root = rootOf(s.target)
      if (root.kind === 'shared' && !read.has(root.name) && domains.canFail(s)) read.add(root.name)
    })
  for (let size = -1; size !== read.size; ) {
    size = read.size
    for (const { body, inside, domains } of bodies)
      everyStatement(body, inside, (s, within) => {
        if (changes(s)) {
          const root = rootOf(s.target)
          if (root.kind === 'shared' && !read.has(root.name)) return
          markIndices(s.target)
          if ('value' in s) mark(s.value)
          return
        }
        if (within && isIdle(s, read, domains)) return
        for (const e of expressionsOf(s)) mark(e)
      })
  }
  return read
}

/**
 * Does it nothing but change variables that are not read? A test or loop in a step that leads only to changes of these
 * is left out with them.
 */
function isIdle(s: Statement, read: ReadonlySet<string>, domains: Domains): boolean {
  if (changes(s)) {
    const root = rootOf(s.target)
    return root.kind === 'shared' && !read.has(root.name)
  }
  if (s.kind === 'forEach') return domains.isReadInside(s) && s.body.every((b) => isIdle(b, read, domains))
  if (s.kind !== 'if' && s.kind !== 'match') return false
  const arms = armsOf(s)
  return (
    arms.some((a) => a.body.length > 0) &&
    domains.isTotal(s.kind === 'if' ? s.condition : s.of) &&
    arms.every((a) => a.binds.length === 0 && a.body.every((b) => isIdle(b, read, domains)))
  )
}

/**
 * The thread with its choices marked that are transitions of their own: what makes them so may be among what is left
 * out.
 */
function withOwnChoices(model: ConfiguredModel, thread: ModelThread): ModelThread {
  let chooses = false
  visitStatements(thread.body, ({ kind }) => {
    chooses ||= kind === 'choose'
  })
  if (!chooses) return thread
  const { own } = lowerThread(model, thread)
  const mark = (list: readonly Statement[]): readonly Statement[] =>
    list.map((s) => {
      const marked = mapStatement(s, { block: mark })
      return marked.kind === 'choose' && own.has(marked.path) ? { ...marked, own: true } : marked
    })
  return own.size === 0 ? thread : { ...thread, body: mark(thread.body) }
}

/** Variables without some of them, and threads without what only changes those. */
const readAlone = rememberedByKey<ConfiguredModel['variables'], ConfiguredModel['variables']>()
const slimThreads = rememberedByKey<ModelThread, ModelThread>()

/**
 * The model without the variables that neither a statement nor a property reads, and their names.
 * Ghosts are among them when no selected property asks for them. A variable stays if an assignment to it can leave a
 * domain.
 */
export function dropUnread(model: ConfiguredModel): {
  readonly model: ConfiguredModel
  readonly dropped: readonly string[]
} {
  const read = readVariables(model)
  const dropped = model.variables.filter((v) => !read.has(v.name)).map((v) => v.name)
  if (dropped.length === 0) return { model, dropped }
  const names = JSON.stringify(dropped)
  const key = JSON.stringify([identityOf(model.variables), model.sizes, dropped])
  const inStep =
    (domains: Domains) =>
    (list: readonly Statement[]): readonly Statement[] =>
      list.filter((s) => !isIdle(s, read, domains)).map((s) => mapStatement(s, { block: inStep(domains) }))
  const outside =
    (thread: ModelThread, domains: Domains) =>
    (list: readonly Statement[]): readonly Statement[] =>
      list.map((s): Statement => {
        if (isStep(s)) return mapStatement(s, { block: inStep(domains) })
        if (!changes(s) || !isIdle(s, read, domains)) return mapStatement(s, { block: outside(thread, domains) })
        // an assignment of its own is a transition, and stays one
        return {
          kind: 'step',
          label: statementLabel(s, thread),
          path: s.path,
          at: s.at,
          ...(s.source === undefined ? {} : { source: s.source }),
          body: [],
        }
      })
  return {
    dropped,
    model: {
      ...model,
      variables: readAlone(model.variables, names, () => model.variables.filter((v) => read.has(v.name))),
      threads: model.threads.map((written) =>
        slimThreads(written, key, () => {
          const thread = withOwnChoices(model, written)
          return { ...thread, body: outside(thread, domainsOf(model, thread))(thread.body) }
        }),
      ),
      ...(model.initially === undefined
        ? {}
        : { initially: { ...model.initially, body: inStep(domainsOf(model))(model.initially.body) } }),
    },
  }
}
