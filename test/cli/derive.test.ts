/** `hmmcheck derive`: which model, which variant, and the place for the change. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { world } from './world.ts'

test('writes the sources, the place for the change, and what the catalogue says', async () => {
  const { cwd, run } = world({ catalogue })
  const { code, stdout, stderr } = await run('derive', 'kvm@as-6.12', 'review')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('npx hmmcheck check kvm@under-review  checks as-6.12 with the change')
  const text = (file: string): string => readFileSync(join(cwd, 'review', file), 'utf8')
  expect(text('change.ts')).toContain('THE CHANGE UNDER REVIEW')
  expect(text('hmmcheck.config.ts')).toContain("to: 'as-6.12',")
  expect(text('model.test.ts')).toContain("{ variant: 'as-6.12', scenario: 'cache', violated: [")
  expect(text('models/kvm/protocol.ts')).toBe(readFileSync('models/kvm/protocol.ts', 'utf8'))
  expect(JSON.parse(text('package.json'))).toMatchObject({
    name: 'kvm-review',
    scripts: { check: 'hmmcheck check kvm@under-review' },
  })
})

test('without a variant the change is to `fixed`', async () => {
  const { cwd, run } = world({ catalogue })
  expect((await run('derive', 'owner-cow', '--no-ci', '--no-vscode')).code).toBe(0)
  expect(readFileSync(join(cwd, 'hmmcheck.config.ts'), 'utf8')).toContain("to: 'fixed',")
  expect(readdirSync(cwd).filter((name) => /^\.(github|vscode)/.test(name))).toEqual([])
})

describe('refuses', () => {
  test.each([
    ['kvmm', 'HMM201: there is no model kvmm'],
    ['kvm@fixt', 'HMM202: kvm has no variant fixt'],
    ['kvm@@', 'HMM201: kvm@@ is not the name of a model'],
  ])('%s', async (word, message) => {
    const { cwd, run } = world({ catalogue })
    const { code, stderr } = await run('derive', word)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(readdirSync(cwd)).toEqual([])
  })

  test('a model that this package has no sources of', async () => {
    const { cwd, run } = world()
    const { code, stderr } = await run('derive', 'notifier')
    expect(code).toBe(2)
    expect(stderr).toContain('HMM292: this package has no sources of notifier')
    expect(readdirSync(cwd)).toEqual([])
  })

  test('to write over a file', async () => {
    const { cwd, run } = world({ catalogue })
    mkdirSync(join(cwd, 'models/kvm'), { recursive: true })
    writeFileSync(join(cwd, 'models/kvm/fixes.ts'), '// mine')
    const { code, stderr } = await run('derive', 'kvm')
    expect(code).toBe(2)
    expect(stderr).toContain('HMM290: models/kvm/fixes.ts exists, so nothing was written')
    expect(readdirSync(cwd)).toEqual(['models'])
  })
})
