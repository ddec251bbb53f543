/**
 * A story is what the app draws: a document, and whether it grows. The page of a schedule has a document that stays;
 * a page on which somebody takes steps by hand replaces it with each step, and adds its own controls.
 */
import type { ComponentChildren } from 'preact'
import type { PageDocument } from '../document.ts'

export interface Story {
  /** The document as it is now. Another one is another object. */
  readonly current: () => PageDocument
  /**
   * Calls a function whenever `current` has another document.
   *
   * @returns ends that
   */
  readonly subscribe: (changed: () => void) => () => void
}

/** A line of the help: keys, and what each of them does. */
export interface HelpKey {
  readonly keys: readonly string[]
  readonly does: string
}

/** Where the reader is. */
export interface Selection {
  /** The number of the state: 0 is the initial one. */
  readonly moment: number
  readonly select: (moment: number) => void
}

/** What a living page adds to the views. */
export interface Live {
  /** Controls under the title: variants, what is checked. */
  readonly controls?: (position: Selection) => ComponentChildren
  /** Stands under the last step in the lanes: the steps that can be taken. */
  readonly choices?: (position: Selection) => ComponentChildren
  /** Keys that `onKey` knows, for the help. */
  readonly keys?: readonly HelpKey[]
  /** Keys that the app does not know itself. Answers whether it has used it. */
  readonly onKey?: (event: KeyboardEvent, position: Selection) => boolean
}

/** The story of a document that stays as it is. */
export const fixedStory = (document: PageDocument): Story => ({
  current: () => document,
  subscribe: () => () => undefined,
})
