/**
 * A compiled model as C: `model.h`, which says what there is, and `model.c`, which expands a state. The functions of
 * the transitions are those of the engine, written by another assembler.
 */
import { readFileSync } from 'node:fs'
import type { Compiled } from '../compiler/compile.ts'
import { fieldsOf } from '../compiler/fields.ts'
import { emitSuccessors } from '../compiler/functions/instance-functions.ts'
import { emitShows, judgementsOf } from '../compiler/functions/judgements.ts'
import { withRests } from '../compiler/functions/rests.ts'
import { emitIdle, emitStuck } from '../compiler/functions/standstill.ts'
import { stateIn } from '../compiler/functions/state.ts'
import { writing } from '../compiler/functions/writing.ts'
import { watchOf, type Watch } from '../compiler/watch.ts'
import { packageFolder } from '../explorer/package-version.ts'
import type { Prepared } from '../explorer/prepare.ts'
import { isBeyondRuns, kinds } from '../semantics/kinds/index.ts'
import { isAlwaysJudged } from '../language/claims.ts'
import { statementLabel } from '../language/labels.ts'
import type { Observer } from '../compiler/functions/observer.ts'
import { call, get, i32, type ValueType, type W } from '../wasm/expression.ts'
import { commentOf } from './comment.ts'
import { functionsInC, type FunctionsInC } from './functions.ts'

/** SourceFiles by their names. */
export type SourceFiles = Readonly<Record<string, string>>

/** What the files say of where they come from. */
export interface Provenance {
  /** `mirror-2017@as-posted, scenario core`. */
  readonly title: string
  /** Lines about sizes, version and digest. */
  readonly facts: readonly string[]
}

/** A model as it is searched. What a step that changes nothing means depends on whether a state is `whole`. */
export type ModelToSearch = Pick<Prepared, 'compiled' | 'initial' | 'whole'>

/** The text of a file that is the same for every model: of this name, in the package's folder `src/c/text`. */
export function fixedText(name: string): string {
  const folder = packageFolder()
  if (folder === undefined) throw new Error('the folder of this package is not found, so its texts of C are not either')
  return readFileSync(new URL(`src/c/text/${name}`, folder), 'utf8')
}

/** The files of a model, with a driver that searches it. */
export function modelInC(searched: ModelToSearch, origin: Provenance): SourceFiles {
  const { compiled, initial } = searched
  return {
    'model.h': headerOf(compiled, initial.length, origin),
    'model.c': [
      `${commentOf(`${origin.title}: the transitions of the model. model.h says what the functions mean.`)}`,
      '#include "model.h"',
      '#include "support.h"',
      '',
      mapOf(compiled),
      tablesOf(searched),
      functionsOf(compiled),
      fixedText('expand.c'),
    ].join('\n'),
    'support.h': fixedText('support.h'),
    'driver.c': fixedText('driver.c'),
  }
}

/** A line of a comment: what stands in it cannot end it. */
const remarkLine = (text: string): string => ` * ${text.replaceAll('*/', '* /')}`

/** C has no array without an element. */
const atLeastOne = (n: number): number => Math.max(1, n)

function headerOf(compiled: Compiled, initial: number, { title, facts }: Provenance): string {
  const { layout, watched, edges, arms, fanOut } = compiled
  const constants: readonly (readonly [name: string, value: number | string, meaning: string])[] = [
    ['MODEL', string(title), ''],
    ['WORDS', layout.words, `words of 64 bits in a state, of which ${layout.bits} bits are used`],
    ['THREADS', layout.instances.length, 'running threads'],
    ['WATCHES', atLeastOne(watched.length), 'what is looked for'],
    ['EDGES', atLeastOne(edges.length), 'kinds of transitions'],
    ['BRANCHES', atLeastOne(arms.length), 'branches of statements'],
    ['FAN_OUT', fanOut, 'the most successors of a state'],
    ['INITIAL', initial, 'initial states'],
  ]
  return [
    '/*',
    ...[title, ...facts].map(remarkLine),
    ' */',
    '#ifndef MODEL_H',
    '#define MODEL_H',
    '',
    '#include <inttypes.h>',
    '#include <stdint.h>',
    '#include <stdio.h>',
    '#include <stdlib.h>',
    '#include <string.h>',
    '',
    ...constants.map(
      ([name, value, meaning]) => `#define ${name} ${value}${meaning === '' ? '' : ` /* ${meaning} */`}`,
    ),
    fixedText('interface.h'),
  ].join('\n')
}

/** The bits of a state that hold each variable, each local and each control point. */
function mapOf(compiled: Compiled): string {
  const rangeOf = (mask: bigint): string => {
    const digits = mask.toString(2)
    const [first, last] = [digits.length - 1 - digits.lastIndexOf('1'), digits.length - 1]
    return first === last ? `bit ${first}` : `bits ${first} to ${last}`
  }
  const lines = fieldsOf(compiled).map(({ kind, thread, name, bits }) => {
    const what =
      kind === 'variable' ? name : kind === 'point' ? `control points of ${name}` : `${name} of ${thread ?? ''}`
    return `${what}: ${[...new Set(bits.map(({ word, mask }) => `word ${word} ${rangeOf(mask)}`))].join(', ')}`
  })
  return ['/*', ' * Where a state has what, from the first bit to the last:', ...lines.map(remarkLine), ' */', ''].join(
    '\n',
  )
}

/** A text as C writes it. */
const string = (text: string): string =>
  `"${[...new TextEncoder().encode(text)]
    .map((byte) => {
      const char = String.fromCharCode(byte)
      if (char === '"' || char === '\\') return `\\${char}`
      // a question mark could begin a trigraph
      return byte >= 32 && byte < 127 && char !== '?' ? char : `\\${byte.toString(8).padStart(3, '0')}`
    })
    .join('')}"`

const table = (declared: string, items: readonly string[]): string =>
  [`${declared} = {`, ...items.map((item) => `  ${item},`), '};'].join('\n')

function tablesOf({ compiled: { watched, edges, model, layout }, initial, whole }: ModelToSearch): string {
  const watches = watched.map((watch) => {
    const { claim } = watch
    const property = watchOf(watched, claim)
    return `{${string(claim.name)}, ${string(claim.kind)}, ${roleOf(watch, whole)}, ${property}}`
  })
  const labels = labelsOf({ edges, model }).map(string)
  return [
    table(
      'const u64 model_initial[INITIAL][WORDS]',
      initial.map((words) => `{${words.map((word) => `0x${word.toString(16)}ull`).join(', ')}}`),
    ),
    table('const struct watch model_watches[WATCHES]', watches.length > 0 ? watches : ['{"nothing", "none", PART, 0}']),
    table(
      'const char *const model_threads[THREADS]',
      layout.instances.map(({ name }) => string(name)),
    ),
    table('const char *const model_edges[EDGES]', labels.length > 0 ? labels : ['"nothing"']),
    '',
  ].join('\n')
}

/** By kind of transition. */
const labelsOf = ({ edges, model }: Pick<Compiled, 'edges' | 'model'>): readonly string[] =>
  edges.map(({ statement, path, arm, thread }) => {
    const source = model.threads[thread]
    return statement === undefined || source === undefined ? path : statementLabel(statement, source, arm)
  })

/** What it means that a watch is shown: the roles of `text/interface.h`. */
function roleOf({ claim, by }: Watch, whole: boolean): string {
  const { outcome, listed } = kinds[claim.kind]
  if (by === 'standstill') return whole ? 'BREAKS' : 'UNSURE'
  if (listed === 'in its relation') return 'PART'
  if (isBeyondRuns(claim.kind)) return 'NOT_JUDGED'
  if (outcome === 'witnessed') return 'WITNESSES'
  return isAlwaysJudged(claim.kind) ? 'FAILS' : 'BREAKS'
}

/** The functions that lead from the state to its successors, and judge it. */
function functionsOf(compiled: Compiled): string {
  const m = functionsInC()
  const observer = withRests(m, compiled, observerInC(m, compiled))
  const successors = emitSuccessors(m, compiled, observer)
  m.function(
    ['i32'],
    ['i64'],
    (f) => {
      emitIdle(f, compiled)
    },
    () => ({ name: 'idle', comment: 'The threads that are at an allowed end, a bit for each.' }),
  )
  const stuck = looksForLocks(compiled) ? emitStuck(m, compiled, observer) : undefined
  emitJudge(m, compiled)
  const watch = (kind: 'deadlock' | 'lock-deadlock', by: Watch['by']): string => {
    const n = compiled.watched.findIndex((one) => one.claim.kind === kind && one.by === by)
    return n < 0 ? 'NO_WATCH' : `${n}u`
  }
  return [
    m.text(),
    table(
      'static u32 (*const successors_of[THREADS])(u32, u32)',
      successors.map((index) => m.nameOf(index)),
    ),
    '',
    '#define NO_WATCH UINT32_MAX',
    `#define DEADLOCK ${watch('deadlock', 'itself')}`,
    `#define STANDSTILL ${watch('deadlock', 'standstill')}`,
    `#define LOCK_DEADLOCK ${watch('lock-deadlock', 'itself')}`,
    `#define EVERYBODY 0x${((1n << BigInt(compiled.layout.instances.length)) - 1n).toString(16)}ull`,
    `#define stuck(state, without) ${stuck === undefined ? '0u' : `${m.nameOf(stuck)}(state, without)`}`,
    '',
  ].join('\n')
}

const looksForLocks = ({ watched }: Compiled): boolean =>
  watched.some(({ property }) => property?.kind === 'lock-deadlock')

function emitJudge(m: FunctionsInC, compiled: Compiled): void {
  const { model, layout } = compiled
  const found = m.external('found_in_state', ['i32', 'i32'], [])
  const unchanged = m.external('unchanged', ['i32', 'i32'], [])
  m.function(
    ['i32'],
    [],
    (f) => {
      const w = writing(f, model, layout)
      const state = stateIn(f, layout, get(0, 'i32'))
      for (const judgement of judgementsOf(compiled)) {
        const { kind, watch } = judgement
        f.note?.(`${kind} ${compiled.watched[watch]?.claim.name ?? ''}`)
        f.do(kind === 'transition' ? unchanged : found, i32(watch), emitShows(w, judgement, state))
      }
    },
    () => ({ name: 'judge', comment: 'Judges the conditions on the state alone.' }),
  )
}

/** The reports of transitions, as calls of the functions in `text/support.c`. */
function observerInC(m: FunctionsInC, compiled: Compiled): Omit<Observer, 'rest'> {
  const { watched } = compiled
  const labels = labelsOf(compiled)
  const external = (name: string, parameters: readonly ValueType[], results: readonly ValueType[] = []): number =>
    m.external(name, parameters, results)
  const found = external('found_in_transition', ['i32', 'i32'])
  const fail = external('fail', ['i32'])
  const take = external('take', ['i32', 'i32'])
  const tried = external('tried', ['i32'])
  const branch = external('branch', ['i32'])
  const unchanged = external('breaks_unchanged', ['i32'], ['i32'])
  const never: W = i32(0)
  return {
    watch: (claim) => watchOf(watched, claim),
    covers: (property) => watched.findIndex(({ by, claim }) => by === 'covers' && claim.name === property),
    fail(f, watch) {
      f.note?.(`fails: ${watched[watch]?.claim.name ?? ''}`)
      f.do(fail, i32(watch))
    },
    found(f, watch, condition) {
      f.note?.(watched[watch]?.claim.name ?? '')
      f.do(found, i32(watch), condition)
    },
    settled: () => never,
    take(f, instance, edge, successor) {
      const kind = instance.thread.firstEdge + edge
      f.note?.(`${instance.name}: ${labels[kind] ?? ''}`)
      f.do(take, i32(kind), successor)
    },
    tried(f, instance, edge) {
      f.do(tried, i32(instance.thread.firstEdge + edge))
    },
    arm(f, instance, arm) {
      f.do(branch, i32(instance.thread.firstArm + arm))
    },
    stutters: (watch) => call(unchanged, 'i32', i32(watch)),
    fails: () => never,
  }
}
