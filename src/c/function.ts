/** Functions of C while they are written: a statement a line, with structured control flow, and jumps out of blocks. */
import { isNo, isYes, type ValueType, type W } from '../wasm/expression.ts'
import type { BranchTarget, Func } from '../wasm/function.ts'
import { commentOf } from './comment.ts'
import { callOf, wordText, expressionText, type Printing } from './expression.ts'

/** A function as it is written. */
export interface WrittenC {
  readonly parameters: readonly ValueType[]
  readonly locals: ValueType[]
  /** Its statements. */
  readonly lines: string[]
}

/** Where the writing is: in which run of lines, and how deep in blocks. */
interface Pen {
  lines: string[]
  indent: number
  depth: number
  /** The labels that a jump leads to, by the depth of their block; of the blocks that are open. */
  readonly labels: Map<number, { readonly name: string; used: boolean }>
  labelled: number
}

const typeNames: Readonly<Partial<Record<ValueType, string>>> = { i32: 'u32', i64: 'u64' }
export const typeName = (type: ValueType): string => {
  const name = typeNames[type]
  if (name === undefined) throw new Error(`no C for the type ${type}`)
  return name
}

/** The name of a parameter or local: `a0`, `a1` are the parameters. */
export const nameOf = ({ parameters, locals }: WrittenC, index: number): string =>
  index < parameters.length
    ? `a${index}`
    : `${locals[index - parameters.length] === 'i32' ? 'n' : 'w'}${index - parameters.length}`

/** @param called the name of a function by its index */
export function funcInC(index: number, written: WrittenC, called: (target: number) => string): Func {
  const { parameters, locals, lines } = written
  const pen: Pen = { lines, indent: 1, depth: 0, labels: new Map(), labelled: 0 }
  let errorLocal: number | undefined
  const local = (type: ValueType): number => parameters.length + locals.push(type) - 1
  const error = (): number => (errorLocal ??= local('i32'))
  const to: Printing = {
    line(text) {
      pen.lines.push('  '.repeat(pen.indent) + text)
    },
    indented(write) {
      pen.indent += 1
      write()
      pen.indent -= 1
    },
    name: (one) => nameOf(written, one),
    temporary: (type) => nameOf(written, local(type)),
    error: () => nameOf(written, error()),
    isErrorLocal: (one) => one === errorLocal,
    called,
  }
  return {
    index,
    local,
    get error() {
      return error()
    },
    note(text) {
      to.line(commentOf(text))
    },
    ...values(to),
    ...branches(to, pen),
    ...blocks(to, pen),
  }
}

type Values = Pick<
  Func,
  'set' | 'tee' | 'store' | 'drop' | 'do' | 'result' | 'return' | 'copy' | 'fill' | 'unreachable'
>
function values(to: Printing): Values {
  const set = (local: number, value: W): void => {
    const text = expressionText(to, value)
    if (text !== to.name(local)) to.line(`${to.name(local)} = ${text};`)
  }
  const result = (value: W): void => {
    to.line(`return ${expressionText(to, value)};`)
  }
  const missing = (what: string) => (): never => {
    throw new Error(`no C for ${what}`)
  }
  return {
    set,
    tee: missing('a value that is set and left'),
    store(size, address, offset, value) {
      if (size !== 64) throw new Error(`no C for a store of ${size} bits`)
      const at = wordText(expressionText(to, address), offset)
      to.line(`${at} = ${expressionText(to, value)};`)
    },
    drop(value) {
      expressionText(to, value)
    },
    do(target, ...given) {
      to.line(`${callOf(to, target, given)};`)
    },
    result,
    return: result,
    copy: missing('a copy of memory'),
    fill: missing('a run of memory'),
    unreachable() {
      to.line('unreachable();')
    },
  }
}

/** The label of an open block. */
function labelOf({ labels }: Pen, { depth }: BranchTarget): string {
  const label = labels.get(depth)
  if (label === undefined) throw new Error('a jump to a block that is not open')
  label.used = true
  return label.name
}

function branches(to: Printing, pen: Pen): Pick<Func, 'br' | 'brIf' | 'brTable'> {
  return {
    br(target) {
      to.line(`goto ${labelOf(pen, target)};`)
    },
    brIf(target, condition) {
      if (isNo(condition)) return
      const test = expressionText(to, condition)
      to.line(isYes(condition) ? `goto ${labelOf(pen, target)};` : `if (${test}) goto ${labelOf(pen, target)};`)
    },
    brTable(targets, value) {
      to.line(`switch (${expressionText(to, value)}) {`)
      targets.forEach((target, n) => {
        to.line(`${n < targets.length - 1 ? `case ${n}` : 'default'}: goto ${labelOf(pen, target)};`)
      })
      to.line('}')
    },
  }
}

function blocks(to: Printing, pen: Pen): Pick<Func, 'if' | 'branch' | 'block' | 'loop'> {
  /** Lines that are put into a block later. */
  const aside = (write: () => void): readonly string[] => {
    const outer = pen.lines
    const lines: string[] = []
    pen.lines = lines
    to.indented(write)
    pen.lines = outer
    return lines
  }
  const put = (lines: readonly string[]): void => {
    for (const line of lines) pen.lines.push(line)
  }
  /** Writes an `if`, and leaves out a side that is empty. */
  const either = (test: string, then: readonly string[], otherwise: readonly string[]): void => {
    if (then.length === 0 && otherwise.length === 0) return
    to.line(then.length === 0 ? `if (!(${test})) {` : `if (${test}) {`)
    put(then.length === 0 ? otherwise : then)
    if (then.length > 0 && otherwise.length > 0) {
      to.line('} else {')
      put(otherwise)
    }
    to.line('}')
  }
  /** Writes a block with a label, which stands behind it, or before it. */
  const labelled = (place: 'before' | 'behind', body: (target: BranchTarget) => void): void => {
    pen.depth += 1
    const label = { name: `${place === 'before' ? 'again' : 'out'}_${(pen.labelled += 1)}`, used: false }
    const { depth } = pen
    pen.labels.set(depth, label)
    const outer = pen.lines
    const lines: string[] = []
    pen.lines = lines
    body({ depth })
    pen.lines = outer
    pen.labels.delete(depth)
    pen.depth -= 1
    if (place === 'before' && label.used) to.line(`${label.name}:;`)
    put(lines)
    if (place === 'behind' && label.used) to.line(`${label.name}:;`)
  }
  return {
    if(condition, then, otherwise) {
      if (isYes(condition)) then()
      else if (isNo(condition)) otherwise?.()
      else {
        const test = expressionText(to, condition)
        either(test, aside(then), otherwise === undefined ? [] : aside(otherwise))
      }
    },
    branch(condition, side, ends) {
      const [then = [], otherwise = []] = [true, false].map((outcome) =>
        aside(() => {
          side(outcome)
        }),
      )
      const end = ends()
      const tails = [true, false].map((outcome) =>
        aside(() => {
          end(outcome)
        }),
      )
      either(expressionText(to, condition), [...then, ...(tails[0] ?? [])], [...otherwise, ...(tails[1] ?? [])])
    },
    block(body) {
      labelled('behind', body)
    },
    loop(body) {
      labelled('before', body)
    },
  }
}
