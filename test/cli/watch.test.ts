/**
 * `hmmcheck watch`, in processes of their own: it checks at once and after each save, only what the save has changed; it
 * shows a mistake and goes on; it ends at Ctrl-C.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { importGraph } from '../../src/project/imports.ts'
import { root } from '../support/package.ts'
import { temporaryDirectory, world } from './world.ts'

let child: ChildProcess | undefined
afterEach(() => {
  child?.kill('SIGKILL')
})

/** A folder with the model of `init`, and `watch` in it, from source. */
function watched(...argv: readonly string[]) {
  const cwd = temporaryDirectory()
  cpSync(join(root, 'templates/init'), cwd, { recursive: true })
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(root, join(cwd, 'node_modules/hmmcheck'))
  const loader = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href
  const conditions = '--conditions=hmmcheck-source'
  const command = [conditions, '--import', loader, join(root, 'bin/hmmcheck.ts'), 'watch', '--no-typecheck', ...argv]
  const started = spawn(process.execPath, command, { cwd, env: { ...process.env, NO_COLOR: '1' } })
  child = started
  let text = ''
  let [seen, wake] = [0, (): void => undefined]
  const hear = (chunk: Buffer): void => {
    text += String(chunk)
    wake()
  }
  started.stdout.on('data', hear)
  started.stderr.on('data', hear)
  const file = join(cwd, 'model/driver.ts')
  return {
    cwd,
    /** What one check printed, once it is over. */
    async round(): Promise<string> {
      for (;;) {
        const end = text.indexOf('watching; Ctrl-C ends\n', seen)
        if (end >= 0) {
          const printed = text.slice(seen, end)
          seen = end + 'watching; Ctrl-C ends\n'.length
          return printed
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    change(from: string, to: string): void {
      const before = readFileSync(file, 'utf8')
      expect(before).toContain(from)
      writeFileSync(file, before.replace(from, to))
    },
    append: (name: string, more: string) => {
      appendFileSync(join(cwd, name), more)
    },
    /** The exit code after Ctrl-C. */
    interrupted: () =>
      new Promise<number | null>((resolve) => {
        started.once('exit', resolve)
        started.kill('SIGINT')
      }),
  }
}

test('checks at once, after each save what it has changed, and ends at Ctrl-C', async () => {
  const { round, change, append, interrupted } = watched()
  expect(await round()).toMatch(/3 runs checked: 3 as expected, 0 not; /)

  // a comment at the end moves no line
  append('model/driver.ts', '// the end\n')
  expect(await round()).toMatch(/checking: model\/driver\.ts saved\n\n0 runs checked, 3 unchanged: 3 as expected/)

  change('intervals.mmu_interval_set_seq(device, cur_seq)\n', '\n')
  const violated = await round()
  expect(violated).toMatch(/3 runs checked: 1 as expected, 2 not/)
  expect(violated).toMatch(/^ {2}model\/driver\.ts:\d+: violated no-use-after-free: minimal: \d+ steps/m)
  expect(violated).toContain('  draw it: npm run hmmcheck -- check my-driver@fixed --scenario small')

  change('const cpu = threadPer(', 'const cpu = = threadPer(')
  expect(await round()).toMatch(/error HMM090: SyntaxError: .*\n {2}at: model\/driver\.ts:\d+/)

  change('const cpu = = threadPer(', 'const cpu = threadPer(')
  const again = await round()
  expect(again).toMatch(/0 runs checked, 3 unchanged: 1 as expected, 2 not/)
  expect(again).toMatch(/violated no-use-after-free/)

  append('model/driver.test.ts', '// no model imports it\n')
  append('hmmcheck.config.ts', 'catalogue[0]!.expectations satisfies object\n')
  expect(await round()).toMatch(/^checking: hmmcheck\.config\.ts saved\n/)
  expect(await interrupted()).toBe(0)
}, 600_000)

test('without a configuration there is nothing to watch', async () => {
  const { code, stderr } = await world().run('watch')
  expect(code).toBe(2)
  expect(stderr).toContain('HMM295: ')
  expect(stderr).toContain('begin with hmmcheck init')
})

describe('the import graph', () => {
  const files = (texts: Readonly<Record<string, string>>): ((name: string) => string) => {
    const folder = temporaryDirectory()
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(join(folder, name, '..'), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    return (name) => join(folder, name)
  }

  test('follows every form of an import, by any name of a file, and no package', () => {
    const at = files({
      'config.ts': `import { a } from './a.ts'\nimport * as b from "./b.js"\nexport * from './c'\nimport type { D } from './d/index.ts'\nimport 'hmmcheck'`,
      'a.ts': `import './e.ts'\nconst f = await import('./f.ts')\nimport './config.ts'`,
      'b.ts': '',
      'c.ts': '',
      'd/index.ts': `export {\n  g,\n} from '../g.ts'`,
      'e.ts': '',
      'f.ts': '',
      'g.ts': '',
      'other.ts': '',
    })
    const names = ['config.ts', 'a.ts', 'e.ts', 'f.ts', 'b.ts', 'c.ts', 'd/index.ts', 'g.ts'].map(at)
    expect([...importGraph([at('config.ts')]).keys()].toSorted()).toEqual(names.toSorted())
  })

  test('has a file that is not there yet, and reads one that is no program', () => {
    const at = files({ 'config.ts': `import { x from './missing.ts'` })
    expect([...importGraph([at('config.ts')]).keys()]).toEqual([at('config.ts'), at('missing.ts')])
  })
})
