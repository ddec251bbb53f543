/** `--format html` of `check`, `show` and `replay`, and the pages that `check --out DIR/` writes. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { DOCUMENT_ID } from '../../src/page/html.ts'
import type { PageDocument } from '../../src/page/document.ts'
import { buildPage } from '../page/template.ts'
import { world } from './world.ts'

beforeAll(buildPage)

/** The document of a page. */
function documentIn(html: string): PageDocument {
  const [, text = ''] = new RegExp(`id="${DOCUMENT_ID}">([^]*?)</script>`).exec(html) ?? []
  return JSON.parse(text) as PageDocument
}

test('check writes the page of the first violated property, with the command that repeats it', async () => {
  const { code, stdout, stderr } = await world().run('check', 'notifier@as-posted', '--format', 'html')
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toMatch(/^<!doctype html>/)
  expect(documentIn(stdout)).toMatchObject({
    model: 'notifier',
    variant: 'as-posted',
    verdict: { outcome: 'violated', property: 'P-NOUAF' },
    command: expect.stringMatching(/^npx hmmcheck check notifier@as-posted /) as string,
  })
})

test('show and replay write the same page of a schedule', async () => {
  const one = world()
  await one.run('check', 'notifier@as-posted', '--property', 'P-NOUAF', '--out', 'one.json')
  const [shown, replayed] = [
    await one.run('show', 'one.json', '--format', 'html'),
    await one.run('replay', 'one.json', '--format', 'html'),
  ]
  expect([shown.code, replayed.code]).toEqual([0, 0])
  const [a, b] = [documentIn(shown.stdout), documentIn(replayed.stdout)]
  expect({ ...a, command: '' }).toEqual({ ...b, command: '' })
  expect(b.command).toBe('npx hmmcheck replay one.json --format html')
})

test('check --out DIR/ puts a page beside each schedule; with one file there is none', async () => {
  const one = world()
  const { stdout } = await one.run('check', 'notifier@as-posted', '--out', 'found/')
  const files = readdirSync(join(one.cwd, 'found')).toSorted()
  expect(files.length).toBeGreaterThan(1)
  expect(files).toEqual(
    files.filter((file) => file.endsWith('.json')).flatMap((file) => [file.replace(/json$/, 'html'), file]),
  )
  expect(stdout).toMatch(/beside (?:it|each): open the \.html in a browser\n/)
  for (const file of files.filter((name) => name.endsWith('.html')))
    expect(documentIn(readFileSync(join(one.cwd, 'found', file), 'utf8')).model).toBe('notifier')
  await one.run('check', 'notifier@as-posted', '--property', 'P-NOUAF', '--out', 'one.json')
  expect(readdirSync(one.cwd)).not.toContain('one.html')
})

test.each([
  ['{"schema":1,"model":"<img onerror=alert(1)>"', 'HMM221'],
  ['{"schema":1,"model":"<img src=x onerror=alert(1)>"}', 'HMM222'],
  ['{"__proto__":{"schema":1},"steps":{"length":1e9}}', 'HMM222'],
])('a malicious schedule is a mistake with exit code 2, and no page: %s', async (text, code) => {
  const one = world()
  writeFileSync(join(one.cwd, 'evil.json'), text)
  const answer = await one.run('show', 'evil.json', '--format', 'html')
  expect(answer.code).toBe(2)
  expect(answer.stdout).toBe('')
  expect(answer.stderr).toContain(code)
  expect(answer.stderr).not.toMatch(/\n\s+at /)
})
