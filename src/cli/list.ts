/** `hmmcheck list`: what there is to check. */
import { Command } from 'commander'
import { listProtocol } from '../report/listing.ts'
import { allCatalogues, protocolNamed } from './catalogues.ts'
import { paintOf, print, widthOf } from './context.ts'
import type { Context } from './context.ts'
import { collect } from './options.ts'

/** The subcommand. */
export function listCommand({ catalogue: own, environment }: Context): Command {
  return new Command('list')
    .summary('list models, variants, scenarios, properties and expected verdicts')
    .description('Lists models with their variants, fixes, scenarios, parameters and properties, and the verdicts expected of them, each with its source.')
    .argument('[MODEL]', 'only this one')
    .option('--catalogue <FILE>', 'load models from a .js or .ts file, too (repeatable)', collect)
    .action(async (model: string | undefined, { catalogue: files = [] }: { readonly catalogue?: readonly string[] }) => {
      const { stdout, variables, cwd } = environment
      const all = await allCatalogues(own, files, cwd)
      const listed = model === undefined ? all : [protocolNamed(all, model)]
      const paragraphs = listed.map((protocol) => listProtocol(protocol, widthOf(stdout), paintOf(stdout, variables)))
      print(stdout, paragraphs.length === 0 ? ['there is no model'] : paragraphs.flatMap((lines, n) => n === 0 ? lines : ['', ...lines]))
    })
}
