/** A model of a lock and a counter, whose steps declare events; and recordings of it. */
import {
  and,
  assertion,
  Assert,
  Await,
  Choose,
  current,
  Either,
  Idle,
  Local,
  Loop,
  model,
  none,
  optional,
  range,
  shared,
  Shows,
  size,
  sort,
  Step,
  Thread,
  thread,
  type ConformanceModel,
  type Model,
} from 'hmmcheck'

export const Task = sort('Task')
const Page = sort('Page')
const Value = range(0, 1000)

export const counter = (): Model => {
  const lock = shared('lock', optional(Thread))
  const value = shared('value', Value)
  const last = shared('last', optional(Page))
  const task = thread(
    'task',
    () => {
      Loop(() => {
        Idle()
        Step('lock', () => {
          Await(lock.isNone)
          lock.set(current)
          Shows('lock')
        })
        const seen = Local('seen', Value)
        Step('read', () => seen.set(value))
        Either(
          () =>
            Step('write', () => {
              const page = Choose('page', Page)
              value.set(seen.plus(1))
              last.set(page)
              Shows('write', { value, page })
            }),
          () => Step('look', () => Shows('look', { value: seen, page: last, quiet: true })),
        )
        Step('unlock', () => {
          Assert('P-SMALL', value.lt(3), 'the counter has grown')
          Await(and(lock.isSome, lock.eq(current)))
          lock.set(none)
          Shows('unlock', { quiet: false })
        })
      })
    },
    { count: size(Task), daemon: true },
  )
  return model('counter', { threads: [task], properties: [assertion('P-SMALL')] })
}

export const counterModel: ConformanceModel = {
  name: 'counter',
  title: 'A lock and a counter',
  model: counter,
  variants: [{ name: 'fixed', summary: 'as it is', constants: {} }],
  ignored: { noise: 'it says nothing' },
  refused: [{ kind: 'write', where: { page: 'huge' }, reason: 'huge pages are not modelled' }],
}

/** `lock@1` is the event `lock` of thread 1; `write@1 value=1 page=a` shows a value and a page. */
export const recordingOf = (...lines: readonly string[]): string =>
  lines
    .map((line, n) => {
      const [event = '', ...fields] = line.split(' ')
      const [ev, tid] = event.split('@')
      const shown = Object.fromEntries(
        fields.map((field) => {
          const [name = '', text = ''] = field.split('=')
          return [name, /^(\d+|true|false|null)$/.test(text) ? (JSON.parse(text) as unknown) : text]
        }),
      )
      return JSON.stringify({ t: 10 * (n + 1), tid: Number(tid), fn: 'f', phase: 'point', ev, ...shown })
    })
    .join('\n')
