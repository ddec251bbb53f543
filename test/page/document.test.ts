/** The document of a page against the run that it was made from. */
import { expect, test } from 'vitest'
import { pictureOf } from '../../src/page/memory.ts'
import { changedBetween, fallsAt, momentOf, readingOf, valueAt } from '../../src/page/app/reading.ts'
import { laneLayout, segmentsIn } from '../../src/page/app/lane-layout.ts'
import { pageOfLock } from './pages.ts'

const RACE = 'counterexamples/mirror-2017/b-01-device-invalidated-at-range_end-not-at-range_start.json'
const document = pageOfLock(RACE)
const reading = readingOf(document)
const cellAt = (path: string): number => document.cells.findIndex((cell) => cell.path === path)
const at = (moment: number, path: string): string => valueAt(reading, moment, cellAt(path)).text

test('it has the run: threads, steps in the words of the kernel, their places', () => {
  expect(document.threads.map(({ name, acts }) => [name, acts])).toEqual(
    [
      ['cpu[0]', true],
      ['cpu[1]', false],
      ['device[0]', true],
      ['registrar[0]', false],
    ].filter(([name]) => document.threads.some((thread) => thread.name === name)),
  )
  expect(document.steps).toHaveLength(14)
  expect(document.steps[8]).toMatchObject({
    label: 'hmm_vma_walk_pmd(): pte = *ptep; range->pfns[i] = pte',
    kernel: '[04/15] mm/hmm.c hmm_vma_walk_pmd',
    place: { file: 'models/mirror-2017/device.ts' },
  })
  expect(document.verdict).toMatchObject({ outcome: 'violated', property: 'P-NOUAF' })
})

test('a state is the first one with the changes of the steps', () => {
  expect(at(3, 'mm.pte[0]')).toBe('none')
  expect(at(4, 'mm.pte[0]')).toBe('page 0')
  expect(at(11, 'mm.pte[0]')).toBe('none')
  expect(at(14, 'driver[0].pte[0]')).toBe('stale')
  expect([...changedBetween(reading, 8, 9)].map((cell) => document.cells[cell]?.path)).toContain('range[0].pfn')
})

test('cells are in the group where a reader looks for them', () => {
  const groupOf = (path: string): string | undefined => document.cells[cellAt(path)]?.group
  expect(groupOf('mm.pte[0]')).toBe('page tables')
  expect(groupOf('mem_map[0].refcount')).toBe('pages')
  expect(groupOf('mm.mmap_sem.writer')).toBe('locks')
  expect(groupOf('mm.mmap_sem.waiters')).toBe('locks')
  expect(groupOf('page_newest[0]')).toBe('ghosts')
  expect(groupOf('mm_state')).toBe('other')
})

test('properties fall where the run violates them', () => {
  expect(fallsAt(reading, 13)).toEqual(['P-INV'])
  expect(fallsAt(reading, 14)).toContain('P-NOUAF')
  expect(fallsAt(reading, 12)).toEqual([])
})

test('a lock is a bar from the step that takes it to the one that releases it', () => {
  const layout = laneLayout(reading)
  const bars = layout.bars.map(({ thread, lock, from, to, waits }) => [
    document.threads[thread]?.name,
    lock,
    from,
    to,
    waits,
  ])
  expect(bars).toContainEqual(['cpu[0]', 'mm.mmap_sem', 2, 3, false])
  expect(bars).toContainEqual(['device[0]', 'mm.mmap_sem', 7, 12, false])
  expect(bars).toContainEqual(['device[0]', 'driver[0].update', 12, 12, false])
  const device = document.threads.findIndex(({ name }) => name === 'device[0]')
  expect(segmentsIn(layout.bars, device, 7).map(({ part, begins }) => [part, begins])).toEqual([['lower', true]])
  expect(segmentsIn(layout.bars, device, 10).map(({ part }) => part)).toEqual(['whole'])
  expect(segmentsIn(layout.bars, device, 13).map(({ part }) => part)).toEqual(['upper', 'upper'])
  expect(new Set(segmentsIn(layout.bars, device, 13).map(({ bar }) => bar.track)).size).toBe(2)
})

test('a bracket is a span from its start to its end', () => {
  const cpu = document.threads.findIndex(({ name }) => name === 'cpu[0]')
  expect(document.spans).toEqual([{ thread: cpu, text: 'bracket va 0', from: 10, to: 14 }])
})

test('memory: tables, pages and arrows, and the arrow to a freed page is stale', () => {
  const picture = (moment: number) => pictureOf(document, momentOf(reading, moment, Math.max(0, moment - 1)))
  const entry = (moment: number, path: string) =>
    picture(moment).tables.find((table) => table.path === path)?.entries[0]
  expect(picture(4).tables.map(({ role, path }) => [role, path])).toEqual(
    [
      ['cpu', 'mm.pte'],
      ['device', 'driver[0].pte'],
    ].concat(
      picture(4)
        .tables.slice(2)
        .map(({ role, path }) => [role, path]),
    ),
  )
  expect(entry(4, 'mm.pte')).toMatchObject({ label: 'va 0', text: 'page 0', targets: [['Page', 0]] })
  expect(picture(4).targets[0]?.boxes.map(({ title, free }) => [title, free])).toEqual([
    ['page 0', false],
    ['page 1', true],
  ])
  expect(picture(4).targets[0]?.boxes[0]?.contents?.text).toBe('va 0, newest')
  // the entry is a copy of a stale snapshot: it leads to the page that the snapshot named
  expect(entry(14, 'driver[0].pte')).toMatchObject({ text: 'stale', stale: 'freed', targets: [['Page', 0]] })
})

test('each thread has what it would do next', () => {
  const cpu = document.threads.findIndex(({ name }) => name === 'cpu[0]')
  expect(reading.next[14]?.[cpu]).toContain('hmm_invalidate_range_end()')
})

test('the source has the lines around each step, and no more', () => {
  const file = document.sources.find((source) => source.file === 'models/mirror-2017/device.ts')
  const place = document.steps[8]?.place
  const part = file?.parts.find(
    ({ from, lines }) => place !== undefined && from <= place.line && place.line < from + lines.length,
  )
  expect(part?.lines[(place?.line ?? 0) - (part?.from ?? 0)]).toContain('pte = *ptep')
})

test('a catalogue may say what is a page table, a page and a lock', () => {
  const declared = pageOfLock(RACE, { tables: { 'mm.pte': 'tlb', gathered: 'hidden' }, locks: ['srcu'] })
  expect(declared.memory.tables.map(({ path, role }) => [path, role])).toContainEqual(['mm.pte', 'tlb'])
  expect(declared.memory.tables.map(({ path }) => path)).not.toContain('gathered')
  expect(declared.cells.find(({ path }) => path === 'srcu.readers')?.group).toBe('locks')
  expect(pageOfLock(RACE, { pages: 'Hmm' }).memory.targets.map(({ sort }) => sort)).toEqual(['Hmm', 'Page'])
})
