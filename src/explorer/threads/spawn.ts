/** Threads from source and from the build alike. */
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a thread with the module of that name, in the folder of another module.
 * Beside the build it is a module as that one is; beside the source it is TypeScript, and a loader must be there first.
 *
 * @param url of the module that asks: its `import.meta.url`
 */
export function spawnBeside(url: string, name: string, options: WorkerOptions): Worker {
  if (!url.endsWith('.ts')) return new Worker(new URL(`./${name}${extname(url)}`, url), options)
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api')),
    module = JSON.stringify(new URL(`./${name}.ts`, url).href)
  return new Worker(`import(${loader}).then(({ register }) => { register(); return import(${module}) })`, {
    ...options,
    eval: true,
  })
}

/**
 * Does the same, but beside the source all that the module imports is made into one script first: to load a hundred
 * modules one by one takes longer than a small search. Such a module must not ask where a module stands.
 */
export function spawnBundled(url: string, name: string, options: WorkerOptions): Worker {
  if (!url.endsWith('.ts')) return spawnBeside(url, name, options)
  return new Worker(scriptOf(fileURLToPath(new URL(`./${name}.ts`, url))), options)
}

/** By the path of the module. The source of a process does not change while it runs. */
const scripts = new Map<string, URL>()

function scriptOf(path: string): URL {
  const known = scripts.get(path)
  if (known !== undefined) return known
  // A dependency of development: only there is the source beside it. The cast: `require` knows no types.
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild')
  const { outputFiles } = buildSync({
    entryPoints: [path],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  })
  const text = outputFiles.map((file) => file.text).join('\n')
  const script = new URL(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)
  scripts.set(path, script)
  return script
}
