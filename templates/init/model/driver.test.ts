import 'hmmcheck/vitest'
import { expect, test } from 'vitest'
import { driver } from '../hmmcheck.config.ts'

test('no device uses a page that was freed, and nothing hangs', async () => {
  await expect(driver).toHold()
})

test('without the check under the lock, a device does', async () => {
  await expect(driver).toBeViolated('no-use-after-free', { variant: 'without-retry-check' })
})
