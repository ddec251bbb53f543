/** A model around a type of some class and width, with as many uses of it as asked for. */
import type { ConfiguredModel, Type } from '../../../src/language/ast.ts'
import { configured, cover, step, yes } from '../../support/ast.ts'
import type { ThreadDraft } from '../../support/ast.ts'
import { chance } from '../draw.ts'
import type { Draw } from '../draw.ts'
import { isValid } from '../model-arbitrary.ts'
import type { Sizes } from '../types.ts'
import { open } from './bench.ts'
import type { Bench } from './bench.ts'
import { sorts, threadsFor, typeOf } from './classes.ts'
import type { Use } from './coverage.ts'
import { crowd, hangs, sizeOfCrowd } from './crowd.ts'
import { kinds } from './kinds.ts'
import { places } from './places.ts'
import { statementKinds } from './statements.ts'

/** The `sometimes` property that each of its threads witnesses at its end: so all that stands before has been done. */
export const endOf = (thread: number): string => `thread ${thread} came to its end`

/** How often each place was used: its forms take turns, as the exact widths do. */
export interface Turns {
  next(of: string): number
}
export function turns(): Turns {
  const counts = new Map<string, number>()
  return {
    next: (of) => {
      const n = counts.get(of) ?? 0
      counts.set(of, n + 1)
      return n
    },
  }
}

/** Needs a thread that runs for an element of the sort. */
const isForElement = ({ kind }: Use): boolean => kinds.find(({ name }) => name === kind)?.needs === 'a thread of a sort'

/** Goes on with each of many values: two of them, and there are too many states. */
const multiplies = ({ kind }: Use): boolean => kind === 'choose' || kind === 'for each'

/**
 * Of uses of one type those that one model may hold beside each other: each `adds` to what is covered, and is then
 * counted.
 */
export function together(draw: Draw, uses: readonly Use[], most: number, adds: (use: Use) => boolean): readonly Use[] {
  const start = draw(uses.length)
  const chosen: Use[] = []
  for (const use of [...uses.slice(start), ...uses.slice(0, start)]) {
    const [first] = chosen
    if (chosen.length >= (first !== undefined && isForElement(first) ? 3 : most)) break
    if (first !== undefined && isForElement(use) !== isForElement(first)) continue
    if (multiplies(use) && chosen.some(multiplies)) continue
    if (adds(use)) chosen.push(use)
  }
  return chosen
}

export function modelWith(draw: Draw, uses: readonly Use[], turn: Turns): ConfiguredModel {
  for (let tries = 0; tries < 40; tries++) {
    const model = candidate(draw, uses, turn)
    if (isValid(model)) return model
  }
  throw new Error(`no valid model with ${JSON.stringify(uses)}`)
}

export function candidate(draw: Draw, uses: readonly Use[], turn: Turns): ConfiguredModel {
  const [first] = uses
  if (first === undefined) throw new RangeError('nothing to be used')
  const own =
    uses.length > 2 &&
    uses.length <= 6 &&
    !isForElement(first) &&
    !(first.class === 'thread' && first.width === 'no bits')
      ? 2
      : 1
  const copies = isForElement(first) ? ({ 'no bits': 1, '1 bit': 2 }[first.width as string] ?? 3) : own
  const all = first.class === 'thread' ? Math.max(copies, threadsFor(draw, first.width)) : copies + sizeOfCrowd(draw)
  const others = crowd(draw, all - copies)
  const sizes: Sizes = { ...sorts, Thread: all }
  const subject = typeOf(draw, first.class, first.width, turn.next(`${first.class} ${first.width}`))
  const variables: Bench['variables'] = new Map(others.variables.map((one) => [one.name, one]))
  const initially: Pick<Bench, 'initially' | 'initialLocals' | 'properties'> = {
    initially: [],
    initialLocals: [],
    properties: [],
  }
  let last = 10
  const fresh = (): number => last++

  const share = own === 2 ? Math.ceil(uses.length / 2) : uses.length
  const threads = [uses.slice(0, share), uses.slice(share)]
    .filter((mine) => mine.length > 0)
    .map((mine, n): ThreadDraft => {
      const self: Type | undefined = isForElement(first) && subject.kind === 'id' ? subject : undefined
      const bench: Bench = { draw, sizes, subject, self, variables, locals: [], body: [], ...initially, fresh }
      open(bench)
      for (const use of mine) write(bench, use, turn)
      bench.body.push(step(cover(endOf(n), yes)))
      return {
        locals: bench.locals,
        body: bench.body,
        daemon: chance(draw, 10),
        ...(self?.kind === 'id' && { per: self.sort }),
      }
    })
  const { initially: body, initialLocals, properties } = initially
  return configured({
    variables: [...variables.values()],
    threads: [...others.before, ...threads, ...others.behind],
    sizes: sorts,
    properties: [...threads.map((_, n) => ({ name: endOf(n), kind: 'sometimes' as const })), ...properties, ...hangs],
    ...(body.length > 0 && {
      initially: { locals: initialLocals.map((type, n) => ({ id: n, name: `x${n}`, type })), body },
    }),
  })
}

function write(bench: Bench, use: Use, turn: Turns): void {
  const statement = statementKinds.find(({ name }) => name === use.kind)
  if (statement !== undefined) {
    const place = statement.places.find((one) => one === use.place)
    if (place !== undefined) statement.write(bench, place)
    return
  }
  const kind = kinds.find(({ name }) => name === use.kind)
  const place = places.find(({ name }) => name === use.place)
  if (kind === undefined || place === undefined) throw new RangeError(`no use ${use.kind} at ${use.place}`)
  const forms = place.forms.filter(
    ({ standing }) =>
      (standing !== 'in an initial value' || kind.needs === 'nothing') &&
      (kind.needs !== 'a transition' || standing === 'in a transition property'),
  )
  const form = forms[turn.next(`${place.name} of ${kind.name}`) % forms.length]
  if (form === undefined) throw new RangeError(`no form of ${use.kind} at ${use.place}`)
  const made = kind.make(bench, form.standing)
  if (form.standing === 'in an initial value' && made.guard !== undefined) {
    const other = forms.find(({ standing }) => standing === 'in initially')
    other?.put(bench, kind.make(bench, other.standing))
    return
  }
  form.put(bench, made)
}
