/** A model imports what a user's model can import. */
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test.each([
  ['../../src/language/index.ts', 1],
  ['../mirror/bind.ts', 1],
  ['./state.ts', 0],
  ['hmmcheck', 0],
  ['hmmcheck/models/mirror/bind', 0],
])(
  'import from %s: %i complaints',
  async (name, complaints) => {
    const [result] = await new ESLint({ cwd: root }).lintText(`export * from '${name}'\n`, {
      filePath: 'models/mirror-4.20/model.ts',
    })
    expect(result?.messages.filter(({ ruleId }) => ruleId === 'no-restricted-imports')).toHaveLength(complaints)
  },
  120_000,
)
