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

/** Relative to the package for its own files; else the last two parts, which say enough and nothing of the machine. */
const shorten = (file: string): string =>
  file.startsWith(root) && !file.includes('/node_modules/') ? file.slice(root.length) : file.split('/').slice(-2).join('/')

/** Positions by the raw place of the frame: turning a stack into text, through source maps, costs ten times as much as catching it. */
const known = new Map<string, string>()

/** The present position, `models/mirror-2017/cpu.ts:31`; `unknown` where the platform has no stacks. */
export function position(): string {
  // A frame costs most of a microsecond, and most words are left behind in few.
  const place = rawPlace(5) ?? rawPlace(20)
  const found = place === undefined ? undefined : known.get(place)
  if (found !== undefined) return found
  const said = fromText(withLimit(20, () => new Error()).stack)
  if (place !== undefined) known.set(place, said)
  return said
}

function fromText(stack: string | undefined): string {
  for (const line of stack?.split('\n').slice(1) ?? []) {
    const [, url, row] = /([^\s()]+\.[cm]?[jt]sx?(?:\?[^\s:]*)?):(\d+):\d+\)?$/.exec(line) ?? []
    if (url !== undefined && row !== undefined && !isOwn(url)) return `${shorten(path(url))}:${row}`
  }
  return 'unknown'
}

/** Identifies the first frame outside the language, where V8 can say it without text. */
function rawPlace(frames: number): string | undefined {
  if (!('captureStackTrace' in Error)) return undefined
  const prepare = Error.prepareStackTrace
  Error.prepareStackTrace = firstOutside
  try {
    const caught: { readonly stack?: string } = {}
    withLimit(frames, () => { Error.captureStackTrace(caught, position) })
    return caught.stack
  } finally {
    Error.prepareStackTrace = prepare
  }
}

function firstOutside(_: Error, frames: readonly NodeJS.CallSite[]): string | undefined {
  for (const frame of frames) {
    const file = frame.getFileName()
    if (typeof file === 'string' && !isOwn(file)) return `${file}:${frame.getLineNumber()}:${frame.getColumnNumber()}`
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
