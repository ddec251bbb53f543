/**
 * A run of mirror-6 as the recording that the kernel would have made of it, with the events of docs/conformance.md: so
 * the model that is searched can be held against the one that recordings are held against.
 *
 * mirror-6 has some things in another form, or not at all. They are made here as the kernel makes them: the sequence
 * numbers, the words in pages, the page behind a page of device memory. Numbers and their finite form are compared at
 * each step. It is for one mirror and one address: the driver erases one page too many, which mirror-6 leaves out.
 */
import { plainState, type Machine, type State, type Transition } from '../../../src/semantics/machine.ts'
import { framesOf, kernelOf } from './recorded-kernel.ts'
import { stepsTold } from './recorded-steps.ts'
import { calls, phases, type Fields, type Numbers, type Phase, type Task, type Told } from './told.ts'

const taskOf = (tid: number): Task => ({
  tid,
  cmd: 'none',
  phase: 'none',
  cur_seq: 0,
  sample: 0,
  waits: false,
  begins: false,
  walks: false,
  done: false,
  short: false,
})

/** The call of a migration in which a step is; none where it is in no migration. */
function phaseOf(path: string, label: string): Phase | undefined {
  if (!/:dmirror_(migrate_to_device|devmem_fault)\b/.test(path) || /^(ioctl\(|mmap_read_)/.test(label)) return undefined
  if (path.includes(':migrate_vma_setup')) return 'setup'
  if (path.includes(':migrate_vma_pages')) return 'pages'
  if (path.includes(':migrate_vma_finalize')) return 'finalize'
  return /^xa_store|^mutex_.*dmirror/.test(label) && path.includes(':dmirror_migrate_to_device') ? 'map' : 'copy'
}

/** What a thread shows late: it is known by its next step. */
function catchUp({ task, tell, numbers }: Told, phase: Phase | undefined, label: string): void {
  if (phase !== undefined || task.phase !== 'none') {
    const to = phase === undefined ? phases.length : phases.indexOf(phase)
    for (let at = phases.indexOf(task.phase) + 1; at <= to; at += 1) {
      task.phase = phases[at] ?? 'none'
      tell(calls[task.phase])
    }
    if (task.phase === 'none' && task.cmd === 'MIGRATE_TO_DEV') {
      // the model reads nothing back: a kernel that has no memory for that ends the ioctl with -ENOMEM here
      tell('ioctl_ret', { dm: 'dm1', cmd: task.cmd, addr: '10000000', ret: -12, cpages: 0 })
      task.cmd = 'none'
    }
  }
  if (!task.begins || label.startsWith('wait_event')) return
  task.begins = false
  tell('read_begin_ret', {
    subs: 'subs1',
    sub: 'sub1',
    seq: task.sample,
    waited: task.waits ? 1 : 0,
    subs_seq_now: numbers.subs,
  })
}

/** Lines in their order, one event each. */
function recorder(): {
  readonly lines: readonly string[]
  readonly emit: (tid: number, kind: string, fields?: Fields) => void
} {
  const lines: string[] = []
  return {
    lines,
    emit(tid, kind, fields = {}) {
      const [fn = '', phase] = kind.split(' ')
      const frame = { t: lines.length + 1, pid: 1, tid, fn }
      lines.push(
        JSON.stringify(
          phase === undefined ? { ...frame, phase: 'point', ev: fn, ...fields } : { ...frame, phase, ...fields },
        ),
      )
    },
  }
}

/** @returns JSON Lines */
export function asRecording(machine: Machine, first: State, transitions: readonly Transition[]): string {
  const { lines, emit } = recorder()
  const tasks = machine.runners.map((_, n) => taskOf(100 * (n + 1)))
  const numbers: Numbers = { subs: 2, sub: 1, active: 0 }
  const words = new Map<number, number>()
  let written = 0
  emit(1, 'mmap_lock enter', { mm: 'mm1', write: true })
  const of = { sub: 'sub1', mm: 'mm1' }
  const numbered = { active: 0, deferred: 0, subs_seq: numbers.subs, sub_seq: numbers.sub }
  emit(1, 'insert', { subs: 'subs1', ...of, start: '0', last: 'ffffffffffffefff', ...numbered })
  emit(1, 'open', { dm: 'dm1', ...of, owner: 'dev1' })
  // what the program does with the page is all recorded, so that words are judged
  emit(1, 'user enter', { op: 'dev_r', pg: 0, n: 1 })

  let known = { state: first, plain: plainState(machine, first) }
  for (const { thread, label, path, choices, outcome } of transitions) {
    if (outcome.kind !== 'next') throw new Error(`${label} fails`)
    const plain = plainState(machine, outcome.state, known)
    const [before, after] = [kernelOf(known.plain), kernelOf(plain)]
    const task = tasks[thread] ?? taskOf(0)
    const told: Told = {
      ...framesOf(before),
      ...{ path, before, after, thread, task, numbers },
      is_child: machine.runners[thread]?.thread.name === 'child',
      chosen: (name) => choices.find((one) => one.name === name)?.value,
      tell: (kind, fields) => emit(task.tid, kind, fields),
      moved: ({ migrate_vma }) => migrate_vma[thread]?.[0] ?? { src: null, dst: null, migrate: false },
      word: (page) => (words.get(page ?? -1) ?? 0).toString(16),
      copy: (to, from) => words.set(to, words.get(from ?? -1) ?? 0),
      write: (page) => {
        written += 1
        words.set(page, written)
        return written.toString(16)
      },
    }
    catchUp(told, phaseOf(path, label), label)
    // zap_pte_range() puts its reference before it clears the entry
    const isFreedFirst = label.startsWith('zap_pte_range')
    if (isFreedFirst) tellFreed(told)
    stepsTold.find(([pattern]) => pattern.test(label))?.[1](told, label)
    if (!isFreedFirst) tellFreed(told)
    if (numbers.active !== after.active_invalidate_ranges || (numbers.subs % 2 === 1) !== after.invalidate_seq_is_odd)
      throw new Error(`the numbers and their finite form differ after ${label}`)
    known = { state: outcome.state, plain }
  }
  return lines.join('\n')
}

/** dmirror_devmem_free(): with its last reference. */
function tellFreed({ before, after, tell, pfn, backing }: Told): void {
  for (const page of before.zone_device)
    if ((before.mem_map[page]?.refcount ?? 0) > 0 && after.mem_map[page]?.refcount === 0)
      tell('devmem_free', { pfn: pfn(page), backing: backing(page) })
}
