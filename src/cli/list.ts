/** `hmmcheck list`: the models that can be checked. */
import { Command } from 'commander'
import { listNames, listProtocol } from '../report/listing.ts'
import { plural } from '../report/numbers.ts'
import { loadCatalogues, catalogueInUse } from './catalogues.ts'
import { paintOf, print, widthOf } from './context.ts'
import type { Context } from './context.ts'
import { withListOptions, type ListFlags } from './options/list.ts'
import { protocolsOf } from './targets.ts'

/** The subcommand. */
export function listCommand({ catalogue: own, environment }: Context): Command {
  const command = new Command('list')
    .summary('list models; for those named, variants, scenarios, properties and expected verdicts')
    .description(
      "Lists models, one per line: yours if there are any, else hmmcheck's own. For MODEL, lists its variants, fixes, scenarios, parameters and properties, and the expected verdicts, each with its source.",
    )
    .argument('[MODEL...]', 'models to list in full; a star stands for any letters')
  return withListOptions(command).action(
    async (models: readonly string[], { all, catalogue: files = [] }: ListFlags) => {
      const { stdout, variables, cwd } = environment
      const paint = paintOf(stdout, variables)
      const catalogues = await loadCatalogues(own, files, cwd)
      if (models.length > 0) {
        const listed = [...new Set(models.flatMap((model) => protocolsOf(catalogues, model, all)))]
        print(
          stdout,
          listed.flatMap((protocol, n) => [
            ...(n === 0 ? [] : ['']),
            ...listProtocol(protocol, widthOf(stdout), paint),
          ]),
        )
        return
      }
      const listed = catalogueInUse(catalogues, all)
      const left = own.length + catalogues.users.length - listed.length
      print(stdout, [
        ...(listed.length === 0 ? ['there is no model'] : listNames(listed, paint)),
        ...(left === 0 ? [] : ['', `and ${plural(left, 'model')} of hmmcheck's own: list --all`]),
      ])
    },
  )
}
