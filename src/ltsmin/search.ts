/**
 * The search of a check, carried out by LTSmin. One run counts every state, and its plugin says which watches were met;
 * further runs, up to the level where the last of these is met, leave their traces. So the run that needs most memory
 * keeps no parents.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Compiled } from '../compiler/compile.ts'
import { watchOf } from '../compiler/watch.ts'
import { oracle, type Oracle } from '../engine/oracle.ts'
import { Disagreement } from '../explorer/disagreement.ts'
import type { Prepared } from '../explorer/prepare.ts'
import type { Incomplete } from '../explorer/result.ts'
import type { FoundAt, Search, SearchOptions } from '../explorer/search.ts'
import type { Property } from '../language/ast.ts'
import { cycleOf } from '../language/collected.ts'
import { definedFields } from '../language/defined-fields.ts'
import { isBeyondRuns, kinds } from '../semantics/kinds/index.ts'
import { ltsminCommand, tableSizes, type Goals, type Launch } from './command.ts'
import { followedTraces, type FollowedTraces } from './followed.ts'
import { distant, othersOf, type Distant, type Hosts } from './hosts.ts'
import { bytesOfRanks, growingLog, type Log } from './log.ts'
import { endedRun, isOutOfStep, searchEndOf, type SearchEnd } from './search-end.ts'
import { compilePlugin, writePlugin, type Plugin } from './plugin.ts'
import { start, type Exit, type Running } from './running.ts'
import { readTraces, type StatePath } from './trace.ts'

/** What a search by LTSmin has to work with. */
export interface Means extends Omit<Launch, 'folder' | 'plugin' | 'hosts' | 'tableSize'> {
  /** Bytes that the table of `pins2lts-mc` may take. */
  readonly tableBytes: number
  readonly hosts?: Hosts
  /** Told of each program while it runs. */
  readonly onRunning: (running: Running | undefined) => void
  /** Told of the memory of all ranks, in bytes, when a run is over. */
  readonly onBytes: (bytes: number) => void
}

/** Milliseconds between two questions whether to stop. */
const askAfter = 100
/** A rank of `pins2lts-dist` numbers its states by 31 bits, and is not asked to show what it does when they end. */
const statesOfRank = 2 ** 30

export async function searchByLtsmin(prepared: Prepared, options: SearchOptions, means: Means): Promise<Search> {
  const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-ltsmin-'))
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true })
  }
  process.on('exit', remove)
  const others = distant(means.hosts === undefined ? [] : othersOf(means.hosts), folder, means.variables)
  try {
    const plugin = writePlugin(prepared, folder)
    const tables = [...tableSizes(means.tableBytes)]
    const searching: Searching = { prepared, options, means, folder, plugin, others, tables }
    const stopped = await compiled(searching)
    if (stopped !== undefined) return nothingSearched(prepared, stopped)
    await others.put(plugin.file)
    return await searched(searching)
  } finally {
    await others.remove(folder)
    remove()
    process.off('exit', remove)
  }
}

/** A search in progress. */
interface Searching {
  readonly prepared: Prepared
  readonly options: SearchOptions
  readonly means: Means
  readonly folder: string
  readonly plugin: Plugin
  readonly others: Distant
  /** The sizes of the table that are left to be tried. */
  readonly tables: number[]
}

/** Compiles the plugin; returns why that was stopped, if it was. */
async function compiled({ plugin, folder, means, options }: Searching): Promise<Incomplete | undefined> {
  const nothing = growingLog()
  let stopped: Incomplete | undefined
  await compilePlugin(plugin, folder, means.tools, means.variables, async (running) => {
    const watching = watch(running, () => options.stop(totalsOf(nothing, plugin), 1))
    await watching.over
    stopped = watching.stopped()
    return stopped === undefined ? 'over' : 'ended'
  })
  return stopped
}

/** The search that was stopped before it began. */
const nothingSearched = ({ compiled: { edges, arms, ...others } }: Prepared, incomplete: Incomplete): Search => ({
  states: 0,
  stored: 0,
  transitions: 0,
  depth: 0,
  levelSizes: [],
  incomplete,
  found: [],
  taken: new Uint8Array(edges.length + arms.length),
  origin: () => Promise.reject(new Error('nothing was found')),
  oracle: () => oracle({ edges, arms, ...others }),
  close: () => undefined,
})

/** Waits for a program that may be asked to stop; `stopped` is why, if it was. */
interface Watching {
  readonly over: Promise<Exit>
  readonly stopped: () => Incomplete | undefined
}

/** @param ask asked many times a second: a reason to stop, or nothing */
function watch(running: Running, ask: () => Incomplete | undefined): Watching {
  let stopped: Incomplete | undefined
  const timer = setInterval(() => {
    if (stopped !== undefined) return
    stopped = ask()
    if (stopped !== undefined) void running.end()
  }, askAfter)
  return {
    over: running.over.finally(() => {
      clearInterval(timer)
    }),
    stopped: () => stopped,
  }
}

/** A run of LTSmin that is over. */
interface Pass {
  readonly log: Log
  /** Why it was ended, if it was. */
  readonly stopped?: Incomplete
  /** How it has ended by itself, if that was judged. */
  readonly end?: SearchEnd
  readonly traces: readonly StatePath[]
}

async function searched(searching: Searching): Promise<Search> {
  const { prepared, options, means, plugin } = searching
  const { compiled, initial } = prepared
  const first = stoppingWatches(compiled, options)
  // pins2lts-dist ends at once without traces, and at the end of the level with them
  const isTraced = first.length > 0 && means.tools.engine === 'ltsmin'
  const pass = await run(searching, { sought: first, ...(isTraced ? { traces: 'first' } : {}) })
  let engine: Oracle | undefined
  const followed = followedTraces(compiled, initial, () => (engine ??= oracle(compiled)))
  const wanted = withSchedule(compiled, pass.log.met)
  followed.take(pass.traces, wanted)
  const ended = incompleteOf(searching, pass, first)
  // what was met and has no schedule is not known: then the search is not complete either
  const isOver = ended === 'timeout' || ended === 'interrupted'
  const missed = isOver ? undefined : await follow(withoutStates(searching, ended), followed, wanted)
  const incomplete = ended ?? missed
  const shown = new Set(followed.found.map(({ watch }) => watch))
  const counts = countsOf(pass, plugin)
  means.onBytes(bytesOfRanks(pass.log, counts.states))
  return {
    ...counts,
    stored: counts.states,
    found: [...followed.found, ...besides(compiled, pass.log.met)],
    taken: takenIn(compiled, pass.log),
    ...definedFields({ incomplete }),
    origin: (id) => Promise.resolve(followed.origin(id)),
    oracle: () => (engine ??= oracle(compiled)),
    close: () => undefined,
    unjudged: (watch) => unjudged(compiled, watch, pass.log.met.has(watch) && !shown.has(watch)),
  }
}

/** A limit of states that was met is not met again by the runs that look for schedules. */
const withoutStates = (searching: Searching, ended: Incomplete | undefined): Searching =>
  ended !== 'max-states'
    ? searching
    : {
        ...searching,
        options: {
          ...searching.options,
          stop: (totals, ...more) => searching.options.stop({ ...totals, states: 0 }, ...more),
        },
      }

/** The watches at which the search is to stop. */
const stoppingWatches = ({ watched }: Compiled, { enough }: SearchOptions): readonly number[] =>
  [...watched.keys()].filter((watch) => {
    const found: FoundAt = { watch, state: { log: 0, index: 0 }, successors: 0, fails: 0, level: 1 }
    return enough([found], 1)
  })

/** Why the first run has not expanded every state. */
function incompleteOf(
  { plugin, means: { tools } }: Searching,
  { stopped, end, log }: Pass,
  first: readonly number[],
): Incomplete | undefined {
  if (stopped !== undefined) return stopped
  if (end?.kind === 'full') return 'max-memory'
  if (!first.some((watch) => log.met.has(watch))) return undefined
  // pins2lts-dist ends at the end of a level, which may be the last one
  return tools.engine === 'ltsmin' && log.unexplored === 0 && log.levels.length > (plugin.before > 0 ? 1 : 0)
    ? undefined
    : 'first-violation'
}

/** Of the watches that were met, those whose schedule is asked for: of the pairs of a relation, those of a cycle. */
function withSchedule({ watched, model }: Compiled, met: ReadonlySet<number>): readonly number[] {
  // a pair is met by its `Cover`s
  const isThere = (pair: Property): boolean =>
    met.has(watchOf(watched, pair)) || met.has(watchOf(watched, pair, 'covers'))
  const closing = new Set(
    model.properties
      .filter(({ kind }) => kinds[kind].judgedOn === 'graph')
      .flatMap(({ name }) => cycleOf(model.properties, name, isThere) ?? [])
      .map(({ name }) => name),
  )
  return [...met]
    .filter((watch) => {
      const one = watched[watch]
      if (one === undefined || !['itself', 'covers', 'standstill'].includes(one.by)) return false
      return kinds[one.claim.kind].listed !== 'in its relation' || closing.has(one.claim.name)
    })
    .toSorted((a, b) => a - b)
}

/** The watches besides the properties that were met: nobody asks for their schedules. */
const besides = ({ watched }: Compiled, met: ReadonlySet<number>): readonly FoundAt[] =>
  [...met].flatMap((watch) =>
    ['premise', 'rest'].includes(watched[watch]?.by ?? '')
      ? [{ watch, state: { log: -1, index: 0 }, successors: 0, fails: 0, level: 0 }]
      : [],
  )

/**
 * Looks for the traces of watches that were met, until each has one.
 *
 * @returns why some have none, if so
 */
async function follow(
  searching: Searching,
  followed: FollowedTraces,
  wanted: readonly number[],
): Promise<Incomplete | undefined> {
  for (;;) {
    const shown = new Set(followed.found.map(({ watch }) => watch))
    const sought = wanted.filter((watch) => !shown.has(watch))
    if (sought.length === 0) return undefined
    const { traces, stopped, end } = await run(searching, { sought, traces: 'found', goesOn: true })
    const taken = followed.take(traces, sought)
    if (stopped !== undefined) return stopped
    if (end?.kind === 'full') return 'max-memory'
    if (taken.size === 0)
      throw new Disagreement(
        `LTSmin has met ${sought.map((watch) => searching.prepared.compiled.watched[watch]?.claim.name).join(', ')}, and none of its traces shows one`,
      )
  }
}

/** Carries out one run of LTSmin, in a larger table if one is full that can be larger. */
async function run(searching: Searching, goals: Goals): Promise<Pass> {
  const { tables, means } = searching
  for (;;) {
    const pass = await runOnce(searching, goals)
    if (pass.end?.kind !== 'full' || means.tools.engine === 'ltsmin' || tables.length < 2) return pass
    tables.shift()
  }
}

async function runOnce(searching: Searching, all: Goals): Promise<Pass> {
  const { traces, goesOn, ...goals } = all
  const { means, folder, plugin, options, others } = searching
  const { engine } = means.tools
  const into = traces === undefined ? undefined : join(folder, `${traces}.dir`)
  if (into !== undefined) {
    rmSync(into, { recursive: true, force: true })
    mkdirSync(into)
    await others.make(into)
  }
  const isLed = goesOn === true && engine === 'ltsmin'
  const log = growingLog()
  const { hosts, ...launch } = means
  const [tableSize = 0] = searching.tables
  const running = start(
    ltsminCommand(
      { ...launch, ...definedFields({ hosts: hosts?.file }), tableSize, folder, plugin: plugin.file },
      { ...goals, ...definedFields({ traces: into }), ...(isLed ? { goesOn: true } : {}) },
    ),
    (line) => {
      log.add(line)
    },
  )
  means.onRunning(running)
  let isEnough = false
  const watching = watch(running, () => {
    if (isLed && !isEnough && goals.sought.every((one) => log.met.has(one))) {
      // each has its trace: what is left need not be searched
      isEnough = true
      running.tell('SIGUSR1')
    }
    const totals = totalsOf(log, plugin)
    if (engine === 'ltsmin' && totals.states / means.ranks > statesOfRank) return 'max-memory'
    return options.stop(totals, log.levels.length + 1, goesOn === true)
  })
  const exit = await watching.over.finally(() => {
    means.onRunning(undefined)
  })
  const stopped = watching.stopped()
  if (stopped !== undefined) return { log, stopped, traces: [] }
  const expected = { engine, ranks: means.ranks, before: plugin.before }
  // a run that was to end at what it finds, and has found it, is not complete; any other must be
  const isFound = goals.sought.some((watch) => log.met.has(watch))
  if (isFound && isOutOfStep(log, expected)) return runOnce({ ...searching, means: { ...means, ranks: 1 } }, all)
  const isEnded = goesOn === true || isFound
  const end = isEnded ? endedRun(log, exit, expected) : searchEndOf(log, exit, expected)
  const isRead = into !== undefined && end?.kind !== 'full'
  return { log, ...definedFields({ end }), traces: isRead ? await tracesIn(searching, into) : [] }
}

/** The traces that a run has left, without the state that is none of the model's. */
async function tracesIn({ others, plugin }: Searching, folder: string): Promise<readonly StatePath[]> {
  const folders = [folder, ...(await others.fetch(folder))]
  const words = plugin.before > 0 ? plugin.words - 1 : plugin.words
  return readTraces(folders, plugin.words).map((trace) =>
    (plugin.before > 0 ? trace.slice(1) : trace).map((state) => state.slice(0, words)),
  )
}

/** The counts of a run, without the state that is none of the model's. */
function countsOf({ log, end }: Pass, plugin: Plugin): Pick<Search, 'states' | 'transitions' | 'depth' | 'levelSizes'> {
  const levelSizes = plugin.before > 0 ? log.levels.slice(1) : log.levels
  if (end?.kind === 'complete') return { ...end.total, depth: levelSizes.length, levelSizes }
  const { states, transitions } = totalsOf(log, plugin)
  return { states, transitions, depth: Math.max(1, levelSizes.length), levelSizes }
}

function totalsOf(log: Log, { before }: Plugin): Parameters<SearchOptions['stop']>[0] {
  const states = Math.max(0, log.explored.states + log.unexplored - (before > 0 ? 1 : 0))
  return {
    states,
    stored: states,
    transitions: Math.max(0, log.explored.transitions - before),
    queue: log.unexplored,
  }
}

/** What was taken, by kind of transition and then branch: the C has one of either at least. */
function takenIn({ edges, arms }: Compiled, { ranks }: Log): Uint8Array {
  const taken = new Uint8Array(edges.length + arms.length)
  const offset = Math.max(1, edges.length)
  taken.forEach((_, n) => {
    const at = n < edges.length ? n : offset + n - edges.length
    if (ranks.some((rank) => rank.taken[at] === 1)) taken[n] = 1
  })
  return taken
}

/** Why a property has no verdict that the states do not decide. */
function unjudged({ watched }: Compiled, watch: number, isMet: boolean): string | undefined {
  const kind = watched[watch]?.claim.kind
  if (isMet) return 'LTSmin has met it, but the run ended before it had a schedule'
  return kind !== undefined && isBeyondRuns(kind) && kinds[kind].judgedOn === 'end'
    ? 'not judged by this engine'
    : undefined
}
