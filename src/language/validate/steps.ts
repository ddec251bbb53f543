/** The permitted contents of a step: one transition, with every guard before its first effect. */
import type { Model, Statement } from '../ast.ts'
import { blocksOf, rootOf } from '../walk.ts'
import { isAtomic, mistakeIn, textsOf, type ModelText } from './texts.ts'

export function checkSteps(model: Model): void {
  for (const text of textsOf(model)) {
    checkBlock(text.body, text.inStep, text)
    if (text.inStep) checkGuards(text.body, text)
  }
}

function checkBlock(body: readonly Statement[], inStep: boolean, text: ModelText): void {
  for (const s of body) {
    if (inStep) checkInside(s, text)
    if (s.kind === 'cover' && !inStep) throw mistakeIn(text, s, 'HMM026', `a Cover of ${s.property} outside a step`)
    if (isAtomic(s) && !inStep) checkGuards([s], text)
    for (const inner of blocksOf(s)) checkBlock(inner.body, inStep || isAtomic(s), text)
  }
}

function checkInside(s: Statement, text: ModelText): void {
  switch (s.kind) {
    case 'loop':
      throw mistakeIn(text, s, 'HMM013', 'a Loop inside a step')
    case 'label':
      throw mistakeIn(text, s, 'HMM013', `the label ${s.name} inside a step`)
    case 'call':
      if (!s.atomic)
        throw mistakeIn(text, s, 'HMM013', `${s.procedure}() is more than one transition and is called inside a step`)
  }
}

/** Whether a path through a step has changed shared state; `gone` if it does not reach this place. */
type PathState = 'gone' | 'clean' | 'changed'
const join = (a: PathState, b: PathState): PathState => (a === 'changed' || b === 'gone' ? a : b)

function checkGuards(step: readonly Statement[], text: ModelText): void {
  through(step, 'clean', () => {})

  /** Follows every path through a block; `returns` is called for those that leave the innermost call. */
  function through(body: readonly Statement[], before: PathState, returns: (state: PathState) => void): PathState {
    return body.reduce((state, s) => (state === 'gone' ? state : after(s, state, returns)), before)
  }

  function after(s: Statement, state: PathState, returns: (state: PathState) => void): PathState {
    switch (s.kind) {
      case 'assign':
      case 'insert':
      case 'remove':
      case 'push':
      case 'pop':
      case 'discard':
        return rootOf(s.target).kind === 'shared' ? 'changed' : state
      case 'await':
        return guard(s, state, 'this Await')
      case 'choose':
        return s.where === undefined || s.where.kind === 'literal'
          ? state
          : guard(s, state, 'this Choose with a condition')
      case 'call': {
        let returned: PathState = 'gone'
        const end = through(s.body, state, (early) => {
          returned = join(returned, early)
        })
        return join(end, returned)
      }
      // Twice: the second round begins as the first one ended.
      case 'forEach':
        return join(state, through(s.body, join(state, through(s.body, state, returns)), returns))
      case 'return':
        returns(state)
        return 'gone'
      case 'goto':
      case 'break':
      case 'continue':
        return 'gone'
      case 'if':
      case 'match':
      case 'either':
      case 'step':
      case 'loop':
        return blocksOf(s)
          .map(({ body }) => through(body, state, returns))
          .reduce(join, 'gone')
      case 'assert':
      case 'cover':
      case 'label':
      case 'reset':
        return state
    }
  }

  function guard(s: Statement, state: PathState, what: string): PathState {
    if (state === 'changed') throw mistakeIn(text, s, 'HMM014', `${what} stands behind an effect of the same step`)
    return state
  }
}
