/** Keys of a page by hand, besides those that every page has. */
import type { HelpKey, Selection } from '../../page/app/story.ts'
import type { HandMove, ThreadMoves } from '../messages.ts'
import type { Store } from './store.ts'
import { fallQuestion } from './falling.ts'
import { someSeed } from './seed.ts'

/** The keys, as the help lists them. */
export const HAND_KEYS: readonly HelpKey[] = [
  { keys: ['1', '…', '9'], does: 'take the step of that number' },
  { keys: ['u', 'r'], does: 'undo, redo' },
  { keys: ['w'], does: 'a random walk' },
  { keys: ['f'], does: 'walk at random until a property falls' },
  { keys: ['c'], does: 'check every state' },
  { keys: ['Esc'], does: 'stop a walk, a search or a check' },
]

/** A move, and who takes it. */
export interface Numbered {
  readonly thread: ThreadMoves
  readonly move: HandMove
}

/** The moves that can be taken, in the order in which the page numbers them from 1. */
export const numbered = (threads: readonly ThreadMoves[]): readonly Numbered[] =>
  threads.flatMap((thread) => thread.moves.map((move) => ({ thread, move })))

/** Steps of a random walk, if nothing else is said. */
export const WALK_STEPS = 10

/** What a key does; false if it does nothing. */
export function handKey(store: Store, { key }: Pick<KeyboardEvent, 'key'>, { moment, select }: Selection): boolean {
  const { scene, busy } = store.view()
  if (key === 'Escape' && busy !== undefined) {
    store.stop()
    return true
  }
  const chosen = /^[1-9]$/.test(key) ? numbered(scene.threads)[Number(key) - 1] : undefined
  if (chosen !== undefined) {
    store.ask({ kind: 'take', thread: chosen.thread.thread, ordinal: chosen.move.ordinal })
    return true
  }
  switch (key) {
    case 'u':
      select(moment - 1)
      return true
    case 'r':
      select(moment + 1)
      return true
    case 'w':
      store.ask({ kind: 'walk', steps: WALK_STEPS, seed: someSeed() }, 'walks')
      return true
    case 'f':
      store.ask(fallQuestion('random'), 'walks until a property falls')
      return true
    case 'c':
      store.ask({ kind: 'check' }, 'checks')
      return true
    default:
      return false
  }
}
