/** `hmmcheck export`: the files compile and search, and none is written over another. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { deviceMemoryProtocol } from '../../models/device-memory/protocol.ts'
import { catalogueTargets } from '../../src/cli/targets.ts'
import { check } from '../../src/explorer/check.ts'
import { modelOf } from '../support/targets.ts'
import { world as worldOf, type World } from './world.ts'

const catalogue = [deviceMemoryProtocol]
const world = (): World => worldOf({ catalogue })

test('a folder in which make builds a search that finds what a check finds', { timeout: 120_000 }, async () => {
  const { cwd, run } = world()
  const { code, stdout, stderr } = await run('export', 'device-memory@as-merged', '--scenario', 'life', '--out', 'c')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('wrote 6 files in c')
  expect(stdout).toContain('not judged there: recoverable')
  const folder = join(cwd, 'c')
  execFileSync('make', ['CFLAGS=-std=c11 -O0 -Wall -Wextra -pedantic -Werror'], { cwd: folder, stdio: 'pipe' })
  const searched = spawnSync('./search', { cwd: folder, encoding: 'utf8' })
  const target = catalogueTargets(catalogue).find(({ setting }) => setting.variant.name === 'as-merged')
  if (target === undefined) throw new Error('no variant as-merged')
  const { states, transitions, depth, verdict } = await check(modelOf(target), { symmetry: false })
  expect(searched.stdout).toContain(`states ${states}\ntransitions ${transitions}\ndepth ${depth}\n`)
  expect(searched.status).toBe(verdict === 'violated' ? 1 : 0)
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`It has ${states} states`)
})

describe('a plugin of LTSmin', () => {
  test('has scripts that can be called, for as many ranks as the states need', async () => {
    const { cwd, run } = world()
    const { code } = await run('export', 'device-memory', '--to', 'pins', '--states', '5e9', '--out', 'p')
    expect(code).toBe(0)
    for (const script of ['run.sh', 'hosts.sh']) expect(statSync(join(cwd, 'p', script)).mode & 0o111).not.toBe(0)
    expect(readFileSync(join(cwd, 'p/job.sbatch'), 'utf8')).toContain('#SBATCH --ntasks=50\n')
    for (const file of readdirSync(join(cwd, 'p')))
      expect(readFileSync(join(cwd, 'p', file), 'utf8')).not.toMatch(/@[A-Z_]+@/)
  })

  test.each(['run.sh', 'hosts.sh', 'job.sbatch'])('%s is a script that a shell can read', async (script) => {
    const { cwd, run } = world()
    await run('export', 'device-memory', '--to', 'pins', '--states', '1000', '--out', 'p')
    expect(spawnSync('sh', ['-n', join(cwd, 'p', script)]).status).toBe(0)
  })
})

describe('what is there', () => {
  test('is not written over', async () => {
    const { cwd, run } = world()
    await run('export', 'device-memory', '--states', '1', '--out', 'c')
    writeFileSync(join(cwd, 'c/driver.c'), '/* mine */')
    const { code, stderr } = await run('export', 'device-memory', '--states', '1', '--out', 'c')
    expect(code).toBe(2)
    expect(stderr).toContain('HMM290')
    expect(readFileSync(join(cwd, 'c/driver.c'), 'utf8')).toBe('/* mine */')
  })

  test('but with --force', async () => {
    const { cwd, run } = world()
    await run('export', 'device-memory', '--states', '1', '--out', 'c')
    writeFileSync(join(cwd, 'c/driver.c'), '/* mine */')
    expect((await run('export', 'device-memory', '--states', '1', '--out', 'c', '--force')).code).toBe(0)
    expect(readFileSync(join(cwd, 'c/driver.c'), 'utf8')).toContain('#include "model.h"')
  })
})

test.each([
  ['export', 'device-memory'],
  ['export', 'nothing', '--out', 'c'],
  ['export', 'device-memory', '--out', 'c', '--to', 'java'],
  ['export', 'device-memory', '--out', 'c', '--states', 'many'],
])('refuses %s %s', async (...words) => {
  const { run } = world()
  const { code, stderr } = await run(...words)
  expect(code).toBe(2)
  expect(stderr).toMatch(/HMM2\d\d/)
})
