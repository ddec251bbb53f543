/**
 * Writes a configured model as Promela, at the same granularity: a process for each thread, a label for each control
 * point, one `d_step` for each transition.
 *
 * The text is made fast for SPIN: control points are its own (no variable holds them), constants of a process or of all
 * states are folded, locals that are zero whenever the thread rests are not part of the state, threads without state of
 * their own are one process, and an assert stands only where something is written that it reads.
 */
import type { ConfiguredModel } from '../../../src/language/ast.ts'
import { internal } from '../../../src/compiler/encoding.ts'
import { lowerThread } from '../../../src/compiler/lowering/lower.ts'
import type { Program } from '../../../src/compiler/program.ts'
import { valueRanges } from '../../../src/compiler/value-ranges/analysis.ts'
import { rangesOfStates } from '../../../src/compiler/value-ranges/initial.ts'
import { machine, plainState } from '../../../src/semantics/machine.ts'
import { assertsOf } from './asserts.ts'
import { localName } from './expression.ts'
import { mentions, printLines, tidy } from './lines.ts'
import { sharedName } from './names.ts'
import { heldBy, leavesOf, numbersOf, type Fixed, type Leaf } from './store.ts'
import { bare, isYes, type Cell, type Text } from './text.ts'
import { guardedPaths, type GuardedPath } from './paths.ts'

export interface Promela {
  readonly text: string
  /** States that SPIN counts and we do not: the one before several initial states are chosen from. */
  readonly extraStates: number
}

interface PrintedPath {
  readonly guard: Text
  readonly statements: readonly string[]
  readonly written: readonly Cell[]
  readonly point: number
}

/** A thread of the configuration, ready to be printed. */
interface Process {
  readonly name: string
  readonly points: ReadonlyMap<number, readonly PrintedPath[]>
  readonly entry: number
  readonly program: Program
  readonly daemon: boolean
  readonly locals: readonly (Leaf & { readonly start: readonly number[] })[]
}

/** @param model after the passes that `check` runs, so that both search the same states */
export function promela(model: ConfiguredModel, title: string): Promela {
  const reference = machine(model)
  const initial = reference.initial.map(({ state }) => plainState(reference, state).shared)
  const ranges = valueRanges(
    model,
    model.threads.map((t) => lowerThread(model, t)),
    rangesOfStates(
      model,
      reference.initial.map(({ state }) => plainState(reference, state)),
    ),
  ).variables
  const held = new Map(
    model.variables.flatMap((v) => heldBy(sharedName(v.name), v.type, ranges.get(v.name), model.sizes)),
  )
  const fixed = new Map(
    [...held].flatMap(([name, codes]) => (codes.size === 1 ? [...codes].map((c): [string, number] => [name, c]) : [])),
  )
  const asserts = assertsOf(model, fixed)
  const scratch = new Map<string, number>()
  const processes = model.instances.map((_, i) => processOf(model, i, scratch, fixed))

  const shared = model.variables
    .flatMap((v) => leavesOf(sharedName(v.name), v.type, model.sizes))
    .filter((l) => !fixed.has(l.name))
    .map((l) => {
      const codes = held.get(l.name)
      return codes === undefined ? l : { ...l, bits: Math.min(l.bits, 32 - Math.clz32(Math.max(...codes))) }
    })
  const values = initial.map(
    (state) =>
      new Map(
        model.variables
          .flatMap((v) => numbersOf(sharedName(v.name), v.type, state[v.name] ?? null, model.sizes))
          .map((x) => [`${x.name}[${x.index}]`, x.value]),
      ),
  )
  const [first] = values
  if (first === undefined) return internal('no initial state')
  const choice = values.length > 1
  const declare = (leaf: Leaf, startOf: (i: number) => number): readonly string[] => {
    const starts = Array.from({ length: leaf.cells }, (_, i) => startOf(i))
    const same = starts.every((s) => s === starts[0])
    return [
      `${declaration(leaf)}${same && (starts[0] ?? 0) !== 0 ? ` = ${starts[0]}` : ''};`,
      ...(same ? [] : starts.flatMap((s, i) => (s === 0 ? [] : [`${leaf.name}[${i}] = ${s}`]))),
    ]
  }
  const globals = shared
    .filter((l) => l.bits > 0)
    .map((leaf) => {
      const [line, ...rest] = declare(leaf, (i) => first.get(`${leaf.name}[${i}]`) ?? 0)
      return { line: line ?? '', rest }
    })
  /** The assignments of the initial states: array cells one by one, and the differences. */
  const settings = values.map((state) =>
    shared
      .filter((l) => l.bits > 0)
      .flatMap((leaf) =>
        Array.from({ length: leaf.cells }, (_, i) => {
          const key = `${leaf.name}[${i}]`
          const here = state.get(key) ?? 0
          const uneven = Array.from({ length: leaf.cells }, (_x, j) => first.get(`${leaf.name}[${j}]`) ?? 0).some(
            (v, _j, all) => v !== all[0],
          )
          const standsAt = uneven ? 0 : (first.get(key) ?? 0)
          return here === standsAt ? [] : [`${leaf.array ? key : leaf.name} = ${here}`]
        }).flat(),
      ),
  )
  const init = choice || settings.some((s) => s.length > 0)

  const stateless = processes.filter((p) => p.points.size === 1 && p.locals.length === 0)
  const merged = stateless.length > 1 ? stateless : []
  const order = processes.filter((p) => !merged.includes(p))
  const active = init ? 'proctype' : 'active proctype'
  const bodies = [
    ...(merged.length === 0 ? [] : [printMerged(merged, active, asserts.around)]),
    ...order.map((p) => printProcess(p, active, asserts.around)),
  ]
  const names = [...(merged.length === 0 ? [] : ['stateless']), ...order.map((p) => p.name)]
  const started = `${names.map((n) => `run ${n}()`).join('; ')}`
  const alternatives = settings.map((s) => `    :: d_step { ${[...s, ...asserts.initial, 'skip'].join('; ')} }`)
  const startBlock = init
    ? ['init {', '  atomic {', '    if', ...new Set(alternatives), '    fi;', `    ${started}`, '  }', '}']
    : []
  return {
    extraStates: init ? 1 : 0,
    text: `${[
      `/* ${title}: written by bench/peers/promela; change the model, not this. */`,
      '',
      ...globals.map((g) => g.line),
      ...(scratch.size + asserts.hidden.length === 0
        ? []
        : [
            '/* Zero between transitions: no part of the state, but breadth-first search (spin -DPLAIN) refuses what is hidden. */',
            '#ifdef PLAIN',
            '#define SCRATCH',
            '#else',
            '#define SCRATCH hidden',
            '#endif',
          ]),
      ...[...scratch].map(([name, bits]) => `SCRATCH ${kind(bits)} ${name};`),
      ...asserts.hidden.map(({ name, bits }) => `SCRATCH ${kind(bits)} ${name};`),
      '',
      ...bodies.flatMap((b) => [b, '']),
      ...startBlock,
    ]
      .join('\n')
      .trimEnd()}\n`,
  }
}

const kind = (bits: number): string => (bits <= 1 ? 'bit' : bits <= 8 ? 'byte' : bits <= 15 ? 'short' : 'int')
function declaration(leaf: Leaf): string {
  if (leaf.array) return `${kind(Math.max(2, leaf.bits))} ${leaf.name}[${leaf.cells}]`
  return leaf.bits > 1 && leaf.bits < 8 ? `unsigned ${leaf.name} : ${leaf.bits}` : `${kind(leaf.bits)} ${leaf.name}`
}

function processOf(model: ConfiguredModel, instance: number, scratch: Map<string, number>, fixed: Fixed): Process {
  const { name, thread } = model.instances[instance] ?? internal('no such instance')
  const text = model.threads[thread] ?? internal('no such thread')
  const program = lowerThread(model, text)
  const leaves = text.locals
    .flatMap((l) => leavesOf(localName(model, instance, l.id).name, l.type, model.sizes))
    .filter((l) => l.bits > 0)
  const cellsOf = (l: Leaf): readonly string[] =>
    l.array ? Array.from({ length: l.cells }, (_, i) => `${l.name}[${i}]`) : [l.name]
  const zeros = new Map(leaves.flatMap((l) => cellsOf(l).map((c): [string, number] => [c, l.zero])))
  const [start, ...others] = guardedPaths(model, instance, program.entry, fixed, new Map([...zeros, ['', 0]]))
  if (start === undefined || others.length > 0 || !isYes(start.guard))
    return internal('a thread that starts at several points')

  const points = new Map<number, readonly GuardedPath[]>()
  const todo = [start.point]
  for (let p = todo.pop(); p !== undefined; p = todo.pop()) {
    if (points.has(p)) continue
    const code = program.points[p]?.code
    const paths = code === undefined ? [] : guardedPaths(model, instance, code, fixed)
    points.set(p, paths)
    todo.push(...paths.map((w) => w.point))
  }
  const every = [...points.values()].flat()
  // a local that is zero whenever the thread rests is not part of the state
  const resting = leaves.filter(
    (l) =>
      !cellsOf(l).every((c) => start.known.get(c) === l.zero) ||
      every.some(
        (w) => w.written.some((c) => c.name === l.name) && !cellsOf(l).every((c) => w.known.get(c) === l.zero),
      ),
  )
  const passing = leaves.filter((l) => !resting.includes(l))
  for (const l of passing) if (l.array || l.zero !== 0) internal('a local array that is zero at rest')
  // a guard is asked while the thread rests
  const rested = (guard: GuardedPath['guard']): GuardedPath['guard'] => ({
    ...guard,
    text: passing.reduce((t, l) => t.replaceAll(new RegExp(`\\b${l.name}\\b`, 'g'), '0'), guard.text),
  })
  const slim = new Map(
    [...points].map(([p, paths]) => [
      p,
      paths.map((w): PrintedPath => {
        const lines = tidy(
          w.statements,
          passing.map((l) => l.name),
        )
        const used = passing.filter((l) => lines.some((x) => mentions(l.name, x)))
        used.forEach((l, i) => {
          scratch.set(`scratch_${i}`, Math.max(2, l.bits, scratch.get(`scratch_${i}`) ?? 0))
        })
        const rename = (text: string): string =>
          used.reduce((t, l, i) => t.replaceAll(new RegExp(`\\b${l.name}\\b`, 'g'), `scratch_${i}`), text)
        return { guard: rested(w.guard), statements: printLines(lines).map(rename), written: w.written, point: w.point }
      }),
    ]),
  )
  return {
    name: name.replaceAll(/[^A-Za-z0-9]+/g, '_').replace(/_$/, ''),
    points: slim,
    entry: start.point,
    program,
    daemon: text.daemon,
    locals: resting.map((l) => ({ ...l, start: cellsOf(l).map((c) => start.known.get(c) ?? 0) })),
  }
}

type Around = (written: readonly Cell[]) => { readonly first: readonly string[]; readonly last: readonly string[] }
function printPath(w: PrintedPath, around: Around): string {
  const { first, last } = around(w.written)
  const statements = [...(isYes(w.guard) ? [] : [bare(w.guard)]), ...first, ...w.statements, ...last]
  return statements.length === 0
    ? 'true'
    : statements.length === 1 && statements[0]?.startsWith('if ') === false
      ? (statements[0] ?? '')
      : `d_step { ${statements.join('; ')} }`
}
const labelOf = (p: Process, point: number): string =>
  `${p.daemon || p.program.points[point]?.idle === true ? 'end' : 'at'}_${point}`

function printProcess(p: Process, active: string, around: Around): string {
  const places = [p.entry, ...[...p.points.keys()].filter((x) => x !== p.entry).sort((a, b) => a - b)]
  const body = places.flatMap((point) => {
    const paths = p.points.get(point) ?? []
    const head = `${labelOf(p, point)}: /* ${p.program.points[point]?.name ?? ''} */`.replaceAll('*/ */', '*/')
    if (paths.length === 0) return [head, '  false;']
    return [head, '  if', ...paths.map((w) => `  :: ${printPath(w, around)}; goto ${labelOf(p, w.point)}`), '  fi;']
  })
  const locals = p.locals.flatMap((l) => {
    const [s = 0] = l.start
    if (l.start.some((x) => x !== s)) return internal('an uneven array of locals')
    return [`  ${declaration(l)}${s === 0 ? '' : ` = ${s}`};`]
  })
  // the last statement must not be the end of the process
  return [`${active} ${p.name}() {`, ...locals, ...body, '}'].join('\n')
}
/** Threads with one control point and no locals: one process that does what any of them can. */
function printMerged(list: readonly Process[], active: string, around: Around): string {
  const resting = list.every((p) => p.daemon || p.program.points[p.entry]?.idle === true)
  const paths = list.flatMap((p) => [...p.points.values()].flat())
  return [
    `${active} stateless() { /* ${list.map((p) => p.name).join(', ')} */`,
    `${resting ? 'end' : 'at'}_0:`,
    '  do',
    ...paths.map((w) => `  :: ${printPath(w, around)}`),
    '  od',
    '}',
  ].join('\n')
}
