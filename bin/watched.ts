/** The process that checks for `hmmcheck watch`, once. */
import './late-optimization.ts'
import { serveWatched } from '../src/cli/watching/serve-watched.ts'
import { ownCatalogue } from './own-catalogue.ts'

void ownCatalogue().then(({ catalogue, relativeOf }) => {
  serveWatched(catalogue, relativeOf)
})
