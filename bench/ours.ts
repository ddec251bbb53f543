/**
 * One run of ours, in a process of its own: `SCENARIO with|without WORKERS`, with symmetry or without it. It prints what
 * it measured as JSON.
 */
import { check } from '../src/explorer/check.ts'
import { configured } from './ready.ts'
import { scenarioNamed } from './scenarios.ts'

const model = configured(scenarioNamed(process.argv[2] ?? ''))
const before = process.cpuUsage()
const result = await check(model, { symmetry: process.argv[3] === 'with', workers: Number(process.argv[4] ?? 1) })
const { user, system } = process.cpuUsage(before)
process.stdout.write(
  `${JSON.stringify({
    verdict: result.verdict,
    states: result.states,
    stored: result.stored,
    transitions: result.transitions,
    depth: result.depth,
    bits: result.stateBits,
    seconds: result.seconds,
    cpu: (user + system) / 1e6,
    memory: process.resourceUsage().maxRSS * 1024,
  })}\n`,
)
