/** What is missing for a search by LTSmin is an error with its remedy. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readHosts, slotsOf } from '../../src/ltsmin/hosts.ts'
import { toolsFor } from '../../src/ltsmin/tools.ts'
import { temporaryDirectory } from '../cli/world.ts'

function program(file: string, text = 'exit 0'): void {
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o755)
}

/** A prefix with everything. */
function prefix(): string {
  const folder = temporaryDirectory()
  mkdirSync(join(folder, 'bin'))
  mkdirSync(join(folder, 'include/ltsmin'), { recursive: true })
  writeFileSync(join(folder, 'include/ltsmin/pins.h'), '')
  for (const name of ['pins2lts-dist', 'pins2lts-mc', 'gcc']) program(join(folder, 'bin', name))
  program(join(folder, 'bin/mpirun'), "echo 'mpirun (Open MPI) 4.1.4'")
  return folder
}

describe('tools', () => {
  test('are found in PATH, or at the prefix', () => {
    const folder = prefix()
    const bin = join(folder, 'bin')
    const found = {
      engine: 'ltsmin',
      search: join(bin, 'pins2lts-dist'),
      headers: join(folder, 'include'),
      compiler: join(bin, 'gcc'),
      mpirun: join(bin, 'mpirun'),
    }
    expect(toolsFor('ltsmin', { PATH: bin })).toEqual(found)
    expect(toolsFor('ltsmin', { PATH: bin, HMMCHECK_LTSMIN: folder })).toEqual(found)
  })

  test.each([
    ['pins2lts-dist', 'HMM300', 'HMMCHECK_LTSMIN'],
    ['gcc', 'HMM302', 'apt-get install gcc'],
    ['mpirun', 'HMM303', 'apt-get install openmpi-bin'],
  ])('without %s: %s', (name, code, remedy) => {
    const folder = prefix()
    rmSync(join(folder, 'bin', name))
    const tools = (): unknown => toolsFor('ltsmin', { PATH: join(folder, 'bin') })
    expect(tools).toThrow(expect.objectContaining({ code }))
    expect(tools).toThrow(remedy)
  })

  test('without mpirun, ltsmin-mc has all that it needs', () => {
    const folder = prefix()
    rmSync(join(folder, 'bin/mpirun'))
    expect(toolsFor('ltsmin-mc', { PATH: join(folder, 'bin') })).not.toHaveProperty('mpirun')
  })

  test('an mpirun of another MPI is none', () => {
    const folder = prefix()
    program(join(folder, 'bin/mpirun'), 'echo HYDRA build details')
    expect(() => toolsFor('ltsmin', { PATH: join(folder, 'bin') })).toThrow('not of Open MPI')
  })

  test('a compiler that is named is the one', () => {
    const folder = prefix()
    const named = { PATH: join(folder, 'bin'), CC: join(folder, 'my-cc') }
    expect(() => toolsFor('ltsmin-mc', named)).toThrow('my-cc')
    program(join(folder, 'my-cc'))
    expect(toolsFor('ltsmin-mc', named).compiler).toBe(join(folder, 'my-cc'))
  })

  test('a prefix that has none is not helped by PATH', () => {
    const empty = temporaryDirectory()
    expect(() => toolsFor('ltsmin', { PATH: join(prefix(), 'bin'), HMMCHECK_LTSMIN: empty })).toThrow(
      `not in ${join(empty, 'bin')}`,
    )
  })
})

describe('a file of hosts', () => {
  const file = (text: string): string => {
    const path = join(temporaryDirectory(), 'hosts')
    writeFileSync(path, text)
    return path
  }

  test('has a line for each; without a number of slots it takes one rank', () => {
    const hosts = readHosts(file('# my hosts\na slots=8\n\nuser@b.example slots=4 max_slots=8 # rack 2\nc\n'))
    expect(hosts.lines).toEqual([
      { name: 'a', slots: 8 },
      { name: 'user@b.example', slots: 4 },
      { name: 'c', slots: 1 },
    ])
    expect(slotsOf(hosts)).toBe(13)
  })

  test.each(['', '# nobody\n', 'a slots=many\n', '-oProxyCommand=x slots=1\n', 'a b c\n', 'a slots=0\n', "a';ls\n"])(
    'refuses %j',
    (text) => {
      expect(() => readHosts(file(text))).toThrow(/HMM304/)
    },
  )

  test('that is not there', () => {
    expect(() => readHosts('/nowhere/hosts')).toThrow(/HMM304[^]*\/nowhere\/hosts/)
  })
})
