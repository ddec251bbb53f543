/**
 * Every typical slip ends with code 2, its place to the column, the line itself, a cause and a remedy, and never with
 * a stack trace.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { slips, type Slip } from './slips.ts'
import { world, type Answer } from './world.ts'

const index = pathToFileURL(join(import.meta.dirname, '../../src/index.ts')).href

const words = [
  'and',
  'array',
  'Await',
  'Bool',
  'Choose',
  'current',
  'defineProtocol',
  'every',
  'ForEach',
  'Goto',
  'If',
  'IfSome',
  'invariant',
  'Let',
  'Local',
  'Match',
  'model',
  'not',
  'oneOf',
  'optional',
  'or',
  'procedure',
  'range',
  'ref',
  'shared',
  'sort',
  'Step',
  'struct',
  'thread',
  'Thread',
  'union',
]

/** A catalogue in which the line stands. */
const text = ({ line, where = 'body' }: Slip): string => `import { ${words.join(', ')} } from '${index}'

const Page = sort('Page')
const Entry = union('pte', { none: {}, present: { page: Page } })
const driver = shared('driver', struct('driver', { dead: Bool, count: range(0, 3), owner: optional(Thread) }))
const n = shared('n', range(0, 3))
const m = shared('m', range(0, 3))
const state = shared('state', oneOf('working', 'prepared'))
const cells = shared('cells', array(Page, range(0, 3)))
const entry = shared('entry', Entry)
const pages: Record<string, any> = {}
const reset = procedure('reset', [range(0, 3)], (to) => n.set(to))
const bump = procedure('bump', [range(0, 3)], (to) => to.increment())
const put = procedure('put', [ref(range(0, 3))], (to) => to.decrement())
const find = procedure('find', [], () => m)
${where === 'top' ? line.replace('HMMCHECK', index) : ''}
const t = thread('t', () => {
  ${where === 'body' ? line : 'n.set(1)'}
})
export const catalogue = [defineProtocol({
  name: 'mine', title: 'Mine', parameters: { pages: { sort: 'Page', min: 1, max: 1, summary: 'pages' } }, fixes: [], expectations: [],
  model: () => model('mine', { threads: [t], properties: [invariant('p', every(Page, (page) => cells.at(page).le(3)))] }),
  variants: [{ name: 'fixed', summary: 'as it is', constants: {} }],
  scenarios: [{ name: 'alone', summary: 'one thread', sizes: { pages: 1 } }],
})]
`

beforeAll(() => {
  process.setSourceMapsEnabled(true)
})

/** The command as a process of its own. */
function alone(cwd: string): Answer {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', tsx, command, 'check', 'mine', '--catalogue', 'mine.ts'],
    { cwd, encoding: 'utf8' },
  )
  return { code: status ?? -1, stdout, stderr }
}
const tsx = import.meta.resolve('tsx')
const command = join(import.meta.dirname, '../../bin/hmmcheck.ts')

test.each(slips)('$what: $line', async (slip) => {
  const { cwd, run } = world()
  writeFileSync(join(cwd, 'mine.ts'), text(slip))
  const { code, stdout, stderr } =
    slip.loader === true ? alone(cwd) : await run('check', 'mine', '--catalogue', 'mine.ts')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  for (const part of slip.says) expect(stderr).toContain(part)
  expect(stderr).not.toMatch(/\n\s+at |HMM299/)
  const line =
    text(slip)
      .split('\n')
      .findIndex((one) => one.trim() === slip.line.replace('HMMCHECK', index)) + 1
  expect(stderr).toMatch(new RegExp(`\\n  at: .*mine\\.ts:${line}(:\\d+)?\\n  likely cause: .+\\n  remedy: .+\\n`))
  expect(stderr).toContain(`${line} | `)
  expect(stderr).toContain(slip.line.replace('HMMCHECK', index))
  if (slip.marked === '') return
  const [source = '', marks = ''] = stderr.split('\n').slice(5)
  expect(source.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe(slip.marked)
})
