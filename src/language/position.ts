/** The place in the model's source where something was written: the first stack frame outside this language. */

/**
 * The path of a file as a stack frame or a source map names it: a URL, in which a space is `%20`, or a path of the
 * system's. Its parts are parted by `/`.
 */
export function path(url: string): string {
  const [, inUrl] = /^file:\/\/([^?#]*)/.exec(url) ?? []
  const plain = inUrl === undefined ? url.replace(/\?.*$/, '') : decoded(inUrl).replace(/^\/(?=[A-Za-z]:\/)/, '')
  return /^[A-Za-z]:\\/.test(plain) ? plain.replaceAll('\\', '/') : plain
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** This directory as it begins the file names of stack frames. */
const here = path(import.meta.url.slice(0, import.meta.url.lastIndexOf('/') + 1))
const root = here.replace(/(dist\/bundle|src\/language)\/$/, '')
/**
 * This directory and that of `defineProtocol`, which runs the text of models, and the files of the command. The build
 * has both directories in its bundle, which does not contain files of the vocabulary or of models.
 *
 * The bundle may have another name in stack frames than on the disk: V8 keeps the name of a script with its code, and
 * the package may have been moved since.
 */
const own: readonly string[] = [
  here,
  ...nameOfThisFile(),
  here.replace(/language\/$/, 'catalogue/'),
  here.replace(/(bundle|src\/language)\/$/, 'bin/'),
]

/** The name of this file in stack frames, where V8 can say it. */
function nameOfThisFile(): readonly string[] {
  const name = framesBelow(nameOfThisFile, 1, ([frame]) => frame?.getFileName() ?? undefined)
  return name === undefined ? [] : [path(name)]
}

const files = new Map<string, boolean>()
/** Whether a file is one of this language's. */
function isOwn(file: string): boolean {
  const seen = files.get(file)
  if (seen !== undefined) return seen
  const is = own.some((directory) => path(file).startsWith(directory))
  files.set(file, is)
  return is
}

/** Whole paths of files by what positions say of them. */
const whole = new Map<string, string>()

/**
 * Relative to the package for its own files; else the last two parts, which say enough and nothing of the machine,
 * and more only where they are another file's, too.
 */
function shorten(file: string): string {
  const parts = file.split('/')
  const isInPackage = file.startsWith(root) && !file.includes('/node_modules/')
  const names = isInPackage ? [file.slice(root.length)] : parts.map((_, n) => parts.slice(-2 - n).join('/'))
  const short = names.find((name) => (whole.get(name) ?? file) === file) ?? file
  whole.set(short, file)
  kinds.set(short, isOfVocabulary(file))
  return short
}

/** Whether files are of the package's vocabulary, by their names in positions. */
const kinds = new Map<string, boolean>()
const isOfVocabulary = (file: string): boolean =>
  file.startsWith(root) && /^(dist\/)?(src\/kernel|properties)\//.test(file.slice(root.length))

/** Takes note of files of this package that the positions of a model name that was recorded before. */
export function knowFiles(names: readonly string[]): void {
  for (const short of names) {
    const file = `${root}${short}`
    whole.set(short, file)
    kinds.set(short, isOfVocabulary(file))
  }
}

/** The path of a file that a position of a model built in this process names; undefined if it names none. */
export const sourceFile = (file: string): string | undefined => whole.get(file)

/** The place of a frame in the code that runs: for compiled code, not yet the place in its source. */
interface RawPlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A place in a model's source. */
export interface SourcePosition {
  /** `models/mirror-2017/cpu.ts:31` */
  readonly at: string
  /** From 1; unknown where the platform has no stacks. */
  readonly column: number | undefined
}

/**
 * Positions by the raw place of the frame: turning a stack into text, through source maps, costs ten times as much as
 * catching it.
 */
const known = new Map<string, SourcePosition>()

/** Whether a position is in a file outside this package, and in no other package. */
export function isUsers(at: string): boolean {
  const file = whole.get(at.replace(/:\d+$/, ''))
  return file !== undefined && !file.startsWith(root) && !file.includes('/node_modules/')
}

/**
 * Whether a position is in the package's own vocabulary and properties, which models are written with: nothing that
 * the model says.
 */
export const isVocabulary = (at: string): boolean => kinds.get(at.replace(/:\d+$/, '')) === true

/** The present position, `models/mirror-2017/cpu.ts:31`; `unknown` where the platform has no stacks. */
export const position = (): string => site().at

/** The present position, with its column. */
export function site(): SourcePosition {
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
const findSourceMap: FindSourceMap | undefined = (
  globalThis as { readonly process?: Partial<NodeJS.Process> }
).process?.getBuiltinModule?.('node:module').findSourceMap

/** Through the source map of the one frame; the text of a stack is mapped frame by frame. */
function fromMap({ file, line, column }: RawPlace): SourcePosition | undefined {
  const entry = findSourceMap?.(file)?.findEntry(line - 1, column - 1)
  if (entry === undefined || !('originalSource' in entry)) return undefined
  return { at: `${shorten(path(entry.originalSource))}:${entry.originalLine + 1}`, column: entry.originalColumn + 1 }
}

function fromText(stack: string | undefined): SourcePosition {
  for (const line of stack?.split('\n').slice(1) ?? []) {
    const [, url, row, column] =
      /(?:\(|at (?:async )?)([^()]*\.[cm]?[jt]sx?(?:\?[^\s:]*)?):(\d+):(\d+)\)?$/.exec(line) ?? []
    if (url !== undefined && row !== undefined && !isOwn(url))
      return { at: `${shorten(path(url))}:${row}`, column: Number(column) }
  }
  return { at: 'unknown', column: undefined }
}

/** Identifies the first frame outside the language, where V8 can say it without text. */
const rawPlace = (frames: number): RawPlace | undefined => framesBelow(site, frames, firstOutside)

function firstOutside(frames: readonly NodeJS.CallSite[]): RawPlace | undefined {
  for (const frame of frames) {
    const file = frame.getFileName()
    if (typeof file === 'string' && !isOwn(file))
      return { file, line: frame.getLineNumber() ?? 1, column: frame.getColumnNumber() ?? 1 }
  }
  return undefined
}

/** Reads the frames below a function that runs; undefined where they can't be had without text. */
function framesBelow<Found>(
  running: (...arguments_: never[]) => unknown,
  count: number,
  read: (frames: readonly NodeJS.CallSite[]) => Found | undefined,
): Found | undefined {
  if (!('captureStackTrace' in Error)) return undefined
  const prepare = Error.prepareStackTrace
  Error.prepareStackTrace = (_, frames) => read(frames)
  try {
    const caught: { readonly stack?: Found } = {}
    withLimit(count, () => {
      Error.captureStackTrace(caught, running)
    })
    return caught.stack
  } finally {
    Error.prepareStackTrace = prepare
  }
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
