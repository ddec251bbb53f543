/** Lines that the recorded driver can write, and no kept recording has: where they can stand, and where not. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { conform } from '../../src/conform/conform.ts'
import { readRecording } from '../../src/conform/read.ts'
import { recordedModel, variantOf } from './mutated.ts'

const name = 'repro_cow.shipped.jsonl.gz'
const recording = readRecording(join(import.meta.dirname, 'recordings', name))
const model = recordedModel()

/** The events up to the first of the kind and a few behind it, with another one of its thread right behind it. */
function withLine(kind: string, behind: string): { readonly at: number; readonly rejected: number | undefined } {
  const { events } = recording
  const n = events.findIndex((event) => event.kind === behind)
  const before = events[n] ?? expect.fail(behind)
  const at = before.order + 0.5
  const line = { order: at, thread: before.thread, kind, fields: {} }
  const changed = { ...recording, events: [...events.slice(0, n + 1), line, ...events.slice(n + 1, n + 20)] }
  const { rejection } = conform(model, variantOf(model, name), changed)
  return { at, rejected: rejection?.event.order }
}

test.each(['collect_hole', 'collect_skip'])('%s stands in the range of migrate_vma_collect()', (kind) => {
  const inside = 'migrate_vma_setup enter'
  const range = withLine(kind, inside)
  // the range is not open yet
  expect(range.rejected).toBe(range.at)
  expect(withLine(kind, 'collect').rejected).toBeUndefined()
  const behind = withLine(kind, 'migrate_vma_setup exit')
  expect(behind.rejected).toBe(behind.at)
})

test('devexcl_gone stands where a CPU faults, and not in an ioctl that faults nothing', () => {
  expect(withLine('devexcl_gone', 'user enter').rejected).toBeUndefined()
  const inside = withLine('devexcl_gone', 'read_begin')
  expect(inside.rejected).toBe(inside.at)
})
