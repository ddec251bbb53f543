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

hmmcheck finds these mistakes when the model is built or configured, and throws a \`ModelError\`. Its message has one line for each part:

    HMMnnn: what is wrong
      at: file:line:column, in thread path
      likely cause: ...
      remedy: ...

The path leads to the statement through the calls: \`munmap 1:zap_page_range/0:down_read/0\`. Mistakes in a command or a file are in [command-line.md](command-line.md).

${listed(mistakes)}
# Warnings

A model with a warning has a meaning, but probably not the one that its author has in mind. \`check\` prints each warning with its line; \`--json\`, JUnit and SARIF have them too. With \`--strict\` the exit code is then 1.

${listed(warnings)}`

test('the page says what the messages say', async () => {
  await expect(page).toMatchFileSnapshot('../../docs/errors.md')
})
