/** `replay` and `show`, of what `check --out` saved, and of files that do not fit. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { world } from './world.ts'
import type { World } from './world.ts'

async function saved(): Promise<World & { readonly change: (replaced: RegExp, by: string) => void }> {
  const one = world()
  await one.run('check', 'notifier@as-posted', '--out', 'nouaf.json')
  const file = join(one.cwd, 'nouaf.json')
  return {
    ...one,
    change: (replaced, by) => {
      writeFileSync(file, readFileSync(file, 'utf8').replace(replaced, by))
    },
  }
}

test('replay: a line a step, with its place in the model', async () => {
  const { run } = await saved()
  const { code, stdout, stderr } = await run('replay', 'nouaf.json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.replaceAll(/notifier\.ts:\d+/g, 'notifier.ts:LINE')).toMatchInlineSnapshot(`
    "notifier@as-posted, scenario core with devices=1,pages=1
       0  page = 0
       1  device_fault[0]: mutex_lock(&driver[self].update)  test/support/notifier.ts:LINE
       2  device_fault[0]: mutex_lock(&mm.lock)              test/support/notifier.ts:LINE
       3  device_fault[0]: driver[device].pte = mm.pte       test/support/notifier.ts:LINE
       4  device_fault[0]: mutex_unlock(&mm.lock)            test/support/notifier.ts:LINE
       5  unmap: mutex_lock(&mm.lock)                        test/support/notifier.ts:LINE
       6  unmap: page = mm.pte                               test/support/notifier.ts:LINE
       7  unmap: mm.pte = none                               test/support/notifier.ts:LINE
       8  unmap: free[page] = true                           test/support/notifier.ts:LINE
       9  device[0]: device reads the page                   test/support/notifier.ts:LINE
    P-NOUAF is violated after 9 steps
    "
  `)
})

test('show: the drawing that check prints', async () => {
  const { run } = await saved()
  const { code, stdout } = await run('show', 'nouaf.json')
  const checked = await run('check', 'notifier@as-posted', '--full')
  const drawing = stdout.slice(stdout.indexOf('     unmap '))
  expect(code).toBe(0)
  expect(drawing).toContain('✗ P-NOUAF: the device uses a freed page')
  expect(checked.stdout).toContain(drawing)
  const short = (await run('show', 'nouaf.json', '--short')).stdout
  expect(short).toContain('│ what matters')
  expect((await run('check', 'notifier@as-posted')).stdout).toContain(short.slice(short.indexOf('     initially ')))
})

test('a witness is no violation', async () => {
  const { run } = world()
  await run('check', 'notifier', '--property', 'P-NOUAF-possible', '--out', 'w.json')
  const { code, stdout } = await run('replay', 'w.json')
  expect(code).toBe(0)
  expect(stdout).toContain('P-NOUAF-possible is witnessed after 4 steps')
})

describe('files that do not fit', () => {
  test('the model has changed, and it still shows it: 0 and a note', async () => {
    const { run, change } = await saved()
    change(/sha256:..../, 'sha256:0000')
    const { code, stdout, stderr } = await run('replay', 'nouaf.json')
    expect(code).toBe(0)
    expect(stdout).toContain('P-NOUAF is violated after 9 steps')
    expect(stderr).toBe(
      'HMM225: nouaf.json still shows that P-NOUAF is violated after 9 steps, but the model has changed since it was recorded (the text of the model)\n  remedy: record it again with: check notifier@as-posted --out FILE\n',
    )
  })

  test.each(['replay', 'show'])('%s: a step is not enabled: 2, the step, and what is', async (command) => {
    const { run, change } = await saved()
    change(/as-posted/, 'fixed')
    const { code, stderr } = await run(command, 'nouaf.json')
    expect(code).toBe(2)
    expect(stderr).toBe(
      [
        'HMM223: nouaf.json is outdated; the model has changed since it was recorded (constant invalidate: was false, is true; constant lock_order: was false, is true): step 1 is not enabled: device_fault[0]: mutex_lock(&driver[self].update)',
        'enabled there:',
        '  device_fault[0]: mutex_lock(&mm.lock)',
        '  unmap: mutex_lock(&mm.lock)',
        '  device[0]: device reads the page',
        '',
      ].join('\n'),
    )
  })

  test('every step is enabled, and nothing is violated: 1', async () => {
    const { run, change } = await saved()
    change(/,\n[^\n]*device reads the page[^\n]*/, '')
    const { code, stderr } = await run('replay', 'nouaf.json')
    expect(code).toBe(1)
    expect(stderr).toContain(
      'HMM224: nouaf.json is outdated: every step is enabled, but P-NOUAF is not violated at the end',
    )
  })

  test.each([
    [/"model": "notifier"/, '"model": "notifer"', 'HMM201: there is no model notifer'],
    [
      /"variant": "as-posted"/,
      '"variant": "posted"',
      'HMM202: notifier has no variant posted\n  remedy: did you mean as-posted?',
    ],
    [/"scenario": "core"/, '"scenario": "kernel"', 'HMM203: notifier has no scenario kernel'],
    [/"devices": 1/, '"devices": 9', "HMM206: notifier can't be checked with devices=9"],
    [/"steps": \[/, '"steps": [ 3,', 'HMM222: nouaf.json is not a schedule: steps[0]: Invalid input: expected object'],
    [/\{/, '', 'HMM221: nouaf.json is not JSON'],
  ])('%s', async (replaced, by, message) => {
    const { run, change } = await saved()
    change(replaced, by)
    const { code, stdout, stderr } = await run('replay', 'nouaf.json')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`error ${message}`)
  })
})
