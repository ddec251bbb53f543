/** `hmmcheck init`: what it asks, what it writes, and that it writes over nothing. */
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { askOn } from '../../src/cli/ask.ts'
import { writeProject } from '../../src/cli/write-project.ts'
import { temporaryDirectory, world } from './world.ts'

/** Every file of a folder with its text. */
const filesIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]),
  )

test('writes a folder, and says what to type next', async () => {
  const { cwd, run } = world()
  const { code, stdout, stderr } = await run('init', 'my-driver')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^wrote 8 files in my-driver:\n/)
  for (const line of stdout.split('\n').filter((one) => /^ {2}\S+$/.test(one)))
    if (!line.includes('cd ')) expect(existsSync(join(cwd, 'my-driver', line.trim()))).toBe(true)
  expect(stdout).toContain('npx hmmcheck check my-driver@without-retry-check')
})

test('in the working directory, with the options in place of the questions', async () => {
  const { cwd, run } = world()
  const { code, stdout } = await run('init', '--yes', '--name', 'amdxdna', '--no-ci', '--no-vscode')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^wrote 6 files:\n/)
  expect(Object.keys(filesIn(cwd)).filter((file) => /^\.(github|vscode)/.test(file))).toEqual([])
  expect(readFileSync(join(cwd, 'hmmcheck.config.ts'), 'utf8')).toContain("name: 'amdxdna'")
})

describe('writes over nothing', () => {
  test('and lists every file that is there: then nothing is written', async () => {
    const { cwd, run } = world()
    mkdirSync(join(cwd, 'model'))
    writeFileSync(join(cwd, 'model/driver.ts'), '// mine')
    writeFileSync(join(cwd, 'tsconfig.json'), '{}')
    const before = filesIn(cwd)
    const { code, stderr } = await run('init')
    expect(code).toBe(2)
    expect(stderr).toContain('HMM290: model/driver.ts, tsconfig.json exist, so nothing was written')
    expect(filesIn(cwd)).toEqual(before)
  })

  test('also a second time', async () => {
    const { cwd, run } = world()
    await run('init')
    const before = filesIn(cwd)
    expect((await run('init')).code).toBe(2)
    expect(filesIn(cwd)).toEqual(before)
  })

  test('package.json and .gitignore get what they lack', async () => {
    const { cwd, run } = world()
    writeFileSync(join(cwd, 'package.json'), '{\n  "name": "mine"\n}\n')
    writeFileSync(join(cwd, '.gitignore'), 'build/')
    const { code, stdout } = await run('init')
    expect(code).toBe(0)
    expect(stdout).toContain('package.json  (was there; got what it lacked)')
    expect(JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'))).toMatchObject({
      name: 'mine',
      scripts: { check: 'hmmcheck check' },
    })
    expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toBe('build/\nnode_modules/\n')
  })

  test('a folder that is a file is a mistake', async () => {
    const { cwd, run } = world()
    writeFileSync(join(cwd, 'file'), '')
    const { code, stderr } = await run('init', 'file')
    expect(code).toBe(2)
    expect(stderr).toContain("HMM210: file can't be written")
    expect(filesIn(cwd)).toEqual({ file: '' })
  })

  test('what was written before a failure is taken back', () => {
    const folder = temporaryDirectory()
    writeFileSync(join(folder, 'package.json'), '{}')
    const files = [
      { path: 'a/b/c.ts', text: 'c' },
      { path: 'package.json', text: '', added: () => '{ "more": 1 }' },
      // a file where a folder must be
      { path: 'a/b/c.ts/d.ts', text: 'd' },
    ]
    expect(() => writeProject(folder, 'x', files)).toThrow(/^HMM210: x can't be written/)
    expect(filesIn(folder)).toEqual({ 'package.json': '{}' })
    expect(readdirSync(folder)).toEqual(['package.json'])
  })

  test.skipIf(process.getuid?.() === 0)('a folder that may not be written stays as it is', async () => {
    const { cwd, run } = world()
    chmodSync(cwd, 0o500)
    expect((await run('init', 'x')).code).toBe(2)
    chmodSync(cwd, 0o700)
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('on a terminal', () => {
  /** Answers in turn; what is missing is broken off. */
  const answering = (...answers: readonly string[]) => {
    const asked: string[] = []
    return {
      asked,
      ask: (question: string, otherwise: string) => {
        const answer = answers[asked.length]
        asked.push(question)
        return Promise.resolve(answer === '' ? otherwise : answer)
      },
    }
  }

  test('asks for the name, the workflow and the tasks', async () => {
    const { asked, ask } = answering('amdxdna', 'no', '')
    const { cwd, run } = world({ ask })
    expect((await run('init')).code).toBe(0)
    expect(asked).toEqual(['The name of the model', 'A workflow of GitHub Actions?', 'Tasks of Visual Studio Code?'])
    const files = filesIn(cwd)
    expect(files['hmmcheck.config.ts']).toContain("name: 'amdxdna'")
    expect(Object.keys(files).filter((file) => /^\.(github|vscode)/.test(file))).toEqual(['.vscode/tasks.json'])
  })

  test('asks nothing that an option says, and with --yes nothing at all', async () => {
    const { asked, ask } = answering('')
    expect((await world({ ask }).run('init', '--name', 'x', '--no-ci')).code).toBe(0)
    expect(asked).toEqual(['Tasks of Visual Studio Code?'])
    expect((await world({ ask }).run('init', '-y')).code).toBe(0)
    expect(asked).toHaveLength(1)
  })

  test('who breaks off gets nothing, and 130', async () => {
    const { cwd, run } = world({ ask: answering('x').ask })
    expect((await run('init')).code).toBe(130)
    expect(readdirSync(cwd)).toEqual([])
  })

  test('a line is an answer, an empty one the default, and the end breaks off', async () => {
    const input = new PassThrough()
    const output = new PassThrough()
    const ask = askOn(input, output)
    const answer = ask('Name', 'my-driver')
    input.write('  kfd \n')
    expect(await answer).toBe('kfd')
    const second = ask('Name', 'my-driver')
    input.write('\n')
    expect(await second).toBe('my-driver')
    const third = ask('Name', 'my-driver')
    input.end()
    expect(await third).toBe(undefined)
    expect(String(output.read())).toContain('Name (my-driver) ')
  })
})
