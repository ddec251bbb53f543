/**
 * Ids that outlive what they name, and pointers that no step turns stale: both would hide that something was freed.
 *
 * - HMM050: a local, parameter or bound value that is used in a later transition than that in which it got its value,
 *   and there neither checked nor compared with what stands there now, nor said to be `Held` or `Reused`.
 * - HMM051: a shared pointer (a union with a case `stale`) that no step of the model turns stale.
 */
import type { Expression, Lifetime, Model, Statement, Type } from '../ast.ts'
import { modelError } from '../errors.ts'
import { isPointer, STALE } from '../carried-ids.ts'
import { heldClaims } from '../held.ts'
import { oldUses } from '../old-uses.ts'
import { rootOf, visit, visitStatements } from '../walk.ts'
import { mistakeIn, textsOf, type ModelText } from './texts.ts'

export function checkPointers(model: Model): void {
  for (const lifetime of model.lifetimes ?? []) {
    for (const text of textsOf(model)) {
      const old = oldUses(model, text, lifetime).find(({ local }) => heldClaims(local, lifetime).length === 0)
      if (old !== undefined) {
        const { statement, local } = old
        const what = `${local.name} got its value in an earlier transition; the ${lifetime.sort} it names may have been freed since, and be somebody else's`
        throw mistakeIn(text, statement, 'HMM050', what)
      }
    }
    checkStale(model, lifetime)
  }
}

/** A place without its indices: `driver[].pte[]`. */
function pattern(place: Expression): string {
  switch (place.kind) {
    case 'shared':
      return place.name
    case 'field':
      return `${pattern(place.of)}.${place.name}`
    case 'index':
      return `${pattern(place.of)}[]`
    default:
      return ''
  }
}

/** The places in a type that have pointers to elements of a sort. */
function pointersIn(type: Type, at: string, sort: string): readonly string[] {
  switch (type.kind) {
    case 'record':
      return Object.entries(type.fields).flatMap(([name, of]) => pointersIn(of, `${at}.${name}`, sort))
    case 'array':
      return pointersIn(type.of, `${at}[]`, sort)
    case 'union':
      return isPointer(type, sort) ? [at] : []
    case 'bool':
    case 'int':
    case 'enum':
    case 'id':
    case 'optional':
    case 'set':
    case 'queue':
      return []
  }
}

/**
 * Whether a statement may take from an element what makes it allocated: anything but a sum, an addition to a set and
 * a number or truth above zero.
 */
function frees(s: Statement, allocations: ReadonlySet<string>): boolean {
  if (!('target' in s)) return false
  const root = rootOf(s.target)
  if (root.kind !== 'shared' || !allocations.has(root.name)) return false
  if (s.kind !== 'assign') return s.kind !== 'insert' && s.kind !== 'push'
  const { value } = s
  return (
    !(value.kind === 'binary' && value.operator === '+') &&
    !(value.kind === 'literal' && value.value !== 0 && value.value !== false)
  )
}

function checkStale(model: Model, { sort, allocated }: Lifetime): void {
  const places = model.variables.filter(({ ghost }) => !ghost).flatMap(({ name, type }) => pointersIn(type, name, sort))
  if (places.length === 0) return
  const allocations = new Set<string>()
  visit(allocated, (e) => {
    if (e.kind === 'shared') allocations.add(e.name)
  })
  let freed = false
  const turned = new Set<string>()
  const set = new Map<string, { readonly s: Statement; readonly text: ModelText }>()
  for (const text of textsOf(model))
    visitStatements(text.body, (s) => {
      freed ||= frees(s, allocations)
      if (s.kind !== 'assign' || rootOf(s.target).kind !== 'shared') return
      const at = pattern(s.target)
      let stale = false
      visit(s.value, (e) => {
        if (e.kind === 'case' && e.tag === STALE) stale = true
      })
      if (stale) turned.add(at)
      else if (!set.has(at)) set.set(at, { s, text })
    })
  if (!freed) return
  for (const at of places) {
    const first = set.get(at)
    if (first !== undefined && !turned.has(at)) {
      throw modelError(
        'HMM051',
        `${at} can point to a ${sort}, and nothing turns it stale when the ${sort} is freed`,
        `${first.s.at}, in ${first.text.name} ${first.s.path}`,
      )
    }
  }
}
