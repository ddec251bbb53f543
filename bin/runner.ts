/** One of those threads. */
import { serveRuns } from '../src/cli/serve-runs.ts'
import { ownCatalogue } from './own-catalogue.ts'

void ownCatalogue().then(({ catalogue, relativeOf }) => serveRuns(catalogue, relativeOf))
