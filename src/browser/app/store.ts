/** What the page knows: the scene of the last answer, the run that it draws, and what is being worked on. */
import type { PageDocument } from '../../page/document.ts'
import { saveFile } from '../../page/app/save-file.ts'
import type { Story } from '../../page/app/story.ts'
import type { Answer, Judged, Question, Scene, WorkProgress } from '../messages.ts'
import type { Client } from './client.ts'

/** A sentence about what came of a question. */
export interface Note {
  readonly text: string
  readonly isBad: boolean
}

/** A question that is being worked on. */
export interface Busy {
  readonly what: string
  readonly progress?: WorkProgress
}

export interface View {
  readonly scene: Scene
  readonly document: PageDocument
  /** The result of the last check of this configuration. */
  readonly judged?: Judged | undefined
  readonly note?: Note | undefined
  readonly busy?: Busy | undefined
  /** Grows whenever the present state is another one because of an answer, and not because the reader went there. */
  readonly moves: number
}

export interface Store {
  readonly view: () => View
  readonly subscribe: (changed: () => void) => () => void
  /** Asks, unless something else is being worked on. */
  readonly ask: (question: Question, what?: string) => void
  /** Goes to a node. While a question is being worked on, only the last wish counts. */
  readonly go: (node: number) => void
  readonly stop: () => void
  readonly fail: (message: string) => void
}

/** @param scene the first, with its document */
export function storeOf(client: Client, scene: Scene, document: PageDocument): Store {
  let view: View = { scene, document, moves: 0 }
  let wanted: number | undefined
  const listeners = new Set<() => void>()
  const set = (change: Partial<View>): void => {
    view = { ...view, ...change }
    for (const listener of listeners) listener()
  }
  const take = (answer: Answer, isWish: boolean): void => {
    switch (answer.kind) {
      case 'scene': {
        const isOther = answer.scene.setting.variant !== view.scene.setting.variant || isReset(answer.scene, view.scene)
        set({
          scene: answer.scene,
          document: answer.scene.document ?? view.document,
          moves: isWish ? view.moves : view.moves + 1,
          ...(isOther ? { judged: undefined } : {}),
          ...(isWish ? {} : { note: noteOf(answer.note, answer.isBad) }),
        })
        return
      }
      case 'judged':
        set({ judged: answer.judged, note: noteOf(verdictText(answer.judged), answer.judged.verdict !== 'holds') })
        return
      case 'saved':
        saveFile(answer.file, 'application/json', answer.text)
        set({ note: noteOf(`${answer.file}: ${answer.note ?? ''}`) })
        return
      case 'refused':
        set({ note: noteOf(answer.message, true) })
    }
  }
  const work = async (question: Question, what: string, isWish: boolean): Promise<void> => {
    set({ busy: { what } })
    const answer = await client.ask(question, (progress) => {
      set({ busy: { what, progress } })
    })
    set({ busy: undefined })
    take(answer, isWish)
    const next = wanted
    wanted = undefined
    if (next !== undefined && next !== view.scene.node) await work({ kind: 'go', node: next }, '', true)
  }
  return {
    view: () => view,
    subscribe(changed) {
      listeners.add(changed)
      return () => {
        listeners.delete(changed)
      }
    },
    ask(question, what = '') {
      if (view.busy === undefined) void work(question, what, false)
    },
    go(node) {
      if (view.busy !== undefined) wanted = node
      else if (node !== view.scene.node) void work({ kind: 'go', node }, '', true)
    },
    stop() {
      client.stop()
    },
    fail(message) {
      set({ busy: undefined, note: noteOf(`the worker has ended: ${message}; load the page again`, true) })
    },
  }
}

const noteOf = (text: string | undefined, isBad = false): Note | undefined =>
  text === undefined ? undefined : { text, isBad }

/** The result of a check in a sentence; the rest stands at the head of the page. */
function verdictText({ verdict, states, seconds, properties }: Judged): string {
  const violated = properties.filter((one) => one.verdict === 'violated').map(({ name }) => name)
  const names = violated.length === 0 ? '' : `: ${violated.join(', ')}`
  return `checked: ${verdict}${names}; ${states.toLocaleString('en')} states in ${seconds.toFixed(1)} s`
}

/** Whether another configuration is open: its tree begins anew. */
const isReset = (now: Scene, before: Scene): boolean =>
  now.setting.scenario !== before.setting.scenario ||
  JSON.stringify(now.setting.fixes) !== JSON.stringify(before.setting.fixes) ||
  JSON.stringify(now.setting.parameters) !== JSON.stringify(before.setting.parameters)

/** The run that the page draws. */
export const storyOf = (store: Store): Story => ({
  current: () => store.view().document,
  subscribe: store.subscribe,
})

/** The number of the present state on the path that is drawn. */
export const presentMoment = ({ path, node }: Scene): number => Math.max(0, path.indexOf(node))
