/** What documents point to is there: files, and headings in them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { anchorOf } from '../../docs/headings.ts'
import { root } from './support.ts'

/** What stands in docs/examples/ is read as part of a page above it. */
const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.md') && dirname(file) !== 'examples',
)
const documents = ['README.md', ...pages.map((file) => join('docs', file))]

function isThere(document: string, target: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? document : join(dirname(document), path)
  if (!existsSync(join(root, file))) return false
  return (
    anchor === undefined ||
    [...readFileSync(join(root, file), 'utf8').matchAll(/^#+ (.*)$/gm)].some(
      ([, heading = '']) => anchorOf(heading) === anchor,
    )
  )
}

test('there are documents', () => {
  expect(documents.length).toBeGreaterThan(8)
})

test.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8').replace(/^```[^]*?^```$/gm, '')
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
  expect(links.filter((target) => !isThere(document, target))).toEqual([])
})

test.each(documents)('%s names files that are there', (document) => {
  const text = readFileSync(join(root, document), 'utf8').replace(/^```[^]*?^```$/gm, '')
  const named = [...text.matchAll(/`((?:src|models|properties|test|docs|lint|bench|counterexamples)\/[\w./-]*)`/g)].map(
    ([, path = '']) => path,
  )
  expect(named.filter((path) => !existsSync(join(root, path))).map((path) => relative('.', path))).toEqual([])
})
