/** A real recording, by the command: accepted with the fault that is known of it, and rejected where that is mended. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { conformanceModels } from '../../models/conformance/catalogue.ts'
import { ofFileMapping } from '../../models/conformance/test-hmm/file-mappings.ts'
import { main } from '../../src/cli/main.ts'
import { readJsonLines } from '../../src/conform/jsonl.ts'
import { eventText } from '../../src/conform/recording.ts'
import { processEnvironment } from '../../src/cli/environment.ts'

const recording = join(import.meta.dirname, 'recordings', 'repro_cow.shipped.jsonl.gz')

async function conform(
  ...words: readonly string[]
): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  let text = ''
  const output = { ...processEnvironment().stdout, write: (part: string) => ((text += part), true) }
  const code = await main([], ['conform', ...words], {
    ...processEnvironment(),
    stdout: output,
    stderr: output,
    conformance: () => Promise.resolve(conformanceModels),
  })
  return { code, lines: text.trimEnd().split('\n') }
}

describe('the recording of a write to a page that a fork has made read-only', () => {
  test('is a run of the kernel as shipped, in which P-REQUEST falls', async () => {
    const { code, lines } = await conform(recording, '--model', 'mirror-6@test-hmm-6.1-shipped')
    expect(lines.at(-1)).toMatch(/^accepted, but P-REQUEST falls/)
    expect(lines.join('\n')).toContain('P-REQUEST falls at t=1093')
    expect(code).toBe(1)
  })

  test('is no run of the kernel with the faults mended', async () => {
    const { code, lines } = await conform(recording, '--model', 'mirror-6@fixed')
    expect(lines.at(-1)).toMatch(/^rejected/)
    expect(lines.join('\n')).toMatch(/explains t=1088 thread 63: hmm_range_fault exit by=dmirror_fault ret=0/)
    expect(code).toBe(1)
  })

  test('is judged from any event on: what fell before is forgotten', async () => {
    const { code, lines } = await conform(recording, '--model', 'mirror-6@test-hmm-6.1-shipped', '--from', '1094')
    expect(lines.at(-1)).toMatch(/^accepted: /)
    expect(code).toBe(0)
  })

  test('is accepted up to the fault', async () => {
    const { code, lines } = await conform(recording, '--model', 'mirror-6@test-hmm-6.1-shipped', '--to', '1092')
    expect(lines.at(-1)).toMatch(/^accepted: /)
    expect(code).toBe(0)
  })
})

test('what is asked for wrongly is a mistake', async () => {
  expect((await conform(recording, '--model', 'mirror-9')).code).toBe(2)
  expect((await conform(recording, '--model', 'mirror-6@fixt')).lines.join('\n')).toContain('HMM202')
  expect((await conform('nowhere.jsonl', '--model', 'mirror-6')).lines.join('\n')).toContain('HMM220')
  // the kernel with the fault mended has no state in which a window behind it could begin
  expect((await conform(recording, '--model', 'mirror-6@fixed', '--from', '1100')).lines.join('\n')).toContain('HMM281')
})

describe('memory of a file', () => {
  const { events } = readJsonLines(
    [
      { ev: 'pte', mm: 'mm1', addr: '10000000', old: 'none', new: 'present_r', by: 'do_set_pte' },
      { ev: 'pte', mm: 'mm1', addr: '10001000', old: 'none', new: 'present_w', by: '__handle_mm_fault' },
      { ev: 'dev_map', dm: 'dm1', vpn: '10001', pfn: '2', tag: 'read' },
      { ev: 'dev_map', dm: 'dm1', vpn: '10000', pfn: '1', tag: 'read' },
      { ev: 'collect', mm: 'mm1', addr: '10000000', kind: 'present_r' },
    ]
      .map((line, n) => JSON.stringify({ t: n, tid: 1, fn: 'f', phase: 'point', ...line }))
      .join('\n'),
  )
  const [file, other, mapsOther, maps, collects] = events

  test('is out of scope as soon as the driver uses it', () => {
    expect(ofFileMapping(events)).toBe(maps)
    expect(maps === undefined ? '' : eventText(maps)).toBe('t=3 thread 1: dev_map dm=dm1 vpn=10000 pfn=1 tag=read')
    expect(ofFileMapping([file, other, mapsOther, collects].filter((event) => event !== undefined))).toBe(collects)
  })

  test('is not, where the driver does not use it', () => {
    expect(ofFileMapping(events.slice(0, 3))).toBeUndefined()
  })
})

test('the text of ftrace becomes a recording', () => {
  const script = join(import.meta.dirname, '..', '..', 'tools', 'ftrace-to-jsonl.mjs')
  const trace = [
    '# tracer: nop',
    '  hstress-61    [003] d..1.  1216: insert: conform: ev=insert subs=subs1 sub=sub1 start=0 active=0',
    '  hstress-61    [003] .....  1217: other: nothing of ours',
    '  h1.devrw-66   [000] .....  1245: hmm_range_fault: conform: phase=enter sub=sub1 seq=3 start=10000000',
  ].join('\n')
  const { stdout } = spawnSync(process.execPath, [script], { input: trace, encoding: 'utf8' })
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  ).toEqual([
    {
      t: 1,
      cpu: 3,
      tid: 61,
      comm: 'hstress',
      fn: 'insert',
      phase: 'point',
      ev: 'insert',
      subs: 'subs1',
      sub: 'sub1',
      start: '0',
      active: 0,
    },
    {
      t: 2,
      cpu: 0,
      tid: 66,
      comm: 'h1.devrw',
      fn: 'hmm_range_fault',
      phase: 'enter',
      sub: 'sub1',
      seq: 3,
      start: '10000000',
    },
  ])
})
