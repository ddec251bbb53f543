/**
 * Schedules that pass given steps in their order: a search for a property that is asked for only behind them.
 *
 * A counter says how many steps of the list have come, each when those before it had. An assertion of the property
 * fails only where all have; nothing else of the model changes, so each schedule that is found is one of the model's. So
 * it is with limits, too: they leave out schedules in which a step comes earlier or more often, and add none.
 */
import type { ConfiguredModel, Expression, Statement, Type, Variable } from '../../src/language/ast.ts'
import { mapStatement } from '../../src/language/walk.ts'

/** A step of a schedule. */
export interface Passed {
  readonly thread: string
  readonly label: RegExp
}

/** How often such a step may come at most, and behind how many steps of the list. */
export interface Limit extends Passed {
  readonly most: number
  readonly after?: number
}

const COUNTER = 'passed'
const limitName = (index: number): string => `limit-${index}`

/**
 * @param model the model
 * @param property the assertion that is asked for
 * @param events the steps that a schedule passes before the one that fails
 * @param limits how often steps may come: so that a large world can be searched for one schedule
 */
export function passing(
  model: ConfiguredModel,
  property: string,
  events: readonly Passed[],
  limits: readonly Limit[] = [],
): ConfiguredModel {
  const type: Type = { kind: 'int', low: 0, high: events.length, overflow: 'error' }
  const counter = { kind: 'shared', name: COUNTER } as const
  const number = (value: number): Expression => ({ kind: 'literal', value, type })
  const compared = (operator: '==' | '<' | '>=', value: number): Expression => ({
    kind: 'binary',
    operator,
    left: counter,
    right: number(value),
  })

  /** The last of the list first: a step counts for one of them only. */
  const counted = (thread: string, label: string, { path, at }: Statement): readonly Statement[] =>
    [...events.entries()]
      .filter(([, event]) => event.thread === thread && event.label.test(label))
      .toReversed()
      .map(([index]) => ({
        kind: 'if',
        condition: compared('==', index),
        then: {
          binds: [],
          body: [
            { kind: 'assign', target: counter, value: number(index + 1), path: `${path}/${COUNTER}-${index}/0`, at },
          ],
        },
        otherwise: { binds: [], body: [] },
        path: `${path}/${COUNTER}-${index}`,
        at,
      }))

  /** A step that has come often enough is not enabled. */
  const limited = (thread: string, label: string, { path, at }: Statement): readonly Statement[] =>
    [...limits.entries()]
      .filter(([, limit]) => limit.thread === thread && limit.label.test(label))
      .flatMap(([index, { most, after = 0 }]): readonly Statement[] => {
        const count = { kind: 'shared', name: limitName(index) } as const
        const one: Expression = {
          kind: 'literal',
          value: 1,
          type: { kind: 'int', low: 0, high: most, overflow: 'error' },
        }
        const here = `${path}/${limitName(index)}`
        return [
          {
            kind: 'await',
            condition: {
              kind: 'binary',
              operator: 'and',
              left: compared('>=', after),
              right: { kind: 'binary', operator: '<', left: count, right: { ...one, value: most } },
            },
            path: `${here}-0`,
            at,
          },
          {
            kind: 'assign',
            target: count,
            value: { kind: 'binary', operator: '+', left: count, right: one },
            path: `${here}-1`,
            at,
          },
        ]
      })

  const before = (thread: string, label: string, s: Statement): readonly Statement[] => [
    ...limited(thread, label, s),
    ...counted(thread, label, s),
  ]

  const changed =
    (thread: string) =>
    (s: Statement): Statement => {
      const inner = mapStatement(s, { block: (body) => body.map(changed(thread)) })
      if (inner.kind === 'assert' && inner.property === property)
        return {
          ...inner,
          condition: { kind: 'binary', operator: 'or', left: compared('<', events.length), right: inner.condition },
        }
      if (inner.kind === 'step' || (inner.kind === 'call' && inner.atomic))
        return { ...inner, body: [...before(thread, inner.label, inner), ...inner.body] }
      return inner
    }

  return {
    ...model,
    variables: [
      ...model.variables,
      { name: COUNTER, type, initial: [], ghost: false },
      ...limits.map(
        ({ most }, index): Variable => ({
          name: limitName(index),
          type: { kind: 'int', low: 0, high: most, overflow: 'error' },
          initial: [],
          ghost: false,
        }),
      ),
    ],
    threads: model.threads.map((thread) => ({ ...thread, body: thread.body.map(changed(thread.name)) })),
  }
}
