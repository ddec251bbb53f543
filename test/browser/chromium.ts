/** One Chromium for a file of tests, with pages that fail the test if anything is written to their console as an error. */
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, onTestFinished } from 'vitest'
import { executable, FLAGS } from '../page/browser/browser.ts'

let browser: Promise<Browser> | undefined
afterAll(async () => {
  await (await browser)?.close()
})

/** A page that is opened, and what it has complained about. */
export interface Opened {
  readonly page: Page
  readonly complaints: readonly string[]
}

export async function openPage(address: string, options: BrowserContextOptions = {}): Promise<Opened> {
  browser ??= chromium.launch({ ...(executable && { executablePath: executable }), args: [...FLAGS] })
  const context = await (await browser).newContext({ viewport: { width: 1280, height: 860 }, ...options })
  onTestFinished(() => context.close())
  // no test measures time: the limit is only there so that what hangs is seen
  context.setDefaultTimeout(110_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('request', (request) => {
    if (!/^(?:file|blob|data):/.test(request.url()) && request.url() !== address)
      complaints.push(`asks for ${request.url()}`)
  })
  await page.goto(address)
  return { page, complaints }
}
