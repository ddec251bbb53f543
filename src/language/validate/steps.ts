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

/** Whether a way through a step has changed shared state; `gone` if it does not come here. */
type Way = 'gone' | 'clean' | 'changed'
const join = (a: Way, b: Way): Way => (a === 'changed' || b === 'gone' ? a : b)

function checkGuards(step: readonly Statement[], text: ModelText): void {
  through(step, 'clean', () => {})

  /** Follows every way through a block; `returns` is told of those that leave the innermost call. */
  function through(body: readonly Statement[], before: Way, returns: (way: Way) => void): Way {
    return body.reduce((way, s) => (way === 'gone' ? way : after(s, way, returns)), before)
  }

  function after(s: Statement, way: Way, returns: (way: Way) => void): Way {
    switch (s.kind) {
      case 'assign':
      case 'insert':
      case 'remove':
      case 'push':
      case 'pop':
      case 'discard':
        return rootOf(s.target).kind === 'shared' ? 'changed' : way
      case 'await':
        return guard(s, way, 'this Await')
      case 'choose':
        return s.where === undefined || s.where.kind === 'literal' ? way : guard(s, way, 'this Choose with a condition')
      case 'call': {
        let returned: Way = 'gone'
        const end = through(s.body, way, (early) => {
          returned = join(returned, early)
        })
        return join(end, returned)
      }
      // Twice: the second round begins as the first one ended.
      case 'forEach':
        return join(way, through(s.body, join(way, through(s.body, way, returns)), returns))
      case 'return':
        returns(way)
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
          .map(({ body }) => through(body, way, returns))
          .reduce(join, 'gone')
      case 'assert':
      case 'cover':
      case 'label':
      case 'reset':
        return way
    }
  }

  function guard(s: Statement, way: Way, what: string): Way {
    if (way === 'changed') throw mistakeIn(text, s, 'HMM014', `${what} stands behind an effect of the same step`)
    return way
  }
}
