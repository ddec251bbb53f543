/** Random models whose steps declare events, with assertions and invariants; and recordings of them. */
import {
  array,
  Assert,
  assertion,
  Await,
  before,
  Choose,
  Either,
  Idle,
  If,
  IfSome,
  invariant,
  Local,
  Loop,
  model,
  none,
  optional,
  or,
  range,
  shared,
  Shows,
  size,
  sort,
  Step,
  thread,
  transition,
  type Bool as Condition,
  type ConformanceModel,
  type Int,
  type Model,
} from 'hmmcheck'
import { configure } from '../../src/language/configure.ts'
import { evaluate } from '../../src/semantics/evaluate.ts'
import { machine as machineOf, type State } from '../../src/semantics/machine.ts'
import { sought } from '../../src/semantics/sought.ts'
import type { Field, RecordedEvent, Recording } from '../../src/conform/recording.ts'
import { chance, pick, times, weighted, type Draw } from '../fuzz/draw.ts'
import { Task } from './counter.ts'
import { numbersFrom } from './mutations.ts'

const Cell = sort('Cell')
const HIGH = 2
const Word = range(0, HIGH)
const CELLS: readonly string[] = ['a', 'b']
const MOST_THREADS = 3

const drawFrom = (seed: number): Draw => {
  const random = numbersFrom(seed)
  return (below) => Math.floor(random() * below)
}

/** The same model for the same seed. */
const randomText = (seed: number): Model => {
  const draw = drawFrom(seed)
  const memory = shared('memory', array(Cell, Word))
  const y = shared('y', Word)
  const z = shared('z', Word)
  const word = (): number => draw(HIGH + 1)
  const compared = (value: Int): Condition => (chance(draw, 50) ? value.ne(word()) : value.le(word()))
  let [steps, kinds] = [0, 0]
  const task = thread(
    'task',
    () => {
      const at = Local('at', Cell)
      const to = Local('to', Cell)
      const maybe = Local('maybe', optional(Cell))
      const seen = Local('seen', Word)
      const places = () => [y, z, memory.at(at)] as const
      const value = (): Int => pick(draw, [...places(), seen])
      const assign = (): void => {
        const [from, target] = [value(), pick(draw, [...places(), seen])]
        if (chance(draw, 50)) target.set(word())
        else target.set(from)
      }
      const asserts = (): void => {
        Assert('P-SAID', compared(value()), 'it went wrong')
      }
      /** Moves what places are indexed by: always, or only where a condition holds. */
      const move = (): void => {
        weighted(draw, [
          [2, () => at.set(to)],
          [2, () => If(compared(value()), () => at.set(to))],
          [1, () => to.set(at)],
          [1, () => maybe.set(at)],
          [1, () => maybe.set(none)],
          [3, () => IfSome(maybe, (cell) => memory.at(cell).set(word()))],
        ])
      }
      const inside = (): void => {
        if (chance(draw, 25)) Await(compared(value()))
        if (chance(draw, 20)) asserts()
        for (let left = draw(3); left > 0; left -= 1)
          if (chance(draw, 25)) move()
          else assign()
        if (chance(draw, 15)) If(compared(value()), assign)
      }
      const hidden = (): void => {
        Step(`hidden ${(steps += 1)}`, inside)
      }
      const shown = (): void => {
        const kind = `event${(kinds += 1)}`
        Step(kind, () => {
          const chooses = chance(draw, 50)
          const cell = chooses ? Choose('cell', Cell) : undefined
          if (cell !== undefined) pick(draw, [at, at, to]).set(cell)
          inside()
          const shows = { ...(cell === undefined ? {} : { cell }), ...(chance(draw, 60) ? { value: value() } : {}) }
          Shows(kind, shows)
        })
      }
      const other = (): void => {
        weighted(draw, [
          [5, hidden],
          [2, assign],
          [1, asserts],
          [1, () => If(compared(value()), hidden)],
          [1, () => seen.set(Choose('word', Word))],
        ])
      }
      const branch = () => {
        const isHiddenFirst = chance(draw, 60)
        if (isHiddenFirst) hidden()
        else shown()
        for (let left = draw(3); left > 0; left -= 1) other()
        if (isHiddenFirst || chance(draw, 60)) shown()
      }
      Loop(() => {
        Idle()
        if (chance(draw, 50)) Either(branch, branch)
        else Either(branch, branch, branch)
      })
    },
    { count: size(Task), daemon: true },
  )
  const properties = [
    assertion('P-SAID'),
    ...(chance(draw, 50) ? [invariant('P-KEPT', or(compared(y), compared(z)))] : []),
    ...(chance(draw, 20) ? [transition('P-GROWS', or(before(y).le(y), compared(z)))] : []),
  ]
  return model('random', { threads: [task], properties })
}

export const randomModel = (seed: number): ConformanceModel => ({
  name: 'random',
  title: `Random model ${seed}`,
  model: () => randomText(seed),
  variants: [{ name: 'fixed', summary: 'as it is', constants: {} }],
  ignored: {},
  refused: [],
})

/** A run of the model, as a recording; some have a mistake. */
export function randomRecording({ model: build }: ConformanceModel, seed: number, length: number): Recording {
  const draw = drawFrom(seed)
  const threads = MOST_THREADS - draw(2)
  const machine = machineOf(
    configure(build(), { sizes: { Cell: CELLS.length, Task: threads }, constants: {} }, { keepsShown: true }),
  )
  const events: RecordedEvent[] = []
  let state: State | undefined = machine.initial[0]?.state
  for (let tries = 0; state !== undefined && tries < 20 * length && events.length < length; tries += 1) {
    const thread = draw(threads)
    const all = sought(machine, state, thread, { enters: () => true, choices: () => undefined })
    if (all.length === 0) continue
    const { statement, scope, transition: made } = pick(draw, all)
    const { outcome } = made()
    if (outcome.kind !== 'next') continue
    state = outcome.state
    if (statement.kind !== 'step' || statement.shows === undefined) continue
    const fields = Object.fromEntries(
      Object.entries(statement.shows.values).map(([name, of]): [string, Field] => {
        const value = Number(evaluate(scope, of))
        return [name, name === 'cell' ? (CELLS[value] ?? '') : value]
      }),
    )
    events.push({ order: events.length + 1, thread: String(thread), kind: statement.shows.event, fields })
  }
  return { events: withMistake(draw, events), besides: {} }
}

function withMistake(draw: Draw, events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const n = draw(Math.max(1, events.length))
  const at = events[n]
  if (at === undefined || chance(draw, 60)) return events
  if (chance(draw, 50) && events.length > 1) return events.toSpliced(n, 1)
  const { value } = at.fields
  return typeof value === 'number' ? events.with(n, { ...at, fields: { ...at.fields, value: draw(HIGH + 1) } }) : events
}

/** Seeds of random models and recordings. */
export const seeds = (count: number, from: number): readonly number[] => times(count, (n) => from + n)
