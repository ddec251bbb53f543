/** Checks a model: passes, compilation, search, and a replay of every schedule by the reference interpreter before anything is said. */
import type { ConfiguredModel } from '../language/ast.ts'
import { cycleOf } from '../language/collected.ts'
import { statementLabel } from '../language/labels.ts'
import { selectProperties } from '../language/select.ts'
import type { Compiled } from '../compiler/compile.ts'
import type { Machine } from '../semantics/machine.ts'
import { residentBytes } from './host.ts'
import { prepare } from './prepare.ts'
import { recovery, recoveryLimit, type Recovery } from './recovery.ts'
import type { CheckOptions, CheckResult, NeverTaken, PropertyResult, Verdict } from './result.ts'
import { searchHere, type Found, type Search, type SearchOptions } from './search.ts'
import { player, replayFinding } from './trace.ts'

/** Bytes of table that one partition may take if nothing else is said: what fits into a memory of 4 GiB beside the rest. */
export const defaultPartitionBytes: number = 3.5 * 2 ** 30
const defaultStartBytes = 2 ** 23

/**
 * Explores every reachable state of the model and judges its properties.
 *
 * @throws ModelError if the model cannot be run: an `initially` without outcome, a state too large
 */
export async function check(model: ConfiguredModel, options: CheckOptions = {}): Promise<CheckResult> {
  const started = performance.now()
  const residentBefore = residentBytes()
  const { workers = 1 } = options
  const selected = options.properties === undefined ? model : selectProperties(model, options.properties)
  const prepared = prepare(selected, options)
  const { model: ready, compiled, reference, initial } = prepared

  let resident = residentBefore, reported = started
  const stop: SearchOptions['stop'] = (totals, depth) => {
    const now = performance.now()
    const memory = residentBytes()
    resident = Math.max(resident, memory)
    if (now - reported > 500) {
      reported = now
      options.onProgress?.({ states: totals.states, transitions: totals.transitions, depth, queue: totals.queue, memory, seconds: (now - started) / 1000 })
    }
    if (options.signal?.aborted === true) return 'interrupted'
    if (options.maxStates !== undefined && totals.states >= options.maxStates) return 'max-states'
    if (options.maxMemory !== undefined && memory >= options.maxMemory) return 'max-memory'
    if (options.timeout !== undefined && now - started >= options.timeout * 1000) return 'timeout'
    return undefined
  }
  const isWitness = (f: Found): boolean => { const w = compiled.watched[f.watch]; return w?.covers !== undefined || w?.property?.kind === 'sometimes' }
  const searchOptions: SearchOptions = {
    workers, stop,
    partitionBytes: options.partitionBytes ?? defaultPartitionBytes,
    startBytes: Math.min(defaultStartBytes, options.partitionBytes ?? defaultStartBytes),
    enough: (found) => options.stopAtFirst === true && found.some((f) => !isWitness(f)),
    ...(options.hashBits === undefined ? {} : { hashBits: options.hashBits }),
  }
  const searching = performance.now()
  const recovering = ready.properties.some((p) => p.kind === 'recoverable') ? recovery(ready.instances.length) : undefined
  const keeping: SearchOptions = { ...searchOptions, ...(recovering === undefined ? {} : { keep: recovering.keep }) }
  const here = workers > 1 ? undefined : await searchHere(compiled, initial, keeping)
  const search: Search = here ?? await (await import('./threads/pool.ts')).searchThreads(prepared, searchOptions)
  const searchSeconds = (performance.now() - searching) / 1000
  try {
    // Threads have their states in several partitions: they are found once more in one.
    const whole = here ?? (recovering === undefined || search.incomplete !== undefined || search.states > recoveryLimit ? undefined
      : await searchHere(compiled, initial, { ...keeping, workers: 1, partitionBytes: Math.max(searchOptions.partitionBytes, 2 ** 30), enough: () => false }))
    const lost = whole === undefined ? undefined : recovering?.lostIn(whole)
    const properties = await judge(compiled, reference, search, lost === undefined || whole === undefined ? undefined : { ...lost, search: whole })
    resident = Math.max(resident, residentBytes())
    const violated = properties.some((p) => p.verdict === 'violated')
    return {
      verdict: violated ? 'violated' : search.incomplete !== undefined || properties.some((p) => p.verdict === 'incomplete') ? 'incomplete' : 'holds',
      ...(search.incomplete === undefined ? {} : { incomplete: search.incomplete }),
      states: search.states, transitions: search.transitions, depth: search.depth,
      seconds: (performance.now() - started) / 1000, searchSeconds,
      bytesPerState: search.states === 0 ? 0 : Math.max(0, resident - residentBefore) / search.states,
      stateBits: compiled.layout.bits, workers,
      deadLocalReset: options.keepDeadLocals !== true,
      droppedGhosts: prepared.dropped,
      neverTaken: search.incomplete === undefined ? neverTaken(compiled, search) : [],
      properties,
    }
  } finally { search.close() }
}

/** Every property's verdict, with the shortest schedule of those violated or witnessed. */
async function judge(compiled: Compiled, reference: Machine, search: Search,
  recovery: (NonNullable<ReturnType<Recovery['lostIn']>> & { readonly search: Search }) | undefined): Promise<readonly PropertyResult[]> {
  const play = player(compiled, search, reference)
  const results: PropertyResult[] = []
  const stepsOf = (f: Found): number => {
    const w = compiled.watched[f.watch]
    const kind = w?.property?.kind
    return kind === 'invariant' || kind === 'sometimes' || kind === 'deadlock' || kind === 'lock-deadlock' ? f.level - 1 : f.level
  }
  const shortest = (name: string): Found | undefined => search.found.filter((f) => {
    const w = compiled.watched[f.watch]
    return w?.name === name || w?.covers?.name === name
  }).sort((a, b) => stepsOf(a) - stepsOf(b))[0]
  const open: Verdict = search.incomplete === undefined ? 'holds' : 'incomplete'
  /** A pair that has not been seen yet can close a cycle, but it cannot open one. */
  const judgeCollected = async (name: string): Promise<PropertyResult> => {
    const cycle = cycleOf(compiled.model.properties, name, (pair) => shortest(pair.name) !== undefined)
    if (cycle === undefined) return { name, kind: 'collected', verdict: open }
    const pairs: PropertyResult[] = []
    for (const pair of cycle) {
      const f = shortest(pair.name)
      const run = f === undefined ? undefined : await replayFinding(play, f)
      pairs.push({ name: pair.name, kind: 'pair', verdict: 'holds', ...(run === undefined ? {} : { steps: run.steps.length, run }) })
    }
    return { name, kind: 'collected', verdict: 'violated', steps: Math.max(...pairs.map(({ steps }) => steps ?? 0)), cycle: pairs }
  }
  for (const { name, property, covers } of compiled.watched) {
    if (covers !== undefined) continue
    if (property?.kind === 'recoverable') {
      if (recovery?.lost === undefined) { results.push({ name, kind: 'recoverable', verdict: recovery === undefined ? 'incomplete' : 'holds' }); continue }
      const run = await replayFinding(player(compiled, recovery.search, reference),
        { ...recovery.lost, watch: compiled.watched.findIndex((w) => w.name === name) })
      results.push({ name, kind: 'recoverable', verdict: 'violated', steps: run.steps.length, run })
      continue
    }
    if (property?.kind === 'collected') { results.push(await judgeCollected(name)); continue }
    if (property?.kind === 'pair') continue
    const f = shortest(name)
    const kind = property?.kind ?? (name === 'domain' ? 'domain' : 'misuse')
    const run = f === undefined ? undefined : await replayFinding(play, f)
    if (property === undefined && run === undefined) continue
    const shown = run === undefined ? {} : { steps: run.steps.length, run }
    const [ifShown, ifNot]: readonly [Verdict, Verdict] = kind === 'sometimes' ? ['holds', open === 'holds' ? 'violated' : open] : ['violated', open]
    results.push({ name, kind, verdict: run === undefined ? ifNot : ifShown, ...shown })
  }
  return results
}

function neverTaken(compiled: Compiled, search: Search): readonly NeverTaken[] {
  return compiled.edges.flatMap((e, i) => {
    const thread = compiled.model.threads[e.thread]
    if (search.taken[i] !== 0 || e.statement === undefined || thread === undefined) return []
    return [{ thread: thread.name, path: e.path, label: statementLabel(e.statement, thread, e.arm) }]
  })
}
