/** The imports between the files of a folder tree: of values and of types, static and dynamic. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript'

/** By file, relative to the root, the files that it imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>

/** The names by which a package's own files import its entries: `hmmcheck/kernel`. */
export type Entries = Readonly<Record<string, string>>

/**
 * @param root the folder to which all names are relative
 * @param folders those whose TypeScript files are read
 * @param entries where the package's own names lead; a `*` stands for the same text on both sides
 */
export function importGraph(root: string, folders: readonly string[], entries: Entries): ImportGraph {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => posix.join(folder, name.replaceAll('\\', '/'))),
  )
  return new Map(
    files.map((file) => [
      file,
      ts
        .preProcessFile(readFileSync(join(root, file), 'utf8'), true, true)
        .importedFiles.flatMap(({ fileName }) => resolved(root, file, fileName, entries) ?? []),
    ]),
  )
}

function resolved(root: string, file: string, name: string, entries: Entries): string | undefined {
  const target = name.startsWith('.') ? posix.join(posix.normalize(dirname(file)), name) : entryNamed(name, entries)
  if (target === undefined) return undefined
  if (!existsSync(join(root, target))) throw new Error(`${file} imports ${name}, which is not there`)
  return target
}

function entryNamed(name: string, entries: Entries): string | undefined {
  for (const [pattern, target] of Object.entries(entries)) {
    const [before = '', after] = pattern.split('*')
    if (after === undefined ? name === pattern : name.startsWith(before) && name.endsWith(after))
      return target.replace('*', name.slice(before.length, name.length - (after ?? '').length))
  }
  return undefined
}

/**
 * The circles of a graph: its strongly connected components of more than one file, or of one that imports itself
 * (Tarjan 1972).
 */
export function circles(graph: ImportGraph): readonly (readonly string[])[] {
  const found: string[][] = []
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const visit = (file: string): number => {
    let low = order.size
    order.set(file, low)
    const index = low
    stack.push(file)
    for (const target of graph.get(file) ?? []) {
      if (!order.has(target)) low = Math.min(low, visit(target))
      else if (stack.includes(target)) low = Math.min(low, order.get(target) ?? low)
    }
    lowest.set(file, low)
    if (low === index) {
      const members = stack.splice(stack.indexOf(file))
      if (members.length > 1 || graph.get(file)?.includes(file) === true) found.push(members.toSorted())
    }
    return low
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return found
}
