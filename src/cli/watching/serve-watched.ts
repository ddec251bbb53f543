/** The side of the process that checks: it loads the user's models, and checks those that are not known. */
import { createHash } from 'node:crypto'
import { judge, violatedOf } from '../../report/checked.ts'
import { byExpectation } from '../../report/judged.ts'
import { ansiPaint, plainPaint, type Paint } from '../../report/paint.ts'
import { rowLine, sizeText } from '../../report/text.ts'
import type { Catalogue } from '../../catalogue/protocol.ts'
import { definedFields } from '../../language/defined-fields.ts'
import { loadCatalogues } from '../catalogues.ts'
import { processEnvironment } from '../environment.ts'
import type { Environment } from '../environment.ts'
import { judgedRun, type JudgedRun } from '../judged-run.ts'
import { targetsOf, type RunTarget } from '../targets.ts'
import { tracesOf } from '../traces.ts'
import type { FromWatched, WatchedRun, WatchOrder } from './messages.ts'

/**
 * Waits for an order, carries it out, and ends.
 *
 * @param own the package's own catalogue
 * @param relativeOf what is known of its models without reading them
 */
export function serveWatched(own: Catalogue, relativeOf?: Environment['relativeOf']): void {
  const say = (message: FromWatched): void => {
    process.send?.(message)
  }
  // Ctrl-C goes to every process of the terminal: the one that watches says when this one ends
  process.on('SIGINT', () => undefined)
  process.once('disconnect', () => process.exit())
  process.once('message', (order: WatchOrder) => {
    carryOutOrder(own, relativeOf, order, say)
      .catch(async (error: unknown) => {
        const { explained } = await import('../explain.ts')
        const text = await explained(error, order.world.cwd)
        say({
          kind: 'mistake',
          text: text ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)),
        })
      })
      .finally(() => {
        say({ kind: 'done' })
      })
  })
  say({ kind: 'ready' })
}

async function carryOutOrder(
  own: Catalogue,
  relativeOf: Environment['relativeOf'],
  { words, flags, world, colours, known }: WatchOrder,
  say: (message: FromWatched) => void,
): Promise<void> {
  const silent = { write: () => undefined, isTerminal: false, columns: world.columns }
  const environment: Environment = { ...processEnvironment(), ...world, stdout: silent, stderr: silent }
  const catalogues = await loadCatalogues(own, flags.catalogue ?? [], world.cwd)
  const targets = targetsOf(catalogues, words, flags, relativeOf).map((target) => ({ target, name: nameOf(target) }))
  say({ kind: 'loaded', names: targets.map(({ name }) => name) })
  for (const { target, name } of targets) {
    const digest = digestOf(target, flags)
    if (known[name] === digest) continue
    const judged = await judgedRun(environment, target, {
      plan: { format: 'text', ...definedFields({ maxStates: flags.maxStates, timeout: flags.timeout }) },
      judge: byExpectation,
      witnesses: false,
      profile: undefined,
      signal: new AbortController().signal,
    })
    say({ kind: 'run', run: watchedRun(judged, { name, digest }, world.cwd, colours ? ansiPaint : plainPaint) })
  }
}

const nameOf = ({ setting: { protocol, variant, scenario } }: RunTarget): string =>
  `${protocol.name}@${variant.name} ${scenario.name}`

/** Of the model with its lines, the setting and what is expected: what is printed of a run depends on nothing else. */
function digestOf({ setting, properties, expectation }: RunTarget, { maxStates, timeout }: WatchFlagsOf): string {
  const { protocol, configuration } = setting
  const all = [protocol.model, protocol.title, configuration, properties, expectation, maxStates, timeout]
  return createHash('sha256').update(JSON.stringify(all)).digest('hex')
}
type WatchFlagsOf = Pick<WatchOrder['flags'], 'maxStates' | 'timeout'>

/** A line, and for each violation that is not expected one more, with its place. */
function watchedRun(
  { checked, judgement }: JudgedRun,
  known: Pick<WatchedRun, 'name' | 'digest'>,
  cwd: string,
  paint: Paint,
): WatchedRun {
  const { result, expectation, command } = checked
  const surprises =
    judge(result, expectation) === 'unexpected'
      ? violatedOf(result).filter(({ name }) => expectation?.violated?.includes(name) !== true)
      : []
  const lines = surprises.map((property) => {
    const place = tracesOf([property], cwd)[0]?.trace.steps.at(-1)?.place
    const at = place === undefined ? '' : `${place.file}:${place.line}: `
    return `  ${at}${paint('red', 'violated')} ${property.name}: ${sizeText(property, result.minimize)}`
  })
  const warned = result.warnings.map(({ at, code, what }) => `  ${at}: ${paint('yellow', 'warning')} ${code}: ${what}`)
  const draws = surprises.length === 0 ? [] : [`  draw it: ${command}`]
  return { ...known, judgement, lines: [rowLine(checked, paint), ...lines, ...warned, ...draws] }
}
