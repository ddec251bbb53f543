/** docs/language.md says what is so: every example compiles, builds a model, and comes to what stands behind its `// =>`. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import type { Statement, Thread } from '../../src/language/ast.ts'
import * as language from '../../src/language/index.ts'
import type { Model, Property, ThreadDefinition } from '../../src/language/index.ts'
import { visitStatements } from '../../src/language/walk.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const reference = readFileSync(`${root}docs/language.md`, 'utf8')
const [shared = '', ...examples] = [...reference.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code ?? '')
const words = Object.keys(language)

/** Runs an example with every word of the language, and makes a model of what it declares unless it makes one itself. */
function build(code: string): Model {
  const threads: ThreadDefinition[] = []
  const properties: Property[] = []
  let made: Model | undefined
  const noting = <A extends readonly unknown[], R>(list: R[], word: (...args: A) => R) => (...args: A): R => {
    const result = word(...args)
    list.push(result)
    return result
  }
  const scope: Readonly<Record<string, unknown>> = {
    ...language,
    thread: noting(threads, language.thread),
    threadPer: noting(threads, language.threadPer),
    ...Object.fromEntries((['invariant', 'transition', 'assertion', 'sometimes', 'deadlock', 'lockDeadlock', 'recoverable'] as const)
      .map((word) => [word, noting(properties, language[word] as (...args: readonly unknown[]) => Property)])),
    collected: (...args: Parameters<typeof language.collected>) => {
      const found = language.collected(...args)
      properties.push(...found)
      return found
    },
    model: (...args: Parameters<typeof language.model>) => (made = language.model(...args)),
  }
  const { outputText } = ts.transpileModule(shared + code, { compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext } })
  // The examples are this repository's own text.
  new Function(...Object.keys(scope), outputText)(...Object.values(scope))
  return made ?? language.model('example', { threads, properties })
}

const close = (model: Model) => language.configure(model, {
  sizes: Object.fromEntries(model.sorts.map((name) => [name, 2])),
  constants: Object.fromEntries(model.constants.map(({ name, type }) => [name, type.kind === 'bool' ? true : type.kind === 'enum' ? type.members[0] ?? '' : 0])),
})

const labelsOf = (thread: Thread): string => {
  const found: Statement[] = []
  visitStatements(thread.body, (s) => found.push(s))
  return found.map((s) => language.statementLabel(s, thread)).join(' | ')
}

/** What an example comes to, in the words of its comments. */
function outcomes(code: string): readonly string[] {
  let model: Model
  try {
    model = build(code)
  } catch (error) {
    if (error instanceof language.ModelError) return [error.code]
    throw error
  }
  const { states, properties } = referenceCheck(close(model), { maxTransitions: 20_000 })
  const violated = properties.filter(({ verdict }) => verdict === 'violated')
  return [
    `${states} states`,
    ...violated.map(({ name, steps }) => `violates ${name}${steps === undefined ? '' : ` in ${steps} ${steps === 1 ? 'step' : 'steps'}`}`),
    ...(violated.length === 0 ? ['holds'] : []),
    ...model.threads.slice(0, 1).map(labelsOf),
  ]
}

describe('an example', () => {
  test.each(examples.map((code) => [/\*\*/.test(code) ? code : code.split('\n')[0] ?? '', code]))('%s', (_first, code) => {
    const said = [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, what]) => what ?? '')
    expect(said).not.toEqual([])
    const found = outcomes(code)
    for (const what of said) expect(found.includes(what) ? what : found.join('\n')).toBe(what)
    const violations = (all: readonly string[]): readonly string[] => all.filter((what) => what.startsWith('violates'))
    expect(violations(said)).toEqual(violations(found))
  })
})

test('the examples are TypeScript without errors', () => {
  const names = new Map(examples.map((code, i) => [`${root}docs/example-${i}.ts`, code]))
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const host = ts.createCompilerHost(options)
  const text = (code: string): string => `import { ${words.join(', ')} } from '../src/language/index.ts'\n${shared}${code}\nexport {}\n`
  const { getSourceFile, fileExists, readFile } = host
  host.getSourceFile = (name, ...rest) => {
    const code = names.get(name)
    return code === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text(code), ts.ScriptTarget.ES2023)
  }
  host.fileExists = (name) => names.has(name) || fileExists(name)
  host.readFile = (name) => names.get(name) ?? readFile(name)
  const program = ts.createProgram([...names.keys()], options, host)
  const errors = [...names.keys()].flatMap((name) => program.getSemanticDiagnostics(program.getSourceFile(name)))
  expect(errors.map(({ file, messageText }) => `${names.get(file?.fileName ?? '') ?? ''}\n${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([])
}, 60_000)

test('every word of the language, and everything a handle can do, is shown', () => {
  const code = [shared, ...examples].join('\n')
  const members = [
    'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'plus', 'minus', 'set', 'increment', 'decrement', 'isNone', 'isSome', 'has', 'isEmpty', 'size', 'add', 'remove', 'clear', 'all', 'empty',
    'head', 'isFull', 'length', 'push', 'pop', 'discard', 'at', 'filled', 'is', 'value', 'as', 'Else',
  ]
  const missing = [...words.map((word) => [word, `\\b${word}\\b`]), ...members.map((member) => [`.${member}`, `\\.${member}\\b`])]
    .filter(([, pattern]) => !new RegExp(pattern ?? '').test(code)).map(([name]) => name)
  expect(missing).toEqual([])
})

test('an example is short', () => {
  for (const code of examples) expect(code.split('\n').filter((line) => line !== '' && !line.startsWith('// =>')).length).toBeLessThanOrEqual(9)
})
