/**
 * `npm run docs:fuzzing`, of some models `npm run docs:fuzzing -- migrate-vma device-memory`: walks for every
 * configuration in which a bug is found, and writes docs/fuzzing.md.
 *
 * Runs that are not walked anew are taken from the page as it is. Nothing in it is written by hand, and two runs on one
 * catalogue give the same page.
 */
import { existsSync, readFileSync } from 'node:fs'
import { bugs } from '../models/catalogue.ts'
import { writeWhole } from '../src/cli/files.ts'
import { findingsOf, keyOf } from './bugs-page.ts'
import { measure, neededIn, pageFile, pageOf, type Needed } from './fuzzing-page.ts'

const names = process.argv.slice(2)
const measured = new Map<string, Needed>(existsSync(pageFile) ? neededIn(readFileSync(pageFile, 'utf8')) : [])
const due = new Map(
  bugs
    .flatMap(findingsOf)
    .filter((finding) => names.length === 0 || names.includes(finding.model) || !measured.has(keyOf(finding)))
    .map((finding) => [keyOf(finding), finding]),
)

for (const [key, finding] of due) {
  const needed = await measure(finding)
  measured.set(key, needed)
  process.stdout.write(
    `${key}: ${needed === undefined ? 'not by a run' : [...needed].map(([name, runs]) => `${name} ${runs ?? 'more'}`).join(', ')}\n`,
  )
}
writeWhole(pageFile, pageOf(bugs, measured))
