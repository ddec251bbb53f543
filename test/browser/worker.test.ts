/** The worker of a page runs without Node.js, and finds what the command finds. */
import { beforeAll, describe, expect, test } from 'vitest'
import { settingOf, claimedIn } from '../../src/catalogue/setting.ts'
import { check } from '../../src/explorer/check.ts'
import { configure } from '../../src/language/configure.ts'
import { replay } from '../../src/schedules/replay.ts'
import { readSchedule } from '../../src/schedules/read.ts'
import { notifier } from '../support/notifier.ts'
import { recordingFor, sceneIn, startWorker, worker, type Asked } from './support.ts'

test('the script has nothing of Node.js in it', async () => {
  const { text, files } = await worker()
  expect(text).not.toMatch(/\b(?:import|require)\s*\(?\s*["']node:/)
  const rooms = new Set(files.map((file) => /^src\/[^/]+|^[^/]+/.exec(file)?.[0]))
  expect([...rooms].filter((room) => room === 'bin' || room === 'src/cli' || room === 'models')).toEqual([])
  expect(files.filter((file) => /\/threads\/|explorer\/(?:node|checkpoint\/(?:file|keeping))\.ts$/.test(file))).toEqual(
    [],
  )
})

describe('a session', () => {
  let asked: Asked
  const recording = recordingFor(notifier)
  beforeAll(async () => {
    asked = await startWorker()
  })
  const open = async (variant: string): ReturnType<Asked['ask']> =>
    asked.ask({ kind: 'open', recording, names: { variant } })

  test('begins in the first initial state, and lists what each thread can do and why others wait', async () => {
    const scene = sceneIn(await open('fixed'))
    expect(scene.setting).toMatchObject({ model: 'notifier', variant: 'fixed', scenario: 'core' })
    expect(scene).toMatchObject({ node: 0, path: [0], tree: [{ id: 0 }] })
    expect(scene.document?.steps).toEqual([])
    const [ready] = scene.threads.filter(({ moves }) => moves.length > 0)
    if (ready === undefined) throw new Error('no thread can move')
    expect(ready.moves[0]).toMatchObject({ ordinal: 0, place: expect.stringContaining('notifier.ts:') as unknown })
    const next = sceneIn(await asked.ask({ kind: 'take', thread: ready.thread, ordinal: 0 }))
    expect(next).toMatchObject({ node: 1, path: [0, 1] })
    expect(next.document?.steps).toMatchObject([{ thread: ready.thread, label: ready.moves[0]?.label }])
  })

  test('goes back, and branches', async () => {
    const start = sceneIn(await open('fixed'))
    const moves = start.threads.flatMap(({ thread, moves: own }) => own.map(({ ordinal }) => ({ thread, ordinal })))
    const [one, other] = moves
    if (one === undefined || other === undefined) throw new Error('two moves are needed')
    await asked.ask({ kind: 'take', ...one })
    const back = sceneIn(await asked.ask({ kind: 'go', node: 0 }))
    expect(back).toMatchObject({ node: 0, path: [0, 1] })
    // the page has the run of this path already
    expect(back.document).toBeUndefined()
    const branch = sceneIn(await asked.ask({ kind: 'take', ...other }))
    expect(branch).toMatchObject({
      node: 2,
      path: [0, 2],
      tree: [{ id: 0 }, { id: 1, parent: 0 }, { id: 2, parent: 0 }],
    })
    const again = sceneIn(await asked.ask({ kind: 'go', node: 0 }))
    const known = again.threads.flatMap(({ moves: own }) => own.flatMap(({ node }) => node ?? []))
    expect(known.toSorted()).toEqual([1, 2])
  })

  test('walks, and a run of which nothing falls is saved as one that replay confirms', async () => {
    await open('fixed')
    const answer = await asked.ask({ kind: 'walk', steps: 6, seed: 3 })
    expect(sceneIn(answer).path).toHaveLength(7)
    const saved = await asked.ask({ kind: 'save' })
    if (saved.kind !== 'saved') throw new Error(JSON.stringify(saved))
    const schedule = readSchedule(saved.text, saved.file)
    expect(schedule.property.kind).toBe('run')
    expect(replay(notifier, schedule)).toMatchObject({ kind: 'confirmed', changes: [] })
    // the same seed walks the same steps
    const first = sceneIn(answer).document?.steps.map(({ label }) => label)
    await open('fixed')
    const second = sceneIn(await asked.ask({ kind: 'walk', steps: 6, seed: 3 })).document?.steps
    expect(second?.map(({ label }) => label)).toEqual(first)
  })

  test.each(['random', 'nearest'] as const)('runs until a property falls: %s', async (way) => {
    await open('as-posted')
    const fall = { kind: 'fall', way, property: 'P-NOUAF', runs: 5_000, maxSteps: 200, seed: 1 } as const
    const answer = await asked.ask(fall)
    const scene = sceneIn(answer)
    expect(scene.tree.at(-1)?.violated).toContain('P-NOUAF')
    expect(scene.document?.verdict).toMatchObject({ outcome: 'violated', property: 'P-NOUAF' })
    if (way === 'nearest') expect(scene.path).toHaveLength(10)
    const saved = await asked.ask({ kind: 'save' })
    if (saved.kind !== 'saved') throw new Error(JSON.stringify(saved))
    expect(replay(notifier, readSchedule(saved.text, saved.file))).toMatchObject({ kind: 'confirmed', changes: [] })
  })

  test('from a state in the middle, too', async () => {
    const start = sceneIn(await open('as-posted'))
    const fault = start.threads.find(({ name }) => name === 'device_fault[0]')
    await asked.ask({ kind: 'take', thread: fault?.thread ?? -1, ordinal: 0 })
    const answer = await asked.ask({ kind: 'fall', way: 'nearest', runs: 1, maxSteps: 1, seed: 1 })
    expect(sceneIn(answer).path.slice(0, 2)).toEqual([0, 1])
    expect(sceneIn(answer).tree.at(-1)?.violated).not.toEqual([])
  })

  test('a property that does not fall is said not to', async () => {
    await open('fixed')
    const answer = await asked.ask({ kind: 'fall', way: 'nearest', runs: 1, maxSteps: 1, seed: 1 })
    expect(answer).toMatchObject({
      kind: 'scene',
      isBad: true,
      note: expect.stringContaining('no violation') as unknown,
    })
  })

  test('checks as the command does, and follows what was found', async () => {
    await open('as-posted')
    const answer = await asked.ask({ kind: 'check' })
    if (answer.kind !== 'judged') throw new Error(JSON.stringify(answer))
    const setting = settingOf(notifier, { variant: 'as-posted' })
    const expected = await check(configure(notifier.model, setting.configuration), { properties: claimedIn(setting) })
    expect(answer.judged).toMatchObject({
      verdict: expected.verdict,
      states: expected.states,
      transitions: expected.transitions,
      depth: expected.depth,
    })
    expect(answer.judged.properties.map(({ name, verdict, steps }) => [name, verdict, steps])).toEqual(
      expected.properties.map(({ name, verdict, steps }) => [name, verdict, steps]),
    )
    const scene = sceneIn(await asked.ask({ kind: 'follow', property: 'P-NOUAF' }))
    expect(scene.document?.steps.map(({ label }) => label)).toEqual(
      expected.counterexample?.run.steps.map(({ transition: { label } }) => label),
    )
  })

  test('flips a fix, and says which step it forbids', async () => {
    await open('as-posted')
    await asked.ask({ kind: 'fall', way: 'nearest', property: 'P-NOUAF', runs: 1, maxSteps: 1, seed: 1 })
    const answer = await asked.ask({ kind: 'switch', names: { variant: 'as-posted', fixes: { invalidate: true } } })
    expect(answer).toMatchObject({
      kind: 'scene',
      isBad: true,
      note: expect.stringMatching(/follows it for \d+ of 9 steps/) as unknown,
    })
    const { setting } = sceneIn(answer)
    expect(setting.fixes.find(({ name }) => name === 'invalidate')).toMatchObject({ on: true })
  })

  test('fixes that no variant has can be explored, and not saved', async () => {
    const variants = notifier.variants.filter(({ name }) => name !== 'without-invalidate')
    const names = { variant: 'fixed', fixes: { invalidate: false } }
    const answer = await asked.ask({ kind: 'open', recording: recordingFor({ ...notifier, variants }), names })
    expect(sceneIn(answer).setting.variant).toBeUndefined()
    expect(await asked.ask({ kind: 'check' })).toMatchObject({ kind: 'judged', judged: { verdict: 'violated' } })
    expect(await asked.ask({ kind: 'save' })).toMatchObject({ kind: 'refused' })
  })

  test('loads a schedule, to be left at any step', async () => {
    await open('as-posted')
    await asked.ask({ kind: 'fall', way: 'nearest', property: 'P-NOUAF', runs: 1, maxSteps: 1, seed: 1 })
    const saved = await asked.ask({ kind: 'save' })
    if (saved.kind !== 'saved') throw new Error(JSON.stringify(saved))
    await open('fixed')
    const answer = await asked.ask({ kind: 'load', text: saved.text, file: 'a.json' })
    const scene = sceneIn(answer)
    expect(scene).toMatchObject({ setting: { variant: 'as-posted' }, node: 9 })
    const left = sceneIn(await asked.ask({ kind: 'go', node: 4 }))
    const free = left.threads.flatMap(({ thread, moves }) =>
      moves.map(({ ordinal, node }) => ({ thread, ordinal, node })),
    )
    const other = free.find(({ node }) => node === undefined)
    if (other === undefined) throw new Error('no other step')
    const branch = sceneIn(await asked.ask({ kind: 'take', thread: other.thread, ordinal: other.ordinal }))
    expect(branch.path).toEqual([0, 1, 2, 3, 4, 10])
  })

  test.each([
    ['{', 'HMM221'],
    ['{"schema":1}', 'HMM222'],
    ['{"schema":99}', 'HMM226'],
    ['"<img src=x onerror=alert(1)>"', 'HMM222'],
  ])('a file that is no schedule is refused: %s', async (text, code) => {
    await open('fixed')
    const answer = await asked.ask({ kind: 'load', text, file: 'bad.json' })
    expect(answer).toMatchObject({ kind: 'refused', message: expect.stringMatching(code) as unknown })
  })

  test('so is a schedule of another model', async () => {
    await open('as-posted')
    const saved = await asked.ask({ kind: 'save' })
    if (saved.kind !== 'saved') throw new Error(JSON.stringify(saved))
    const text = saved.text.replace('"model": "notifier"', '"model": "other"')
    expect(await asked.ask({ kind: 'load', text, file: 'other.json' })).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('HMM201') as unknown,
    })
  })

  test('a long question tells its progress, and is stopped', async () => {
    await open('as-posted')
    const told: number[] = []
    const answer = asked.ask(
      { kind: 'fall', way: 'random', property: 'deadlock', runs: 100_000_000, maxSteps: 1_000, seed: 1 },
      ({ seconds }) => {
        told.push(seconds)
        asked.stop()
      },
    )
    expect(await answer).toMatchObject({ kind: 'scene', isBad: true })
    expect(told.length).toBeGreaterThan(0)
  })
})
