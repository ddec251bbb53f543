/** The files that a user's files import, by their text: also while one of them is no program. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** An import or a re-export of a file, by a relative name, at the place where a statement has it. */
const RELATIVE = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g

/** Endings that an import may leave out, or have in place of the file's own. */
const ENDINGS = ['', '.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'] as const

/**
 * The import graph of some files: for each file that they lead to, the files that it imports. Packages are not looked
 * into. A name that leads to no file is there, too, as it stands: the file may come.
 *
 * @param files absolute
 */
export function importGraph(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const graph = new Map<string, readonly string[]>()
  const visit = (file: string): void => {
    if (graph.has(file)) return
    const imported = importedBy(file)
    graph.set(file, imported)
    imported.forEach(visit)
  }
  files.forEach(visit)
  return graph
}

function importedBy(file: string): readonly string[] {
  const text = textOf(file)
  const names = [...text.matchAll(RELATIVE)].map(([, , name = '']) => name)
  return [...new Set(names.map((name) => fileNamed(resolve(dirname(file), name))))]
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** The file that a name stands for: TypeScript may call it `x.js`, or by no ending. */
function fileNamed(path: string): string {
  const bare = path.replace(/\.[cm]?js$/, '')
  const candidates = [path, ...ENDINGS.flatMap((ending) => [`${path}${ending}`, `${bare}${ending}`])]
  return candidates.find((one) => existsSync(one) && statSync(one).isFile()) ?? path
}
