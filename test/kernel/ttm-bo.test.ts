/** A buffer of a device that somebody uses and somebody else wants the memory of. */
import { describe, expect, test } from 'vitest'
import { Await, If, no, not, oneOf, or, queueOf, shared, Step, yes, type Block } from '../../src/language/index.ts'
import { dma_fence_enable_sw_signaling, dma_fence_signal, dma_fence_wait, ttmBos } from '../../src/kernel/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

const ttm = ttmBos(2)
const impatient = ttmBos(2, { gives_up: yes })
const careless = ttmBos(2, { evict_waits: no })
const hasty = ttmBos(2, { release_defers: no })
const bo = shared('bo', ttm.TtmBo)
/** E: evicted, B: busy, D: the device has finished its work, F: freed by the last put, W: by work, P: put. */
const log = shared('log', queueOf(oneOf('E', 'B', 'D', 'P', 'F', 'W'), 4))

/** A buffer with so many references, and what else is so at the beginning. */
const on = (threads: Parameters<typeof closed>[0], references: 0 | 1 | 2 = 1, more: Block = () => {}) =>
  closed(threads, [], {}, () => {
    bo.kref.set(references)
    more()
  })
const idle = () => bo.fence.signalled.set(true)

/** The device uses the buffer until it has finished, whether anybody waits or not. */
const device = thread('device', () => {
  Step('it finishes', () => log.push('D'))
  dma_fence_signal(bo.fence)
})
/** The driver of amdkfd: it begins to free the buffer when somebody waits for its fence. */
const on_demand = thread('on_demand', () => {
  Step('enable_signaling()', () => Await(bo.fence.wanted))
  Step('the pages are migrated', () => log.push('D'))
  dma_fence_signal(bo.fence)
})
const evicts = (discardable = true, kernel = ttm) =>
  thread('evicts', () => {
    ttm.ttm_bo_reserve(bo)
    const done = kernel.ttm_bo_evict(bo, discardable)
    If(done, () => log.push('E')).Else(() => log.push('B'))
    ttm.ttm_bo_unreserve(bo)
  })
const drops = (kernel = ttm) =>
  thread('puts', () => {
    kernel.ttm_bo_put(bo)
    Step('was it given back?', () => If(bo.resource.eq('given'), () => log.push('F')).Else(() => log.push('P')))
  })
const puts = drops()
const work = thread('work', () => {
  ttm.ttm_bo_delayed_delete(bo)
  log.push('W')
})

describe('an eviction', () => {
  test('waits until the device has finished', () => {
    expect(endings(on([device, evicts(true)]))).toEqual(['DE'])
  })

  test('tells the driver that it waits', () => {
    expect(endings(on([on_demand, evicts(true)]))).toEqual(['DE'])
  })

  test('waits for ever where nobody signals, if it may not give up', () => {
    expect(endings(on([evicts(true)]))).toEqual([' and stuck'])
  })

  test('that may give up leaves the buffer as it was', () => {
    expect(endings(on([evicts(true, impatient)]))).toEqual(['B'])
    expect(endings(on([device, evicts(true, impatient)]))).toEqual(['BD', 'DB', 'DE'])
  })

  test('that does not wait takes memory that is in use', () => {
    expect(endings(on([device, evicts(true, careless)]))).toEqual(['DE', 'ED'])
  })

  test('of a buffer that is not reserved is misuse', async () => {
    const unreserved = thread('unreserved', () => ttm.ttm_bo_evict(bo, true))
    expect(await verdicts(on([unreserved, device]))).toEqual({
      'ttm_bo_evict() of a buffer that is not reserved': 'violated in 1',
    })
  })

  test('of what was given back is misuse', async () => {
    expect(await verdicts(on([evicts(true, careless)], 1, () => bo.resource.set('given')))).toEqual({
      'ttm_resource_free() of what was given back': 'violated in 3',
    })
  })

  test('moves what may not be dropped', () => {
    const moved = thread('moved', () => {
      Step('is it moved?', () => {
        Await(not(bo.resource.eq('device')))
        If(bo.resource.eq('system'), () => log.push('P'))
      })
    })
    expect(endings(on([moved, evicts(false, careless)]))).toEqual(['EP', 'PE'])
  })
})

describe('the last reference', () => {
  test('gives the memory of an idle buffer back at once', () => {
    expect(endings(on([puts], 1, idle))).toEqual(['F'])
  })

  test('leaves a buffer that is in use to work', () => {
    expect(endings(on([puts, work, device]))).toEqual(['DF and stuck', 'DFW', 'DPW', 'DWF', 'PDW'])
  })

  test('leaves a buffer that is reserved to work, too', () => {
    const holds = thread('holds', () => {
      ttm.ttm_bo_reserve(bo)
      Step('the last reference is gone', () => Await(bo.deleted))
      ttm.ttm_bo_unreserve(bo)
    })
    const late = thread('late', () => {
      Step('it is reserved', () => Await(or(bo.resv.owner.isSome, bo.deleted)))
      ttm.ttm_bo_put(bo)
    })
    expect(endings(on([holds, late, work], 1, idle))).toEqual(['W'])
  })

  test('without that takes memory that is in use', () => {
    expect(endings(on([drops(hasty), device]))).toEqual(['DF', 'FD'])
  })

  test('is not the one before it', () => {
    expect(endings(on([puts], 2))).toEqual(['P'])
  })

  test('a put or a get without a reference is misuse', async () => {
    const gets = thread('gets', () => ttm.ttm_bo_get(bo))
    expect(await verdicts(on([gets], 0))).toEqual({
      'ttm_bo_get() of a buffer without references': 'violated in 1',
    })
    expect(await verdicts(on([puts], 0))).toEqual({
      'ttm_bo_put() of a buffer without references': 'violated in 1',
    })
  })
})

describe('a fence', () => {
  const fence = bo.fence
  test('tells its driver once', () => {
    const wants = thread('wants', () => {
      const first = dma_fence_enable_sw_signaling(fence)
      If(first, () => log.push('W')).Else(() => log.push('P'))
    })
    const wants_too = thread('wants_too', () => {
      const first = dma_fence_enable_sw_signaling(fence)
      If(first, () => log.push('W')).Else(() => log.push('P'))
    })
    expect(endings(on([wants, wants_too]))).toEqual(['PW', 'WP'])
    expect(endings(on([wants], 1, idle))).toEqual(['P'])
  })

  test('is waited for until it is signalled', () => {
    const waits = thread('waits', () => {
      dma_fence_wait(fence)
      log.push('E')
    })
    expect(endings(on([waits]))).toEqual([' and stuck'])
    expect(endings(on([waits, device]))).toEqual(['DE'])
  })
})
