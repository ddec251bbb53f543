/** The files of a new project: which they are, and what they say of what is around the folder. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newProject, newProjectDefaults, type NewProject } from '../../src/project/new-project.ts'
import { placeOf } from '../../src/project/place.ts'
import { temporaryDirectory } from '../cli/world.ts'

const place = { folder: '/tmp/my-driver', inRepository: '.', hmmcheck: '^1.2.3' }

/** The texts of a project by path. */
const textsOf = (changes: Partial<NewProject> = {}, around = place): ReadonlyMap<string, string> =>
  new Map(newProject({ ...newProjectDefaults, ...changes }, around).map(({ path, text }) => [path, text]))

test('has a model, a configuration, a test, and all that is around them', () => {
  expect([...textsOf().keys()].toSorted()).toEqual([
    '.github/workflows/hmmcheck.yml',
    '.gitignore',
    '.vscode/tasks.json',
    'hmmcheck.config.ts',
    'model/driver.test.ts',
    'model/driver.ts',
    'package.json',
    'tsconfig.json',
  ])
})

test('leaves out what is not wanted', () => {
  const paths = [...textsOf({ ci: false, vscode: false }).keys()]
  expect(paths.filter((path) => path.startsWith('.'))).toEqual(['.gitignore'])
})

test('has the name that is wanted, everywhere', () => {
  const texts = textsOf({ name: 'amdxdna.v2' })
  expect([...texts.values()].filter((text) => text.includes('my-driver'))).toEqual([])
  expect(texts.get('hmmcheck.config.ts')).toContain("name: 'amdxdna.v2'")
  expect(texts.get('model/driver.ts')).toContain("model('amdxdna.v2', {")
  expect(JSON.parse(texts.get('package.json') ?? '')).toMatchObject({ name: 'amdxdna.v2', type: 'module' })
})

test.each(['', 'my driver', '../x', "it's", '-x'])('refuses the name %j', (name) => {
  expect(() => textsOf({ name })).toThrow(/^HMM291: .* is not the name of a model/)
})

test('its workflow works in the folder, below the root of the repository', () => {
  const workflow = textsOf({}, { ...place, inRepository: 'tools/model' }).get('.github/workflows/hmmcheck.yml')
  expect(workflow).toContain('working-directory: tools/model\n')
})

describe('package.json', () => {
  const added = (there: string): string =>
    newProject(newProjectDefaults, place)
      .find(({ path }) => path === 'package.json')
      ?.added?.(there) ?? ''

  test('names the versions that this package is tested with', () => {
    const { devDependencies } = JSON.parse(textsOf().get('package.json') ?? '') as Record<string, object>
    expect(devDependencies).toMatchObject({ hmmcheck: '^1.2.3', vitest: expect.stringMatching(/^\^\d/) as unknown })
  })

  test('an existing one keeps all that it has, and gets what it lacks', () => {
    const there = {
      name: 'mine',
      type: 'commonjs',
      scripts: { test: 'make test' },
      dependencies: { typescript: '5.9.2' },
      devDependencies: { hmmcheck: 'file:./hmmcheck.tgz' },
    }
    const text = added(JSON.stringify(there, undefined, 4))
    expect(text).toMatch(/^ {4}"name"/m)
    const after = JSON.parse(text) as typeof there
    expect(after).toMatchObject(there)
    expect(Object.keys(after.scripts)).toEqual(['check', 'watch', 'typecheck', 'test'])
    expect(Object.keys(after.devDependencies).toSorted()).toEqual(['@types/node', 'hmmcheck', 'vitest'])
  })

  test('one that lacks nothing stays as it is, byte for byte', () => {
    const text = (textsOf().get('package.json') ?? '').replaceAll('\n', '\r\n')
    expect(added(text)).toBe(text)
  })

  test.each(['', '[]', '{ "name": '])('one that says %j is a mistake', (text) => {
    expect(() => added(text)).toThrow(/^HMM290: package.json is not a JSON object/)
  })
})

describe('the place', () => {
  test('is seen from the root of the repository around it', () => {
    const root = temporaryDirectory()
    mkdirSync(join(root, '.git'))
    expect(placeOf(root).inRepository).toBe('.')
    expect(placeOf(join(root, 'tools/model')).inRepository).toBe('tools/model')
  })

  test('takes hmmcheck from where the package.json around it does', () => {
    const root = temporaryDirectory()
    writeFileSync(join(root, 'package.json'), '{ "devDependencies": { "hmmcheck": "file:../hmmcheck-0.1.0.tgz" } }')
    expect(placeOf(root).hmmcheck).toBe('file:../hmmcheck-0.1.0.tgz')
    expect(placeOf(join(root, 'a/b')).hmmcheck).toBe('file:../../../hmmcheck-0.1.0.tgz')
    writeFileSync(join(root, 'package.json'), '{ "dependencies": { "hmmcheck": "^3.0.0" } }')
    expect(placeOf(join(root, 'a')).hmmcheck).toBe('^3.0.0')
  })

  test('takes it from the clone, if no package.json around it says anything', () => {
    expect(placeOf(temporaryDirectory()).hmmcheck).toMatch(/^file:(\.\.\/)+/)
  })
})
