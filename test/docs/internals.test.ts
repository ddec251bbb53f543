/** The page on the engine speaks of what is there: its names stand in the source, and its memory is the plan's. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { planMemory } from '../../src/engine/memory.ts'
import { root } from './support.ts'

const page = readFileSync(join(root, 'docs/internals.md'), 'utf8')
const [, drawing = ''] = /^```\n([^]*?)^```$/m.exec(page) ?? []

const sources = ['src/engine', 'src/wasm', 'src/explorer']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
  )
  .filter((file) => file.endsWith('.ts'))
const words = new Set(sources.flatMap((file) => readFileSync(file, 'utf8').match(/\w+/g) ?? []))

test('names stand in the source', () => {
  const names = [...page.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(40)
  expect(names.filter((name) => !words.has(name))).toEqual([])
})

test('files of a folder are there', () => {
  const files = [...page.matchAll(/`([\w-]+\.ts)`/g)].map(([, name = '']) => name)
  expect(files.length).toBeGreaterThan(2)
  expect(files.filter((name) => !sources.some((file) => file.endsWith(`/wasm/${name}`)))).toEqual([])
})

test('the drawing has the regions of the plan, in their order', () => {
  const plan = planMemory({
    words: 1,
    fanOut: 1,
    watches: 1,
    edges: 1,
    division: { workers: 2, partitions: 1 },
    labelled: true,
  })
  const regions = Object.entries(plan)
    .flatMap(([name, part]: [string, unknown]) =>
      typeof part === 'object' && part !== null && 'address' in part ? [{ name, address: Number(part.address) }] : [],
    )
    .concat({ name: 'control', address: 0 }, { name: 'table', address: plan.table })
    .toSorted((a, b) => a.address - b.address)
  const drawn = [...drawing.matchAll(/^ {2}\| (\w+) +\|/gm)].map(([, name]) => name)
  expect(drawn).toEqual(regions.map(({ name }) => name))
})
