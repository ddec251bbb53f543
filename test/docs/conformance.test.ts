/** The commands of docs/conformance.md, with a small recording of a real kernel in the place of `trace`. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { conformanceModels } from '../../models/conformance/catalogue.ts'
import { processEnvironment } from '../../src/cli/environment.ts'
import { main } from '../../src/cli/main.ts'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'conformance.md'), 'utf8')
/** Commands stand in lines of their own, or between backquotes. */
const commands = [...page.matchAll(/(?:^ {4}|`)((?:hmmcheck conform |node tools\/)[^`\n]+)/gm)].map(
  ([, one = '']) => one,
)
const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
const recording = gunzipSync(readFileSync(join(root, 'test/conform/recordings/repro_cow.shipped.jsonl.gz'))).toString()

/** A line of ftrace that says what a line of the recording says. */
function ftraceLine(line: string): string {
  const { t, cpu, tid, comm, fn, ...shown } = JSON.parse(line) as Readonly<Record<string, string | number | null>>
  const fields = Object.entries(shown).map(([name, value]) => `${name}=${String(value)}`)
  return `  ${String(comm)}-${String(tid)}    [00${String(cpu)}] d..1.  ${String(t)}: ${String(fn)}: conform: ${fields.join(' ')}`
}

async function conform(words: readonly string[]): Promise<{ readonly code: number; readonly last: string }> {
  let text = ''
  const output = { ...processEnvironment().stdout, write: (part: string) => ((text += part), true) }
  const code = await main([], words, {
    ...processEnvironment(),
    stdout: output,
    stderr: output,
    conformance: () => Promise.resolve(conformanceModels),
  })
  return { code, last: text.trimEnd().split('\n').at(-1) ?? '' }
}

beforeAll(() => {
  writeFileSync(
    join(folder, 'trace.jsonl.gz'),
    readFileSync(join(root, 'test/conform/recordings/repro_cow.shipped.jsonl.gz')),
  )
  writeFileSync(join(folder, 'trace'), recording.trim().split('\n').map(ftraceLine).join('\n'))
})

describe('docs/conformance.md', () => {
  test('has commands, of both kinds', () => {
    expect(commands.filter((one) => one.startsWith('node'))).toHaveLength(1)
    expect(commands.filter((one) => one.startsWith('hmmcheck')).length).toBeGreaterThan(2)
  })

  test.each(commands)('%s', async (command) => {
    if (command.startsWith('node')) {
      const [, script = '', from = '', to = ''] = /^node (\S+) < (\S+) > (\S+)$/.exec(command) ?? []
      const input = readFileSync(join(folder, from.split('/').at(-1) ?? ''), 'utf8')
      const { stdout, status } = spawnSync(process.execPath, [join(root, script)], { input, encoding: 'utf8' })
      expect(status).toBe(0)
      writeFileSync(join(folder, to), stdout)
      return
    }
    const words = command.split(' ').slice(1)
    const { code, last } = await conform(words.map((word) => (word.startsWith('trace') ? join(folder, word) : word)))
    expect(last).toMatch(/^(accepted|rejected)/)
    expect(code).toBeLessThan(2)
  })
})
