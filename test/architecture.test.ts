/** The rooms of the house: imports run downwards and in no circle, and docs/architecture.md says so. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { circles, importGraph, type ImportGraph } from './support/import-graph.ts'

const root = join(import.meta.dirname, '..')
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, { readonly 'hmmcheck-source': string }>>
}
const entries = Object.fromEntries(
  Object.entries(exports).map(([name, targets]) => [
    `hmmcheck${name.slice(1)}`,
    targets['hmmcheck-source'].replace('./', ''),
  ]),
)
const graph = importGraph(root, ['src', 'properties', 'models', 'bin'], entries)
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')

/** Rooms with circles that are known and not mended yet. */
const known: readonly string[] = []

/** `src/cli` of `src/cli/main.ts`; `src/index.ts`, which stands in no folder, is a room of its own. */
const roomOf = (file: string): string => /^src\/[^/]+|^[^/]+/.exec(file)?.[0] ?? file

/** The rooms as the page lists them, from the top floor down. */
const rooms = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, room = '']) => room)

/** From one room to another, and a file that does it. */
interface Arrow {
  readonly from: string
  readonly to: string
  readonly file: string
}

const arrowsOf = (files: ImportGraph): readonly Arrow[] =>
  [...files].flatMap(([file, targets]) =>
    targets.flatMap((target) =>
      roomOf(file) === roomOf(target) ? [] : [{ from: roomOf(file), to: roomOf(target), file }],
    ),
  )
const arrows = arrowsOf(graph)

/** Rooms that can be reached from one in a drawing. */
function reached(drawn: readonly Pick<Arrow, 'from' | 'to'>[], from: string): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (room: string): void => {
    for (const { to } of drawn.filter((arrow) => arrow.from === room && !found.has(arrow.to))) {
      found.add(to)
      visit(to)
    }
  }
  visit(from)
  return found
}

describe('imports', () => {
  test('are found: of values, of types, of functions that load later, by the name of the package', () => {
    expect(graph.size).toBeGreaterThan(300)
    expect(graph.get('bin/own-catalogue.ts')).toContain('models/catalogue.ts')
    expect(graph.get('models/mirror-4.20/model.ts')).toContain('models/mirror/bind.ts')
    expect(graph.get('models/mirror-4.20/model.ts')).toContain('src/index.ts')
    expect(graph.get('src/semantics/values.ts')).toContain('src/semantics/plain.ts')
  })

  test('by the name of the package lead to the source', async () => {
    const [named, source] = await Promise.all([import('hmmcheck'), import('../src/index.ts')])
    expect(named.model).toBe(source.model)
    const [words, kernel] = await Promise.all([import('hmmcheck/kernel'), import('../src/kernel/index.ts')])
    expect(words.down_read).toBe(kernel.down_read)
  })

  test('run in no circle', () => {
    expect(circles(graph).filter((files) => !files.every((file) => known.includes(roomOf(file))))).toEqual([])
  })

  test('run down to a lower floor', () => {
    const floor = (room: string): number => rooms.indexOf(room)
    expect(arrows.filter(({ from, to }) => floor(from) >= floor(to))).toEqual([])
  })
})

test('the compiler knows no back end: only `functions` imports the assembler, and nothing else of it imports `functions`', () => {
  const isBackEnd = (file: string): boolean => file.startsWith('src/compiler/functions/')
  const others = [...graph].filter(([file]) => file.startsWith('src/compiler/') && !isBackEnd(file))
  expect(others.length).toBeGreaterThan(30)
  expect(
    others.flatMap(([file, targets]) =>
      targets.filter((target) => isBackEnd(target) || target.startsWith('src/wasm/')).map((target) => [file, target]),
    ),
  ).toEqual([])
})

describe('docs/architecture.md', () => {
  test('lists every room once', () => {
    const inSource = readdirSync(join(root, 'src')).map((name) => `src/${name}`)
    expect(rooms.toSorted()).toEqual(['bin', 'models', 'properties', ...inSource].toSorted())
  })

  test('draws every import, as an arrow or as a way along arrows, and draws nothing else', () => {
    const drawing = /```mermaid\n([^]*?)```/.exec(page)?.[1] ?? ''
    const names = new Map([...drawing.matchAll(/^ *(\w+)\["([^"]+)"\]$/gm)].map(([, id = '', name = '']) => [id, name]))
    const drawn = [...drawing.matchAll(/^ *(\w+) --> ([\w &]+)$/gm)].flatMap(([, from = '', targets = '']) =>
      targets.split(' & ').map((to) => ({ from: names.get(from) ?? from, to: names.get(to) ?? to })),
    )
    expect([...names.values()].toSorted()).toEqual(rooms.toSorted())
    expect(drawn.filter(({ from, to }) => !arrows.some((arrow) => arrow.from === from && arrow.to === to))).toEqual([])
    expect(arrows.filter(({ from, to }) => !reached(drawn, from).has(to))).toEqual([])
  })
})

test('a circle is found, through any number of files', () => {
  const files = new Map([
    ['a.ts', ['b.ts', 'd.ts']],
    ['b.ts', ['c.ts']],
    ['c.ts', ['a.ts']],
    ['d.ts', ['e.ts']],
    ['e.ts', []],
    ['f.ts', ['f.ts']],
  ])
  expect(circles(files)).toEqual([['a.ts', 'b.ts', 'c.ts'], ['f.ts']])
})
