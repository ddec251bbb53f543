/** Functions written as C: one text, in which each function is declared before the first is defined. */
import type { Called, Functions } from '../wasm/assembler.ts'
import type { ValueType } from '../wasm/expression.ts'
import { commentOf } from './comment.ts'
import { funcInC, nameOf, typeName, type WrittenC } from './function.ts'

export interface FunctionsInC extends Functions {
  /** A function that is written elsewhere, in C. */
  external(name: string, parameters: readonly ValueType[], results: readonly ValueType[]): number
  /** The name of a function. */
  nameOf(index: number): string
  /** The text of all that were defined. */
  text(): string
}

interface Declared {
  readonly name: string
  readonly comment: string | undefined
  readonly parameters: readonly ValueType[]
  readonly results: readonly ValueType[]
  readonly isExternal: boolean
  written?: WrittenC
}

export function functionsInC(): FunctionsInC {
  const all: Declared[] = []
  const names = new Map<string, number>()
  /** The name, or with a number behind it if it is taken. */
  const unique = (name: string): string => {
    const times = names.get(name) ?? 0
    names.set(name, times + 1)
    return times === 0 ? name : unique(`${name}_${times + 1}`)
  }
  const declaredAt = (index: number): Declared => {
    const found = all[index]
    if (found === undefined) throw new Error('an undeclared function')
    return found
  }
  const add = (
    { name, comment }: Called,
    parameters: readonly ValueType[],
    results: readonly ValueType[],
    isExternal: boolean,
  ): number => all.push({ name: unique(name), comment, parameters, results, isExternal }) - 1
  const it: FunctionsInC = {
    external: (name, parameters, results) => add({ name }, parameters, results, true),
    declare: (parameters, results, called) => add(called?.() ?? { name: 'part' }, parameters, results, false),
    define(index, write) {
      const declared = declaredAt(index)
      const written: WrittenC = { parameters: declared.parameters, locals: [], lines: [] }
      declared.written = written
      write(funcInC(index, written, (target) => declaredAt(target).name))
    },
    function(parameters, results, write, called) {
      const index = it.declare(parameters, results, called)
      it.define(index, write)
      return index
    },
    nameOf: (index) => declaredAt(index).name,
    text() {
      const own = all.filter(({ isExternal }) => !isExternal)
      return [...own.map((one) => `${headOf(one)};`), '', ...own.flatMap(definitionOf)].join('\n')
    },
  }
  return it
}

/** `static u32 name(u32 a0, u64 a1)` */
function headOf({ name, parameters, results }: Declared): string {
  const [result] = results
  const taken = parameters.map((type, n) => `${typeName(type)} a${n}`)
  return `static ${result === undefined ? 'void' : typeName(result)} ${name}(${taken.length === 0 ? 'void' : taken.join(', ')})`
}

function definitionOf(declared: Declared): readonly string[] {
  const { comment, written, parameters, results } = declared
  if (written === undefined) throw new Error(`the function ${declared.name} was declared and not defined`)
  const { locals } = written
  const lines = withoutUnread(written.lines)
  const names = new Set(lines.flatMap((line) => line.match(localName) ?? []))
  const used = (name: string): boolean => names.has(name)
  const namesOf = (type: ValueType): readonly string[] =>
    locals.flatMap((one, n) => {
      const name = nameOf(written, parameters.length + n)
      return one === type && used(name) ? [`${name} = 0`] : []
    })
  const [words, numbers] = [namesOf('i64'), namesOf('i32')]
  return [
    ...(comment === undefined ? [] : [commentOf(comment)]),
    `${headOf(declared)} {`,
    ...declarationOf('u64', words),
    ...declarationOf('u32', numbers),
    ...parameters.flatMap((_, n) => (used(`a${n}`) ? [] : [`  (void)a${n};`])),
    ...lines,
    ...(results.length > 0 && !/^ {2}return /.test(lines.at(-1) ?? '') ? ['  return 0;'] : []),
    '}',
    '',
  ]
}

/** The names that `nameOf` gives. */
const localName = /\b[anw]\d+\b/g

/** Without the assignments to locals that nothing reads: what stands right of them changes nothing, but for a call. */
function withoutUnread(lines: readonly string[]): readonly string[] {
  const assignment = /^\s*([nw]\d+) = /
  const read = new Set(lines.flatMap((line) => line.replace(assignment, '').match(localName) ?? []))
  const left = lines.flatMap((line) => {
    const target = assignment.exec(line)?.[1]
    if (target === undefined || read.has(target)) return [line]
    return /^\s*\w+ = \w+\(.*\);$/.test(line) && !/= (?:WORD|number_of_truth|ones|trailing_zeros)\(/.test(line)
      ? [line.replace(assignment, (whole) => whole.slice(0, whole.search(/\S/)))]
      : []
  })
  return left.length === lines.length && left.every((line, n) => line === lines[n]) ? lines : withoutUnread(left)
}

/** Declared locals, as many on a line as there is room for. */
function declarationOf(type: string, names: readonly string[]): readonly string[] {
  const lines: string[] = []
  for (const name of names) {
    const last = lines.at(-1)
    if (last === undefined || last.length + name.length > 110) lines.push(`  ${type} ${name}`)
    else lines[lines.length - 1] = `${last}, ${name}`
  }
  return lines.map((line) => `${line};`)
}
