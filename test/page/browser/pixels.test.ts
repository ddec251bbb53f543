/**
 * The page looks as it did when somebody looked at it last: at three widths, light and dark. Pictures are compared in
 * squares, so that another rendering of letters is no difference, and a box that is gone or a lost colour is one.
 *
 * `HMMCHECK_PIXELS=write npx vitest run test/page/browser/pixels.test.ts` takes the pictures anew: look at them before
 * you commit them.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pageHtml } from '../../../src/page/html.ts'
import { pageOfLock } from '../pages.ts'
import { pageTemplate } from '../template.ts'
import { executable, startBrowser, WITHOUT, type Pages } from './browser.ts'

const RUN = 'counterexamples/mirror-2017/b-01-device-invalidated-at-range_end-not-at-range_start.json'

/** The side of a square, in pixels. */
const SQUARE = 16
/** Squares differ if the mean of a colour does by more than this, of 255. */
const NOTICED = 24
/** The part of the squares that may differ: letters of other fonts are wider. */
const TOLERATED = 0.03

const sizes: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  ['360-light', { viewport: { width: 360, height: 800 }, colorScheme: 'light' }],
  ['1280-light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['1280-dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['2560-light', { viewport: { width: 2560, height: 1400 }, colorScheme: 'light' }],
]

const fileOf = (name: string): string => join(import.meta.dirname, 'pictures', `${name}.png`)

/** The part of the squares of two pictures that differ; 1 if they have different sizes. The browser decodes them. */
const differing = (page: Page, pictures: readonly [string, string]): Promise<number> =>
  page.evaluate(
    async ({ pictures, square, noticed }) => {
      const [one, other] = await Promise.all(
        pictures.map(async (picture) => {
          const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0))
          const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
          const [width, height] = [Math.ceil(bitmap.width / square), Math.ceil(bitmap.height / square)]
          const canvas = new OffscreenCanvas(width, height)
          const context = canvas.getContext('2d')
          if (context === null) throw new Error('no canvas')
          context.imageSmoothingQuality = 'high'
          context.drawImage(bitmap, 0, 0, width, height)
          return { width, height, data: context.getImageData(0, 0, width, height).data }
        }),
      )
      if (one === undefined || other === undefined || one.width !== other.width || one.height !== other.height) return 1
      let differ = 0
      for (let at = 0; at < one.data.length; at += 4)
        if ([0, 1, 2].some((n) => Math.abs((one.data[at + n] ?? 0) - (other.data[at + n] ?? 0)) > noticed)) differ += 1
      return differ / (one.data.length / 4)
    },
    { pictures, square: SQUARE, noticed: NOTICED },
  )

describe.skipIf(executable === undefined)(`the picture of a page${WITHOUT}`, () => {
  let pages: Pages
  let html = ''
  beforeAll(async () => {
    html = pageHtml(await pageTemplate(), pageOfLock(RUN))
    pages = await startBrowser()
  })
  afterAll(() => pages.close())

  const shot = async (options: BrowserContextOptions, step: number): Promise<{ page: Page; picture: string }> => {
    const { page } = await pages.open(html, options, `#step=${step}`)
    return { page, picture: (await page.screenshot({ animations: 'disabled' })).toString('base64') }
  }

  test.each(sizes)('%s', async (name, options) => {
    const { page, picture } = await shot(options, 9)
    if (process.env['HMMCHECK_PIXELS'] === 'write') {
      mkdirSync(dirname(fileOf(name)), { recursive: true })
      writeFileSync(fileOf(name), Buffer.from(picture, 'base64'))
    }
    const kept = readFileSync(fileOf(name)).toString('base64')
    expect(await differing(page, [kept, picture])).toBeLessThanOrEqual(TOLERATED)
    await page.close()
  })

  test('another colour scheme is another picture, and so is another step', async () => {
    const [, options = {}] = sizes[1] ?? []
    const light = await shot(options, 9)
    const dark = await shot({ ...options, colorScheme: 'dark' }, 9)
    const first = await shot(options, 1)
    expect(await differing(light.page, [light.picture, light.picture])).toBe(0)
    expect(await differing(light.page, [light.picture, dark.picture])).toBeGreaterThan(0.5)
    expect(await differing(light.page, [light.picture, first.picture])).toBeGreaterThan(TOLERATED)
    for (const { page } of [light, dark, first]) await page.close()
  })
})
