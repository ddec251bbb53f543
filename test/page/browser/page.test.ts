/** The page in a real browser: keys, links, colours, print, narrow screens, a screen reader's rules, long runs. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PageDocument } from '../../../src/page/document.ts'
import { pageHtml } from '../../../src/page/html.ts'
import { pageOfLock } from '../pages.ts'
import { pageTemplate } from '../template.ts'
import { executable, startBrowser, WITHOUT, type Opened, type Pages } from './browser.ts'

const RACE = 'counterexamples/mirror-2017/b-01-device-invalidated-at-range_end-not-at-range_start.json'
const DEADLOCK =
  'counterexamples/mirror-2017/b-83-a-sleeping-reader-of-mirrors_sem-and-a-queued-writer-block-all-brackets.json'
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const selected = ({ page }: Opened): Promise<string | null> =>
  page.locator('.card[aria-current=step]').getAttribute('id')

/** A run as long as is wanted: the steps of another, again and again. Its states need not make sense. */
const longAs = (document: PageDocument, steps: number): PageDocument => ({
  ...document,
  steps: Array.from({ length: steps }, (_, n) => document.steps[n % document.steps.length]).flatMap((one) => one ?? []),
})

describe.skipIf(executable === undefined)(`a page in a browser${WITHOUT}`, () => {
  let pages: Pages
  let template = ''
  const document = pageOfLock(RACE)
  let html = ''
  beforeAll(async () => {
    template = await pageTemplate()
    html = pageHtml(template, document)
    pages = await startBrowser()
  })
  afterAll(() => pages.close())

  test('it opens from the disk at its head, with the last step selected, and asks for nothing else', async () => {
    const opened = await pages.open(html)
    expect(await selected(opened)).toBe('step-14')
    expect(await opened.page.locator('h1').textContent()).toBe('mirror-2017@without-invalidate-at-start')
    expect(await opened.page.evaluate(() => scrollY)).toBe(0)
    expect(await opened.page.locator('.race-arrow').count()).toBe(1)
    expect(await opened.page.locator('.memory .entry.stale').textContent()).toContain('leads to a page that was freed')
    expect(await opened.page.locator('.memory .arrow.gone').count()).toBe(1)
    expect(opened.problems).toEqual([])
    await opened.page.close()
  })

  test('keys lead from step to step, to the search and to the list of keys', async () => {
    const opened = await pages.open(html, {}, '#step=3')
    const { page } = opened
    const presses = [
      ['ArrowRight', 'step-4'],
      ['ArrowLeft', 'step-3'],
      ['Home', 'step-0'],
      ['ArrowLeft', 'step-0'],
      ['PageDown', 'step-10'],
      ['End', 'step-14'],
      ['k', 'step-13'],
    ] as const
    for (const [key, step] of presses) {
      await page.keyboard.press(key)
      expect(await selected(opened), key).toBe(step)
    }
    expect(await page.evaluate(() => location.hash)).toBe('#step=13')
    await page.keyboard.press('/')
    await page.waitForFunction(() => globalThis.document.activeElement?.id === 'search')
    await page.keyboard.type('pte device')
    await page.keyboard.press('ArrowLeft')
    expect(await selected(opened)).toBe('step-13')
    await page.locator('h1').click()
    await page.keyboard.press('Tab')
    await page.keyboard.press('?')
    expect(await page.locator('dialog').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await page.locator('dialog').count()).toBe(0)
    expect(opened.problems).toEqual([])
    await page.close()
  })

  test('every control can be reached with Tab, and a card is chosen with Enter', async () => {
    const opened = await pages.open(html)
    const { page } = opened
    await page.locator('#step-5').focus()
    await page.keyboard.press('Enter')
    expect(await selected(opened)).toBe('step-5')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => globalThis.document.activeElement?.id)).toBe('step-6')
    await page.close()
  })

  test('a link leads to a step, a thread and a comparison; what it does not know it leaves out', async () => {
    const opened = await pages.open(html, {}, '#step=9&thread=cpu0&compare=2')
    expect(await selected(opened)).toBe('step-9')
    expect(await opened.page.locator('.lane-head[aria-pressed=true]').textContent()).toBe('cpu[0]')
    expect(await opened.page.locator('.state select').inputValue()).toBe('2')
    await opened.page.evaluate(() => {
      location.hash = '#step=99999&thread=nobody&compare=x&view=<img>'
    })
    await opened.page.waitForFunction(() => globalThis.document.querySelector('[aria-current=step]')?.id === 'step-14')
    expect(opened.problems).toEqual([])
    await opened.page.close()
  })

  test('the state: what changed is lit, cells are found, pinned and compared', async () => {
    const { page, problems } = await pages.open(html, {}, '#step=11')
    const changed = await page.locator('.state .leaf.changed .name').allTextContents()
    expect(changed).toContain('mm.pte[0]')
    await page.locator('#search').fill('mmap_sem readers')
    expect(await page.locator('.state .leaf .name').allTextContents()).toEqual(['mm.mmap_sem.readers'])
    await page.getByRole('button', { name: 'Pin mm.mmap_sem.readers' }).click()
    await page.locator('#search').fill('')
    expect(await page.locator('.pinned .name').allTextContents()).toEqual(['mm.mmap_sem.readers'])
    await page.locator('.state select').selectOption('4')
    await page.locator('.state input[type=checkbox]').check()
    const since = await page.locator('.state .leaf.changed').allTextContents()
    expect(since.join()).toContain('page 0 → none')
    expect(problems).toEqual([])
    await page.close()
  })

  test('a run is saved as text, Mermaid, a schedule and JSON', async () => {
    const { page } = await pages.open(html)
    const saved = async (name: string): Promise<string> => {
      await page.locator('.menu summary').click()
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
      await page.locator('.menu summary').click()
      return readFileSync(await download.path(), 'utf8')
    }
    expect(await saved('Text')).toBe(document.exports.text)
    expect(await saved('Mermaid')).toMatch(/^sequenceDiagram\n/)
    expect(JSON.parse(await saved('Schedule'))).toMatchObject({ model: 'mirror-2017', schema: 1 })
    expect(JSON.parse(await saved('All as JSON'))).toMatchObject({ schema: 1, verdict: { property: 'P-NOUAF' } })
    await page.close()
  })

  test.each([
    ['light', 1280, ''],
    ['dark', 1280, '#step=11'],
    ['light', 360, ''],
    ['dark', 360, '#view=state'],
    ['light', 2560, '#view=source'],
  ] as const)('axe-core finds nothing serious: %s, %i pixels, %s', async (colorScheme, width, hash) => {
    const { page } = await pages.open(html, { colorScheme, viewport: { width, height: 900 } }, hash)
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { readonly axe: { run: () => Promise<AxeResults> } }).axe.run(),
    )
    const serious = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map((node) => `${node.html} ${node.failureSummary ?? ''}`)
            .join(' | ')}`,
      )
    expect(serious).toEqual([])
    await page.close()
  })

  test.each([360, 700, 1051, 1280, 1900, 2560])('nothing is wider than a window of %i pixels', async (width) => {
    for (const hash of ['', '#view=memory', '#view=state', '#view=source']) {
      const { page } = await pages.open(
        pageHtml(template, pageOfLock(DEADLOCK)),
        { viewport: { width, height: 800 } },
        hash,
      )
      expect(await page.evaluate(() => globalThis.document.documentElement.scrollWidth), hash).toBeLessThanOrEqual(
        width,
      )
      await page.close()
    }
  })

  test('dark mode is dark, and the button goes through the colours', async () => {
    const paper = (opened: Opened): Promise<string> =>
      opened.page.evaluate(() => getComputedStyle(globalThis.document.body).backgroundColor)
    const [light, dark] = [
      await pages.open(html, { colorScheme: 'light' }),
      await pages.open(html, { colorScheme: 'dark' }),
    ]
    expect(await paper(light)).not.toBe(await paper(dark))
    const before = await paper(light)
    await light.page.locator('.theme').click()
    await light.page.locator('.theme').click()
    expect(await paper(light)).toBe(await paper(dark))
    await light.page.locator('.theme').click()
    expect(await paper(light)).toBe(before)
    await Promise.all([light.page.close(), dark.page.close()])
  })

  test('a run of 1,000 steps has at most 300 rows in the page, and every step can be reached', async () => {
    const opened = await pages.open(pageHtml(template, longAs(document, 1000)))
    const { page, problems } = opened
    const rows = (): Promise<number> => page.locator('.row').count()
    expect(await rows()).toBeLessThanOrEqual(300)
    for (const [key, step] of [
      ['Home', 'step-0'],
      ['End', 'step-1000'],
      ['PageUp', 'step-990'],
    ] as const) {
      await page.keyboard.press(key)
      expect(await selected(opened)).toBe(step)
      await expect
        .poll(() =>
          page.locator(`#${step}`).evaluate((card) => {
            const { top, bottom } = card.getBoundingClientRect()
            return bottom > 0 && top < innerHeight
          }),
        )
        .toBe(true)
      expect(await rows()).toBeLessThanOrEqual(300)
    }
    await page.mouse.move(300, 400)
    await page.mouse.wheel(0, -30_000)
    await expect.poll(rows).toBeLessThanOrEqual(300)
    await expect
      .poll(() =>
        page.locator('.card').evaluateAll((cards) =>
          cards.some((card) => {
            const { top, bottom } = card.getBoundingClientRect()
            return bottom > 100 && top < innerHeight - 100
          }),
        ),
      )
      .toBe(true)
    expect(problems).toEqual([])
    await page.close()
  })

  test('it prints all of it: every step, memory, state, without controls', async () => {
    const { page } = await pages.open(pageHtml(template, longAs(document, 400)))
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    await expect.poll(() => page.locator('.card').count()).toBe(401)
    expect(await page.locator('.time').isVisible()).toBe(false)
    expect(await page.locator('.panel-state').isVisible()).toBe(true)
    await page.close()
  })

  test('what a model says is text', async () => {
    const evil = '<img src=x onerror="globalThis.broken = true"></script><script>globalThis.broken = true</script>'
    const hostile: PageDocument = {
      ...document,
      model: evil,
      scenario: evil,
      command: evil,
      threads: document.threads.map((thread) => ({ ...thread, name: evil })),
      steps: document.steps.map((step) => ({ ...step, label: evil, kernel: evil, choices: [evil] })),
      cells: document.cells.map((cell) => ({ ...cell, path: evil + cell.path, parts: [evil, ...cell.parts] })),
      values: document.values.map((value) => ({ ...value, text: evil })),
      properties: document.properties.map((property, n) => ({ ...property, name: `${n} ${evil}`, claim: evil })),
      exports: { text: evil, mermaid: evil, schedule: evil },
    }
    const { page, problems } = await pages.open(pageHtml(template, hostile))
    expect(await page.locator('h1').textContent()).toContain('<img src=x')
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.evaluate(() => 'broken' in globalThis)).toBe(false)
    expect(problems).toEqual([])
    await page.close()
  })

  test('a page with a broken document says so', async () => {
    const { page } = await pages.open(html.replace('"schema":1', '"schema":99'))
    expect(await page.locator('#app').textContent()).toContain("This page can't be shown")
    await page.close()
  })
})
