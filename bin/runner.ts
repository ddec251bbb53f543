/** One of those threads. */
import { serveRuns } from '../src/cli/serve-runs.ts'
import { ownCatalogue } from './own-catalogue.ts'

const { catalogue, relativeOf } = await ownCatalogue()
await serveRuns(catalogue, relativeOf)
