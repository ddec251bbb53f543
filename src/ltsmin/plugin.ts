/** The plugin of LTSmin for one model: its C, and the file that is made of it. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixedText, modelInC, type ModelToSearch } from '../c/model.ts'
import { UsageError } from '../catalogue/usage.ts'
import type { Tools } from './tools.ts'

/** A plugin, and how LTSmin has its states. */
export interface Plugin {
  readonly file: string
  /** Words of a state of LTSmin. */
  readonly words: number
  /** Initial states that one state of LTSmin leads to, which is none of the model's; 0 if there is no such state. */
  readonly before: number
}

/**
 * Writes the C of a model into a folder, and compiles it there.
 *
 * @throws UsageError HMM306 if the compiler refuses it
 */
export function makePlugin(
  searched: ModelToSearch,
  folder: string,
  { compiler, headers }: Pick<Tools, 'compiler' | 'headers'>,
  variables: Readonly<Record<string, string | undefined>>,
): Plugin {
  const { compiled, initial } = searched
  const files = { ...modelInC(searched, { title: compiled.model.name, facts: [] }), 'pins.c': fixedText('pins.c') }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const file = join(folder, 'model.so')
  const words = ['-std=gnu11', '-O2', '-shared', '-fPIC', `-I${headers}`, 'pins.c', 'model.c', '-o', file]
  const { status, stderr, error } = spawnSync(compiler, words, { cwd: folder, encoding: 'utf8', env: variables })
  if (status !== 0)
    throw new UsageError('HMM306', `${compiler} does not make the plugin of the model`, {
      cause: error?.message ?? (stderr.trim().split('\n').slice(0, 5).join('\n') || `it ended with ${status}`),
      remedy: 'CC=/path/to/cc names another compiler; the headers must be those of the LTSmin that runs',
    })
  const before = initial.length > 1 ? initial.length : 0
  return { file, words: compiled.layout.words + (before > 0 ? 1 : 0), before }
}
