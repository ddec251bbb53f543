/**
 * Explains an error that a user's file throws while it is loaded or its model is built, as a mistake of the user's:
 * the place, the line itself, the likely cause, the remedy. A mistake that the language found gets its line too.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorText } from '../language/error-text.ts'
import { sourceFile } from '../language/position.ts'
import { adviceFor } from './advice.ts'
import { isMistake } from '../catalogue/mistakes.ts'

/** A place in a file; line and column count from 1. */
interface Place {
  readonly file: string
  readonly line: number
  readonly column: number | undefined
}

/**
 * The text of an error for the user, without a stack trace; nothing if the error is this program's own.
 *
 * @param files of the user's, if it was thrown while they were loaded
 */
export async function explained(
  error: unknown,
  cwd: string,
  files: readonly string[] = [],
): Promise<string | undefined> {
  if (isMistake(error)) return [error.message, ...excerptOf(error, cwd)].join('\n')
  if (error instanceof Error && error.name === 'ThrownByModel' && 'thrown' in error)
    return thrownText(error.thrown, cwd, [])
  return files.length === 0 ? undefined : thrownText(error, cwd, files)
}

/** The text of what a user's file threw, if it can be said where. */
async function thrownText(error: unknown, cwd: string, files: readonly string[]): Promise<string | undefined> {
  const place = placeOf(error, files)
  if (place === undefined) return undefined
  const whole = error instanceof Error ? error.message : String(error)
  const broken = /: ERROR: (.*)/.exec(whole)?.[1]
  const name = broken !== undefined ? 'SyntaxError' : error instanceof Error ? error.name : 'exception'
  const message = broken ?? whole.split('\n')[0] ?? ''
  const text = lineOf(place)
  const { code, cause, remedy } = await adviceFor({ name, message, text, file: place.file })
  const at = `${shown(place.file, cwd)}:${place.line}${place.column === undefined ? '' : `:${place.column}`}`
  const what = `${name === 'Error' || name === 'exception' ? '' : `${name}: `}${message}`
  return [errorText({ code, what, at, cause, remedy }), ...excerpt(place, undefined)].join('\n')
}

/** The file as the user would name it. */
function shown(file: string, cwd: string): string {
  const path = relative(cwd, file)
  return path.startsWith('..') || isAbsolute(path) ? file : path
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
  } catch {
    return []
  }
}

const lineOf = ({ file, line }: Place): string => linesOf(file)[line - 1] ?? ''

/** The line of a mistake that the language or a catalogue found, if the file can be read. */
function excerptOf(error: Error, cwd: string): readonly string[] {
  if (!('at' in error) || typeof error.at !== 'string') return []
  const [, file, line] = /^(.*?):(\d+)/.exec(error.at) ?? []
  if (file === undefined) return []
  const column = 'column' in error && typeof error.column === 'number' ? error.column : undefined
  const argument =
    'call' in error && typeof error.call === 'string' && 'argument' in error && typeof error.argument === 'number'
      ? { call: error.call, number: error.argument }
      : undefined
  return excerpt({ file: sourceFile(file) ?? resolve(cwd, file), line: Number(line), column }, argument)
}

/** The most lines that are shown of a long statement. */
const MOST_LINES = 6

/** The statement's text, from its line to where its brackets are closed, and what of the first line is at fault. */
function excerpt(
  place: Place,
  argument: { readonly call: string; readonly number: number } | undefined,
): readonly string[] {
  const lines = linesOf(place.file)
  const first = lines[place.line - 1]
  if (first === undefined || first.trim() === '') return []
  const shownLines: string[] = []
  for (let n = place.line - 1, open = 0; n < lines.length && shownLines.length < MOST_LINES; n += 1) {
    const line = lines[n] ?? ''
    shownLines.push(line)
    for (const letter of line.replaceAll(/'[^']*'|"[^"]*"|\/\/.*/g, ''))
      open += '([{'.includes(letter) ? 1 : ')]}'.includes(letter) ? -1 : 0
    if (open <= 0) break
  }
  const width = String(place.line + shownLines.length - 1).length
  const numbered = (line: string, n: number): string => `  ${String(place.line + n).padStart(width)} | ${line}`
  const mark = markOf(first, place.column, argument)
  const pointer =
    mark === undefined
      ? []
      : [`  ${' '.repeat(width)} | ${' '.repeat(mark.from)}${'^'.repeat(Math.max(1, mark.to - mark.from))}`]
  const [head = '', ...rest] = shownLines.map(numbered)
  return ['', head, ...pointer, ...rest]
}

/** The text at the column: the argument at fault, or the name that is there. */
function markOf(
  line: string,
  column: number | undefined,
  argument: { readonly call: string; readonly number: number } | undefined,
): { readonly from: number; readonly to: number } | undefined {
  if (column === undefined) return undefined
  const from = line[column - 1] === '.' ? column : column - 1
  const found = argument === undefined ? undefined : argumentsFrom(line, from)[argument.number - 1]
  if (found !== undefined) return found
  const [name = ''] = /^[\w$]*/.exec(line.slice(from)) ?? []
  return { from, to: from + name.length }
}

/** The arguments of the call whose name stands at `from`, as far as they are in the line. */
function argumentsFrom(line: string, from: number): readonly { readonly from: number; readonly to: number }[] {
  const opening = line.indexOf('(', from)
  if (opening < 0 || !/^[\w$.]*$/.test(line.slice(from, opening))) return []
  const found: { from: number; to: number }[] = []
  let [start, depth, quote] = [opening + 1, 0, '']
  for (let n = opening; n < line.length; n += 1) {
    const letter = line[n] ?? ''
    if (quote !== '') {
      if (letter === quote) quote = ''
      continue
    }
    if ('\'"`'.includes(letter)) quote = letter
    else if ('([{'.includes(letter)) depth += 1
    else if (')]}'.includes(letter)) depth -= 1
    if ((letter === ',' && depth === 1) || depth === 0) {
      const text = line.slice(start, n)
      const lead = text.length - text.trimStart().length
      if (text.trim() !== '') found.push({ from: start + lead, to: start + text.trimEnd().length })
      start = n + 1
    }
    if (depth === 0) break
  }
  return found
}

/** This package, as the file names of frames begin. */
const root = fileURLToPath(new URL('.', import.meta.url)).replace(/(dist[/\\]bundle|src[/\\]cli)[/\\]$/, '')
const own = ['src', 'dist', 'properties', 'models', 'bin', 'node_modules'].map((folder) => `${root}${folder}`)
const isUsers = (file: string): boolean =>
  !/[/\\]node_modules[/\\]/.test(file) && !own.some((folder) => file.startsWith(folder))

/**
 * The innermost frame of an error that is in a user's file; or what the loader says of a file that it could not take.
 */
function placeOf(error: unknown, files: readonly string[]): Place | undefined {
  if (!(error instanceof Error)) return undefined
  const stack = error.stack ?? ''
  const [head = '', frames = ''] = splitStack(stack, error)
  const broken = /(?:^|\n)(?:file:\/\/)?(\/[^\n]*?|[A-Za-z]:[^\n]*?):(\d+)(?::(\d+): ERROR: )?/.exec(head)
  if (broken !== null)
    return said(broken[1] ?? '', Number(broken[2]), broken[3] === undefined ? caretOf(head) : Number(broken[3]) + 1)
  for (const line of frames.split('\n')) {
    if (line.includes('node:')) continue
    const [, url, row, column] = /^\s*at .*?((?:file:\/\/|\/|[A-Za-z]:[/\\])[^\n]*?):(\d+):(\d+)\)?$/.exec(line) ?? []
    if (url === undefined) continue
    const place = said(url, Number(row), Number(column))
    if (isUsers(place.file)) return place
  }
  return importOf(error) ?? (error.name === 'SyntaxError' ? syntaxOf(files) : undefined)
}

/** The text before the error's name, where Node shows the source, and the frames. */
function splitStack(stack: string, { name, message }: Error): readonly [head: string, frames: string] {
  const at = stack.search(/^\s+at /m)
  const before = at < 0 ? stack : stack.slice(0, at)
  const named = before.indexOf(`${name}: ${message.split('\n')[0] ?? ''}`)
  return [
    `${before.slice(0, Math.max(0, named))}${/Transform failed/.test(message) ? `\n${message}` : ''}`,
    at < 0 ? '' : stack.slice(at),
  ]
}

function said(url: string, line: number, column: number | undefined): Place {
  const path = url.replace(/\?.*$/, '')
  return { file: path.startsWith('file:') ? fileURLToPath(path) : decodeURI(path), line, column }
}

/** The column of the `^` under a line of source. */
function caretOf(head: string): number | undefined {
  const line = head.split('\n').find((one) => /^\s*\^+\s*$/.test(one))
  return line === undefined ? undefined : line.indexOf('^') + 1
}

/** The place where a file imports another one that does not exist. */
function importOf({ message }: Error): Place | undefined {
  const [, wanted, by] =
    /Cannot find (?:module|package) '([^']+)' imported from '?([^'\n]+?)'?$/.exec(message.split('\n')[0] ?? '') ?? []
  if (wanted === undefined || by === undefined) return undefined
  const file = by.startsWith('file:') ? fileURLToPath(by) : by
  const name = wanted.split(/[/\\]/).at(-1) ?? wanted
  const lines = linesOf(file)
  const line = lines.findIndex(
    (text) => /\b(from|import)\b/.test(text) && text.includes(name.replace(/\.[cm]?[jt]s$/, '')),
  )
  return line < 0
    ? undefined
    : { file, line: line + 1, column: (lines[line] ?? '').search(/['"][^'"]*['"]\s*;?\s*$/) + 1 }
}

/** Node tells the line of a syntax error in an ECMAScript module only with `--check`. */
function syntaxOf(files: readonly string[]): Place | undefined {
  for (const file of files) {
    const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' })
    const [, line] = /^(?:file:\/\/)?[^\n]*?:(\d+)\n/.exec(stderr) ?? []
    if (line !== undefined) return { file, line: Number(line), column: caretOf(stderr) }
  }
  return undefined
}
