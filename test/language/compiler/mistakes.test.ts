/** What the compiler says of typical mistakes helps: the line that matters is in its message. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, expect, test } from 'vitest'

const file = fileURLToPath(new URL('mistakes.ts', import.meta.url))
const lines = readFileSync(file, 'utf8').split('\n')

interface Mistake {
  readonly name: string
  readonly says: string
  readonly line: number
}
const mistakes: readonly Mistake[] = lines.flatMap((text, line) => {
  const [, name, says] = /@ts-expect-error (.*) -> (.*)$/.exec(text) ?? []
  return name === undefined || says === undefined ? [] : [{ name, says, line: line + 1 }]
})

/** Messages by line, from 0. */
const messages = new Map<number, string>()

beforeAll(() => {
  const read = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, '.')
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  const bare = lines.map((text) => text.replace('@ts-expect-error', '')).join('\n')
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, bare, ts.ScriptTarget.ESNext) : getSourceFile(name, ...rest)
  const program = ts.createProgram([file], options, host)
  for (const { start, messageText } of program.getSemanticDiagnostics(program.getSourceFile(file))) {
    const { line } = ts.getLineAndCharacterOfPosition(
      ts.createSourceFile(file, bare, ts.ScriptTarget.ESNext),
      start ?? 0,
    )
    messages.set(
      line,
      [...(messages.has(line) ? [messages.get(line)] : []), ts.flattenDiagnosticMessageText(messageText, '\n')].join(
        '\n',
      ),
    )
  }
}, 60_000)

test.each(mistakes)('$name', ({ says, line }) => {
  expect(messages.get(line) ?? 'no error').toContain(says)
})

test('every directive says what the message must say, and there is no other error', () => {
  expect(mistakes).toHaveLength(lines.filter((text) => text.includes('@ts-expect-error')).length)
  expect([...messages.keys()].sort((a, b) => a - b)).toEqual(mistakes.map(({ line }) => line))
})

test('no message is longer than a reader reads', () => {
  for (const message of messages.values()) expect(message.length).toBeLessThan(600)
})
