/** Draws pages of counterexamples one after the other in one browser, at their first, a middle and their last step. */
import { pageHtml } from '../../../src/page/html.ts'
import { pageOfLock } from '../pages.ts'
import { pageTemplate } from '../template.ts'
import { startBrowser } from './browser.ts'

/** What went wrong, a line each. */
export async function problemsOf(files: readonly string[]): Promise<readonly string[]> {
  const [template, pages] = [await pageTemplate(), await startBrowser()]
  const found: string[] = []
  try {
    for (const file of files) {
      const document = pageOfLock(file)
      const { page, problems } = await pages.open(pageHtml(template, document))
      const wanted = document.steps.length
      for (const key of ['Home', 'PageDown', 'End']) await page.keyboard.press(key)
      const at = await page.locator('.now b').textContent()
      found.push(...problems.map((problem) => `${file}: ${problem}`))
      if (at !== String(wanted)) found.push(`${file}: the last step is ${at ?? 'none'}, not ${wanted}`)
      await page.close()
    }
  } finally {
    await pages.close()
  }
  return found
}
