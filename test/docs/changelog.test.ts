/** CHANGELOG.md is kept: it has a section for what is not released, and knows the numbers of what others store. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SCHEMA } from '../../src/schedules/schedule.ts'

const text = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
const sections = text
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ title: section.split('\n', 1)[0] ?? '', body: section.slice(section.indexOf('\n')) }))

test('the first section is Unreleased, the others are versions with their dates, newest first', () => {
  const [first, ...released] = sections.map(({ title }) => title)
  expect(first).toBe('Unreleased')
  for (const title of released) expect(title).toMatch(/^\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)$/)
  const numbers = released.map((title) => title.split(' ')[0] ?? '')
  expect(numbers).toEqual(numbers.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true })))
})

test('each section has entries, under the headings of Keep a Changelog', () => {
  for (const { title, body } of sections) {
    const headings = [...body.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)
    expect(headings.length, title).toBeGreaterThan(0)
    for (const heading of headings)
      expect(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']).toContain(heading)
    expect(body.match(/^- /gm)?.length ?? 0, title).toBeGreaterThanOrEqual(headings.length)
  }
})

test('the schema number of what is stored stands in it', () => {
  expect(text).toContain(`schedules and locks have schema ${SCHEMA}`)
})
