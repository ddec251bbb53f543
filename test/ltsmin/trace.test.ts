/** The traces of LTSmin, as it writes them: columns of big-endian numbers. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readTraces } from '../../src/ltsmin/trace.ts'
import { temporaryDirectory } from '../cli/world.ts'

function write(folder: string, columns: Readonly<Record<string, readonly number[]>>): string {
  mkdirSync(folder, { recursive: true })
  for (const [name, numbers] of Object.entries(columns)) {
    const bytes = Buffer.alloc(4 * numbers.length)
    numbers.forEach((number, n) => bytes.writeUInt32BE(number, 4 * n))
    writeFileSync(join(folder, name), bytes)
  }
  return folder
}

/** Two traces of two ranks: 10, 20, 30; and 10, 21. */
const first = {
  init: [0, 1, 1, 1],
  'ES-0-ofs': [1],
  'ED-0-seg': [1],
  'ED-0-ofs': [0],
  'SL-0-0': [30, 10],
  'SL-0-1': [0, 0],
}
const second = {
  'ES-1-ofs': [0, 1],
  'ED-1-seg': [0, 1],
  'ED-1-ofs': [0, 2],
  'SL-1-0': [20, 10, 21],
  'SL-1-1': [0, 0, 0xffff_ffff],
}

const traces = [
  [[10n], [20n], [30n]],
  [[10n], [0xffff_ffff_0000_0015n]],
]

test('several traces of several ranks', () => {
  expect(readTraces([write(join(temporaryDirectory(), 'x.dir'), { ...first, ...second })], 1)).toEqual(traces)
})

test('what the ranks of another host have written stands in another folder', () => {
  const here = temporaryDirectory()
  expect(readTraces([write(join(here, 'a'), first), write(join(here, 'b'), second)], 1)).toEqual(traces)
})

test('without what they have written, there is no trace', () => {
  expect(() => readTraces([write(join(temporaryDirectory(), 'a'), first)], 1)).toThrow('state 0 of rank 1')
})

test('the one trace of pins2lts-mc begins with its first state, whatever init says', () => {
  const folder = write(join(temporaryDirectory(), 'x.dir'), {
    init: [77],
    'ES-0-ofs': [0, 1],
    'ED-0-ofs': [1, 2],
    'SV-0-0': [1, 2, 3],
    'SV-0-1': [0, 0, 0],
    'SL-0-0': [9, 9, 9],
  })
  expect(readTraces([folder], 1)).toEqual([[[1n], [2n], [3n]]])
})

test('no trace was written', () => {
  expect(readTraces([write(join(temporaryDirectory(), 'x.dir'), { init: [] })], 1)).toEqual([])
  expect(readTraces([temporaryDirectory()], 1)).toEqual([])
})

test('a trace that comes back to a state is none', () => {
  const loop = { init: [0, 0], 'ES-0-ofs': [0], 'ED-0-ofs': [0], 'SL-0-0': [1], 'SL-0-1': [1] }
  expect(() => readTraces([write(join(temporaryDirectory(), 'x.dir'), loop)], 1)).toThrow('comes back')
})
