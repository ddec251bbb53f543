/**
 * A name that stands alone in a block is found in its line; where a name is part of something, or may be, nothing is.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { uncalledIn } from '../../src/analysis/uncalled.ts'

const names = new Set(['f', 'g', 'read_begin'])
const within = (text: string): readonly string[] =>
  uncalledIn(text, (name) => names.has(name)).map(({ name, line }) => `${line}: ${name}`)

describe('named and not called', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['on a line of its own', 'thread(() => {\n  f()\n  f\n  g()\n})', ['3: f']],
    ['first and last in a block', 't(() => {\n  f\n})', ['2: f']],
    ['behind a semicolon', 't(() => { f(); g; f() })', ['1: g']],
    ['alone in a block of one line', 't(() => { f })', ['1: f']],
    ['behind a block', 't(() => {\n  If(x, () => {\n    f()\n  })\n  g\n  x.set(1)\n})', ['5: g']],
    ['behind an if of JavaScript', 't(() => { if (a) { f() } g })', ['1: g']],
    ['behind an else', 't(() => {\n  if (a) f()\n  else\n    g\n})', ['4: g']],
    ['through names', 't(() => {\n  kernel.seq.read_begin\n})', ['2: kernel.seq.read_begin']],
    [
      'behind a text, a template, an expression with slashes',
      't(() => {\n  const a = "f"\n  f\n  const b = `{${`}`} f`\n  f\n  const c = /[/}]"/.test(x)\n  f\n})',
      ['3: f', '5: f', '7: f'],
    ],
    ['before a comment', 't(() => {\n  f // f()\n  g /* g() */\n})', ['2: f', '3: g']],
    ['each time', 't(() => {\n  f\n  f\n})', ['2: f', '3: f']],
    ['in a function', 'function t() {\n  f\n}', ['2: f']],
    ['in an arm of a Match', 'Match(pte, {\n  none: () => {\n    f\n  },\n})', ['3: f']],
    ['before the end of the file', 't(() => {\n  f', ['2: f']],
  ])('%s', (_, text, expected) => {
    expect(within(text)).toEqual(expected)
  })
})

describe('a name that is of use', () => {
  test.each([
    't(() => {\n  f\n  ()\n})',
    't(() => {\n  f\n    .call()\n})',
    't(() => {\n  a = f\n  const b =\n    f\n})',
    't(() => { return f })',
    't(() => ({\n  f\n}))',
    'const all = {\n  f,\n  g\n}',
    'import {\n  f\n} from "x"',
    'export {\n  f\n}',
    'all([\n  f\n])',
    'call(\n  f\n)',
    'class A {\n  f\n}',
    'interface A {\n  f\n}',
    't(() => { const { f } = x })',
    't(() => {\n  const {\n    f\n  } = x\n})',
    't(() => {\n  f\n  `a`\n})',
    't(() => {\n  // f\n  /*\n  f\n  */\n})',
    't(() => {\n  `\n  f\n  `\n})',
    't(() => { f: for (;;) { break f } })',
    't(() => {\n  x\n  other\n})',
    't(() => {\n  typeof\n  f\n})',
    't(() => {\n  a ?\n  f\n  : g\n})',
    'enum A { f }',
    't(() => {\n  if (a) f()\n  else\n    g(() => f())\n})',
    't(() => {\n  f\n  as unknown\n})',
    't(() => {\n  call(a,\n    f)\n})',
    'type A = { f }',
  ])('%j', (text) => {
    expect(within(text)).toEqual([])
  })
})

test('no model, property or test of this project names what it does not call', () => {
  const root = join(import.meta.dirname, '../..')
  const files = ['models', 'properties'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(root, folder, file)),
  )
  expect(files.length).toBeGreaterThan(50)
  for (const file of files)
    expect(
      uncalledIn(readFileSync(file, 'utf8'), () => true),
      file,
    ).toEqual([])
})
