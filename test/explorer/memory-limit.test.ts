/** A limit of memory is met: what the process takes in the end is what it was given, neither much more nor much less. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'

/** Searches a graph that is much too large, and says how it ended and the most that its process ever took. */
const script = (bytes: number, wide: boolean): string => `
import { check } from './src/explorer/check.ts'
import { cube } from './test/support/counters.ts'
import { array, at, bool, int, not, shared, variable } from './test/support/ast.ts'
const { variables, properties, ...model } = cube(3, 999)
const pad = variable('pad', array(int(0, 999), bool))
const isClear = { name: 'clear', kind: 'invariant', condition: not(at(shared('pad'), shared('n0'))) }
const padded = { ...model, variables: [...variables, pad], properties: [...properties, isClear] }
const options = { maxMemory: ${bytes}, wholeTypes: true }
const { incomplete, stateBits } = await check(${wide} ? padded : { ...model, variables, properties }, options)
process.stdout.write(JSON.stringify({ incomplete, stateBits, most: process.resourceUsage().maxRSS * 1024 }))
`

function searchWithin(bytes: number, wide: boolean): unknown {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=hmmcheck-source', '--import', 'tsx', '--input-type=module', '-e', script(bytes, wide)],
    { encoding: 'utf8', maxBuffer: 2 ** 24 },
  )
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

describe('a search that is stopped by its memory', () => {
  test.each([
    [300, 'narrow'],
    [420, 'narrow'],
    [350, 'wide'],
  ])('has taken %i MiB to within a twentieth: %s states', { timeout: 600_000 }, (mebibytes, width) => {
    const bytes = mebibytes * 2 ** 20
    const ended = searchWithin(bytes, width === 'wide')
    expect(ended).toMatchObject({ incomplete: 'max-memory' })
    const { most, stateBits } = ended as { readonly most: number; readonly stateBits: number }
    expect(stateBits > 1_000).toBe(width === 'wide')
    expect(most / bytes).toBeGreaterThan(0.95)
    expect(most / bytes).toBeLessThan(1.05)
  })
})
