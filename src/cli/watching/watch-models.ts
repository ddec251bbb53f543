/** Carries out `watch`: a process checks, and another one after each save. */
import { relative } from 'node:path'
import { UsageError } from '../../catalogue/usage.ts'
import { plural } from '../../report/numbers.ts'
import { importGraph } from '../../project/imports.ts'
import { filesOf } from '../catalogues.ts'
import { paintOf, print } from '../context.ts'
import type { Context } from '../context.ts'
import type { Environment } from '../environment.ts'
import { HOLDS } from '../exit-codes.ts'
import type { WatchFlags } from '../options/watch.ts'
import { interruptible } from '../session.ts'
import type { FromWatched, WatchedProcess, WatchedRun, WatchOrder } from './messages.ts'
import { watchSaves } from './saves.ts'

/** Clears a terminal, and what was scrolled out of it. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H'

/**
 * Checks, and again after each save, until Ctrl-C.
 *
 * @returns the exit code
 * @throws UsageError HMM295 if there is no configuration, and no file is named
 */
export async function watchModels(
  { environment }: Context,
  words: readonly string[],
  flags: WatchFlags,
): Promise<number> {
  const { startWatched, cwd } = environment
  const files = filesOf(flags.catalogue ?? [], cwd)
  if (files.length === 0)
    throw new UsageError(
      'HMM295',
      `${cwd} and the folders around it have no hmmcheck.config.ts, so there is nothing to watch`,
      {
        remedy: 'go to the folder of your models, name a file with --catalogue, or begin with hmmcheck init',
      },
    )
  if (startWatched === undefined) throw new Error('this environment starts no processes')
  const checks = rounds(environment, words, flags, startWatched)
  const saves = watchSaves((saved) => {
    saves.follow([...importGraph(files).keys()])
    checks.begin(saved)
  })
  const followed = [...importGraph(files).keys()]
  saves.follow(followed)
  await interruptible(environment, (signal) => {
    checks.begin([])
    return new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve()
      })
    })
  })
  saves.close()
  checks.end()
  return HOLDS
}

/** The checks, one after the other. */
interface Rounds {
  /** Begins one; the one before it, if it is not over, counts for nothing. */
  readonly begin: (saved: readonly string[]) => void
  readonly end: () => void
}

function rounds(
  environment: Environment,
  words: readonly string[],
  flags: WatchFlags,
  start: () => WatchedProcess,
): Rounds {
  const known = new Map<string, WatchedRun>()
  // the next process loads its program while nothing is to be done
  let spare = start()
  let running: WatchedProcess | undefined
  return {
    begin(saved) {
      running?.kill()
      const process = spare
      running = process
      spare = start()
      const round = { environment, flags, known, saved, isOver: () => running !== process }
      process.onMessage(listenerOf(round))
      process.onEnd(() => {
        if (running === process) running = undefined
      })
      process.send(orderOf(environment, words, flags, known))
    },
    end() {
      running?.kill()
      spare.kill()
      running = undefined
    },
  }
}

function orderOf(
  { cwd, program, variables, stdout }: Environment,
  words: readonly string[],
  flags: WatchFlags,
  known: ReadonlyMap<string, WatchedRun>,
): WatchOrder {
  return {
    words,
    flags,
    world: { cwd, program, variables: { ...variables }, columns: stdout.columns },
    colours: paintOf(stdout, variables)('bold', 'x') !== 'x',
    known: Object.fromEntries([...known].map(([name, { digest }]) => [name, digest])),
  }
}

/** One check, and what it knows of those before it. */
interface Round {
  readonly environment: Environment
  readonly flags: WatchFlags
  /** The results by the names of the runs; this check adds its own. */
  readonly known: Map<string, WatchedRun>
  readonly saved: readonly string[]
  /** Whether another check has begun since. */
  readonly isOver: () => boolean
}

/** Prints what a process says, run by run. */
function listenerOf({ environment, flags, known, saved, isOver }: Round): (message: FromWatched) => void {
  const { stdout, variables, cwd } = environment
  const paint = paintOf(stdout, variables)
  const began = performance.now()
  let names: readonly string[] = []
  const done: WatchedRun[] = []
  let mistaken = false
  if (stdout.isTerminal) stdout.write(CLEAR)
  const what = saved.length === 0 ? '' : ` ${saved.map((file) => relative(cwd, file)).join(', ')} saved`
  print(stdout, [paint('dim', `checking${what === '' ? '' : `:${what}`}`)])
  const types = typesOf(environment, flags)
  return (message) => {
    if (isOver()) return
    switch (message.kind) {
      case 'ready':
        break
      case 'loaded':
        names = message.names
        for (const name of [...known.keys()]) if (!names.includes(name)) known.delete(name)
        break
      case 'run':
        known.set(message.run.name, message.run)
        done.push(message.run)
        print(stdout, message.run.lines)
        break
      case 'mistake':
        mistaken = true
        print(stdout, [`${paint('red', 'error')} ${message.text}`])
        break
      case 'done': {
        const seconds = ((performance.now() - began) / 1000).toFixed(2)
        const same = names.flatMap((name) => {
          const run = known.get(name)
          return run === undefined || done.includes(run) ? [] : [run]
        })
        print(stdout, mistaken ? [] : sumLines(done, same, seconds))
        void types.then((errors) => {
          if (!isOver()) print(stdout, [...errors, paint('dim', 'watching; Ctrl-C ends')])
        })
        break
      }
    }
  }
}

/** What was checked, and what has not changed since it was; failures of before are shown again. */
function sumLines(done: readonly WatchedRun[], same: readonly WatchedRun[], seconds: string): readonly string[] {
  const all = [...done, ...same]
  const count = (wanted: WatchedRun['judgement']): number => all.filter(({ judgement }) => judgement === wanted).length
  const failing = same.filter(({ judgement }) => judgement !== 'passed').flatMap(({ lines }) => lines)
  const unchanged = same.length === 0 ? '' : `, ${same.length} unchanged`
  const open = count('open') === 0 ? '' : `, ${count('open')} incomplete`
  return [
    ...failing,
    '',
    `${plural(done.length, 'run')} checked${unchanged}: ${count('passed')} as expected, ${count('failed')} not${open}; ${seconds} s`,
  ]
}

/** The errors of the type checker, if it is asked and installed: it takes longer than a small check. */
async function typesOf(
  { typeErrors, stdout, variables, cwd }: Environment,
  { typecheck, catalogue = [] }: WatchFlags,
): Promise<readonly string[]> {
  const errors = typecheck ? await typeErrors?.(filesOf(catalogue, cwd)) : []
  return (errors ?? []).map((error) => `${paintOf(stdout, variables)('red', 'error')} ${error}`)
}
