/** docs/errors.md is printed from the table of mistakes: `npx vitest run test/docs/errors.test.ts --update` writes it anew. */
import { expect, test } from 'vitest'
import { mistakes } from '../../src/language/mistakes.ts'

const page = `# What can be wrong with a model

Found when the model is built or configured, and thrown as a \`ModelError\`: \`HMMnnn: what is wrong; at file:line, in thread path; likely cause: ...; remedy: ...\`.
The path is the way to the statement through the calls: \`munmap 1:zap_page_range/0:down_read/0\`. What is wrong with a command or a file is in [command-line.md](command-line.md).

${Object.entries(mistakes).map(([code, { title, cause, remedy }]) => `## ${code}: ${title}\n\nLikely cause: ${cause}.\nRemedy: ${remedy}.\n`).join('\n')}`

test('the page says what the messages say', async () => {
  await expect(page).toMatchFileSnapshot('../../docs/errors.md')
})
