/** A thread that runs what it is told, of a catalogue of three. */
import { serveRuns } from '../../src/cli/serve-runs.ts'
import { three } from './runners.ts'

await serveRuns(three)
