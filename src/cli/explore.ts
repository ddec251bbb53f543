/** `hmmcheck explore`: a model by hand, in a browser. */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { withExploreOptions, type ExploreFlags } from './options/explore.ts'

/** The subcommand. */
export function exploreCommand(context: Context): Command {
  const command = new Command('explore')
    .summary('take the steps of a model by hand, in a browser')
    .description(
      'Opens a model in a browser: you choose among the steps of each thread, go back and branch, walk at random, run until a property falls, check every state, flip fixes. The model runs in the page. A server on this machine alone serves it until Ctrl-C; --out writes the page as one file.',
    )
    .argument('<MODEL[@VARIANT]>', 'a name that `hmmcheck list` lists')
  return withExploreOptions(command).action(async (model: string, flags: ExploreFlags) => {
    const { explorePage } = await import('./explore-page.ts')
    context.exit(await explorePage(context, model, flags))
  })
}
