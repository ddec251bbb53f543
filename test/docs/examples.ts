/**
 * Examples of documents: blocks of TypeScript that share some declarations, and say behind `// =>` what they come to:
 * the states that a search finds, what is violated and in how many steps, the labels of the first thread's
 * statements, or the code of the error that a line is.
 */
import ts from 'typescript'
import type { Statement, ModelThread } from '../../src/language/ast.ts'
import * as language from '../../src/language/index.ts'
import type { ConfiguredModel, Model, Property, ThreadDefinition } from '../../src/language/index.ts'
import { visitStatements } from '../../src/language/walk.ts'
import { plural } from '../../src/report/numbers.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import { root } from './support.ts'

export interface Examples {
  /** What all of them declare. */
  readonly shared: string
  /** The modules whose words they use, by the path from the repository's root. */
  readonly words: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Which of the modules has nothing but functions that make properties: what is made belongs to the model. */
  readonly claims?: string
  /** What is done with a model before anything else; nothing if absent. */
  readonly prepare?: (model: Model) => Model
}

/** What stands behind the `// =>` of an example. */
export const saidIn = (code: string): readonly string[] =>
  [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, what]) => what ?? '')

/** An example without the lines that only say what comes of it, and without empty ones. */
export const linesOf = (code: string): readonly string[] =>
  code.split('\n').filter((line) => line !== '' && !line.startsWith('// =>'))

const compilerOptions: ts.CompilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext }

/**
 * Runs the text of an example with these words, as the body of a function: an asynchronous one if it awaits anything.
 */
export function run(code: string, scope: Readonly<Record<string, unknown>>): unknown {
  const { outputText } = ts.transpileModule(code, { compilerOptions })
  const body = /\bawait\b/.test(outputText) ? `return (async () => {${outputText}})()` : outputText
  // The examples are this repository's own text.
  const made: unknown = new Function(...Object.keys(scope), body)(...Object.values(scope))
  return made
}

/** Notes what a word makes. */
export const noting =
  <A extends readonly unknown[], R>(list: R[], word: (...args: A) => R) =>
  (...args: A): R => {
    const result = word(...args)
    list.push(result)
    return result
  }

export interface Built {
  readonly model: Model
  readonly closed: ConfiguredModel
}

type MakesProperty = (...args: readonly unknown[]) => Property
type MakesProperties = (...args: readonly unknown[]) => Property | readonly Property[]

/** Adds the properties that a word makes; one takes the place of another of its name. */
const notingAll =
  (list: Property[], word: MakesProperties): MakesProperties =>
  (...args) => {
    const made = word(...args)
    for (const property of Array.isArray(made) ? (made as readonly Property[]) : [made as Property]) {
      const at = list.findIndex(({ name }) => name === property.name)
      list.splice(at === -1 ? list.length : at, at === -1 ? 0 : 1, property)
    }
    return made
  }
const propertyWords = [
  'invariant',
  'transition',
  'assertion',
  'sometimes',
  'deadlock',
  'lockDeadlock',
  'recoverable',
] as const

/** Makes a model of what an example declares unless it makes one itself, and closes it unless it does so itself. */
export function build({ shared, words, claims = '', prepare = (model) => model }: Examples, code: string): Built {
  const threads: ThreadDefinition[] = []
  const properties: Property[] = []
  const models: Model[] = []
  const configured: ConfiguredModel[] = []
  run(shared + code, {
    ...(Object.assign({}, ...Object.values(words)) as Readonly<Record<string, unknown>>),
    ...Object.fromEntries(
      Object.entries(words[claims] ?? {}).map(([word, makes]) => [
        word,
        Object.assign(notingAll(properties, makes as MakesProperties), { ...(makes as MakesProperties) }),
      ]),
    ),
    thread: noting(threads, language.thread),
    threadPer: noting(threads, language.threadPer),
    ...Object.fromEntries(propertyWords.map((word) => [word, noting(properties, language[word] as MakesProperty)])),
    collected: (...args: Parameters<typeof language.collected>) => {
      const found = language.collected(...args)
      properties.push(...found)
      return found
    },
    model: noting(models, (...args: Parameters<typeof language.model>) => prepare(language.model(...args))),
    configure: noting(configured, language.configure),
  })
  const model = models.at(-1) ?? prepare(language.model('example', { threads, properties }))
  return { model, closed: configured.at(-1) ?? close(model) }
}

/** Two of every sort, and all fixes. */
const close = (model: Model): ConfiguredModel =>
  language.configure(model, {
    sizes: Object.fromEntries(model.sorts.map((name) => [name, 2])),
    constants: Object.fromEntries(
      model.constants.map(({ name, type }) => [
        name,
        type.kind === 'bool' ? true : type.kind === 'enum' ? (type.members[0] ?? '') : 0,
      ]),
    ),
  })

const labelsOf = (thread: ModelThread): string => {
  const found: Statement[] = []
  visitStatements(thread.body, (s) => found.push(s))
  return found.map((s) => language.statementLabel(s, thread)).join(' | ')
}

/** What an example comes to, in the words of its comments. */
export function outcomesOf(examples: Examples, code: string): readonly string[] {
  let built: Built
  try {
    built = build(examples, code)
  } catch (error) {
    if (error instanceof language.ModelError) return [error.code]
    throw error
  }
  const { states, properties } = referenceCheck(built.closed, { maxTransitions: 20_000 })
  const violated = properties.filter(({ verdict }) => verdict === 'violated')
  return [
    `${states} states`,
    ...violated.map(
      ({ name, steps }) => `violates ${name}${steps === undefined ? '' : ` in ${plural(steps, 'step')}`}`,
    ),
    ...(violated.length === 0 ? ['holds'] : []),
    ...built.model.threads.slice(0, 1).map(labelsOf),
  ]
}

/** The files of this repository and of its libraries as they were parsed: the same for the examples of each page. */
const parsed = new Map<string, ts.SourceFile | undefined>()

/** The options of this repository, without a search for its files. */
function typeOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile) as { readonly config: object }
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: ['src/index.ts'] }, ts.sys, root).options
}

/** What the type checker says of examples, each with its text. */
export function typeErrors({ shared, words }: Examples, all: readonly string[]): readonly string[] {
  const names = new Map(all.map((code, i) => [`${root}/docs/example-${i}.ts`, code]))
  const options = typeOptions()
  const host = ts.createCompilerHost(options)
  const values = Object.entries(words).map(
    ([path, exported]) => `import { ${Object.keys(exported).join(', ')} } from '../${path}'`,
  )
  const imports = ["import type { Id, PlaceOf, Sample } from '../src/language/index.ts'", ...values].join('; ')
  const { getSourceFile, fileExists, readFile } = host
  host.getSourceFile = (name, ...rest) => {
    const code = names.get(name)
    if (code === undefined) {
      const file = parsed.has(name) ? parsed.get(name) : getSourceFile(name, ...rest)
      parsed.set(name, file)
      return file
    }
    return ts.createSourceFile(name, `${imports}\n${shared}${code}\nexport {}\n`, ts.ScriptTarget.ES2023)
  }
  host.fileExists = (name) => names.has(name) || fileExists(name)
  host.readFile = (name) => names.get(name) ?? readFile(name)
  const program = ts.createProgram([...names.keys()], options, host)
  const errors = [...names.keys()].flatMap((name) => program.getSemanticDiagnostics(program.getSourceFile(name)))
  return errors.map(
    ({ file, messageText }) =>
      `${names.get(file?.fileName ?? '') ?? ''}\n${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  )
}
