/**
 * Chromium for tests of pages: one for all tests of a file. Debian's package has it; `HMMCHECK_CHROMIUM` names another.
 * Without a browser the tests are skipped, and say why.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const PLACES = [
  process.env['HMMCHECK_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** The program; undefined if there is none. */
export const executable: string | undefined = PLACES.find((place) => place !== undefined && existsSync(place))

/** Said in the name of what is skipped. */
export const WITHOUT = executable === undefined ? ' (skipped: no Chromium here; apt-get install chromium)' : ''

export const FLAGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
]

/** A page that is open, and what went wrong in it. */
export interface Opened {
  readonly page: Page
  /** Errors of scripts, and what the console was told; and every address that was asked for beside the file itself. */
  readonly problems: readonly string[]
}

export interface Pages {
  /**
   * Opens an HTML text from the disk, as a user does.
   *
   * @param hash what stands behind the address: `#step=9`
   */
  readonly open: (html: string, options?: BrowserContextOptions, hash?: string) => Promise<Opened>
  readonly close: () => Promise<void>
}

export async function startBrowser(): Promise<Pages> {
  const browser: Browser = await chromium.launch({
    ...(executable && { executablePath: executable }),
    args: [...FLAGS],
  })
  const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-page-'))
  let files = 0
  return {
    async open(html, options = {}, hash = '') {
      const file = join(folder, `${(files += 1)}.html`)
      writeFileSync(file, html)
      const address = pathToFileURL(file).href
      const page = await browser.newPage({
        viewport: { width: 1280, height: 900 },
        reducedMotion: 'reduce',
        ...options,
      })
      const problems: string[] = []
      page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`))
      page.on('pageerror', ({ message }) => problems.push(message))
      page.on('request', (request) => {
        if (!request.url().startsWith(address) && !request.url().startsWith('data:')) problems.push(request.url())
      })
      await page.goto(address + hash)
      await page.locator('.time').or(page.locator('#app:has-text("be shown")')).first().waitFor()
      return { page, problems }
    },
    async close() {
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
