/** Markdown, as a summary of a job has it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markdown } from '../../../src/report/formats/markdown.ts'
import type { Reported } from '../../../src/report/formats/reported.ts'
import { reported } from './support.ts'

const linesOf = (document: string): readonly string[] => document.split('\n')

test('a head, a row for each run, the short drawing of what failed, and its command', async () => {
  const document = markdown(await reported())
  expect(linesOf(document)[0]).toMatch(/^## ❌ hmmcheck: \d of \d runs? failed$/)
  expect(document).toContain(
    '| | run | properties | time |\n|---|---|---|---|\n| ❌ | notifier&#64;as-posted, scenario core',
  )
  expect(document).toContain('### <code>P-NOUAF</code> is violated in 9 steps')
  expect(document).toMatch(/```text\n {5}initially mm\.pte = page 0\n/)
  expect(document).toContain('│ ✗ P-NOUAF\n')
  expect(document).toContain('```sh\nnpx hmmcheck check ')
})

test('nothing failed', async () => {
  const { runs, ...rest } = await reported()
  const held: Reported = {
    ...rest,
    runs: runs.map((run) => ({
      ...run,
      warnings: [],
      properties: run.properties.filter(({ judgement }) => judgement === 'passed' || judgement === 'expected'),
    })),
  }
  const document = markdown(held)
  expect(linesOf(document)[0]).toMatch(/^## ✅ hmmcheck: \d runs?, all as they should be$/)
  expect(document).not.toContain('```')
})

/** Without its blocks of code, in which everything is text. */
const outsideCode = (document: string): string => document.replaceAll(/^(`{3,})(?:text|sh)\n[^]*?\n\1$/gm, '')

test('what a model says is text: it ends no cell, no block of code, and opens no markup', async () => {
  const plain = markdown(await reported('x'))
  const rows = (document: string): number => linesOf(document).filter((line) => line.startsWith('| ')).length
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary-ascii', minLength: 1 }), async (said) => {
      const document = markdown(await reported(said))
      expect(rows(document)).toBe(rows(plain))
      expect(outsideCode(document)).not.toMatch(/<(?!\/?(?:code|br|sub|details|summary)>)[a-z]/i)
    }),
    { numRuns: 30, examples: [['<A']] },
  )
  const fence = markdown(await reported('a ```` b'))
  expect(fence).toContain('`````text')
})
