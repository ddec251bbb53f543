/** Kernels 5.0 to 5.2: one semaphore of the process's umems, from the start of a bracket to its end. */
import { current, Ghost, Idle, If, Loop, procedure, Step, thread } from 'hmmcheck'
import { down_read, down_read_trylock, down_write, up_read, up_write } from 'hmmcheck/kernel'
import { start_unlocks } from './fixes.ts'
import { in_bracket, umem_rwsem } from './state.ts'

const core = '5.0 drivers/infiniband/core/umem_odp.c'

const enter = (): void => {
  Step('mmu_notifier_invalidate_range_start()', () => Ghost(() => in_bracket.add(current)))
}
const over = (): void => {
  Step('the bracket is over', () => Ghost(() => in_bracket.remove(current)))
}

const ib_umem_notifier_invalidate_range = procedure(
  'ib_umem_notifier_invalidate_range',
  [],
  () => {
    enter()
    down_read(umem_rwsem)
    up_read(umem_rwsem)
    over()
  },
  { source: `${core} ib_umem_notifier_invalidate_range_start, _end` },
)
const ib_umem_notifier_invalidate_range_nonblock = procedure(
  'ib_umem_notifier_invalidate_range_nonblock',
  [],
  () => {
    enter()
    const taken = down_read_trylock(umem_rwsem)
    // invalidate_range_start_trampoline() refuses what must not block.
    If(taken, () => If(start_unlocks, () => up_read(umem_rwsem)))
    over()
  },
  { source: `${core} ib_umem_notifier_invalidate_range_start` },
)
const add_umem_to_per_mm = procedure(
  'add_umem_to_per_mm',
  [],
  () => {
    down_write(umem_rwsem)
    up_write(umem_rwsem)
  },
  { source: `${core} add_umem_to_per_mm` },
)

const again = (body: () => unknown) => (): void => {
  Loop(() => {
    Idle()
    body()
  })
}
/** A bracket that may block. */
export const zap_per_mm = thread('zap_per_mm', again(ib_umem_notifier_invalidate_range))
/** The OOM reaper. */
export const reap_per_mm = thread('reap_per_mm', again(ib_umem_notifier_invalidate_range_nonblock))
/** A region is registered. */
export const register_per_mm = thread('register_per_mm', again(add_umem_to_per_mm))
