/** Every way in which a correction can forbid a step has its sentence. */
import { describe, expect, test } from 'vitest'
import {
  Ahead,
  and,
  Await,
  Bool,
  Choose,
  fix,
  Goto,
  Here,
  If,
  invariant,
  Misuse,
  model,
  no,
  not,
  or,
  range,
  Return,
  shared,
  Step,
  thread,
} from '../../src/language/index.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'
import { projectionLines } from '../../src/report/projection.ts'
import { project } from '../../src/schedules/projected.ts'
import { replay } from '../../src/schedules/replay.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { scheduleOf } from '../schedules/support.ts'

const FIXES = [
  'start',
  'ended',
  'choice',
  'nothing',
  'fails',
  'branch',
  'elsewhere',
  'waits',
  'guard',
  'never',
  'round',
] as const
const fixes = Object.fromEntries(FIXES.map((name) => [name, fix(name)]))
const by = (name: (typeof FIXES)[number]) => fixes[name] ?? no

const open = shared('open', Bool)
const seen = shared('seen', range(0, 2))
const turned = shared('turned', Bool)
const done = shared('done', Bool)

/** Chooses, sees, turns right, is done. Each fix forbids one of these. */
const walker = thread('walker', () => {
  const end = Ahead('end')
  If(by('ended'), () => Return())
  const v = Choose('v', range(0, 2), (x) => and(or(not(by('choice')), x.ge(1)), or(not(by('nothing')), x.lt(0))))
  Step('see', () => {
    If(by('guard'), () => Await(open))
    If(by('never'), () => Await(no))
    If(by('fails'), () => Misuse('out of order', no))
    If(by('branch'), () => turned.set(true))
    seen.set(v)
  })
  If(turned, () => {
    seen.set(0)
  }).Else(() => {
    seen.set(1)
  })
  If(by('waits'), () => {
    Await(open)
  })
  If(by('round'), () => {
    seen.set(2)
    Goto(end)
  })
  If(by('elsewhere'), () => Goto(end))
  Step('go on', () => {
    turned.set(false)
  })
  Here(end)
  Step('arrive', () => {
    done.set(true)
  })
})

const protocol: Protocol = {
  name: 'walk',
  title: 'A walk',
  parameters: {},
  expectations: [],
  model: model('walk', {
    threads: [walker],
    initially: () => {
      const at = Choose('at', Bool, (x) => or(not(by('start')), x))
      open.set(at)
    },
    properties: [invariant('never there', not(done))],
  }),
  fixes: FIXES.map((name) => ({ name, kind: 'correction', summary: name, source: 'by hand' })),
  variants: ['none', ...FIXES].map((name) => ({
    name,
    summary: name,
    constants: Object.fromEntries(FIXES.map((one) => [one, one === name])),
  })),
  scenarios: [{ name: 'all', summary: 'one thread', sizes: {} }],
}

const schedule: Schedule = await scheduleOf({ variant: 'none' }, 'never there', protocol)

function said(corrected: string, locked: Schedule = schedule): readonly string[] {
  const { machine, run } = replay(protocol, locked)
  if (run === undefined) throw new Error('a schedule that can be played')
  return projectionLines({
    schedule: locked,
    corrected,
    projected: project(protocol, locked, corrected),
    ended: { machine, run },
  })
}

test('the schedule', () => {
  expect(schedule.initial).toEqual({ choices: [{ name: 'at', value: false }] })
  expect(schedule.steps.map(({ label, choices }) => [label, ...choices.map(({ value }) => value)])).toEqual([
    ['choose v', 0],
    ['see'],
    ['else of if (turned)'],
    ['seen = 1'],
    ['go on'],
    ['arrive'],
  ])
})

describe.each<[(typeof FIXES)[number], number, string]>([
  ['start', 0, "start can't start as none does"],
  ['ended', 0, "walker can't take step 1, `choose v`: it has ended"],
  ['choice', 0, "walker can't take step 1, `choose v`: it can choose only v = 1 or v = 2"],
  ['nothing', 0, "walker can't take step 1, `choose v`: there is no v with `v < 0`"],
  ['guard', 1, "walker can't take step 2, `see`: `open` must hold, and open is no"],
  ['never', 1, "walker can't take step 2, `see`: never never allows it"],
  ['fails', 1, "walker can't take step 2, `see`: it fails: out of order"],
  [
    'branch',
    2,
    "walker can't take step 3, `else of if (turned)`: the test takes the other branch,  `if (turned)`: turned is yes",
  ],
  ['waits', 4, "walker can't take step 5, `go on`: it is still at `await (open)`: `open` must hold, and open is no"],
  ['elsewhere', 4, "walker can't take step 5, `go on`: it is at `arrive`"],
  ['round', 4, "walker can't take step 5, `go on`: it is at `arrive`, after `seen = 2`, which round alone has"],
])('%s', (corrected, followed, sentence) => {
  test(sentence, () => {
    expect(said(corrected)).toEqual([`${corrected} follows it for ${followed} of 6 steps`, sentence])
  })
})

test('a thread that does not take part', () => {
  const [first] = schedule.steps
  if (first === undefined) throw new Error('a step')
  expect(project(protocol, { ...schedule, steps: [{ ...first, thread: 'runner' }] }, 'choice')).toMatchObject({
    kind: 'forbidden',
    omitted: [1],
    followed: 1,
    obstacles: [],
  })
})
