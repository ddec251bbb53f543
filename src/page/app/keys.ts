/** What a key asks for. */

/** The keys, as the help lists them. */
export const KEYS = [
  { keys: ['←', '→'], does: 'the step before, the step after' },
  { keys: ['Page Up', 'Page Down'], does: 'ten steps back, ten steps on' },
  { keys: ['Home', 'End'], does: 'the initial state, the last step' },
  { keys: ['/'], does: 'search the state' },
  { keys: ['?'], does: 'this list' },
  { keys: ['Esc'], does: 'close it' },
] as const

export type Wanted =
  | { readonly kind: 'moment'; readonly moment: number }
  | { readonly kind: 'search' }
  | { readonly kind: 'help' }

/** Elements that need these keys themselves. */
const TYPING = 'input:not([type=checkbox]):not([type=range]), select, textarea, dialog'
/** Elements that a keyboard scrolls sideways, or moves. */
const MOVING = 'pre, code, input[type=range]'

/** @param event a key that went down, anywhere in the page */
export function keyed(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>,
  moment: number,
  last: number,
): Wanted | undefined {
  const { key, target } = event
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  const isIn = (elements: string): boolean => target instanceof Element && target.closest(elements) !== null
  if (isIn(TYPING)) return undefined
  const to = (wanted: number): Wanted => ({ kind: 'moment', moment: Math.max(0, Math.min(last, wanted)) })
  switch (key) {
    case 'ArrowRight':
    case 'j':
      return isIn(MOVING) && key === 'ArrowRight' ? undefined : to(moment + 1)
    case 'ArrowLeft':
    case 'k':
      return isIn(MOVING) && key === 'ArrowLeft' ? undefined : to(moment - 1)
    case 'PageDown':
      return to(moment + 10)
    case 'PageUp':
      return to(moment - 10)
    case 'Home':
      return to(0)
    case 'End':
      return to(last)
    case '/':
      return { kind: 'search' }
    case '?':
      return { kind: 'help' }
    default:
      return undefined
  }
}
