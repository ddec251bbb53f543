/** Prints the names of models, or all that a model offers. */
import { listNames, listProtocol } from '../report/listing.ts'
import { plural } from '../report/numbers.ts'
import { loadCatalogues, catalogueInUse } from './catalogues.ts'
import { paintOf, print, widthOf } from './context.ts'
import type { Context } from './context.ts'
import type { ListFlags } from './options/list.ts'
import { protocolsOf } from './targets.ts'

/** @param models as they were typed; without any, a line for each there is */
export async function listModels(
  { catalogue: own, environment }: Context,
  models: readonly string[],
  { all, catalogue: files = [] }: ListFlags,
): Promise<void> {
  const { stdout, variables, cwd } = environment
  const paint = paintOf(stdout, variables)
  const catalogues = await loadCatalogues(own, files, cwd)
  if (models.length > 0) {
    const listed = [...new Set(models.flatMap((model) => protocolsOf(catalogues, model, all)))]
    print(
      stdout,
      listed.flatMap((protocol, n) => [...(n === 0 ? [] : ['']), ...listProtocol(protocol, widthOf(stdout), paint)]),
    )
    return
  }
  const listed = catalogueInUse(catalogues, all)
  const left = own.length + catalogues.users.length - listed.length
  print(stdout, [
    ...(listed.length === 0 ? ['there is no model'] : listNames(listed, paint)),
    ...(left === 0 ? [] : ['', `and ${plural(left, 'model')} of hmmcheck's own: list --all`]),
  ])
}
