/**
 * Projected replay: what each correction makes of a schedule, told by hand, by an enumeration of all runs, and read
 * in the models of the kernel.
 */
import { describe, expect, test } from 'vitest'
import { keptOf } from '../../counterexamples/kept.ts'
import { bugs, catalogue } from '../../models/catalogue.ts'
import { configure } from '../../src/language/configure.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { visitStatements } from '../../src/language/walk.ts'
import { explanationOf, reachOf } from '../../src/report/projection.ts'
import { firstShown } from '../../src/schedules/judge.ts'
import { machineOf } from '../../src/semantics/counterexample.ts'
import { project } from '../../src/schedules/projected.ts'
import { replay } from '../../src/schedules/replay.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { isSameClaim } from '../../src/language/claims.ts'
import { failuresOf, transitions } from '../../src/semantics/machine.ts'
import type { Run } from '../../src/semantics/machine.ts'
import { lostUpdate } from '../support/lost-update.ts'
import { notifier } from '../support/notifier.ts'
import { scheduleOf } from './support.ts'

const lost = await scheduleOf({ variant: 'racy' }, 'nothing is lost', lostUpdate)

/** What is said of a schedule on another variant. */
function said(protocol: Protocol, schedule: Schedule, corrected: string): readonly string[] {
  const { machine, run } = replay(protocol, schedule)
  if (run === undefined) throw new Error('a schedule that can be played')
  const compared = { schedule, corrected, projected: project(protocol, schedule, corrected), ended: { machine, run } }
  return [reachOf(compared), ...explanationOf(compared)]
}

describe('read, read, write, write', () => {
  test('is the schedule', () => {
    expect(lost.steps.map(({ thread, label }) => `${thread} ${label}`)).toEqual([
      'add[0] read',
      'add[1] read',
      'add[0] write',
      'add[1] write',
    ])
  })

  test('a lock that the other has', () => {
    expect(project(lostUpdate, lost, 'locked')).toMatchObject({
      kind: 'forbidden',
      followed: 1,
      omitted: [],
      inserted: [1],
    })
    expect(said(lostUpdate, lost, 'locked')).toEqual([
      'locked follows it for 1 of 4 steps',
      "add[1] can't take step 2, `read`: it is still at `mutex_lock(&lock)`: lock is held by add[0]",
    ])
  })

  test('a guard of the step itself', () => {
    expect(project(lostUpdate, lost, 'ordered')).toMatchObject({
      kind: 'forbidden',
      followed: 1,
      inserted: [],
      changed: [1, 2, 3, 4],
      obstacles: [{ kind: 'guard' }],
    })
    expect(said(lostUpdate, lost, 'ordered')).toEqual([
      'ordered follows it for 1 of 4 steps',
      "add[1] can't take step 2, `read`: `!busy` must hold, and busy is yes",
    ])
  })

  test('a look that both can take in time corrects nothing', () => {
    const { kind, run, inserted, machine } = project(lostUpdate, lost, 'rechecked')
    expect({ kind, inserted: inserted.length }).toEqual({ kind: 'reached', inserted: 2 })
    expect(firstShown(machine, run, lost.property)).toBe(run.steps.length)
    expect(said(lostUpdate, lost, 'rechecked')).toEqual(['rechecked can do the same, up to the violation'])
  })

  test('all steps can be taken, and the last one does something else', () => {
    expect(project(lostUpdate, lost, 'late')).toMatchObject({
      kind: 'forbidden',
      followed: 4,
      obstacles: [],
      changed: [3, 4],
    })
    expect(said(lostUpdate, lost, 'late')).toEqual([
      'late follows it for 4 of 4 steps',
      'every step can be taken, and nothing is lost holds: x is 2 and not 1 as in racy; late differs in step 3, `write`, step 4, `write`',
    ])
  })

  test('its own variant can, of course', () => {
    expect(project(lostUpdate, lost, 'racy')).toMatchObject({
      kind: 'reached',
      followed: 4,
      inserted: [],
      omitted: [],
      changed: [],
    })
  })

  test('a step with another choice, or of a thread that is not there', () => {
    const [first] = lost.steps
    if (first === undefined) throw new Error('a step')
    expect(project(lostUpdate, { ...lost, steps: [{ ...first, thread: 'add[7]' }] }, 'locked')).toMatchObject({
      omitted: [1],
      followed: 1,
    })
  })

  test('a limit is said to be one', () => {
    expect(project(lostUpdate, lost, 'rechecked', { limit: 1 })).toMatchObject({ kind: 'incomplete' })
    expect(project(lostUpdate, lost, 'locked', { limit: 100 }).kind).toBe('forbidden')
  })
})

/**
 * The same by enumeration: every run of the corrected variant, of as many steps as it takes, and of each how much of
 * the schedule it has done if the steps that both texts have are looked at alone.
 */
function enumerated(
  protocol: Protocol,
  schedule: Schedule,
  corrected: string,
  longest: number,
): { readonly followed: number; readonly reached: boolean } {
  const { scenario, sizes } = schedule.configuration
  const [before, after] = [schedule.variant, corrected].map((variant) =>
    machineOf(
      configure(protocol.model, settingOf(protocol, { variant, scenario, sizes }).configuration),
      schedule.property,
    ),
  )
  if (before === undefined || after === undefined) throw new Error('two machines')
  const pathsOf = (machine: typeof before, thread: string): ReadonlySet<string> => {
    const paths = new Set<string>()
    visitStatements(machine.runners.find(({ instance }) => instance.name === thread)?.thread.body ?? [], ({ path }) =>
      paths.add(path),
    )
    return paths
  }
  const names = before.model.instances.map(({ name }) => name)
  const has = (machine: typeof before) => new Map(names.map((name) => [name, pathsOf(machine, name)]))
  const [mine, theirs] = [has(before), has(after)]
  const bare = (path: string): string => path.replace(/\.(then|else|rest|case-\w+|or-\d+)$/, '')
  const isCommon = (thread: string, path: string): boolean =>
    [mine, theirs].every(
      (paths) => paths.get(thread)?.has(bare(path)) === true || paths.get(thread)?.has(path) === true,
    )
  const wanted = schedule.steps.flatMap(({ thread, path, choices }, n) =>
    isCommon(thread, path) ? [{ n, key: JSON.stringify([thread, path, choices]) }] : [],
  )
  let [followed, reached] = [0, false]
  const go = (run: Run, position: number): void => {
    followed = Math.max(followed, position)
    const state = run.steps.at(-1)?.state ?? run.initial.state
    if (firstShown(after, run, schedule.property) !== undefined) reached = true
    if (run.steps.length === longest) return
    for (const transition of transitions(after, state)) {
      const thread = names[transition.thread] ?? ''
      const common = isCommon(thread, transition.path)
      if (common && JSON.stringify([thread, transition.path, transition.choices]) !== wanted[position]?.key) continue
      if (failuresOf(transition).some(({ claim }) => isSameClaim(claim, schedule.property))) reached = true
      else if (transition.outcome.kind === 'next')
        go(
          { initial: run.initial, steps: [...run.steps, { transition, state: transition.outcome.state }] },
          common ? position + 1 : position,
        )
    }
  }
  for (const initial of after.initial) go({ initial, steps: [] }, 0)
  return { followed: wanted[followed]?.n ?? schedule.steps.length, reached }
}

describe('as by an enumeration of all runs', () => {
  test.each(['locked', 'ordered', 'rechecked', 'late', 'racy'])('lost update, %s', (corrected) => {
    const { kind, followed } = project(lostUpdate, lost, corrected)
    expect({ reached: kind === 'reached', followed }).toEqual(enumerated(lostUpdate, lost, corrected, 9))
  })

  test.each([
    ['as-posted', 'P-NOUAF', 'fixed'],
    ['as-posted', 'P-NOUAF', 'without-lock_order'],
    ['as-posted', 'P-NOUAF', 'without-invalidate'],
    ['without-invalidate', 'P-NOUAF', 'fixed'],
    ['without-lock_order', 'lock-deadlock', 'fixed'],
    ['without-lock_order', 'lock-deadlock', 'without-invalidate'],
  ])('%s, %s on %s', async (variant, property, corrected) => {
    const schedule = await scheduleOf({ variant }, property)
    const { kind, followed } = project(notifier, schedule, corrected)
    expect({ reached: kind === 'reached', followed }).toEqual(enumerated(notifier, schedule, corrected, 14))
  })
})

test('the same statement has the same path in every variant', () => {
  for (const { model, variants, scenarios, ...protocol } of catalogue) {
    const known = new Map<string, string>()
    for (const { name, body } of model.threads)
      visitStatements(body, ({ path, kind, at }) => {
        known.set(`${name} ${path}`, `${kind} ${at}`)
      })
    for (const { name: variant } of variants.slice(0, 4)) {
      const { configuration } = settingOf({ ...protocol, model, variants, scenarios }, { variant })
      const seen = new Set<string>()
      for (const { name, body } of configure(model, configuration).threads) {
        visitStatements(body, ({ path, kind, at }) => {
          expect(`${kind} ${at}`).toBe(known.get(`${name} ${path}`))
          expect(seen.has(`${name} ${path}`)).toBe(false)
          seen.add(`${name} ${path}`)
        })
      }
      expect(seen.size).toBeGreaterThan(10)
    }
  }
})

describe('bugs of the kernel, each sentence read against the fix', () => {
  /** What is said of the lock of a bug, without what differs when its schedule does. */
  function ofBug(id: string, model: string): readonly string[] {
    const bug = bugs.find((one) => one.id === id)
    const finding = bug?.place.kind === 'found' ? bug.place.findings.find((one) => one.model === model) : undefined
    const protocol = catalogue.find(({ name }) => name === model)
    const locked = bug === undefined || finding === undefined ? undefined : keptOf(bug, finding)
    if (protocol === undefined || locked === undefined) throw new Error(`a lock of ${id}`)
    return said(protocol, locked.lock, locked.lock.lock.corrected)
      .slice(1)
      .map((line) => line.replace(/\[\d\]/g, '[]').replace(/step \d+/g, 'step N'))
  }

  test('mirror-2017, B-15: registration takes every lock under which a bracket may run', () => {
    expect(ofBug('B-15', 'mirror-2017')).toEqual([
      "registrar[] can't take step N, `__mmu_notifier_register(hmm)`: rmap_walkers is held by cpu[]",
    ])
  })

  test('mirror-4.20, B-63: mm->hmm is looked up with mmap_sem in write mode', () => {
    expect(ofBug('B-63', 'mirror-4.20')).toEqual([
      "registrar[] can't take step N, `mm_get_hmm()`: it is still at `rwsem_write_granted(&mm.mmap_sem) in down_write(&mm.mmap_sem)`, " +
        'after `rwsem_down_write_failed(&mm.mmap_sem)`, which fixed alone has: mm.mmap_sem is held by registrar[] for writing',
    ])
  })

  test('mirror-4.14, B-04: freed after an SRCU grace period', () => {
    expect(ofBug('B-04', 'mirror-4.14')).toEqual([
      "registrar[] can't take step N, `mmdrop(mm)`: it is still at `synchronize_srcu: no reader of then is left in synchronize_srcu(&srcu)`, " +
        'after `synchronize_srcu: begins`, which fixed alone has: srcu.awaited has cpu[]',
    ])
  })

  test("device-memory, B-44: a page popped from the free list has a reference, one without can't be taken", () => {
    expect(ofBug('B-44', 'device-memory')).toEqual([
      "remove can't take step N, `get_page_unless_zero(); trylock_page()`: there is no page with `zone_device has page && mem_map[page].refcount > 0 && page_lock[page] == none`",
    ])
  })

  test('mirror-2017, B-01: the range is not valid any more', () => {
    expect(ofBug('B-01', 'mirror-2017')).toEqual([expect.stringContaining('range[].valid is no and not yes')])
  })
})
