/** A recording that gives an object free and uses its name again: another object begins, as objects are at first. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  and,
  array,
  Await,
  Bool,
  Choose,
  Either,
  Idle,
  Local,
  Loop,
  model,
  not,
  range,
  shared,
  Shows,
  size,
  sort,
  Step,
  thread,
  type ConformanceModel,
  type Freed,
} from 'hmmcheck'
import { conform } from '../../src/conform/conform.ts'
import { readJsonLines } from '../../src/conform/jsonl.ts'
import { readRecording } from '../../src/conform/read.ts'
import type { Recording } from '../../src/conform/recording.ts'
import { recordingOf, Task } from './counter.ts'
import { recordedModel } from './mutated.ts'

/** A file is opened once, counts what is written to it, and is closed at the end; a write is told before it is done. */
const files = () => {
  const File = sort('File')
  const isOpen = shared('isOpen', array(File, Bool))
  const written = shared('written', array(File, range(0, 9)))
  const task = thread(
    'task',
    () => {
      Loop(() => {
        Idle()
        Either(
          () =>
            Step('open', () => {
              const file = Choose('file', File)
              Await(and(not(isOpen.at(file)), written.at(file).eq(0)))
              isOpen.at(file).set(true)
              Shows('open', { file })
            }),
          () => {
            const to = Local('to', File)
            Step('write', () => {
              const file = Choose('file', File)
              Await(isOpen.at(file))
              to.set(file)
              Shows('write', { file })
            })
            Step('is written', () => written.at(to).increment())
          },
          () =>
            Step('close', () => {
              const file = Choose('file', File)
              const count = Choose('count', range(0, 9))
              Await(and(isOpen.at(file), written.at(file).eq(count)))
              Shows('close', { file, count })
            }),
        )
      })
    },
    { count: size(Task), daemon: true },
  )
  return model('files', { threads: [task] })
}

const variant = { name: 'fixed', summary: 'as it is', constants: {} }
const filesModel = (freed?: ConformanceModel['freed']): ConformanceModel => ({
  name: 'files',
  title: 'Files',
  model: files,
  variants: [variant],
  ignored: {},
  refused: [],
  ...(freed === undefined ? {} : { freed }),
})
const closing: ConformanceModel['freed'] = (events) =>
  events.flatMap((at): readonly Freed[] =>
    at.kind === 'close' ? [{ sort: 'File', name: at.fields['file'] ?? null, at }] : [],
  )
const verdict = (freed: ConformanceModel['freed'], ...lines: readonly string[]) =>
  conform(filesModel(freed), variant, readJsonLines(recordingOf(...lines))).rejection?.event.order

const life = ['open@1 file=a', 'write@1 file=a', 'close@1 file=a count=1']

describe('a name that is used again', () => {
  test('stands for another object where the recording has given it free, and for the same one elsewhere', () => {
    expect(verdict(closing, ...life, ...life)).toBeUndefined()
    expect(verdict(undefined, ...life, ...life)).toBe(40)
    expect(verdict(closing, ...life.slice(0, 2), ...life)).toBe(30)
  })

  test('has nothing of what the old object was', () => {
    expect(verdict(closing, ...life, 'write@1 file=a')).toBe(40)
    expect(verdict(closing, ...life, 'open@2 file=b', 'write@1 file=b', 'open@3 file=a')).toBeUndefined()
  })
})

/** The recording, and behind its end the same once more. */
function twice({ events, besides }: Recording): Recording {
  const length = (events.at(-1)?.order ?? 0) + 1
  return { events: [...events, ...events.map((event) => ({ ...event, order: event.order + length }))], besides }
}

test('a recording of the test driver that is joined to itself is a run, in which its fault falls twice', () => {
  const model = recordedModel()
  const shipped = model.variants.find(({ name }) => name === 'test-hmm-6.1-shipped') ?? expect.fail('a variant')
  const recording = readRecording(join(import.meta.dirname, 'recordings', 'repro_cow.shipped.jsonl.gz'))
  const { rejection, falls, events } = conform(model, shipped, twice(recording))
  expect(rejection).toBeUndefined()
  expect(events).toBe(2 * recording.events.length)
  expect(falls.map(({ property, event }) => [property, event.order])).toEqual([
    ['P-REQUEST', 1093],
    ['P-REQUEST', 1093 + 1 + (recording.events.at(-1)?.order ?? 0)],
  ])
}, 300_000)
