/** The likely cause of an exception of JavaScript in a model's text, by what it says. */
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { nearest } from '../language/near.ts'

/** An exception, and the line that threw it. */
export interface Thrown {
  readonly name: string
  readonly message: string
  readonly text: string
  readonly file: string
}

export interface Advice {
  /** HMM039: an exception; HMM090: a file that is not a valid program, or imports something that does not exist. */
  readonly code: 'HMM039' | 'HMM090'
  readonly cause: string
  readonly remedy: string
}

/** The modules that a model imports words from. */
const MODULES = ['hmmcheck', 'hmmcheck/kernel', 'hmmcheck/properties'] as const

/** The names that a module of this package offers to a file. */
async function wordsOf(module: string, file: string): Promise<readonly string[]> {
  try {
    const resolved = createRequire(pathToFileURL(file)).resolve(module)
    const offered: unknown = await import(/* @vite-ignore */ pathToFileURL(resolved).href)
    return typeof offered === 'object' && offered !== null ? Object.keys(offered) : []
  } catch {
    return []
  }
}

/** The words of the language, for a file that can't resolve the package. */
const ownWords = async (): Promise<readonly string[]> => Object.keys(await import('../index.ts'))

async function missingName(name: string, { file }: Thrown): Promise<Omit<Advice, 'code'>> {
  const all = await Promise.all(MODULES.map(async (module) => ({ module, words: await wordsOf(module, file) })))
  const known = all.some(({ words }) => words.length > 0) ? all : [{ module: MODULES[0], words: await ownWords() }]
  const home = known.find(({ words }) => words.includes(name))
  if (home !== undefined)
    return { cause: `${name} is not imported`, remedy: `import { ${name} } from '${home.module}'` }
  const near = nearest(
    name,
    known.flatMap(({ words }) => words),
  )
  return {
    cause: 'the name is misspelt, not declared, or not imported',
    remedy: near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'declare or import it',
  }
}

type Rule = readonly [
  pattern: RegExp,
  advise: (
    groups: readonly (string | undefined)[],
    thrown: Thrown,
  ) => Omit<Advice, 'code'> | Promise<Omit<Advice, 'code'>>,
]

/** The text before `.name` in the line: the value that was undefined. */
function beforeDot(text: string, name: string): string | undefined {
  const at = text.search(new RegExp(`\\??\\.${name.replaceAll('$', '\\$')}\\b`))
  return at < 0 ? undefined : /[\w$.]+(?:\([^()]*\)[\w$.]*)*$/.exec(text.slice(0, at))?.[0]
}

const exceptions: readonly Rule[] = [
  [/^(\S+) is not defined$/, ([, name = ''], thrown) => missingName(name, thrown)],
  [
    /^Cannot access '(.+)' before initialization$/,
    ([, name = '']) => ({
      cause: `${name} is used above its declaration, or two files import each other`,
      remedy: 'declare it further up, or put what both files need into a third',
    }),
  ],
  [
    /^Cannot (?:read|set) properties of (undefined|null) \((?:reading|setting) '(.+)'\)$/,
    ([, what = '', name = ''], { text }) => ({
      cause: `${beforeDot(text, name) ?? `what stands before .${name}`} is ${what}: a field or name is misspelt, or a function returns nothing`,
      remedy: 'correct the name, or return a value',
    }),
  ],
  [
    /^Cannot destructure property '(.+)' of .* as it is (?:undefined|null)/,
    ([, name = '']) => ({
      cause: `an argument that has a ${name} was left out`,
      remedy: 'pass the argument, an object',
    }),
  ],
  [
    /^Assignment to constant variable\.$/,
    () => ({
      cause: "=, ++ and += are JavaScript's, and assign nothing in the model",
      remedy: 'write x.set(...), x.increment(), or x.set(x.plus(...))',
    }),
  ],
  [
    /^Cannot (?:set property|assign to read only property) '?([\w$]+)'?/,
    ([, name = '']) => ({
      cause: "= is JavaScript's, and assigns nothing in the model",
      remedy: `write .${name}.set(...)`,
    }),
  ],
  [
    /^Cannot add property|object is not extensible/,
    () => ({
      cause: "= is JavaScript's, and assigns nothing in the model",
      remedy: 'write .set(...) on a variable, field or cell',
    }),
  ],
  [
    /^(.+) is not a function$/,
    ([, name = '']) => ({
      cause: `${name} is a value or does not exist: a name is misspelt, or a value is called like a function`,
      remedy: 'correct the name, or leave out the (): x.isNone, x.isSome, x.isEmpty are values',
    }),
  ],
  [
    /^(.+) is not iterable/,
    ([, name = '']) => ({
      cause: `${name} is not a list; sorts and queues of the model are not lists either`,
      remedy: 'write ForEach(Sort, (x) => ...), or [ ... ]',
    }),
  ],
  [
    /^Maximum call stack size exceeded$/,
    () => ({
      cause: 'functions of JavaScript call each other without end',
      remedy: 'end the recursion; calls are inlined, so use Loop in the model',
    }),
  ],
  [
    /not a constructor$/,
    () => ({ cause: 'new is written before a word of the language', remedy: 'call it without new' }),
  ],
]

const files: readonly Rule[] = [
  [
    /does not provide an export named '(.+)'$/,
    async ([, name = ''], thrown) => {
      const found = await missingName(name, thrown)
      return found.cause.endsWith('is not imported')
        ? { cause: `${name} is exported by another module`, remedy: found.remedy }
        : found
    },
  ],
  [
    /^Cannot find package '(.+?)'/,
    ([, name = '']) => ({
      cause: `the package ${name} is not installed where the file can find it`,
      remedy: name.startsWith('hmmcheck')
        ? 'npm install hmmcheck, or npm link hmmcheck, in the folder of the file'
        : `npm install ${name}`,
    }),
  ],
  [
    /^Cannot find module/,
    () => ({
      cause: 'the imported file does not exist, or its name lacks .ts or .js',
      remedy: 'write the path from this file, with its ending: ./driver.ts',
    }),
  ],
  [
    /^(?:The requested module|Package subpath)/,
    () => ({ cause: 'the module does not export it', remedy: 'import what the module exports' }),
  ],
]

/** The likely cause of an exception, and the remedy. */
export async function adviceFor(thrown: Thrown): Promise<Advice> {
  const search = async (code: Advice['code'], rules: readonly Rule[]): Promise<Advice | undefined> => {
    for (const [pattern, advise] of rules) {
      const match = pattern.exec(thrown.message)
      if (match !== null) return { code, ...(await advise(match, thrown)) }
    }
    return undefined
  }
  const known = (await search('HMM090', files)) ?? (await search('HMM039', exceptions))
  if (known !== undefined) return known
  if (thrown.name === 'SyntaxError') {
    return {
      code: 'HMM090',
      cause: 'a bracket, comma or quote is missing, or there is one too many',
      remedy: 'correct the syntax at the marked place',
    }
  }
  return { code: 'HMM039', cause: 'an ordinary function in the text of the model threw it', remedy: 'correct the line' }
}
