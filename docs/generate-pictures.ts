/**
 * `npm run docs:pictures`: takes the pictures of docs/reading.md from the page of a counterexample, in Chromium. What
 * they show is said once, here; the page itself is made anew.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pageHtml } from '../src/page/html.ts'
import { startBrowser } from '../test/page/browser/browser.ts'
import { pageOfLock } from '../test/page/pages.ts'
import { pageTemplate } from '../test/page/template.ts'

const LOCK = 'counterexamples/mirror-2017/b-01-device-invalidated-at-range_end-not-at-range_start.json'
const FOLDER = join(import.meta.dirname, 'pictures')

/** A part of the page in a picture of its own. */
interface Picture {
  readonly file: string
  readonly width: number
  readonly height: number
  readonly colorScheme?: 'dark'
  readonly hash: string
  /** The element that is shown; all that is in sight, if absent. */
  readonly part?: string
}

const PICTURES: readonly Picture[] = [
  { file: 'page.png', width: 1280, height: 860, hash: '' },
  { file: 'race.png', width: 1280, height: 860, hash: '#step=11', part: '.lanes-pane' },
  { file: 'memory.png', width: 1280, height: 860, hash: '#step=11', part: '.panel-memory' },
  { file: 'state.png', width: 620, height: 1400, hash: '#step=11&compare=4&view=state', part: '.panel-state' },
  { file: 'dark.png', width: 1280, height: 860, colorScheme: 'dark', hash: '#step=13' },
  { file: 'narrow.png', width: 360, height: 740, hash: '#step=9' },
]

mkdirSync(FOLDER, { recursive: true })
const html = pageHtml(await pageTemplate(), pageOfLock(LOCK))
const pages = await startBrowser()
try {
  for (const { file, width, height, colorScheme, hash, part } of PICTURES) {
    const { page } = await pages.open(html, { viewport: { width, height }, ...(colorScheme && { colorScheme }) }, hash)
    const path = join(FOLDER, file)
    if (part === undefined) await page.screenshot({ path })
    else if (part === '.lanes-pane')
      await page.screenshot({ path, clip: { x: 0, y: 0, width: 724, height: height - 62 } })
    else await page.locator(part).screenshot({ path })
    await page.close()
  }
} finally {
  await pages.close()
}
