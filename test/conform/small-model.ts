/** Small models that are written for one recording. */
import { Either, Idle, Loop, model, Shows, size, Step, thread, type ConformanceModel, type Property } from 'hmmcheck'
import { conform } from '../../src/conform/conform.ts'
import { readJsonLines } from '../../src/conform/jsonl.ts'
import { recordingOf, Task } from './counter.ts'

/** A step that stands for an event and does nothing else. */
export const shows = (event: string): void => {
  Step(event, () => Shows(event))
}

/** Threads that may do one of these things, again and again. */
export const modelOf = (
  branches: () => readonly [() => void, () => void, ...(() => void)[]],
  properties: () => readonly Property[],
) => {
  const text = () => {
    const task = thread('task', () => Loop(() => (Idle(), Either(...branches()))), { count: size(Task), daemon: true })
    return model('small', { threads: [task], properties: properties() })
  }
  const variant = { name: 'fixed', summary: 'as it is', constants: {} }
  const small: ConformanceModel = {
    name: 'small',
    title: 'A small model',
    model: text,
    variants: [variant],
    ignored: {},
    refused: [],
  }
  return (...lines: readonly string[]) => conform(small, variant, readJsonLines(recordingOf(...lines)))
}
