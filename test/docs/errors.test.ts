/**
 * docs/errors.md is printed from the tables of mistakes and of warnings: `npx vitest run test/docs/errors.test.ts
 * --update` writes it anew.
 */
import { expect, test } from 'vitest'
import { warnings } from '../../src/analysis/warnings.ts'
import { mistakes, type Mistake } from '../../src/language/mistakes.ts'

const listed = (table: Readonly<Record<string, Mistake>>): string =>
  Object.entries(table)
    .map(([code, { title, cause, remedy }]) => `## ${code}: ${title}\n\nLikely cause: ${cause}.\nRemedy: ${remedy}.\n`)
    .join('\n')

const page = `# What can be wrong with a model

Found when the model is built or configured, and thrown as a \`ModelError\`: \`HMMnnn: what is wrong; at file:line, in thread path; likely cause: ...; remedy: ...\`.
The path is the way to the statement through the calls: \`munmap 1:zap_page_range/0:down_read/0\`. What is wrong with a command or a file is in [command-line.md](command-line.md).

${listed(mistakes)}
# Warnings

A model that has them means something, but hardly what its author thinks. \`check\` prints each with its line, \`--json\`, JUnit and SARIF have them too, and under \`--strict\` the exit code is 1.

${listed(warnings)}`

test('the page says what the messages say', async () => {
  await expect(page).toMatchFileSnapshot('../../docs/errors.md')
})
