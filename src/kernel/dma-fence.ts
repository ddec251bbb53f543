/** Fences of devices (drivers/dma-buf/dma-fence.c): work that a device has yet to finish, for those who wait for it. */
import { atomic, Await, Bool, If, Let, not, and, ref, struct } from '../language/index.ts'
import { might_sleep } from './spinlock.ts'

/**
 * struct dma_fence. `wanted`: somebody waits for it, and its driver has been told (enable_signaling). A driver may begin
 * the work only then: the eviction fence of amdkfd does.
 */
export const DmaFence = struct('dma_fence', { wanted: Bool, signalled: Bool }).as('fence')

/** Tells the driver that somebody wants it, once, and says whether this was the time. */
export const dma_fence_enable_sw_signaling = atomic(
  'dma_fence_enable_sw_signaling',
  [ref(DmaFence)],
  (fence) => {
    const first = Let('first', and(not(fence.wanted), not(fence.signalled)))
    If(first, () => fence.wanted.set(true))
    return first
  },
  { source: '6.12 drivers/dma-buf/dma-fence.c dma_fence_enable_sw_signaling' },
)

/** The work is done. The second time it changes nothing. */
export const dma_fence_signal = atomic('dma_fence_signal', [ref(DmaFence)], (fence) => fence.signalled.set(true), {
  source: '6.12 drivers/dma-buf/dma-fence.c dma_fence_signal',
})

/** Sleeps until it is signalled, without a bound. The driver has been told before. */
export const dma_fence_wait = atomic(
  'dma_fence_wait',
  [ref(DmaFence)],
  (fence) => {
    might_sleep()
    Await(fence.signalled)
  },
  { source: '6.12 drivers/dma-buf/dma-fence.c dma_fence_default_wait' },
)
