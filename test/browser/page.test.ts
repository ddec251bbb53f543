/** A page by hand in Chromium: from disk, from the server, and as a site. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { liveHtml, POLICY } from '../../src/browser/html.ts'
import { siteFiles } from '../../src/browser/site.ts'
import { servePage } from '../../src/cli/page-server.ts'
import { notifier } from '../support/notifier.ts'
import { temporaryDirectory, world } from '../cli/world.ts'
import { pageParts } from './built.ts'
import { executable, WITHOUT } from '../page/browser/browser.ts'
import { openPage, type Opened } from './chromium.ts'
import { recordingFor } from './support.ts'

const recording = recordingFor(notifier)
const html = async (): Promise<string> => liveHtml(await pageParts(), { recording, names: { variant: 'as-posted' } })

/** The address of a page on the disk. */
function onDisk(name: string, text: string): string {
  const file = join(temporaryDirectory(), name)
  writeFileSync(file, text)
  return pathToFileURL(file).href
}

const open = async (options?: Parameters<typeof openPage>[1]): Promise<Opened> => {
  const opened = await openPage(onDisk('live.html', await html()), options)
  await opened.page.waitForSelector('.hand')
  return opened
}

/** Waits until the next steps are those after a step. */
const after = (page: Page, step: number): Promise<unknown> =>
  page.waitForFunction((text) => {
    const hand = document.querySelector('.hand')
    return hand?.querySelector('h2')?.textContent === text && hand.getAttribute('aria-busy') === 'false'
  }, `After step ${step}`)

/** Presses each key in the task in which the page has drawn the steps after the one before. */
const pressAtOnce = (page: Page, keys: readonly (readonly [key: string, step: number])[]): Promise<void> =>
  page.evaluate(async (pairs) => {
    const isDrawn = (step: number): boolean => {
      const hand = document.querySelector('.hand')
      return (
        hand?.querySelector('h2')?.textContent === `After step ${step}` && hand.getAttribute('aria-busy') === 'false'
      )
    }
    for (const [key, step] of pairs) {
      const drawn = new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!isDrawn(step)) return
          observer.disconnect()
          resolve()
        })
        observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
      })
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
      await drawn
    }
  }, keys)

/** Waits for a sentence about what came of a question. */
const told = (page: Page, text: RegExp): Promise<void> => page.getByRole('status').getByText(text).waitFor()

describe.runIf(executable !== undefined)(`a page by hand${WITHOUT}`, () => {
  test('steps, back and on, branches: by keys', async () => {
    const { page, complaints } = await open()
    await page.keyboard.press('1')
    await after(page, 1)
    await page.keyboard.press('1')
    await after(page, 2)
    await page.keyboard.press('u')
    await after(page, 1)
    expect(await page.getByText('taken before').count()).toBeGreaterThan(0)
    await page.keyboard.press('2')
    await after(page, 2)
    await page.getByText('2 branches').click()
    await page.getByRole('listitem').getByText('from step 1').click()
    await after(page, 2)
    await page.keyboard.press('Home')
    await after(page, 0)
    await page.keyboard.press('r')
    await after(page, 1)
    expect(complaints).toEqual([])
  })

  test('a key acts on what is drawn when it is pressed, however soon', async () => {
    const { page, complaints } = await open()
    await pressAtOnce(page, [
      ['1', 1],
      ['1', 2],
      ['u', 1],
      ['r', 2],
      ['u', 1],
      ['2', 2],
      ['u', 1],
      ['u', 0],
      ['ArrowRight', 1],
    ])
    expect(complaints).toEqual([])
  })

  test('a property falls, a check finds it, a fix forbids it', async () => {
    const { page, complaints } = await open()
    await page.getByRole('button', { name: 'shortest' }).click()
    await told(page, /is violated/)
    expect(await page.locator('.verdict').textContent()).toContain('✗')
    await page.keyboard.press('c')
    await told(page, /^checked: violated/)
    await page.locator('.verdicts li.violated', { hasText: 'P-NOUAF' }).getByRole('button').click()
    await after(page, 9)
    await page.getByText(/^Fixes:/).click()
    await page.getByRole('switch', { name: /^invalidate/ }).click()
    await told(page, /follows it for \d+ of 9 steps/)
    expect(await page.locator('h1').textContent()).toBe('notifier@without-lock_order')
    expect(complaints).toEqual([])
  })

  test('what was done is saved, replayed by the command, and loaded again', async () => {
    const { page, complaints } = await open()
    await page.getByRole('spinbutton', { name: 'Steps of a random walk' }).fill('3')
    await page.getByRole('button', { name: 'Random walk' }).click()
    await told(page, /3 steps/)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('toolbar').getByRole('button', { name: 'Save' }).click(),
    ])
    const { cwd, run } = world()
    const file = join(cwd, download.suggestedFilename())
    await download.saveAs(file)
    expect(download.suggestedFilename()).toBe('notifier@as-posted.core.by-hand.json')
    const answer = await run('replay', file)
    expect(answer).toMatchObject({ code: 0, stderr: '' })
    expect(answer.stdout).toContain('run by hand is witnessed after 3 steps')
    await page.keyboard.press('Home')
    await after(page, 0)
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('toolbar').getByRole('button', { name: 'Load…' }).click(),
    ])
    await chooser.setFiles(file)
    await after(page, 3)
    const [again] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('toolbar').getByRole('button', { name: 'Load…' }).click(),
    ])
    const evil = join(cwd, 'evil.json')
    writeFileSync(evil, '{"schema":1,"model":"<img src=x onerror=alert(1)>"}')
    await again.setFiles(evil)
    await told(page, /HMM222/)
    expect(await page.locator('img').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)('can be read by everybody: %s, %i pixels', async (colorScheme, width) => {
    const { page, complaints } = await open({ colorScheme, viewport: { width, height: 800 } })
    await page.keyboard.press('w')
    await told(page, /step/)
    await page.keyboard.press('c')
    await told(page, /^checked/)
    await page.evaluate(readFileSync(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8'))
    const serious = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        readonly axe: {
          run(): Promise<{
            readonly violations: readonly {
              readonly id: string
              readonly impact: string
              readonly nodes: readonly { readonly html: string }[]
            }[]
          }>
        }
      }
      const { violations } = await axe.run()
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html: text }) => text.slice(0, 120)).join(' | ')}`)
    })
    expect(serious).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    expect(complaints).toEqual([])
  })

  test('is served to this machine alone', async () => {
    const server = await servePage(await html(), POLICY, 0)
    const { page, complaints } = await openPage(server.address)
    await page.waitForSelector('.hand')
    await page.keyboard.press('1')
    await after(page, 1)
    expect(complaints).toEqual([])
    await server.close()
  })

  test('a site works from disk: an index, and a page that shares the app', async () => {
    const folder = temporaryDirectory()
    for (const [name, text] of siteFiles(await pageParts(), [{ protocol: notifier, recording }])) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const { page, complaints } = await openPage(pathToFileURL(join(folder, 'index.html')).href)
    await page.getByRole('link', { name: 'as-posted' }).click()
    await page.waitForSelector('.hand')
    expect(await page.locator('h1').textContent()).toBe('notifier@as-posted')
    await page.keyboard.press('1')
    await after(page, 1)
    expect(complaints).toEqual([])
  })
})
