/** A search that goes on from a checkpoint says what one says that was never stopped. */
import fc from 'fast-check'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { checkpointsTo, resumedFrom } from '../../src/explorer/checkpoint/checkpoints.ts'
import { checkIdentityOf, type CheckIdentity } from '../../src/explorer/checkpoint/identity.ts'
import { levels } from '../../src/explorer/levels.ts'
import { prepare, type Prepared } from '../../src/explorer/prepare.ts'
import type { CheckResult, CheckSettings } from '../../src/explorer/result.ts'
import { searchInThisThread, type Checkpoints, type SingleThreadSearch } from '../../src/explorer/search.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { isValid, modelArbitrary } from '../fuzz/model-arbitrary.ts'
import { cube } from '../support/counters.ts'
import { small } from '../support/engine.ts'
import { takeSpares } from '../support/spare-memory.ts'
import { told } from '../support/told.ts'

vi.setConfig({ testTimeout: 300_000 })

const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})
let files = 0
const newFile = (): string => join(folder, `${files++}.checkpoint`)

const options = { workers: 1, partitionBytes: 2 ** 28, startBytes: 2 ** 12, stop: () => undefined, enough: () => false }

/** What a search found, as one can see it: with the way to each finding. */
async function foundBy(search: SingleThreadSearch): Promise<unknown> {
  const { states, stored, transitions, depth, taken, found } = search
  const ways = await Promise.all(found.map(async ({ state }) => search.origin(state)))
  return { states, stored, transitions, depth, taken, found, ways }
}

/** Writes checkpoints as a check does; the process ends behind the one with that number, from 0. */
function killedBehind(writer: Checkpoints, number: number): Checkpoints {
  let asked = 0
  return {
    isDue: () => asked++ >= number,
    async write(progress, append) {
      await writer.write(progress, append)
      throw new Error('killed')
    },
  }
}

describe('a search in this thread', () => {
  const searched = (
    { compiled, initial }: Prepared,
    partitionBytes: number,
    keeping: Parameters<typeof searchInThisThread>[3] = {},
    kept = levels(5_000),
  ): Promise<SingleThreadSearch> =>
    searchInThisThread(compiled, initial, { ...options, partitionBytes, levels: kept }, { ...keeping, kept })

  test.each([
    ['one partition', 2 ** 28],
    ['several partitions', 2 ** 18],
  ])('is killed in the middle of its levels, again and again: %s', async (_, partitionBytes) => {
    const model = cube(3, 40)
    const prepared = prepare(model, {})
    const identity: CheckIdentity = { ...checkIdentityOf(prepared, {}), workers: 1 }
    const whole = await searched(prepared, partitionBytes)
    const file = newFile()
    let kills = 0
    for (;;) {
      const keeping = {
        checkpoints: killedBehind(checkpointsTo(file, 0, identity), 7),
        ...(existsSync(file) ? { resumed: resumedFrom(file, () => identity) } : {}),
      }
      try {
        const search = await searched(prepared, partitionBytes, keeping)
        expect(search.shard.partitions()).toBe(whole.shard.partitions())
        expect(await foundBy(search)).toEqual(await foundBy(whole))
        break
      } catch (error) {
        if (!(error instanceof Error && error.message === 'killed')) throw error
        kills++
      }
    }
    expect(kills).toBeGreaterThan(10)
    if (partitionBytes < 2 ** 20) expect(whole.shard.partitions()).toBeGreaterThan(1)
  })

  test.each([
    ['all', 5_000],
    ['too many', 500],
    ['too many, and more are kept later', 500, 5_000],
  ])('the states that were kept by level are all or none: %s', async (_, limit, later = limit) => {
    const prepared = prepare(cube(2, 60), {})
    const identity: CheckIdentity = { ...checkIdentityOf(prepared, {}), workers: 1 }
    const [whole, stopped, kept] = [levels(limit), levels(limit), levels(later)]
    await searched(prepared, 2 ** 28, {}, whole)
    const file = newFile()
    const checkpoints = killedBehind(checkpointsTo(file, 0, identity), 50)
    await expect(searched(prepared, 2 ** 28, { checkpoints }, stopped)).rejects.toThrow('killed')
    await searched(prepared, 2 ** 28, { resumed: resumedFrom(file, () => identity) }, kept)
    const statesOf = (of: typeof kept): unknown =>
      of.all()?.map(({ level, chunk: { states } }) => [level, Buffer.from(states).toString('hex')])
    expect(statesOf(kept)).toEqual(statesOf(whole))
  })
})

/** Stops a check at some number of states, resumes it with room for more, and so on until it is done. */
async function inParts(
  model: ConfiguredModel,
  settings: CheckSettings,
  limits: readonly number[],
): Promise<CheckResult> {
  const file = newFile()
  const resume = (): CheckSettings => (existsSync(file) ? { resume: file } : {})
  for (const maxStates of limits)
    await check(model, { ...settings, maxStates, checkpoint: { file, every: 0 }, ...resume() })
  return check(model, { ...settings, ...resume() })
}

describe('a check', () => {
  test.each<readonly [string, CheckSettings]>([
    ['one worker', {}],
    ['without symmetry', { symmetry: false }],
    ['with dead locals', { keepDeadLocals: true }],
  ])('of random models says the same in parts: %s', async (_, settings) => {
    const property = fc.asyncProperty(
      modelArbitrary.filter(isValid),
      fc.array(fc.integer({ min: 2, max: 300 }), { maxLength: 4 }),
      async (model, limits) => {
        const options = { ...small, ...settings }
        const whole = await check(model, { ...options, maxStates: 5_000 })
        if (whole.incomplete !== undefined) return
        expect(told(await inParts(model, options, limits))).toEqual(told(whole))
      },
    )
    await fc.assert(property, { numRuns: 12, seed: 7 })
  })

  test.each([1, 2])('of %i workers', async (workers) => {
    const model = cube(3, 40, [{ name: 'deadlock', kind: 'deadlock' }])
    const whole = await check(model, { ...small, workers })
    const parts = await inParts(model, { ...small, workers }, [2_000, 20_000, 50_000])
    expect(told(parts)).toEqual(told(whole))
    expect(parts.workers).toBe(workers)
  })

  test('says what it has written', async () => {
    const file = newFile()
    const { checkpoint, incomplete } = await check(cube(3, 20), { ...small, maxStates: 1_000, checkpoint: { file } })
    expect([incomplete, checkpoint]).toEqual(['max-states', { file, written: 1 }])
    expect((await check(cube(3, 3), small)).checkpoint).toBeUndefined()
  })

  test('leaves nothing of a file that could not be written to its end', async () => {
    const file = newFile()
    const writer = checkpointsTo(file, 0, { ...checkIdentityOf(prepare(cube(3, 20), {}), {}), workers: 1 })
    await writer.write({ depth: 1, found: [] }, () => Promise.reject(new Error('no space left on device')))
    expect(writer.outcome()).toEqual({ file, written: 0, problem: 'no space left on device' })
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([])
  })

  test('goes on without a file that can no longer be written, and says so', async () => {
    const gone = mkdtempSync(join(folder, 'gone-'))
    const file = join(gone, 'file')
    const prepared = prepare(cube(3, 20), {})
    const writer = checkpointsTo(file, 0, { ...checkIdentityOf(prepared, {}), workers: 1 })
    rmSync(gone, { recursive: true })
    const { states } = await searchInThisThread(
      prepared.compiled,
      prepared.initial,
      { ...options, stop: ({ states: count }) => (count > 1_000 ? 'max-states' : undefined) },
      { checkpoints: writer },
    )
    expect(states).toBeGreaterThan(1_000)
    expect(writer.outcome()).toMatchObject({ file, written: 0, problem: expect.stringContaining('ENOENT') as string })
  })
})

describe('a file is refused', () => {
  const model = cube(3, 20)
  const stopped = async (settings: CheckSettings = {}): Promise<string> => {
    const file = newFile()
    await check(model, { ...small, ...settings, maxStates: 1_000, checkpoint: { file } })
    return file
  }
  const refused = async (
    file: string,
    settings: CheckSettings = {},
    other: ConfiguredModel = model,
  ): Promise<string> => {
    try {
      await check(other, { ...small, ...settings, resume: file })
    } catch (error) {
      return error instanceof Error ? `${error.name} ${error.message}` : ''
    }
    throw new Error('it was not refused')
  }

  test('that does not exist, or is none', async () => {
    expect(await refused(newFile())).toMatch(
      /^UsageError HMM270: .*can't be read.*\n {2}at: .*\n {2}likely cause: .*\n {2}remedy: /,
    )
    const other = newFile()
    writeFileSync(other, 'something else')
    expect(await refused(other)).toMatch(/^UsageError HMM270: .* is not a checkpoint\n/)
  })

  test('that has another format, or is of another version', async () => {
    const file = await stopped()
    const bytes = readFileSync(file)
    bytes[bytes.indexOf('checkpoint 1') + 'checkpoint '.length] = '2'.charCodeAt(0)
    writeFileSync(file, bytes)
    expect(await refused(file)).toMatch(/^UsageError HMM272: .* has format 2; this hmmcheck has 1\n/)
  })

  test('wherever a byte of it is another, and wherever it is cut off', async () => {
    const file = await stopped()
    const bytes = readFileSync(file)
    const property = fc.asyncProperty(
      fc.integer({ min: 0, max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (at, change, isCut) => {
        const damaged = newFile()
        const copy = Buffer.from(isCut ? bytes.subarray(0, at) : bytes)
        if (!isCut) copy[at] = (copy[at] ?? 0) ^ change
        writeFileSync(damaged, copy)
        expect(await refused(damaged)).toMatch(
          /^UsageError HMM27[012]: [^]*\n {2}at: .*\n {2}likely cause: .*\n {2}remedy: /,
        )
        rmSync(damaged)
      },
    )
    await fc.assert(property, { numRuns: 60, seed: 3 })
    expect(await refused(await appended(file))).toMatch(/^UsageError HMM271: /)
  })
  const appended = (file: string): Promise<string> => {
    writeFileSync(file, 'more', { flag: 'a' })
    return Promise.resolve(file)
  }

  const fingerprinted = (fingerprintSeed: number): CheckSettings => ({ fingerprint: true, fingerprintSeed })

  test.each<readonly [string, CheckSettings, ConfiguredModel]>([
    ['the sizes', {}, { ...model, sizes: { ...model.sizes, Page: 3 } }],
    ['the model', {}, { ...model, name: 'other' }],
    ['the properties', {}, cube(3, 20, [{ name: 'deadlock', kind: 'deadlock' }])],
    ['the options there: none; here: --keep-dead-locals', { keepDeadLocals: true }, model],
    ['the options there: none; here: --stop-at-first', { stopAtFirst: true }, model],
    ['the options there: none; here: --no-symmetry', { symmetry: false }, model],
    ['the options there: none; here: --fingerprint --fingerprint-seed 3', fingerprinted(3), model],
    ['the threads', {}, cube(2, 20)],
    ['the scenario', { names: { variant: 'fixed', scenario: 'two' } }, model],
    ['the text', {}, cube(3, 19)],
  ])('that is of another check: %s', async (what, settings, other) => {
    const file = await stopped({ names: { variant: 'fixed', scenario: 'core' } })
    const names = { variant: 'fixed', scenario: 'core' }
    expect(await refused(file, { names, ...settings }, other)).toMatch(
      new RegExp(`^UsageError HMM273: .*${what}[^]*\\n {2}at: .*\\n {2}likely cause: .*\\n {2}remedy: `),
    )
  })

  test('that is of fingerprints with another seed', async () => {
    const text = 'the options there: --fingerprint --fingerprint-seed 0; here: --fingerprint --fingerprint-seed 3'
    expect(await refused(await stopped(fingerprinted(0)), fingerprinted(3))).toContain(text)
  })

  test('that has another number of workers', async () => {
    expect(await refused(await stopped(), { workers: 2 })).toMatch(/^UsageError HMM274: [^]*remedy: give --workers 1/)
  })

  test('that does not fit into memory', async () => {
    const file = newFile()
    const large = cube(3, 60)
    await check(large, { maxStates: 150_000, checkpoint: { file } })
    takeSpares()
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('no more pages')
    })
    const text = await refused(file, { partitionBytes: 2 ** 28 }, large)
    grow.mockRestore()
    expect(text).toMatch(/^UsageError HMM276: [^]*\n {2}at: .*\n {2}likely cause: .*\n {2}remedy: /)
  })

  test('before anything is explored, if it could not be written', async () => {
    await expect(check(model, { ...small, checkpoint: { file: join(folder, 'no/such/file') } })).rejects.toThrow(
      /HMM210: [^]*\n {2}at: [^]*\n {2}likely cause: [^]*\n {2}remedy: /,
    )
  })
})
