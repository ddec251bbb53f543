/** A page is one file of bounded size, and what a model says in it is text. */
import { describe, expect, test } from 'vitest'
import { pageTemplate } from './template.ts'
import { DOCUMENT_ID, escapeJson, pageHtml } from '../../src/page/html.ts'
import { pageOfLock } from './pages.ts'

const document = pageOfLock('counterexamples/mirror-2017/b-01-device-invalidated-at-range_end-not-at-range_start.json')
const template = await pageTemplate()

test('the template is below 300 KiB, and names nothing that is elsewhere', () => {
  expect(Buffer.byteLength(template)).toBeLessThan(300 * 1024)
  expect(template.match(/<(?:script|link|img|iframe)[^>]*(?:src|href)="(?!data:)/g)).toBeNull()
  expect(template.match(/url\((?!#|data:)/g)).toBeNull()
  expect(template).toContain("default-src 'none'")
  expect(template).toContain('Copyright (c) 2015-present Jason Miller')
})

test('the document comes back as it was', () => {
  const html = pageHtml(template, document)
  const [, text = ''] = new RegExp(`id="${DOCUMENT_ID}">([^]*?)</script>`).exec(html) ?? []
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(document)))
})

describe('text of a model ends nothing', () => {
  test.each([
    '</script><script>alert(1)</script>',
    '<!--',
    '<img src=x onerror=alert(1)>',
    '\u2028',
    '$& $1',
    '<!--hmmcheck:text-->',
  ])('%s', (evil) => {
    const html = pageHtml(template, { ...document, model: evil, exports: { ...document.exports, text: evil } })
    const plain = pageHtml(template, document)
    const scripts = (text: string): number => text.match(/<script/g)?.length ?? 0
    expect(scripts(html)).toBe(scripts(plain))
    expect(escapeJson(evil)).not.toMatch(/[<\u2028\u2029]/)
    expect(JSON.parse(escapeJson(evil))).toBe(evil)
    expect(html).not.toContain('<img')
  })
})
