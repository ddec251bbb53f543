/**
 * `npm run confirm:ltsmin`: the default scenarios of all models, each in `fixed` and in a variant that is violated, by
 * both engines of LTSmin and by our own: counts, verdicts and lengths must be equal, and the states those of counts.ts.
 *
 *     npm run confirm:ltsmin -- --source ltsmin.tar.xz      builds LTSmin if it is not there
 *     npm run confirm:ltsmin -- --large                     the large scenarios, as far as they fit
 *     npm run confirm:ltsmin -- --only mirror-2017          one model
 *     npm run confirm:ltsmin -- --random 50 --seed 7        random models, in place of the catalogue's
 *     npm run confirm:ltsmin -- --figures                   measures, and writes the table of docs/engines.md
 *
 * Exit code 1 if anything differs.
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { checkOn } from '../../src/explorer/checking.ts'
import { check } from '../../src/explorer/check.ts'
import { ltsminEngines } from '../../src/ltsmin/engines.ts'
import { ltsminHost } from '../../src/ltsmin/host.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import type { RunTarget } from '../../src/cli/targets.ts'
import { modelArbitrary } from '../../test/fuzz/model-arbitrary.ts'
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
    random: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})

/** States of the largest graphs that all engines search on this machine. */
const most = 50_000_000

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const variables = { ...process.env, HMMCHECK_LTSMIN: ltsminPrefix(options.source, say) }

/** Whether the engines agree on every model. */
async function confirmed(): Promise<boolean> {
  let differing = 0
  for (const { title, model, counted } of options.random === undefined
    ? catalogueModels()
    : randomModels(Number(options.random))) {
    const ours = await check(model, { symmetry: false })
    const falls = ours.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name)
    const verdict = [ours.verdict, ...(falls.length === 0 ? [] : [falls.join(', ')])].join(': ')
    for (const engine of ltsminEngines) {
      const { host, ranks: workers } = ltsminHost({ engine, ranks: Number(options.ranks), variables })
      const theirs = await checkOn(host, model, { symmetry: false, workers })
      const { states, transitions, depth } = theirs
      const found = differencesOf(theirs, ours)
      if (found.length > 0) differing++
      const answer = found.length === 0 ? 'equal' : 'DIFFERENT'
      say(`${answer}  ${engine}  ${title}: ${states} states, ${transitions} transitions, depth ${depth}, ${verdict}`)
      for (const one of found) say(`    ${one}`)
    }
    if (counted !== undefined && counted !== ours.states) {
      differing++
      say(`DIFFERENT  ${title}: counts.ts has ${counted} states, ours are ${ours.states}`)
    }
  }
  say(differing === 0 ? 'all are equal' : `${differing} differ`)
  return differing === 0
}

/** A model, and how it is called. */
interface Titled {
  readonly title: string
  readonly model: ConfiguredModel
  /** The states that models/MODEL/counts.ts has, if it has a row of this run. */
  readonly counted?: number
}

const catalogueModels = (): readonly Titled[] =>
  chosenRuns().map(({ target, states }) => {
    const { protocol, variant, scenario } = target.setting
    const title = `${protocol.name}@${variant.name} in ${scenario.name}`
    return { title, model: modelOf(target), ...(Number.isFinite(states) ? { counted: states } : {}) }
  })

/** Random models whose graphs the interpreter can search. */
function* randomModels(count: number): Generator<Titled> {
  for (let [seed, left] = [Number(options.seed), count]; left > 0; seed++) {
    const [model] = fc.sample(modelArbitrary, { seed, numRuns: 1 })
    if (model === undefined || !referenceCheck(model, { maxTransitions: 20_000 }).complete) continue
    left--
    yield { title: `a random model, seed ${seed}`, model }
  }
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

if (options.figures) await writeFigures(variables, Number(options.rounds), say)
else process.exitCode = (await confirmed()) ? 0 : 1
