/**
 * The user's TypeScript checks the user's files while the model is explored: it finds more slips than the recording
 * of a model can.
 *
 * The TypeScript is the one installed where the file is; without one, types are not checked, and a note says so.
 * It runs as a process of its own, keeps its state in `node_modules/.cache/hmmcheck`, and is not run again for files
 * that have not changed since it found nothing in them.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { errorText } from '../language/error-text.ts'

/**
 * The errors that TypeScript finds in the files.
 *
 * @returns undefined if none is installed where the files are
 */
export async function typeErrors(files: readonly string[]): Promise<readonly string[] | undefined> {
  const typed = files.filter((file) => /\.[cm]?tsx?$/.test(file) && existsSync(file))
  const [first] = typed
  if (first === undefined) return []
  const compiler = compilerFor(first)
  if (compiler === undefined) return undefined
  const folder = cacheFor(first)
  const name = createHash('sha256').update(typed.join('\n')).digest('hex').slice(0, 16)
  const [project, known] = [join(folder, `${name}.json`), join(folder, `${name}.tsbuildinfo`)]
  if (isKnownClean(known, folder, typed)) return []
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(project, JSON.stringify(projectOf(first, typed, known)))
  } catch {
    return []
  }
  return new Promise((done) => {
    execFile(
      process.execPath,
      [compiler, '-p', project, '--pretty', 'false'],
      { cwd: dirname(first), maxBuffer: 2 ** 24 },
      (_error, stdout) => {
        const found = messagesIn(stdout)
        // the state of files with errors is not kept for the next time
        if (found.length > 0) rmSync(known, { force: true })
        done(found)
      },
    )
  })
}

/** The compiler's program, as it is found from the file. */
function compilerFor(file: string): string | undefined {
  try {
    return createRequire(pathToFileURL(file)).resolve('typescript/bin/tsc')
  } catch {
    return undefined
  }
}

/** The nearest file or folder of this name at the place or around it. */
function around(folder: string, name: string): string | undefined {
  const here = join(folder, name)
  if (existsSync(here)) return here
  return dirname(folder) === folder ? undefined : around(dirname(folder), name)
}

const cacheFor = (file: string): string => join(around(dirname(file), 'node_modules') ?? tmpdir(), '.cache', 'hmmcheck')

/** The user's own settings, for these files alone; or the strict ones of a new project. */
function projectOf(first: string, files: readonly string[], known: string): object {
  const settings = around(dirname(first), 'tsconfig.json')
  return {
    ...(settings === undefined ? {} : { extends: settings }),
    files,
    include: [],
    references: [],
    compilerOptions: {
      ...(settings === undefined ? { strict: true, target: 'esnext', module: 'nodenext' } : {}),
      noEmit: true,
      composite: false,
      declaration: false,
      declarationMap: false,
      emitDeclarationOnly: false,
      incremental: true,
      tsBuildInfoFile: known,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
  }
}

/** Whether nothing was wrong the last time, and no file that was looked at has changed since. */
function isKnownClean(known: string, folder: string, files: readonly string[]): boolean {
  try {
    const at = statSync(known).mtimeMs
    const info: unknown = JSON.parse(readFileSync(known, 'utf8'))
    if (typeof info !== 'object' || info === null || !('fileNames' in info) || !Array.isArray(info.fileNames))
      return false
    const names: readonly unknown[] = info.fileNames
    return [...files, ...names].every(
      (name) => typeof name === 'string' && statSync(resolve(folder, name)).mtimeMs < at,
    )
  } catch {
    return false
  }
}

/**
 * The errors in the compiler's output: `driver.ts(4,3): error TS2345: ...`. Indented lines belong to the error above
 * them. Errors about settings are left out, since they are not the model's.
 */
function messagesIn(output: string): readonly string[] {
  const found: { what: string; readonly at: string }[] = []
  for (const line of output.split(/\r?\n/)) {
    const [, file, row, column, code, text] = /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/.exec(line) ?? []
    const last = found.at(-1)
    if (file !== undefined)
      found.push({ what: `${text ?? ''} (${code ?? ''})`, at: `${file}:${row ?? ''}:${column ?? ''}` })
    else if (/^\s+\S/.test(line) && last !== undefined) last.what += ` ${line.trim()}`
  }
  return found.map(({ what, at }) => errorText({ code: 'HMM091', what, at }))
}
