/** The plugin of LTSmin for one model: its C, and the file that is made of it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixedText, modelInC, type ModelToSearch } from '../c/model.ts'
import { UsageError } from '../catalogue/usage.ts'
import { start, type Running } from './running.ts'
import type { Tools } from './tools.ts'

/** A plugin, and how LTSmin has its states. */
export interface Plugin {
  readonly file: string
  /** Words of a state of LTSmin. */
  readonly words: number
  /** Initial states that one state of LTSmin leads to, which is none of the model's; 0 if there is no such state. */
  readonly before: number
}

/** Writes the C of a model into a folder. */
export function writePlugin(searched: ModelToSearch, folder: string): Plugin {
  const { compiled, initial } = searched
  const files = { ...modelInC(searched, { title: compiled.model.name, facts: [] }), 'pins.c': fixedText('pins.c') }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const before = initial.length > 1 ? initial.length : 0
  return { file: join(folder, 'model.so'), words: compiled.layout.words + (before > 0 ? 1 : 0), before }
}

/** Lines of a compiler that a message has. */
const shownLines = 5

/**
 * Compiles a plugin in its folder.
 *
 * @param wait waits for a program, and may end it: then it says so
 * @throws UsageError HMM306 if the compiler refuses it
 */
export async function compilePlugin(
  { file }: Plugin,
  folder: string,
  { compiler, headers }: Pick<Tools, 'compiler' | 'headers'>,
  variables: Readonly<Record<string, string | undefined>>,
  wait: (running: Running) => Promise<'over' | 'ended'>,
): Promise<void> {
  const lines: string[] = []
  const words = ['-std=gnu11', '-O2', '-shared', '-fPIC', `-I${headers}`, 'pins.c', 'model.c', '-o', file]
  const running = start({ program: compiler, words, folder, variables }, (line) => lines.push(line))
  if ((await wait(running)) === 'ended') return
  const { code, signal } = await running.over
  if (code === 0) return
  throw new UsageError('HMM306', `${compiler} does not make the plugin of the model`, {
    cause: lines.slice(0, shownLines).join('\n    ') || `it ended with ${code ?? signal}`,
    remedy: 'CC=/path/to/cc names another compiler; the headers must be those of the LTSmin that runs',
  })
}
