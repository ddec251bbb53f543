/** Threads from source and from the build alike. */
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a thread with the module of that name, in the folder of another module.
 * Beside the build it is JavaScript; beside the source it is TypeScript, and a loader must be there first.
 *
 * @param url of the module that asks: its `import.meta.url`
 */
export function spawnBeside(url: string, name: string, options: WorkerOptions): Worker {
  if (!url.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, url), options)
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api')),
    module = JSON.stringify(new URL(`./${name}.ts`, url).href)
  return new Worker(`import(${loader}).then(({ register }) => { register(); return import(${module}) })`, {
    ...options,
    eval: true,
  })
}
