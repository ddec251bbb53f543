/** The command line and this package's models, joined. */
import { processEnvironment, type Environment } from '../src/cli/environment.ts'
import { main } from '../src/cli/main.ts'
import { ownCatalogue } from './own-catalogue.ts'
import { runners } from './runners.ts'
import { startWatched } from './start-watched.ts'

/** @returns the exit code */
export async function command(argv: readonly string[]): Promise<number> {
  const { catalogue, ...known } = await ownCatalogue()
  const conformance: Environment['conformance'] = async () =>
    (await import('../models/conformance/catalogue.ts')).conformanceModels
  return main(catalogue, argv, { ...processEnvironment(), ...known, runners, conformance, startWatched })
}
