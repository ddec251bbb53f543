/** The models that ship as data are what their text says, to the last place in it. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeAll, describe, expect, test } from 'vitest'
import { relativeOf } from '../../src/analysis/family.ts'
import { readCatalogue, writeCatalogue } from '../../src/catalogue/recorded.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import type { Expression, Model, Statement } from '../../src/language/ast.ts'
import { definitions } from '../../src/language/definitions.ts'
import { isVocabulary, sourceFile } from '../../src/language/position.ts'
import { visit, visitStatements, expressionsOf } from '../../src/language/walk.ts'
import { built, root } from '../support/package.ts'
import { lostUpdate } from '../support/lost-update.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

describe('what is written', () => {
  const protocol: Protocol = lostUpdate
  const read = (): Protocol => {
    const files = writeCatalogue([protocol])
    const [again] = readCatalogue((file) => files.get(file) ?? '')
    if (again === undefined) throw new Error('nothing is read')
    return again
  }

  test('is read as it was, with its keys in their order', () => {
    const again = read()
    expect({ ...again }).toStrictEqual({ ...protocol })
    expect(JSON.stringify(again.model)).toBe(JSON.stringify(protocol.model))
  })

  test('has a model that is made once', () => {
    const again = read()
    expect(again.model).toBe(again.model)
  })

  test('has a model that is read again, as it was, once others were and nobody has it', async () => {
    const names = ['one', 'two', 'three']
    const files = writeCatalogue(names.map((name) => ({ ...protocol, name })))
    let read = 0
    const [first, ...others] = readCatalogue((file) => {
      if (file === 'one.model.json') read++
      return files.get(file) ?? ''
    })
    const before = JSON.stringify(first?.model)
    const held = { model: others[0]?.model }
    for (const { model } of others) expect(model.name).toBe(protocol.model.name)
    // a job of its own, since what was asked for lives to the end of the job
    await new Promise((resolve) => {
      setTimeout(resolve, 0)
    })
    collect()
    expect(JSON.stringify(first?.model)).toBe(before)
    expect(read).toBe(2)
    for (const { model } of [...others].reverse()) expect(model.name).toBe(protocol.model.name)
    collect()
    expect(others[0]?.model).toBe(held.model)
  })

  test('is read by parts: a name reads nothing of a protocol, and what is offered nothing of a model', () => {
    const files = writeCatalogue([protocol, { ...protocol, name: 'other' }])
    const seen: string[] = []
    const [mine] = readCatalogue((file) => {
      seen.push(file)
      return files.get(file) ?? ''
    })
    expect(mine?.name).toBe(protocol.name)
    expect(seen).toEqual(['index.json'])
    expect(mine?.variants).toEqual(protocol.variants)
    expect(mine?.expectations).toEqual(protocol.expectations)
    expect(seen.slice(1)).toEqual([`${protocol.name}.json`])
    expect(mine?.model).toEqual(protocol.model)
    expect(seen.slice(2)).toEqual([`${protocol.name}.model.json`])
  })

  test('has the procedures that are defined, which are read when they are asked for', () => {
    const files = writeCatalogue([protocol])
    const seen: string[] = []
    const known = definitions().map((one) => ({ ...one, isRecorded: true }))
    readCatalogue((file) => {
      seen.push(file)
      return files.get(file) ?? ''
    })
    expect(seen).not.toContain('definitions.json')
    expect(definitions().slice(0, known.length)).toEqual(known)
    expect(seen).toContain('definitions.json')
  })

  test('has each statement once, and equal expressions of a body as one', () => {
    const { threads } = read().model
    const [statements, expressions] = [new Set<Statement>(), new Map<string, Set<Expression>>()]
    let count = 0
    for (const [n, { body }] of threads.entries())
      visitStatements(body, (s) => {
        count += 1
        statements.add(s)
        for (const e of expressionsOf(s))
          visit(e, (part) => {
            const key = `${n} ${JSON.stringify(part)}`
            expressions.set(key, (expressions.get(key) ?? new Set()).add(part))
          })
      })
    expect(statements.size).toBe(count)
    expect([...expressions.values()].map(({ size }) => size)).toEqual([...expressions].map(() => 1))
  })

  test('is refused if a part of it is no data', () => {
    const [thread] = protocol.model.threads
    const model = { ...protocol.model, threads: [{ ...thread, body: () => [] }] } as unknown as Model
    expect(() => writeCatalogue([{ ...protocol, model }])).toThrow('a model has a function in it, which is no data')
  })

  test('knows the files that its places name', () => {
    const at = 'src/kernel/rwsem.ts:1'
    const files = writeCatalogue([{ ...protocol, model: { ...protocol.model, at } }])
    readCatalogue((file) => files.get(file) ?? '')
    expect(sourceFile('src/kernel/rwsem.ts')).toBe(join(root, 'src/kernel/rwsem.ts'))
    expect(isVocabulary(at)).toBe(true)
  })
})

/** Compares in a process that records the text through tsx, so that neither the bundle nor its source maps have a part. */
const COMPARE = `
import { isDeepStrictEqual } from 'node:util'
import { catalogue } from '${join(root, 'models/catalogue.ts')}'
import { configure, settingOf } from 'hmmcheck'
import { digestOf } from '${join(root, 'src/schedules/digest.ts')}'
import { readCatalogue } from '${join(root, 'src/catalogue/recorded.ts')}'
import { readFileSync } from 'node:fs'
const shipped = readCatalogue((file) => readFileSync('${join(root, 'dist/recorded')}/' + file, 'utf8'))
console.log(JSON.stringify(shipped.map((one, n) => {
  const recorded = catalogue[n]
  const digests = [one, recorded].map((protocol) => {
    const model = configure(protocol.model, settingOf(protocol).configuration)
    return model.properties.map((property) => digestOf(model, property)).join()
  })
  return {
    name: one.name,
    sameModel: isDeepStrictEqual(one.model, recorded.model),
    sameRest: isDeepStrictEqual({ ...one }, { ...recorded }),
    places: JSON.stringify(one.model).includes('"at":"models/'),
    sameDigests: digests[0] === digests[1],
  }
})))
`

/** The folders of models that have a protocol. */
const folders = readdirSync(join(root, 'models')).filter((name) =>
  existsSync(join(root, 'models', name, 'protocol.ts')),
)

describe('the models that ship', () => {
  beforeAll(built, 600_000)

  test('have beside them what their relatives need to know', () => {
    const text = (file: string): string => readFileSync(join(root, 'dist/recorded', file), 'utf8')
    const relatives = readCatalogue(text).map(({ name, model }) => [name, relativeOf(model)] as const)
    expect(relatives).toHaveLength(folders.length)
    expect(relatives.filter(([, { writes }]) => writes.length < 10)).toEqual([])
    for (const [name, relative] of relatives) expect(JSON.parse(text(`${name}.relative.json`))).toEqual(relative)
  })

  test('are those of their text, with its places and its digests', async () => {
    const output = await new Promise<string>((resolve, reject) => {
      const argv = ['--conditions=hmmcheck-source', '--import', 'tsx', '--input-type=module', '-e', COMPARE]
      execFile(process.execPath, argv, { cwd: root, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else reject(new Error(stderr))
      })
    })
    const compared = JSON.parse(output) as readonly object[]
    expect(compared).toHaveLength(folders.length)
    for (const one of compared)
      expect(one).toMatchObject({ sameModel: true, sameRest: true, places: true, sameDigests: true })
  }, 300_000)
})
