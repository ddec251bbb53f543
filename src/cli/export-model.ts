/** Carries out an `export`: counts or estimates the states, and writes the files. */
import { relative, resolve } from 'node:path'
import { exportedFiles, type Expected } from '../c/exported.ts'
import type { SourceFiles } from '../c/model.ts'
import { estimatedStates } from '../explorer/estimate.ts'
import { prepare, type Prepared } from '../explorer/prepare.ts'
import { searchInThisThread } from '../explorer/search.ts'
import { configure } from '../language/configure.ts'
import { selectProperties } from '../language/select.ts'
import { isBeyondRuns } from '../semantics/kinds/index.ts'
import { allCatalogues } from './catalogues.ts'
import { quoted } from './command-text.ts'
import { print, type Context } from './context.ts'
import { HOLDS } from './exit-codes.ts'
import type { ExportFlags } from './options/export.ts'
import { namedTarget, type RunTarget } from './targets.ts'
import { writeProject } from './write-project.ts'

/** States at most that are searched for the number of all. */
const counted = 1_000_000

/** @returns the exit code */
export async function exportModel(
  { catalogue, environment }: Context,
  name: string,
  flags: ExportFlags,
): Promise<number> {
  const { cwd, stdout } = environment
  const known = await allCatalogues(catalogue, flags.catalogue ?? [], cwd)
  const target = namedTarget(known, name, {
    scenario: flags.scenario,
    sizes: flags.config,
    properties: flags.property,
  })
  const { protocol, configuration } = target.setting
  const model = selectProperties(configure(protocol.model, configuration), target.properties)
  const prepared = prepare(model, {})
  const expected: Expected =
    flags.states === undefined ? await expectedOf(prepared) : { states: flags.states, by: 'given' }
  const origin = { title: titleOf(target), facts: factsOf(target, prepared, await environment.version()) }
  const files = exportedFiles(prepared, origin, flags.to, expected)
  const folder = resolve(cwd, flags.out)
  write(folder, relative(cwd, folder), files, flags.force === true)
  const unjudged = model.properties.filter(({ kind }) => isBeyondRuns(kind))
  print(stdout, [
    `wrote ${Object.keys(files).length} files in ${relative(cwd, folder) || '.'}`,
    ...unjudged.map((one) => `not judged there: ${one.name}, which needs more than a state and its transitions`),
    '',
    'Type next:',
    `  cd ${quoted(relative(cwd, folder) || '.')} && ${flags.to === 'c' ? 'make && ./search' : 'LTSMIN=/opt/ltsmin ./run.sh'}`,
  ])
  return HOLDS
}

const titleOf = ({ setting: { protocol, variant, scenario } }: RunTarget): string =>
  `${protocol.name}@${variant.name}, scenario ${scenario.name}`

/** What a reader must know to find the model again. */
function factsOf({ setting }: RunTarget, { compiled, dropped }: Prepared, version: string): readonly string[] {
  const sizes = Object.entries(compiled.model.sizes).map(([sort, size]) => `${size} ${sort}`)
  return [
    `written by hmmcheck ${version} from the model ${setting.protocol.name}`,
    `sizes: ${sizes.join(', ')}`,
    `a state: ${compiled.layout.bits} bits in ${compiled.layout.words} words`,
    ...(dropped.length === 0 ? [] : [`left out, since nothing reads it: ${dropped.join(', ')}`]),
  ]
}

/** The number of states: counted, or estimated from the levels of a search that is ended early. */
async function expectedOf({ compiled, initial }: Prepared): Promise<Expected> {
  const { states, incomplete, levelSizes } = await searchInThisThread(compiled, initial, {
    workers: 1,
    partitionBytes: 2 ** 30,
    startBytes: 2 ** 20,
    stop: (totals) => (totals.states > counted ? 'max-states' : undefined),
    enough: () => false,
  })
  if (incomplete === undefined) return { states, by: 'counted' }
  const estimated = estimatedStates(levelSizes)
  return estimated === undefined ? { states, by: 'at least' } : { states: Math.max(states, estimated), by: 'estimated' }
}

/** @throws UsageError if a file is there already, or can't be written */
function write(folder: string, shown: string, files: SourceFiles, overwrites: boolean): void {
  writeProject(
    folder,
    shown === '' ? '.' : shown,
    Object.entries(files).map(([path, text]) => ({
      path,
      text,
      ...(path.endsWith('.sh') ? { isProgram: true as const } : {}),
      ...(overwrites ? { added: () => text } : {}),
    })),
  )
}
