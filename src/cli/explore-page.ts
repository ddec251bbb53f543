/** Carries out an `explore`: records the model, and serves or writes its page. */
import { resolve } from 'node:path'
import { relativeOf } from '../analysis/family.ts'
import { liveHtml, POLICY } from '../browser/html.ts'
import { recordingOf } from '../browser/recording.ts'
import { UsageError } from '../catalogue/usage.ts'
import { builtParts } from './built-parts.ts'
import { loadCatalogues } from './catalogues.ts'
import { print } from './context.ts'
import type { Context } from './context.ts'
import { HOLDS } from './exit-codes.ts'
import { writeWhole } from './files.ts'
import type { ExploreFlags } from './options/explore.ts'
import { servePage } from './page-server.ts'
import { sourceReader } from './pages.ts'
import { interruptible } from './session.ts'
import { isOneRun, targetsOf, type RunTarget } from './targets.ts'

/**
 * Serves the page of a model until Ctrl-C, or writes it to a file.
 *
 * @param word as it was typed: `mirror-2017@as-posted`
 * @returns the exit code
 * @throws UsageError if there is no such model, variant or scenario, or the page can't be served or written
 */
export async function explorePage(context: Context, word: string, flags: ExploreFlags): Promise<number> {
  const { environment } = context
  const { stdout, cwd, openBrowser } = environment
  const target = await targetNamed(context, word, flags)
  const html = await htmlOf(context, target)
  if (flags.out !== undefined) {
    writeWhole(resolve(cwd, flags.out), html)
    print(stdout, [`saved: ${flags.out}: open it in a browser`])
    return HOLDS
  }
  return interruptible(environment, async (signal) => {
    const server = await servePage(html, POLICY, flags.port)
    print(stdout, [`${word}: ${server.address}`, 'for this machine alone, until Ctrl-C'])
    if (flags.open) openBrowser?.(server.address)
    await aborted(signal)
    await server.close()
    return HOLDS
  })
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done()
    signal.addEventListener('abort', () => {
      done()
    })
  })

async function targetNamed(
  { catalogue: own, environment }: Context,
  word: string,
  { scenario, catalogue = [] }: ExploreFlags,
): Promise<RunTarget> {
  const wanted = scenario === undefined ? {} : { scenario: [scenario] }
  if (!isOneRun([word], wanted))
    throw new UsageError('HMM201', `${word} stands for several runs`, 'name one model, and one scenario')
  const catalogues = await loadCatalogues(own, catalogue, environment.cwd)
  const [target] = targetsOf(catalogues, [word], wanted, environment.relativeOf)
  if (target === undefined) throw new UsageError('HMM201', `there is no model ${word}`, 'hmmcheck list')
  return target
}

async function htmlOf({ environment }: Context, { setting, family }: RunTarget): Promise<string> {
  const { cwd, version, pageParts } = environment
  const recording = recordingOf(setting.protocol, {
    version: await version(),
    family: [...(family?.() ?? [])].map((one) => ('writes' in one ? one : relativeOf(one))),
    sourceOf: sourceReader(cwd),
  })
  const names = { variant: setting.variant.name, scenario: setting.scenario.name }
  return liveHtml((await pageParts?.()) ?? builtParts(), { recording, names })
}
