/**
 * The warnings by code, each with its usual cause and its remedy. docs/errors.md is printed from this table.
 */
import type { Mistake } from '../language/mistakes.ts'

/** In the order of docs/errors.md. */
export const warningCodes = [
  'HMM060',
  'HMM061',
  'HMM062',
  'HMM063',
  'HMM064',
  'HMM065',
  'HMM066',
  'HMM067',
  'HMM068',
  'HMM069',
  'HMM070',
] as const

export type WarningCode = (typeof warningCodes)[number]

export const warnings: Readonly<Record<WarningCode, Mistake>> = {
  HMM060: {
    title: 'a model that declares no property',
    cause: 'the properties were left for later, or are not passed to model()',
    remedy: 'say what must hold: properties: [invariant(...), assertion(...)] in model()',
  },
  HMM061: {
    title: 'an assertion that is declared and never asserted',
    cause: 'its name is misspelt here or at the Assert, or the Assert stands in a procedure that nothing calls',
    remedy: 'assert it where it must hold, correct the name, or drop the declaration',
  },
  HMM062: {
    title: 'an assertion that is asserted and not declared',
    cause: 'its name is misspelt, or it was never put among the properties',
    remedy: 'put assertion(...) of this name among the properties of model(), or correct the name',
  },
  HMM063: {
    title: 'a step or branch that is never taken',
    cause:
      'its condition is never true, a step before it is never taken, or no thread of the scenario makes it possible',
    remedy: 'correct the condition, add a thread that makes it true, or leave the branch out',
  },
  HMM064: {
    title: 'an invariant that cannot be false',
    cause: 'the premise of an implies() never comes true, or a sort that it ranges over has no element',
    remedy: 'let the model reach a state in which the premise is true, correct the premise, or leave the invariant out',
  },
  HMM065: {
    title: 'a state variable that never changes',
    cause: 'the statement that sets it is missing, or sets another variable',
    remedy: 'assign it where the protocol does, or make it a constant(...)',
  },
  HMM066: {
    title: 'a thread that rests while it holds a lock',
    cause: 'a path to the end of the thread, or to its Idle(), misses the unlock',
    remedy:
      "release the lock before the thread ends or rests, or say why it keeps it: thread(name, body, { keepsLocks: '...' })",
  },
  HMM067: {
    title: 'Idle() right before a lock',
    cause: 'Idle() stands for waiting for work, but the thread waits for the lock there too',
    remedy: "put a step between them that stands for the arrival of work: Step('work', () => {})",
  },
  HMM068: {
    title: 'a procedure or thread that no model uses',
    cause: 'it is named without (), or was never put among the threads of model()',
    remedy: 'call it with (), pass it to model(), or leave it out',
  },
  HMM069: {
    title: 'a value, method or procedure that is named and not used',
    cause:
      'a statement was meant; a name alone reads and sets nothing, and a method or procedure without () is not called',
    remedy: 'write the statement: x.set(...), If(x, ...), Await(x), f(), or leave the name out',
  },
  HMM070: {
    title: 'a failure that a run ended too early to show',
    cause:
      'a search of one state for each orbit saw that a transition fails, and a limit ended the search of all states that shows how',
    remedy: 'raise the limit, or check a smaller scenario',
  },
}
