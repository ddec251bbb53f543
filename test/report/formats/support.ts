/** Runs and traces to write in every format. */
import type { Reported } from '../../../src/report/formats/reported.ts'
import { traceOf } from '../../../src/report/trace.ts'
import type { Trace } from '../../../src/report/trace.ts'
import { drawTrace } from '../../../src/report/drawing.ts'
import { plainPaint } from '../../../src/report/paint.ts'
import { shortestOf } from '../support.ts'
import type { Found } from '../support.ts'

export interface Traced extends Found {
  readonly trace: Trace
}

/** A schedule of the small protocol: the race, a deadlock of three, a witness. */
export async function traced(name: 'P-NOUAF' | 'lock-deadlock' | 'P-NOUAF-possible'): Promise<Traced> {
  const found = await shortestOf(
    name === 'lock-deadlock' ? { variant: 'without-lock_order', scenario: 'wide' } : { variant: 'as-posted' },
    name,
  )
  return { ...found, trace: traceOf(found.graph, found.run, { property: found.property }) }
}

/** A run with a property of each judgement; with `text` wherever a user's words go. */
export async function reported(text = 'the page may be freed after the call'): Promise<Reported> {
  const { trace } = await traced('P-NOUAF')
  const drawing = [...drawTrace(trace, { width: 100, paint: plainPaint }), text]
  const said: Trace = {
    ...trace,
    steps: trace.steps.map((step) => ({ ...step, label: `${step.label} ${text}` })),
    ...(trace.end === undefined ? {} : { end: { ...trace.end, text } }),
  }
  return {
    version: '1.2.3',
    started: '2026-01-02T03:04:05.678Z',
    runs: [
      {
        model: 'notifier',
        variant: 'as-posted',
        scenario: 'core',
        sizes: 'devices=1,pages=1',
        seconds: 0.25,
        command: `npx hmmcheck check '${text}'`,
        incomplete: 'max-states',
        properties: [
          {
            name: 'P-NOUAF',
            kind: 'assertion',
            claim: text,
            judgement: 'failed',
            reason: 'violated in 9 steps',
            traces: [said],
            drawing,
          },
          { name: 'P-REF', kind: 'invariant', judgement: 'passed', reason: 'holds', traces: [], drawing: [] },
          {
            name: 'P-OLD',
            kind: 'invariant',
            judgement: 'expected',
            reason: `violated in 9 steps, as expected (${text})`,
            traces: [trace],
            drawing: [],
          },
          {
            name: 'deadlock',
            kind: 'deadlock',
            judgement: 'open',
            reason: 'incomplete: max-states',
            traces: [],
            drawing: [],
          },
        ],
        warnings: [{ code: 'HMM061', what: 'P-NOUAF is never asserted', at: 'model/my driver.ts:7', remedy: text }],
        strict: false,
      },
      {
        model: 'empty',
        variant: 'fixed',
        scenario: 'core',
        sizes: '',
        seconds: 0,
        command: 'npx hmmcheck check empty',
        properties: [],
        warnings: [{ code: 'HMM060', what: 'no property', at: 'empty', remedy: text }],
        strict: true,
      },
    ],
  }
}

/** Words that a format might take for its own. */
export const NASTY = 'if (a < b && *p > 0) { x; } // "100%%" #1 \'q\' ]]> <br/> &amp; $$ %%{init}%% \\n → 🂡 \u0007 end'
