/**
 * The finite form of interval notifiers against the kernel's numbers, which grow for ever. Both take every step of every
 * schedule together, and in every state they agree on all that the kernel asks of a number. Brackets are balanced, and
 * no sample outlives its subscription: outside of that the finite form is not exact, and says so.
 */
import { Map, Set } from 'immutable'
import { describe, expect, test } from 'vitest'
import {
  and,
  array,
  Choose,
  not,
  optional,
  range,
  shared,
  sort,
  Step,
  yes,
  type Bool as Condition,
  type Id,
  type Sample,
} from '../../src/language/index.ts'
import { mmuIntervals, mn_itree_invalidate } from '../../src/kernel/index.ts'
import { machine, plainState, transitions, type PlainState, type State } from '../../src/semantics/machine.ts'
import type { Transition } from '../../src/semantics/machine.ts'
import type { Plain } from '../../src/semantics/plain.ts'
import { closed, thread, verdicts } from './support.ts'

const Sub = sort('Sub')
/** Variables that hold samples. */
const Slot = range(0, 3)
const intervals = mmuIntervals(Sub)
const kept = shared('kept', array(Slot, intervals.IntervalSeq))
/** The subscription that was called last. */
const called = shared('called', optional(Sub))

/** What a thread does, all of it about one subscription, which is chosen first. */
type Op =
  /** A bracket over that one or over all. A callback that is silent does not set the number. */
  | { readonly does: 'bracket'; readonly over: 'one' | 'all'; readonly silent?: boolean }
  /** mmu_interval_read_begin(), with the sample to this variable. */
  | { readonly does: 'read'; readonly into: number }
  | { readonly does: 'insert' }
  | { readonly does: 'remove' }

const steps = {
  start: 'mn_itree_inv_start_range()',
  set_seq: 'mmu_interval_set_seq(sub, cur_seq)',
  silent: 'invalidate() without mmu_interval_set_seq()',
  end: 'mn_itree_inv_end()',
  begin: 'mmu_interval_read_begin()',
  insert: '__mmu_interval_notifier_insert()',
  remove: 'mmu_interval_notifier_remove()',
  wait: /^wait_event/,
} as const

const invalidate = (silent: boolean, one: Id<'Sub'>, cur_seq: Sample<'invalidate_seq'>): Condition => {
  Step(silent ? steps.silent : steps.set_seq, () => {
    called.set(one)
    if (!silent) intervals.mmu_interval_set_seq(one, cur_seq)
  })
  return yes
}
function act(op: Op, sub: Id<'Sub'>): void {
  switch (op.does) {
    case 'bracket':
      mn_itree_invalidate(Sub, intervals, {
        overlaps: (one) => (op.over === 'all' ? yes : one.eq(sub)),
        blockable: yes,
        invalidate: (one, cur_seq) => invalidate(op.silent === true, one, cur_seq),
      })
      intervals.mn_itree_inv_end()
      return
    case 'read':
      intervals.mmu_interval_read_begin(sub, kept.at(op.into))
      return
    case 'insert':
      intervals.__mmu_interval_notifier_insert(sub)
      return
    case 'remove':
      intervals.mmu_interval_notifier_remove(sub)
  }
}
const threadOf = (ops: readonly Op[], n: number) =>
  thread(`t${n}`, () => {
    const [{ does } = { does: 'read' }] = ops
    const is_out = (it: Id<'Sub'>): Condition => intervals.place.at(it).eq('out')
    const sub = Choose('sub', Sub, (it) =>
      does === 'bracket' ? yes : does === 'insert' ? is_out(it) : not(is_out(it)),
    )
    for (const op of ops) act(op, sub)
  })

/** The same with numbers. A thread has done `ops` of its ops. */
interface Numbers {
  readonly seq: number
  readonly active: number
  /** interval_sub->invalidate_seq */
  readonly subs: readonly number[]
  readonly place: readonly string[]
  /** What each variable has sampled, and of which. */
  readonly kept: readonly ({ readonly sub: number; readonly seq: number } | null)[]
  readonly threads: readonly {
    readonly sub: number
    readonly ops: number
    readonly cur_seq: number
    /** The number that it waits to go. */
    readonly waits: number | null
  }[]
}

const replaced = <T>(all: readonly T[], n: number, change: (one: T) => T): readonly T[] =>
  all.map((one, at) => (at === n ? change(one) : one))

/** The state of the numbers after a transition of the model. */
function after(
  of: readonly (readonly Op[])[],
  numbers: Numbers,
  { thread: t, label, choices }: Transition,
  then: PlainState,
) {
  const before = numbers.threads[t]
  if (before === undefined) throw new Error('a thread of its own')
  // The choice of the subscription is a transition of its own, or part of the one behind it.
  const [choice] = choices
  const own = choice === undefined ? before : { ...before, sub: Number(choice.value) }
  const op = of[t]?.[own.ops]
  const { seq, active, subs, place } = numbers
  const is_odd = seq % 2 === 1
  const mine = (change: Partial<typeof own>): Numbers['threads'] =>
    replaced(numbers.threads, t, () => ({ ...own, ...change }))
  const in_tree = (at: number): boolean => place[at] === 'tree' || place[at] === 'deferred remove'
  switch (label) {
    case 'choose sub':
      return { ...numbers, threads: mine({}) }
    case steps.start: {
      const found = subs.some((_, at) => in_tree(at) && (op?.does !== 'bracket' || op.over === 'all' || at === own.sub))
      const now = found && !is_odd ? seq + 1 : seq
      return { ...numbers, active: active + 1, seq: now, threads: mine({ cur_seq: now }) }
    }
    case steps.set_seq:
      return { ...numbers, subs: replaced(subs, Number(then.shared['called']), () => own.cur_seq) }
    case steps.silent:
      return numbers
    case steps.end: {
      const ended = { ...numbers, active: active - 1, threads: mine({ ops: own.ops + 1 }) }
      if (active > 1 || !is_odd) return ended
      const done = place.map((one) => (one === 'deferred insert' ? 'tree' : one === 'deferred remove' ? 'out' : one))
      return { ...ended, seq: seq + 1, place: done }
    }
    case steps.begin: {
      const sampled = { sub: own.sub, seq: subs[own.sub] ?? 0 }
      const into = op?.does === 'read' ? op.into : -1
      const waits = sampled.seq === seq ? seq : null
      return {
        ...numbers,
        kept: replaced(numbers.kept, into, () => sampled),
        threads: mine({ ops: own.ops + 1, waits }),
      }
    }
    case steps.insert: {
      const to = (where: string) => replaced(place, own.sub, () => where)
      const threads = mine({ ops: own.ops + 1 })
      if (active === 0) return { ...numbers, threads, place: to('tree'), subs: replaced(subs, own.sub, () => seq - 1) }
      if (is_odd) return { ...numbers, threads, place: to('deferred insert'), subs: replaced(subs, own.sub, () => seq) }
      return { ...numbers, threads, place: to('tree'), seq: seq + 1, subs: replaced(subs, own.sub, () => seq + 1) }
    }
    case steps.remove: {
      const defers = is_odd && place[own.sub] !== 'deferred insert'
      const waits = defers ? seq : null
      const to = defers ? 'deferred remove' : 'out'
      return { ...numbers, threads: mine({ ops: own.ops + 1, waits }), place: replaced(place, own.sub, () => to) }
    }
  }
  // Control alone, at the end of a thread.
  if (label.startsWith('else of if')) return numbers
  if (!steps.wait.test(label)) throw new Error(`a step of its own: ${label}`)
  return { ...numbers, threads: mine({ waits: null }) }
}

/** What the kernel asks of the numbers: the same words for both. */
const askedOfNumbers = ({ seq, active, subs, place, kept: samples, threads }: Numbers) => ({
  odd: seq % 2 === 1,
  active,
  hit: subs.flatMap((one, at) => (one === seq ? [at] : [])),
  place,
  stale: samples.map((one) => one === null || subs[one.sub] !== one.seq),
  waits: threads.map(({ waits }) => waits === seq),
})
const is_stale = (sample: Plain): boolean =>
  typeof sample !== 'object' ||
  sample === null ||
  Array.isArray(sample) ||
  !('is' in sample) ||
  sample['is'] !== 'interval_seq'
const askedOfModel = (all: PlainState['shared'], waits: readonly boolean[]) => ({
  odd: all['invalidate_seq_is_odd'] ?? false,
  active: all['active_invalidate_ranges'] ?? 0,
  hit: all['hit'] ?? [],
  place: all['interval_place'],
  stale: Array.isArray(all['kept']) ? all['kept'].map(is_stale) : [true, true, true, true],
  waits,
})

/** The number of a process begins at 2; that of who was never inserted at 0. */
const startOf = (place: readonly string[], threads: number): Numbers => ({
  seq: 2,
  active: 0,
  subs: place.map((one) => (one === 'tree' ? 1 : 0)),
  place,
  kept: [null, null, null, null],
  threads: Array.from({ length: threads }, () => ({ sub: -1, ops: 0, cur_seq: 0, waits: null })),
})
const key = (numbers: Numbers): string => JSON.stringify(numbers)

/** Both from the start, over every schedule: how many pairs of states there are, after each was compared. */
function compare(program: readonly (readonly Op[])[]): number {
  const model = closed(program.map(threadOf), [], { sizes: { Sub: 2 } }, () => {
    const first = Choose('first', Sub)
    const second = Choose('second', Sub, (it) => it.ne(first))
    intervals.place.at(first).set('tree')
    if (!program.some((ops) => ops.some(({ does }) => does === 'insert'))) intervals.place.at(second).set('tree')
  })
  const graph = machine(model)
  let seen: Map<State, Set<string>> = Map<State, Set<string>>().asMutable()
  let pairs = 0
  const todo: { readonly state: State; readonly numbers: Numbers }[] = graph.initial.map(({ state }) => {
    const { place } = askedOfModel(plainState(graph, state).shared, [])
    return { state, numbers: startOf(Array.isArray(place) ? place.map(String) : [], program.length) }
  })
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { state, numbers } = next
    const known = seen.get(state, Set<string>())
    if (known.has(key(numbers))) continue
    seen = seen.set(state, known.add(key(numbers)))
    pairs += 1
    const possible = transitions(graph, state)
    const now = plainState(graph, state)
    const waits = now.threads.map(({ point }, t) => point !== 'end' && !possible.some((one) => one.thread === t))
    const [found, expected] = [askedOfModel(now.shared, waits), askedOfNumbers(numbers)]
    if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected)
    for (const one of possible) {
      if (steps.wait.test(one.label) !== (numbers.threads[one.thread]?.waits !== null))
        throw new Error('one of them does not wait')
      if (one.outcome.kind !== 'next') throw new Error(`${one.label} fails`)
      const then = plainState(graph, one.outcome.state)
      todo.push({ state: one.outcome.state, numbers: after(program, numbers, one, then) })
    }
  }
  return pairs
}

const all: Op = { does: 'bracket', over: 'all' }
const one: Op = { does: 'bracket', over: 'one' }
const silent: Op = { does: 'bracket', over: 'one', silent: true }
const read = (into: number): Op => ({ does: 'read', into })
const insert: Op = { does: 'insert' }
const remove: Op = { does: 'remove' }

describe('in every state of every schedule the finite form says what the numbers say', () => {
  test.each<[string, number, readonly (readonly Op[])[]]>([
    ['two brackets, and a sample that is kept over the next', 7909, [[one], [one], [read(0), read(1)]]],
    [
      'brackets one after the other, which lap a reader',
      3711,
      [
        [one, one, one],
        [read(0), read(1)],
      ],
    ],
    ['a bracket over all of them, another, and a reader', 5941, [[all], [one], [read(0)]]],
    ['two readers', 2731, [[one], [read(0), read(1)], [read(2), read(3)]]],
    ['a callback that does not set the number', 3569, [[silent], [one], [read(0)]]],
    ['an insertion, and its first read', 8208, [[one], [one], [insert, read(0)]]],
    [
      'an insertion that begins an episode, and a bracket that joins it',
      1910,
      [
        [one, one],
        [insert, read(0), read(1)],
      ],
    ],
    ['a removal', 4231, [[all], [one], [remove]]],
    ['an insertion and its removal', 6918, [[one], [one], [insert, remove]]],
    ['a removal beside an insertion', 2100, [[one], [insert, read(0)], [remove]]],
  ])('%s', { timeout: 120_000 }, (_, pairs, program) => {
    expect(compare(program)).toBe(pairs)
  })
})

describe('outside of the conditions under which it is exact it says so', () => {
  const guarded = mmuIntervals(Sub, { is_sampled: (sub) => held(sub) })
  const sample = shared('sample', guarded.IntervalSeq)
  const of = shared('of', optional(Sub))
  const held = (sub: Id<'Sub'>): Condition => and(of.eq(sub), sample.isCurrent)
  const again = (forgets: boolean) =>
    thread('again', () => {
      const sub = Choose('sub', Sub)
      guarded.__mmu_interval_notifier_insert(sub)
      guarded.mmu_interval_read_begin(sub, sample)
      of.set(sub)
      if (forgets) sample.set(guarded.never)
      guarded.mmu_interval_notifier_remove(sub)
      guarded.__mmu_interval_notifier_insert(sub)
    })
  const sizes = { Sub: 1 }

  test('a sample of a subscription that is inserted again', async () => {
    // Choose, insert, sample, note of which, remove, insert.
    expect(await verdicts(closed([again(false)], [], { sizes }))).toEqual({
      'a sample outlives its subscription': 'violated in 6',
    })
    expect(await verdicts(closed([again(true)], [], { sizes }))).toEqual({})
  })
})
