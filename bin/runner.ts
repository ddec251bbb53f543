/** One of those threads. */
process.setSourceMapsEnabled(true)
const [{ serveRuns }, { catalogue }] = await Promise.all([
  import('../src/cli/serve-runs.ts'),
  import('../models/catalogue.ts'),
])
await serveRuns(catalogue)

export {}
