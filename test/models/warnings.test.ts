/**
 * The models that are taken for right give no warning, as a user's are to give none: in their default scenario, under
 * --strict.
 */
import { expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { check } from '../../src/explorer/check.ts'
import { describeModel } from '../../src/explorer/prepare.ts'
import { world } from '../cli/world.ts'

const engine = {
  check,
  describeLayout: (...args: Parameters<typeof describeModel>) => Promise.resolve(describeModel(...args)),
}

test.each(catalogue.map(({ name }) => name))(
  '%s',
  async (name) => {
    const { code, stdout } = await world({ catalogue, engine }).run(
      'check',
      `${name}@fixed`,
      '--strict',
      '--max-states',
      '100000',
    )
    expect(stdout.split('\n').filter((line) => line.startsWith('warning'))).toEqual([])
    expect(stdout).toMatch(/^holds$/m)
    expect(code).toBe(0)
  },
  120_000,
)
