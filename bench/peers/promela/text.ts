/** Pieces of Promela: expressions as text, folded where they are constant, with what they read. */

/** A cell of a Promela variable; of an array with the index if it is known. */
export interface Cell {
  readonly name: string
  readonly index?: number
}

export interface Text {
  readonly text: string
  /** Its value, if it is constant. */
  readonly constant?: number
  readonly reads: readonly Cell[]
  /** It is some bits of another: (of >> shift) & mask. */
  readonly slice?: { readonly of: Text; readonly shift: number; readonly mask?: number }
}

export const num = (n: number): Text => ({ text: n < 0 ? `(${n})` : String(n), constant: n, reads: [] })
export const yes = num(1),
  no = num(0)
const joined = (text: string, ...parts: readonly Text[]): Text => ({ text, reads: parts.flatMap((p) => p.reads) })

export const isYes = (t: Text): boolean => t.constant !== undefined && t.constant !== 0
export const isNo = (t: Text): boolean => t.constant === 0

const fold = (operator: string, a: number, b: number): number | undefined => {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '&':
      return a & b
    case '|':
      return a | b
    case '<<':
      return a << b
    case '>>':
      return a >> b
    case '==':
      return Number(a === b)
    case '!=':
      return Number(a !== b)
    case '<':
      return Number(a < b)
    case '<=':
      return Number(a <= b)
    case '>':
      return Number(a > b)
    case '>=':
      return Number(a >= b)
    default:
      return undefined
  }
}
const neutral: Readonly<Record<string, number>> = { '+': 0, '-': 0, '<<': 0, '>>': 0, '|': 0, '*': 1 }

export type Operator = '+' | '-' | '*' | '&' | '|' | '<<' | '>>' | '==' | '!=' | '<' | '<=' | '>' | '>='
export function binary(operator: Operator, a: Text, b: Text): Text {
  const folded =
    a.constant === undefined || b.constant === undefined ? undefined : fold(operator, a.constant, b.constant)
  if (folded !== undefined) return num(folded)
  if (b.constant !== undefined && b.constant === neutral[operator]) return a
  if (a.constant === 0 && (operator === '+' || operator === '|')) return b
  if ((operator === '&' || operator === '*') && (a.constant === 0 || b.constant === 0)) return no
  if (operator === '*' && a.constant === 1) return b
  if (b.constant !== undefined && (operator === '>>' || operator === '&')) {
    const { of, shift, mask } = a.slice ?? { of: a, shift: 0 }
    const moved = operator === '>>' ? shift + b.constant : shift
    const kept = operator === '&' ? (mask ?? -1) & b.constant : mask === undefined ? undefined : mask >> b.constant
    const inner = moved === 0 ? of.text : `(${of.text} >> ${moved})`
    return {
      text: kept === undefined ? inner : `(${inner} & ${kept})`,
      reads: of.reads,
      slice: { of, shift: moved, ...(kept === undefined ? {} : { mask: kept }) },
    }
  }
  if ((operator === '==' || operator === '!=') && a.text === b.text) return operator === '==' ? yes : no
  return joined(`(${a.text} ${operator} ${b.text})`, a, b)
}
export const and = (a: Text, b: Text): Text =>
  isNo(a) || isNo(b) ? no : isYes(a) ? b : isYes(b) ? a : joined(`(${a.text} && ${b.text})`, a, b)
export const or = (a: Text, b: Text): Text =>
  isYes(a) || isYes(b) ? yes : isNo(a) ? b : isNo(b) ? a : joined(`(${a.text} || ${b.text})`, a, b)
export const not = (a: Text): Text => {
  if (a.constant !== undefined) return a.constant === 0 ? yes : no
  const comparison = /^\(([\w[\]]+) (==|!=) (\w+)\)$/.exec(a.text)
  if (comparison !== null)
    return { text: `(${comparison[1]} ${comparison[2] === '==' ? '!=' : '=='} ${comparison[3]})`, reads: a.reads }
  return a.text.startsWith('(!') ? { ...a, text: a.text.slice(2, -1) } : joined(`(!${a.text})`, a)
}
export function choose(c: Text, a: Text, b: Text): Text {
  if (isYes(c) || a.text === b.text) return a
  return isNo(c) ? b : joined(`(${c.text} -> ${a.text} : ${b.text})`, c, a, b)
}
/** A cell as it is read. */
export const cell = (name: string, index: Text | undefined): Text => {
  const reads: readonly Cell[] = [
    { name, ...(index?.constant === undefined ? {} : { index: index.constant }) },
    ...(index?.reads ?? []),
  ]
  return { text: index === undefined ? name : `${name}[${bare(index)}]`, reads }
}
/** Without the brackets around it. */
export function bare(t: Text): string {
  if (!t.text.startsWith('(') || !t.text.endsWith(')')) return t.text
  let depth = 0
  for (let i = 0; i < t.text.length; i++) {
    if (t.text[i] === '(') depth++
    // a conditional expression keeps them
    if (depth === 1 && t.text.startsWith(' -> ', i)) return t.text
    if (t.text[i] === ')' && --depth === 0) return i === t.text.length - 1 ? t.text.slice(1, -1) : t.text
  }
  return t.text
}
/** Might a read see what is written there? */
export const meets = (a: Cell, b: Cell): boolean =>
  a.name === b.name && (a.index === undefined || b.index === undefined || a.index === b.index)
