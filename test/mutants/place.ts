/**
 * Where a fault is put: the tokens to be replaced, inside of a declaration with a name. How the text is laid out
 * (line breaks, spaces, the kind of quotes, semicolons, trailing commas) makes no difference, so that a formatter
 * moves no mutant.
 */
import ts from 'typescript'

export interface Span {
  readonly start: number
  readonly end: number
}

/** Declarations of the file with this name, at its top or inside of another. */
export function declarationsOf(text: string, name: string): readonly Span[] {
  const file = ts.createSourceFile('mutant.ts', text, ts.ScriptTarget.Latest, true)
  const found: Span[] = []
  const visit = (node: ts.Node): void => {
    if (
      (ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node) || ts.isMethodDeclaration(node)) &&
      node.name?.getText(file) === name
    )
      found.push({ start: node.getStart(file), end: node.getEnd() })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The places in a declaration at which the tokens stand. */
export function placesOf(
  text: string,
  { within, find }: { readonly within: string; readonly find: string },
): readonly Span[] {
  const wanted = bare(find)
    .map(({ char }) => char)
    .join('')
  return declarationsOf(text, within).flatMap(({ start, end }) => {
    const chars = bare(text.slice(start, end))
    const packed = chars.map(({ char }) => char).join('')
    const places: Span[] = []
    for (let i = packed.indexOf(wanted); i >= 0; i = packed.indexOf(wanted, i + 1))
      places.push({ start: start + (chars[i]?.at ?? 0), end: start + (chars[i + wanted.length - 1]?.at ?? 0) + 1 })
    return places
  })
}

/** The text without what a formatter may change, each character with its offset. */
function bare(text: string): readonly { readonly char: string; readonly at: number }[] {
  const chars = [...text]
    .map((char, at) => ({ char: char === '"' ? "'" : char, at }))
    .filter(({ char }) => !/[\s;]/.test(char))
  return chars.filter(({ char }, i) => char !== ',' || !/[)\]}]/.test(chars[i + 1]?.char ?? ''))
}
