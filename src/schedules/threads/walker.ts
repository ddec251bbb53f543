/** One of those threads. */
import { parentPort, workerData } from 'node:worker_threads'
import { walks } from '../../explorer/walks/walk.ts'
import { dealer } from '../dealing.ts'
import { strategyOf } from '../strategies/index.ts'
import { handOf, walkHand, type HandOptions, type Sighting } from '../walk-hands.ts'
import type { WalkOrder, WalkReport } from './messages.ts'

// The cast: it is what `crew.ts` sends.
const order = workerData as WalkOrder
const { setup, number, dealing, strategy, runs, seed, maxSteps } = order
const dealt = dealer({ runs, hand: handOf(order) }, dealing)
if (dealt.begin(number)) {
  const walker = walks(setup)
  const options: HandOptions = {
    runs,
    seed,
    maxSteps,
    strategy: strategyOf(strategy.name, strategy),
    threads: setup.points.length,
    starts: setup.initial.length,
    stopAt: new Set(order.stopAt),
  }
  const seen: Sighting[] = []
  for (let hand = dealt.take(); hand !== undefined; hand = dealt.take())
    seen.push(...walkHand(walker, dealt, hand, options))
  const report: WalkReport = { seen, met: walker.met() }
  const { records, taken } = report.met
  parentPort?.postMessage(report, [records.buffer as ArrayBuffer, taken.buffer as ArrayBuffer])
}
