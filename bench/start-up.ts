/** From the start of the command to its verdict, on a model that is small. */
import { spawnSync } from 'node:child_process'

/** The catalogue's default scenario of the corrected protocol. */
const model = 'mirror-2017'

export function startUp(rounds: number, say: (line?: string) => void): void {
  const runs = Array.from({ length: Math.max(3, rounds) }, () => {
    const started = performance.now()
    const { stdout, status, stderr } = spawnSync(process.execPath, ['dist/bin/hmmcheck.js', 'check', model, '--json'], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    const seconds = (performance.now() - started) / 1000
    if (status !== 0) {
      say(`\nstart-up: ${stderr || stdout}`)
      return undefined
    }
    const {
      runs: [run],
    } = JSON.parse(stdout) as { readonly runs: readonly { readonly states: number; readonly verdict: string }[] }
    return { seconds, states: run?.states ?? 0, verdict: run?.verdict ?? '' }
  }).filter((r) => r !== undefined)
  const [first] = runs
  if (first === undefined) return
  const seconds = runs.map((r) => r.seconds).sort((a, b) => a - b)
  say(
    `\nstart-up: hmmcheck check ${model}: ${first.states.toLocaleString('en')} states, ${first.verdict}, ${(seconds[seconds.length >> 1] ?? 0).toFixed(2)} s (${seconds.map((s) => s.toFixed(2)).join(' ')}) from start to verdict; promised 1 s below 300,000 states`,
  )
}
