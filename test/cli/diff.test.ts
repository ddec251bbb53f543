/** `hmmcheck diff`: what the sides may be, the formats, and each code that it ends with. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { notifier } from '../support/notifier.ts'
import { world } from './world.ts'

describe('two variants', () => {
  test('with different verdicts end with 1, and say which steps and verdicts differ', async () => {
    const { code, stdout, stderr } = await world().run('diff', 'notifier@as-posted', '@fixed')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(/^notifier@as-posted → notifier@fixed, with the constants of scenario core\n/)
    expect(stdout).toMatch(/^ {2}\+ .*mutex_lock/m)
    expect(stdout).toMatch(/P-NOUAF +violated {2}→ holds/)
    expect(stdout).toMatch(/\d+ of \d+ verdicts differs?, in \d+ scenarios?\n$/)
  })

  test('that are one end with 0', async () => {
    const { code, stdout } = await world().run('diff', 'notifier', 'notifier@fixed')
    expect(code).toBe(0)
    expect(stdout).toContain('no step, variable, thread or property differs')
    expect(stdout).toMatch(/^0 of \d+ verdicts differ/m)
  })

  test('without a check, the text alone decides', async () => {
    const { run } = world()
    const { code, stdout } = await run('diff', 'notifier@as-posted', 'notifier', '--no-check')
    expect(code).toBe(1)
    expect(stdout).not.toContain('verdict')
    expect((await run('diff', 'notifier', 'notifier', '--no-check')).code).toBe(0)
  })

  test('a limit leaves open what differs', async () => {
    const { code, stdout } = await world().run('diff', 'notifier', 'notifier', '--max-states', '3')
    expect(code).toBe(3)
    expect(stdout).toContain('incomplete')
  })

  test('as JSON, and as Markdown', async () => {
    const { run } = world()
    const { stdout } = await run('diff', 'notifier@as-posted', 'notifier', '--format', 'json')
    const { steps, scenarios } = JSON.parse(stdout) as {
      readonly steps: readonly { readonly change: string }[]
      readonly scenarios: readonly {
        readonly properties: readonly { readonly name: string; readonly different: boolean }[]
      }[]
    }
    expect(steps.length).toBeGreaterThan(0)
    expect(scenarios[0]?.properties.find(({ name }) => name === 'P-NOUAF')).toMatchObject({
      one: 'violated',
      other: 'holds',
      different: true,
    })
    const markdown = (await run('diff', 'notifier@as-posted', 'notifier', '--format', 'markdown')).stdout
    expect(markdown).toContain('```diff\n')
    expect(markdown).toMatch(/^\| core \| P-NOUAF \| violated \| holds \|$/m)
  })
})

test('files: a model that is the only one, and one that is named', async () => {
  const { cwd, run } = world()
  const model = JSON.stringify(notifier)
  writeFileSync(join(cwd, 'one.mjs'), `export const catalogue = [${model}]`)
  writeFileSync(join(cwd, 'two.mjs'), `const one = ${model}\nexport const catalogue = [one, { ...one, name: 'other' }]`)
  const { code, stdout } = await run('diff', 'one.mjs@as-posted', 'two.mjs:other@as-posted', '--no-check')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^one\.mjs:notifier@as-posted → two\.mjs:other@as-posted/)
  const several = await run('diff', 'notifier', 'two.mjs')
  expect(several.code).toBe(2)
  expect(several.stderr).toContain('HMM293: two.mjs offers 2 models')
})

describe('a mistake', () => {
  test.each([
    [['notifierr', 'notifier'], 'HMM201'],
    [['notifier', '@fixt'], 'HMM202'],
    [['notifier', 'missing.ts'], 'HMM211'],
    [['notifier', 'notifier', '--scenario', 'none'], 'HMM296'],
    [['notifier', 'notifier', '--property', 'none'], 'HMM204'],
    [['notifier'], 'HMM200'],
  ])('%j', async (words, code) => {
    const { code: ended, stderr } = await world().run('diff', ...words)
    expect(ended).toBe(2)
    expect(stderr).toContain(`error ${code}: `)
  })
})
