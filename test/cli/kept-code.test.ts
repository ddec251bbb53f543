/** The code that the build keeps beside the bundle is taken, and no check needs it. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { built, root } from '../support/package.ts'

/** A copy of the package, as it is installed: without what builds it. */
const copy = mkdtempSync(join(tmpdir(), 'hmmcheck-'))
let code = ''
let kept: Buffer = Buffer.alloc(0)
/** What a check says with the code that was kept. */
let said = ''

beforeAll(async () => {
  await built()
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const bundle = join(copy, 'dist/bundle')
  // a package that was built before may have some of it left
  const script = /entryOf\('(.+?)'/.exec(readFileSync(join(bundle, 'index.js'), 'utf8'))?.[1] ?? ''
  code = join(bundle, readdirSync(bundle).find((name) => name.startsWith(`${script}-`)) ?? 'none')
  kept = readFileSync(code)
  said = check()
}, 600_000)

afterAll(() => {
  rmSync(copy, { recursive: true, force: true })
})

/** What a check says, but for its times; nothing on standard error but how far it is, on a busy machine. */
function check(...flags: readonly string[]): string {
  const argv = [...flags, 'dist/bin/hmmcheck.js', 'check', 'device-memory@as-merged']
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: copy, encoding: 'utf8' })
  const problems = stderr.replace(/^device-memory@as-merged .* MiB\n/gm, '')
  expect({ status, problems }).toEqual({ status: 1, problems: '' })
  return stdout.replace(/; \d+\.\d+ s$/m, '')
}

test('V8 takes what was kept', () => {
  const script = `
    import './dist/bin/late-optimization.js'
    import { readFileSync } from 'node:fs'
    import { Script } from 'node:vm'
    const [script, kept] = process.argv.slice(1).map((file) => readFileSync(file))
    const { cachedDataRejected } = new Script(script.toString('latin1'), { cachedData: kept.subarray(4) })
    console.log(cachedDataRejected)
  `
  const argv = ['--input-type=module', '-e', script, code.replace(/-v[^-]*-[^-]*\.code$/, '.cjs'), code]
  expect(spawnSync(process.execPath, argv, { cwd: copy, encoding: 'utf8' }).stdout).toBe('false\n')
})

describe('a check says the same', () => {
  const damaged = (change: (code: Buffer) => Buffer): void => {
    writeFileSync(code, change(Buffer.from(kept)))
  }
  const flipped = (at: number) => (): void => {
    damaged((bytes) => {
      bytes[at] = (bytes[at] ?? 0) ^ 0x55
      return bytes
    })
  }
  test.each<readonly [string, () => void]>([
    [
      'without it',
      () => {
        rmSync(code)
      },
    ],
    ['if its first byte is another', flipped(0)],
    ['if a byte of its code is another', flipped(900_000)],
    [
      'if a part of it is missing',
      () => {
        damaged((bytes) => bytes.subarray(0, 700_000))
      },
    ],
    [
      'if it is empty',
      () => {
        damaged(() => Buffer.alloc(0))
      },
    ],
    [
      'if it is no code at all',
      () => {
        const text = Buffer.from('this is no code')
        const sum = Buffer.alloc(4)
        sum.writeUInt32LE(crc32(text))
        damaged(() => Buffer.concat([sum, text]))
      },
    ],
  ])('%s', (_, change) => {
    change()
    expect(check()).toBe(said)
  })

  test('with other flags of V8', () => {
    damaged((bytes) => bytes)
    expect(check('--no-lazy-feedback-allocation')).toBe(said)
  })
})
