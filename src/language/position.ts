/** Where in the model's source something was written: the first frame of the stack outside this language. */

const path = (url: string): string => url.replace(/^file:\/\//, '').replace(/\?.*$/, '')

/** This directory as it begins the file names of stack frames; of the compiled language, that of its source too. */
const here = path(import.meta.url.slice(0, import.meta.url.lastIndexOf('/') + 1))
const own: readonly string[] = [here, here.replace(/dist\/src\/language\/$/, 'src/language/')]
const root = here.replace(/(dist\/)?src\/language\/$/, '')

const files = new Map<string, boolean>()
/** Whether a file is one of this language's. */
function isOwn(file: string): boolean {
  const seen = files.get(file)
  if (seen !== undefined) return seen
  const is = own.some((directory) => path(file).startsWith(directory))
  files.set(file, is)
  return is
}

/** Whole paths of files by what positions say of them; nothing if that means several. */
const whole = new Map<string, string | undefined>()

/** Relative to the package for its own files; else the last two parts, which say enough and nothing of the machine. */
function shorten(file: string): string {
  const short = file.startsWith(root) && !file.includes('/node_modules/') ? file.slice(root.length) : file.split('/').slice(-2).join('/')
  whole.set(short, whole.has(short) && whole.get(short) !== file ? undefined : file)
  kinds.set(short, isOfVocabulary(file) && kinds.get(short) !== false)
  return short
}

/** By what positions say of files: whether all of them are of the package's vocabulary. */
const kinds = new Map<string, boolean>()
const isOfVocabulary = (file: string): boolean => file.startsWith(root) && /^(dist\/)?(models\/kernel|properties)\//.test(file.slice(root.length))

/** The path of a file that a position of a model built in this process names; undefined if it names none, or several. */
export const sourceFile = (file: string): string | undefined => whole.get(file)

/** Where a frame is, in what runs: for compiled code, not yet in its source. */
interface RawPlace { readonly file: string; readonly line: number; readonly column: number }

/** A place in a model's source. */
export interface Site {
  /** `models/mirror-2017/cpu.ts:31` */
  readonly at: string
  /** From 1; unknown where the platform has no stacks. */
  readonly column: number | undefined
}

/** Positions by the raw place of the frame: turning a stack into text, through source maps, costs ten times as much as catching it. */
const known = new Map<string, Site>()

/** Whether a position is in a file outside this package, and in no other package. */
export function isUsers(at: string): boolean {
  const file = whole.get(at.replace(/:\d+$/, ''))
  return file !== undefined && !file.startsWith(root) && !file.includes('/node_modules/')
}

/** Whether a position is in the package's own vocabulary and properties, which models are written with: nothing that the model says. */
export const isVocabulary = (at: string): boolean => kinds.get(at.replace(/:\d+$/, '')) === true

/** The present position, `models/mirror-2017/cpu.ts:31`; `unknown` where the platform has no stacks. */
export const position = (): string => site().at

/** The present position, with its column. */
export function site(): Site {
  // A frame costs most of a microsecond, and most words are left behind in few.
  const place = rawPlace(5) ?? rawPlace(20)
  if (place === undefined) return fromText(withLimit(20, () => new Error()).stack)
  const key = `${place.file}:${place.line}:${place.column}`
  const found = known.get(key)
  if (found !== undefined) return found
  const said = fromMap(place) ?? fromText(withLimit(20, () => new Error()).stack)
  known.set(key, said)
  return said
}

type FindSourceMap = typeof import('node:module').findSourceMap
/** Node's own source maps; elsewhere the text of a stack has to do. */
const findSourceMap: FindSourceMap | undefined = (globalThis as { readonly process?: Partial<NodeJS.Process> }).process?.getBuiltinModule?.('node:module').findSourceMap

/** Through the source map of the one frame; the text of a stack is mapped frame by frame. */
function fromMap({ file, line, column }: RawPlace): Site | undefined {
  const entry = findSourceMap?.(file)?.findEntry(line - 1, column - 1)
  if (entry === undefined || !('originalSource' in entry)) return undefined
  return { at: `${shorten(path(entry.originalSource))}:${entry.originalLine + 1}`, column: entry.originalColumn + 1 }
}

function fromText(stack: string | undefined): Site {
  for (const line of stack?.split('\n').slice(1) ?? []) {
    const [, url, row, column] = /([^\s()]+\.[cm]?[jt]sx?(?:\?[^\s:]*)?):(\d+):(\d+)\)?$/.exec(line) ?? []
    if (url !== undefined && row !== undefined && !isOwn(url)) return { at: `${shorten(path(url))}:${row}`, column: Number(column) }
  }
  return { at: 'unknown', column: undefined }
}

/** Identifies the first frame outside the language, where V8 can say it without text. */
function rawPlace(frames: number): RawPlace | undefined {
  if (!('captureStackTrace' in Error)) return undefined
  const prepare = Error.prepareStackTrace
  Error.prepareStackTrace = firstOutside
  try {
    const caught: { readonly stack?: RawPlace } = {}
    withLimit(frames, () => { Error.captureStackTrace(caught, site) })
    return caught.stack
  } finally {
    Error.prepareStackTrace = prepare
  }
}

function firstOutside(_: Error, frames: readonly NodeJS.CallSite[]): RawPlace | undefined {
  for (const frame of frames) {
    const file = frame.getFileName()
    if (typeof file === 'string' && !isOwn(file)) return { file, line: frame.getLineNumber() ?? 1, column: frame.getColumnNumber() ?? 1 }
  }
  return undefined
}

function withLimit<T>(frames: number, run: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = frames
  try {
    return run()
  } finally {
    Error.stackTraceLimit = limit
  }
}
