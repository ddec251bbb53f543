/** One session of a page: what is open, what was done, and the answers to what the page asks. */
import { isMistake } from '../catalogue/mistakes.ts'
import { claimedIn } from '../catalogue/setting.ts'
import { UsageError } from '../catalogue/usage.ts'
import { checkOn } from '../explorer/checking.ts'
import type { CheckResult } from '../explorer/result.ts'
import { shownName } from '../language/claims.ts'
import { definedFields } from '../language/defined-fields.ts'
import { plural } from '../report/numbers.ts'
import { exampleOf } from '../semantics/counterexample.ts'
import { transitionsOf } from '../semantics/machine.ts'
import { fallFrom } from './falls.ts'
import type { Node } from './history.ts'
import { browser } from './host.ts'
import { judgedOf } from './judged.ts'
import type { Answer, OpenNames, Question, WorkProgress } from './messages.ts'
import { openProtocol, type Opened } from './opened.ts'
import { walkOn } from './random-walk.ts'
import { protocolIn, type ModelRecording } from './recording.ts'
import { sceneOf } from './scene.ts'
import { firstOf, loadSchedule, playInto, savedSchedule } from './schedules.ts'
import { switchTo } from './switching.ts'

/** How a long question is stopped, and tells how far it is. */
export interface Working {
  readonly signal: AbortSignal
  readonly onProgress: (progress: WorkProgress) => void
}

export interface PageSession {
  /** Answers a question. Mistakes of the user, and of the model, are answers, too. */
  answer(question: Question, working: Working): Promise<Answer>
}

/** What is open, and where in it the page is. */
interface Present {
  readonly recording: ModelRecording
  readonly opened: Opened
  readonly node: Node
}

/** What a session remembers from one question to the next. */
interface Memory {
  present?: Present
  /** The result of the last check of what is open. */
  result?: CheckResult | undefined
  /** The path whose document the page has. */
  shown: string
}

/** A session in which nothing is open. */
export function pageSession(): PageSession {
  const memory: Memory = { shown: '' }
  return {
    async answer(question, working) {
      try {
        return await answerTo(memory, question, working)
      } catch (error) {
        if (isMistake(error)) return { kind: 'refused', message: error.message }
        throw error
      }
    },
  }
}

function answerTo(memory: Memory, question: Question, working: Working): Answer | Promise<Answer> {
  switch (question.kind) {
    case 'open':
      return open(memory, question.recording, question.names)
    case 'switch':
      return turn(memory, question.names)
    case 'begin':
      return begin(memory, question.initial)
    case 'take':
      return take(memory, question)
    case 'go':
      return goTo(memory, openIn(memory).opened.history.nodes[question.node] ?? openIn(memory).node)
    case 'walk':
      return walk(memory, question)
    case 'fall':
      return fall(memory, question, working)
    case 'check':
      return check(memory, question, working)
    case 'follow':
      return follow(memory, question.property)
    case 'load':
      return load(memory, question)
    case 'save': {
      const { opened, node } = openIn(memory)
      return { kind: 'saved', ...savedSchedule(opened, opened.history.pathTo(node)) }
    }
  }
}

type Asked<Kind extends Question['kind']> = Extract<Question, { readonly kind: Kind }>

function openIn({ present }: Memory): Present {
  if (present === undefined) throw new Error('nothing is open')
  return present
}

/** What came of a question, besides where it has led to. */
type Said = Pick<Extract<Answer, { readonly kind: 'scene' }>, 'isBad'> & { readonly note?: string | undefined }

/** Goes to a node, of what is open or of another configuration. */
function show(memory: Memory, now: Present, said: Said = {}): Answer {
  if (now.opened !== memory.present?.opened) {
    memory.result = undefined
    memory.shown = ''
  }
  memory.present = now
  const scene = sceneOf(now.recording, now.opened, now.node, (path) => path.join() === memory.shown)
  memory.shown = scene.path.join()
  return { kind: 'scene', scene, ...definedFields(said) }
}

const goTo = (memory: Memory, node: Node, said?: Said): Answer => show(memory, { ...openIn(memory), node }, said)

function open(memory: Memory, recording: ModelRecording, names: OpenNames): Answer {
  const opened = openProtocol(protocolIn(recording), names)
  const { history } = opened
  return show(memory, { recording, opened, node: history.begin(firstOf(history.machine)) })
}

function turn(memory: Memory, names: OpenNames): Answer {
  const { recording, opened, node } = openIn(memory)
  const to = openProtocol(opened.protocol, names)
  const switched = switchTo(opened, opened.history.pathTo(node), to)
  return show(
    memory,
    { recording, opened: to, node: switched.node },
    { note: switched.note, isBad: switched.isForbidden },
  )
}

function begin(memory: Memory, number: number): Answer {
  const { history } = openIn(memory).opened
  return goTo(memory, history.begin(history.machine.initial[number] ?? firstOf(history.machine)))
}

function take(memory: Memory, { thread, ordinal }: Asked<'take'>): Answer {
  const { opened, node } = openIn(memory)
  const { machine, take: takeStep } = opened.history
  const able = node.state === undefined ? [] : transitionsOf(machine, node.state, thread)
  const transition = able.find((one) => one.ordinal === ordinal)
  if (transition === undefined) throw new Error(`thread ${thread} has no transition ${ordinal} here`)
  return goTo(memory, takeStep(node, transition))
}

function walk(memory: Memory, { steps, seed }: Asked<'walk'>): Answer {
  const { opened, node } = openIn(memory)
  const walked = walkOn(opened.history, node, steps, seed)
  return goTo(memory, walked.node, { note: walked.note })
}

async function fall(memory: Memory, question: Asked<'fall'>, working: Working): Promise<Answer> {
  const { opened, node } = openIn(memory)
  if (node.state === undefined)
    return goTo(memory, node, { note: 'the last step has failed: nothing comes after it', isBad: true })
  const { found, note } = await fallFrom(opened.model, node.state, { ...question, ...working })
  if (found === undefined) return goTo(memory, node, { note, isBad: true })
  const { claim, machine, run } = found
  return goTo(memory, playInto(opened, machine, run, node).node, {
    note: `${claim.name} is violated, ${plural(run.steps.length, 'step')} on (${note})`,
  })
}

async function check(memory: Memory, { maxStates }: Asked<'check'>, working: Working): Promise<Answer> {
  const { recording, opened } = openIn(memory)
  const result = await checkOn(browser, opened.whole, {
    properties: claimedIn(opened.setting),
    family: () => recording.relatives,
    signal: working.signal,
    onProgress: ({ states, seconds, depth, queue }) => {
      working.onProgress({ states, seconds, depth, queue })
    },
    ...definedFields({ maxStates }),
  })
  memory.result = result
  return { kind: 'judged', judged: judgedOf(result) }
}

function follow(memory: Memory, name: string): Answer {
  const all = memory.result?.properties ?? []
  const property = all.find((one) => shownName(one, all) === name)
  const example = property && [property, ...(property.cycle ?? [])].map(exampleOf).find((one) => one !== undefined)
  if (example === undefined)
    throw new UsageError('HMM204', `the last check has no schedule for ${name}`, 'check, and choose one that has steps')
  const { opened } = openIn(memory)
  const { node } = playInto(opened, example.machine, example.run)
  if (example.property.outcome === 'violated') opened.history.shows(node, example.property)
  return goTo(memory, node, { note: `${name}: ${plural(example.run.steps.length, 'step')}` })
}

function load(memory: Memory, { text, file }: Asked<'load'>): Answer {
  const { recording, opened: before } = openIn(memory)
  const { names, machine, run, shows, note, isConfirmed } = loadSchedule(before.protocol, text, file)
  const opened = openProtocol(before.protocol, names)
  const { history } = opened
  const node = run === undefined ? history.begin(firstOf(history.machine)) : playInto(opened, machine, run).node
  if (shows !== undefined) history.shows(node, shows)
  return show(memory, { recording, opened, node }, { note, isBad: !isConfirmed })
}
