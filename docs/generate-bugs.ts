/**
 * `npm run docs:bugs`, of some models `npm run docs:bugs -- migrate-vma device-memory`: checks every configuration in
 * which a bug is found, and writes docs/bugs.md.
 *
 * Measures that are not made anew are taken from the page as it is. Nothing in it is written by hand, and two runs on
 * one catalogue give the same page, except for seconds.
 */
import { existsSync, readFileSync } from 'node:fs'
import type { Finding } from '../models/bugs/bug.ts'
import { bugs, catalogue } from '../models/catalogue.ts'
import { writeWhole } from '../src/cli/files.ts'
import { namedTarget } from '../src/cli/targets.ts'
import { check } from '../src/explorer/check.ts'
import type { PropertyResult } from '../src/explorer/result.ts'
import { configure } from '../src/language/configure.ts'
import { switchesOf } from '../src/semantics/size.ts'
import { findingsOf, keyOf, measuredIn, pageFile, pageOf, type Measured } from './bugs-page.ts'

const names = process.argv.slice(2)
const measured = new Map<string, Measured>(existsSync(pageFile) ? measuredIn(readFileSync(pageFile, 'utf8')) : [])
const due = bugs
  .flatMap(findingsOf)
  .filter((finding) => names.length === 0 || names.includes(finding.model) || !measured.has(keyOf(finding)))

/** States of a run at most: what is found by then has its shortest schedule, as the search is breadth first. */
const MOST = 50_000_000

/** One run answers for all findings in its configuration. */
const runOf = ({ model, variant, scenario }: Finding): string => `${model}@${variant} ${scenario}`

for (const run of new Set(due.map(runOf))) {
  const [target = '', scenario] = run.split(' ')
  const { setting, properties } = namedTarget(catalogue, target, { scenario })
  const {
    states,
    seconds,
    incomplete,
    properties: judged,
  } = await check(configure(setting.protocol.model, setting.configuration), { properties, maxStates: MOST })
  for (const finding of due.filter((one) => runOf(one) === run)) {
    // lock misuse, which is never declared, is among the judged only if it happens
    const {
      verdict = 'holds',
      steps = 0,
      counterexample,
      cycle,
    }: Partial<PropertyResult> = judged.find(({ name }) => name === finding.property) ?? {}
    // the longest of the schedules of a cycle
    const shown = (counterexample ?? cycle?.find((pair) => pair.steps === steps)?.witness)?.run
    measured.set(keyOf(finding), {
      verdict,
      steps,
      switches: shown === undefined ? 0 : switchesOf(shown),
      states,
      ...(incomplete === undefined ? {} : { more: true }),
      seconds,
    })
    process.stdout.write(`${keyOf(finding)}: ${verdict} in ${steps}, ${states} states, ${seconds.toFixed(1)} s\n`)
    if (verdict !== 'violated') process.exitCode = 1
  }
}
writeWhole(pageFile, pageOf(bugs, measured))
