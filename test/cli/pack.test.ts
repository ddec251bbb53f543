/** What is built is built again when a source has changed, and only then: no run in a clone is of older sources. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../support/package.ts'
import { temporaryDirectory } from './world.ts'

describe('a stamp', () => {
  /** A small tree, and a stamp of it. */
  function stamped(): string {
    const folder = temporaryDirectory()
    for (const name of ['src', 'models/mine', 'build', 'dist']) mkdirSync(join(folder, name), { recursive: true })
    cpSync(join(root, 'build/fresh.cjs'), join(folder, 'build/fresh.cjs'))
    for (const name of ['src/a.ts', 'models/mine/a.ts', 'models/mine/b.ts'])
      writeFileSync(join(folder, name), 'as it was')
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    expect(asked(folder, 'stampWith(COMMAND, presentDigest())')).toBe('undefined')
    return folder
  }

  /** What an expression is worth in that tree. */
  const asked = (folder: string, expression: string): string => {
    const script = `import { COMMAND, isFresh, presentDigest, stampWith } from './build/fresh.cjs'; console.log(String(${expression}))`
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      encoding: 'utf8',
    }).trim()
  }
  const isFresh = (folder: string): string => asked(folder, 'isFresh(COMMAND)')
  const a = 'models/mine/a.ts'

  test('is fresh at first, and needs no look at the contents', () => {
    const folder = stamped()
    expect(isFresh(folder)).toBe('true')
  })

  test('is fresh when a file was written again as it was', () => {
    const folder = stamped()
    const later = new Date(Date.now() + 60_000)
    utimesSync(join(folder, a), later, later)
    expect(isFresh(folder)).toBe('true')
  })

  test.each<readonly [string, (folder: string) => void]>([
    [
      'a file has other text',
      (folder) => {
        writeFileSync(join(folder, a), 'as it is now')
      },
    ],
    [
      'a file has other text of the same length and is older than the stamp',
      (folder) => {
        writeFileSync(join(folder, a), 'as it wAs')
        utimesSync(join(folder, a), new Date(2001, 0, 1), new Date(2001, 0, 1))
      },
    ],
    [
      'a file is new',
      (folder) => {
        writeFileSync(join(folder, 'models/mine/c.ts'), '')
      },
    ],
    [
      'a file is gone',
      (folder) => {
        rmSync(join(folder, a))
      },
    ],
    [
      'a file has another name',
      (folder) => {
        cpSync(join(folder, a), join(folder, 'models/mine/c.ts'), { preserveTimestamps: true })
        rmSync(join(folder, a))
      },
    ],
    [
      'a folder is new, with a file in it',
      (folder) => {
        mkdirSync(join(folder, 'models/yours'))
        writeFileSync(join(folder, 'models/yours/a.ts'), '')
      },
    ],
    [
      'a folder is gone, and there is a file instead',
      (folder) => {
        rmSync(join(folder, 'models/mine'), { recursive: true })
        writeFileSync(join(folder, 'models/mine'), '')
      },
    ],
    [
      'there is a source that there was not',
      (folder) => {
        writeFileSync(join(folder, 'tsconfig.json'), '{}')
      },
    ],
    [
      'a source is no more',
      (folder) => {
        rmSync(join(folder, 'package.json'))
      },
    ],
    [
      'the stamp is another kind of data',
      (folder) => {
        writeFileSync(join(folder, 'dist/command.json'), '{"digest":"","glance":""}')
      },
    ],
    [
      'the stamp is gone',
      (folder) => {
        rmSync(join(folder, 'dist/command.json'))
      },
    ],
    [
      'the stamp was not written to its end',
      (folder) => {
        writeFileSync(join(folder, 'dist/command.json'), '{"dig')
      },
    ],
  ])('is not when %s', (_, change) => {
    const folder = stamped()
    change(folder)
    expect(isFresh(folder)).toBe('false')
  })

  test('is not written of sources that changed during the build', () => {
    const folder = stamped()
    rmSync(join(folder, 'dist/command.json'))
    asked(folder, "stampWith(COMMAND, 'the digest of what was there')")
    expect(isFresh(folder)).toBe('false')
  })
})

test('a clone judges an edited model as it is now, and builds nothing where nothing changed', () => {
  const clone = temporaryDirectory()
  // With their times: what was built here is of these sources there, too.
  for (const name of [
    'src',
    'models',
    'properties',
    'bin',
    'build',
    'build.js',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'dist',
  ])
    cpSync(join(root, name), join(clone, name), { recursive: true, preserveTimestamps: true })
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
  const node = (...argv: readonly string[]): string =>
    spawnSync(process.execPath, argv, { cwd: clone, encoding: 'utf8' }).stdout
  const statesIn = (text: string): string | undefined => /^([\d,]+) states/m.exec(text)?.[1]
  const check = ['check', 'device-memory']
  const built = (): string | undefined => statesIn(node('dist/bin/hmmcheck.js', ...check))
  const madeAt = (): number => statSync(join(clone, 'dist/recorded/index.json')).mtimeMs

  const made = madeAt()
  const before = built()
  expect(before).toMatch(/\d/)
  expect(madeAt()).toBe(made)
  // No declaration changes, and no line.
  const model = join(clone, 'models/device-memory/model.ts')
  const text = readFileSync(model, 'utf8')
  expect(text).toContain('free_list.add(page)')
  writeFileSync(model, text.replace('free_list.add(page)', 'free_list.remove(page)'))
  const after = built()
  expect(after).not.toBe(before)
  expect(madeAt()).toBeGreaterThan(made)
  const source = ['--conditions=hmmcheck-source', '--import', 'tsx', 'bin/hmmcheck.ts']
  expect(statesIn(node(...source, ...check))).toBe(after)
}, 300_000)

test('every install script of what is installed is allowed or denied', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean; readonly optional?: boolean }>>
  }
  const { allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly allowScripts: Readonly<Record<string, boolean>>
  }
  const scripted = Object.entries(packages).filter(
    ([path, { hasInstallScript, optional }]) => path !== '' && hasInstallScript === true && optional !== true,
  )
  expect(scripted.length).toBeGreaterThan(0)
  expect(
    scripted.map(([path]) => path.replace(/^.*node_modules\//, '')).filter((name) => allowScripts[name] === undefined),
  ).toEqual([])
})
