/** A model as code that can be pasted into a test. */
import type { ConfiguredModel } from '../../src/language/ast.ts'

export function asCode(model: ConfiguredModel): string {
  return `const model: ConfiguredModel = ${literal(model, '')}`
}

/** JSON as JavaScript: keys bare, strings in single quotes, and what fits on a line on one line. */
function literal(value: unknown, indent: string): string {
  const line = onOneLine(value)
  if (line.length + indent.length <= 130 || typeof value !== 'object' || value === null) return line
  const deeper = `${indent}  `
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const lines = entriesOf(value).map(([key, item]) => `${deeper}${key}${literal(item, deeper)},\n`)
  return `${open}\n${lines.join('')}${indent}${close}`
}

function onOneLine(value: unknown): string {
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, (character) => `\\${character}`)}'`
  if (typeof value !== 'object' || value === null) return String(value)
  const items = entriesOf(value)
    .map(([key, item]) => key + onOneLine(item))
    .join(', ')
  return Array.isArray(value) ? `[${items}]` : items === '' ? '{}' : `{ ${items} }`
}

/** What stands before each item, and the item. */
function entriesOf(value: object): readonly (readonly [key: string, item: unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown) => ['', item])
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [`${/^[a-z_]\w*$/i.test(key) ? key : onOneLine(key)}: `, item])
}
