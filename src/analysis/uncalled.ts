/**
 * Procedures and words of the language that a line names without `()`: `read_begin;` by itself is JavaScript that
 * does nothing, and nothing that runs can see it.
 *
 * So the text is split into tokens, with the brackets around them. A finding is a statement of a block that consists of
 * a name, or of names with dots between. If the text may mean something else, there is no warning.
 */

/** A name that stands alone, and the line that it stands in, from 1. */
export interface Uncalled {
  readonly name: string
  readonly line: number
}

interface Token {
  readonly text: string
  /** A template goes on with what stands before it, in the next line too. */
  readonly kind: 'name' | 'literal' | 'template' | 'mark'
  readonly line: number
  readonly startsLine: boolean
}

/** @param isFunction whether something of this name is there to be called */
export function uncalledIn(text: string, isFunction: (name: string) => boolean): readonly Uncalled[] {
  const found: Uncalled[] = []
  const tokens = tokensOf(text)
  /** For each bracket that is open: whether it is that of a block. */
  const open: boolean[] = []
  let startsStatement = true
  for (let n = 0; n < tokens.length; n += 1) {
    const token = tokens[n],
      previous = tokens[n - 1]
    if (token === undefined) break
    const begins: boolean = startsStatement || (token.startsLine && previous !== undefined && endsExpression(previous))
    startsStatement = false
    if (token.text === '{') {
      const isBlock: boolean =
        begins || previous === undefined || [')', '=>'].includes(previous.text) || beforeStatements.has(previous.text)
      open.push(isBlock)
      startsStatement = isBlock
    } else if (token.text === '(' || token.text === '[') open.push(false)
    else if (token.text === '}') startsStatement = open.pop() === true
    else if (token.text === ')' || token.text === ']') open.pop()
    else if (token.text === ';' || (begins && beforeStatements.has(token.text))) startsStatement = true
    else if (begins && open.at(-1) === true && isName(token)) {
      const last = endOfNames(tokens, n)
      const name = tokens[last]
      if (name !== undefined && !statements.has(name.text) && isFunction(name.text) && endsStatement(tokens[last + 1]))
        found.push({
          name: tokens
            .slice(n, last + 1)
            .map((one) => one.text)
            .join(''),
          line: token.line,
        })
      n = last
    }
  }
  return found
}

/** The last of the names that dots join. */
function endOfNames(tokens: readonly Token[], from: number): number {
  const dot = tokens[from + 1]?.text,
    next = tokens[from + 2]
  return (dot === '.' || dot === '?.') && next?.kind === 'name' ? endOfNames(tokens, from + 2) : from
}

const operators = new Set(
  'as await case const delete export extends import in instanceof keyof let new of satisfies throw type typeof var void yield'.split(
    ' ',
  ),
)
/** A statement stands behind them. */
const beforeStatements = new Set(['do', 'else', 'finally', 'try'])
/** Words that are statements by themselves. */
const statements = new Set(['break', 'continue', 'debugger', 'return'])
const isName = ({ kind, text }: Token): boolean => kind === 'name' && !operators.has(text)
/** Whether a new line behind it can begin a statement. */
const endsExpression = (token: Token): boolean =>
  isName(token) ||
  token.kind === 'literal' ||
  token.kind === 'template' ||
  token.text === ')' ||
  token.text === ']' ||
  token.text === '}'
const goesOn = new Set(['as', 'in', 'instanceof', 'of', 'satisfies'])
const endsStatement = (next: Token | undefined): boolean =>
  next === undefined ||
  next.text === ';' ||
  next.text === '}' ||
  (next.startsLine && (next.kind === 'literal' || (next.kind === 'name' && !goesOn.has(next.text))))

const patterns: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /\s+|\/\/.*|\/\*[^]*?\*\//uy],
  ['name', /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy],
  ['literal', /\d[\w.]*|'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"/uy],
  ['mark', /=>|\?\.(?!\d)|[^]/uy],
]
const regularExpression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/uy

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0,
    line = 1,
    startsLine = true
  const take = (kind: Token['kind'] | 'space', taken: string): void => {
    if (kind !== 'space') tokens.push({ text: taken, kind, line, startsLine })
    const lines = taken.split('\n').length - 1
    startsLine = kind === 'space' ? startsLine || lines > 0 : false
    line += lines
    at += taken.length
  }
  const matchAt = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  while (at < text.length) {
    if (text[at] === '`') take('template', text.slice(at, endOfTemplate(text, at)))
    else {
      const last = tokens.at(-1)
      const regular =
        text[at] === '/' && !/^\/[/*]/.test(text.slice(at, at + 2)) && (last === undefined || !endsExpression(last))
          ? matchAt(regularExpression)
          : undefined
      if (regular !== undefined) take('literal', regular)
      else
        for (const [kind, pattern] of patterns) {
          const taken = matchAt(pattern)
          if (taken === undefined) continue
          take(kind, taken)
          break
        }
    }
  }
  return tokens
}

/** Behind the template that begins here, whatever stands in its `${}`. */
function endOfTemplate(text: string, from: number): number {
  for (let at = from + 1, depth = 0; at < text.length; at += 1) {
    const c = text[at]
    if (c === '\\') at += 1
    else if (depth === 0 && c === '`') return at + 1
    else if (depth === 0 && c === '$' && text[at + 1] === '{') {
      depth = 1
      at += 1
    } else if (depth > 0 && c === '{') depth += 1
    else if (depth > 0 && c === '}') depth -= 1
    else if (depth > 0 && c === '`') at = endOfTemplate(text, at) - 1
  }
  return text.length
}
