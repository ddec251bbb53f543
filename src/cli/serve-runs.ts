/** A thread's side of several runs at once: carries out the runs that it gets. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Catalogue } from '../catalogue/protocol.ts'
import { byExpectation } from '../report/judged.ts'
import { loadCatalogues } from './catalogues.ts'
import { processEnvironment } from './environment.ts'
import type { Environment } from './environment.ts'
import { silent } from './output.ts'
import { profileWanted } from './judged-run.ts'
import type { CheckPlan } from './options/check.ts'
import { carryOut } from './outcome.ts'
import { withReporter } from './reporters/index.ts'
import type { Reporter } from './reporters/reporter.ts'
import type { FromRunner, RunnerSetup, ToRunner } from './runners.ts'
import { targetsOf, type RunTarget } from './targets.ts'

/**
 * @param own the package's own catalogue
 * @param relativeOf what is known of its models without reading them
 */
export async function serveRuns(own: Catalogue, relativeOf?: Environment['relativeOf']): Promise<void> {
  const { words, plan, world } = workerData as RunnerSetup
  const environment: Environment = {
    ...processEnvironment(),
    ...world,
    stdout: silent(world.stdout),
    stderr: silent(world.stderr),
  }
  const catalogues = await loadCatalogues(own, plan.catalogue ?? [], world.cwd)
  const targets = targetsOf(catalogues, words, plan, relativeOf)
  withReporter(environment, plan, words.length === 0 ? 'catalogue' : 'several', (reporter) => {
    serve(environment, targets, plan, reporter)
  })
}

function serve<Part>(
  environment: Environment,
  targets: readonly RunTarget[],
  plan: CheckPlan,
  reporter: Reporter<Part>,
): void {
  const interrupt = new AbortController()
  const say = (message: FromRunner<Part>): void => {
    parentPort?.postMessage(message)
  }
  const options = { plan, judge: byExpectation, profile: profileWanted(plan, false), signal: interrupt.signal }
  parentPort?.on('message', (message: ToRunner) => {
    if (message === 'stop') {
      interrupt.abort()
      return
    }
    const target = targets[message]
    const failed = (): void => {
      say({ target: message })
    }
    if (target === undefined) failed()
    else
      carryOut(environment, target, options, reporter).then((outcome) => {
        say({ target: message, outcome })
      }, failed)
  })
  say({})
}
