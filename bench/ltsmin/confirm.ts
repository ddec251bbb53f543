/**
 * `npm run confirm:ltsmin`: the default scenarios of all models, each in `fixed` and in a variant that is violated, by
 * both engines of LTSmin and by our own: counts, verdicts and lengths must be equal.
 *
 *     npm run confirm:ltsmin -- --source ltsmin.tar.xz      builds LTSmin if it is not there
 *     npm run confirm:ltsmin -- --large                     the large scenarios, as far as they fit
 *     npm run confirm:ltsmin -- --only mirror-2017          one model
 *     npm run confirm:ltsmin -- --figures                   measures, and writes the table of docs/engines.md
 *
 * Exit code 1 if anything differs.
 */
import { parseArgs } from 'node:util'
import { checkOn } from '../../src/explorer/checking.ts'
import { check } from '../../src/explorer/check.ts'
import { ltsminEngines } from '../../src/ltsmin/engines.ts'
import { ltsminHost } from '../../src/ltsmin/host.ts'
import type { RunTarget } from '../../src/cli/targets.ts'
import { countedRuns } from '../../test/models/counted-runs.ts'
import { differencesOf } from '../../test/ltsmin/compared.ts'
import { modelOf } from '../../test/support/targets.ts'
import { writeFigures } from './figures.ts'
import { ltsminPrefix } from './install.ts'

const { values: options } = parseArgs({
  options: {
    source: { type: 'string' },
    large: { type: 'boolean', default: false },
    figures: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    ranks: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
  },
})

/** States of the largest graphs that all engines search on this machine. */
const most = 50_000_000

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const variables = { ...process.env, HMMCHECK_LTSMIN: ltsminPrefix(options.source, say) }

if (options.figures) await writeFigures(variables, Number(options.rounds), say)
else process.exitCode = (await confirmed()) ? 0 : 1

/** Whether the engines agree on every run. */
async function confirmed(): Promise<boolean> {
  let differing = 0
  for (const { target, states } of chosenRuns()) {
    const { protocol, variant, scenario } = target.setting
    const title = `${protocol.name}@${variant.name} in ${scenario.name}`
    const model = modelOf(target)
    const ours = await check(model, { symmetry: false })
    for (const engine of ltsminEngines) {
      const { host, ranks: workers } = ltsminHost({ engine, ranks: Number(options.ranks), variables })
      const theirs = await checkOn(host, model, { symmetry: false, workers })
      const found = differencesOf(theirs, ours)
      if (found.length > 0) differing++
      const verdicts = ours.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name)
      say(
        `${found.length === 0 ? 'equal' : 'DIFFERENT'}  ${engine}  ${title}: ${theirs.states} states, ${theirs.transitions} transitions, depth ${theirs.depth}, ${ours.verdict}${verdicts.length === 0 ? '' : `: ${verdicts.join(', ')}`}`,
      )
      for (const one of found) say(`    ${one}`)
    }
    if (states > most) say(`    ${states} states`)
  }
  say(differing === 0 ? 'all are equal' : `${differing} differ`)
  return differing === 0
}

/** The runs that are compared. */
function chosenRuns(): readonly { readonly target: RunTarget; readonly states: number }[] {
  return countedRuns
    .filter(([first]) => options.only?.includes(first?.target.setting.protocol.name ?? '') ?? true)
    .flatMap((runs) => {
      if (options.large) return runs.filter(({ target, states }) => isLarge(target) && states <= most)
      const ofDefault = runs.filter(
        ({ target: { setting } }) => setting.scenario.name === setting.protocol.scenarios[0]?.name,
      )
      const fixed = ofDefault.filter(({ target }) => target.setting.variant.name === 'fixed').slice(0, 1)
      const violated = ofDefault.filter(({ target }) => target.expectation?.verdict === 'violated').slice(0, 1)
      return [...fixed, ...violated]
    })
}

const isLarge = ({ setting: { protocol, scenario } }: RunTarget): boolean =>
  protocol.scenarios.find(({ name }) => name === scenario.name)?.large === true
