/** The warnings that there are, by code: what usually causes each and what to do. docs/errors.md is printed from this table. */
import type { Mistake } from '../language/mistakes.ts'

/** In the order of docs/errors.md. */
export const warningCodes = ['HMM060', 'HMM061', 'HMM062', 'HMM063'] as const

export type WarningCode = (typeof warningCodes)[number]

export const warnings: Readonly<Record<WarningCode, Mistake>> = {
  HMM060: {
    title: 'a model without a property of its own',
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
    cause: 'its condition is never true, a step before it can never be done, or nobody who would make it possible takes part',
    remedy: 'correct the condition, let take part who makes it true, or leave the branch out',
  },
}
