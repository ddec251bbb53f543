/**
 * Settings of the fixes: as merged, fixed, fixed but for one, the counts of older kernels, and who pins device
 * memory.
 */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

type Constants = Variant['constants']

const all = (has: (kind: string) => boolean): Constants => ({
  ...switched(fixes, has),
  'old-count': 'reset-to-one',
  'pins-device-page': 'nobody',
})
const fixed = all(() => true)
const merged: Constants = { ...all((kind) => kind !== 'correction'), 'old-count': 'one-more' }

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  {
    name: 'fixed-one-more',
    summary: 'fixed, with the count of 4.14 to 5.17: a page is free at 1',
    constants: { ...fixed, 'free-at-zero': false, 'old-count': 'one-more' },
  },
  { name: 'as-merged', summary: 'hmm_devmem of 4.14: all locks and checks, no correction', constants: merged },
  {
    name: 'as-5.18',
    summary:
      '5.18 to 6.0: a free page has one reference, and none to the map; nothing keeps a driver from giving pages out',
    constants: { ...merged, 'release-pages-frees': true, 'removed-check': false, 'old-count': 'reset-to-one' },
  },

  ...withoutEach(fixes, fixed),

  {
    name: 'one-more-release-pages',
    summary: 'the count of 4.14, with the batch of puts that it had (B-34)',
    constants: { ...fixed, 'free-at-zero': false, 'old-count': 'one-more', 'release-pages-frees': false },
  },
  {
    name: 'evicts-what-is-free',
    summary:
      'the count of 5.18 to 6.0, and eviction that tries every page once: a free page looks like one in use (B-33)',
    constants: { ...fixed, 'free-at-zero': false, 'evict-until-free': false },
  },
  {
    name: 'removes-what-is-used',
    summary: 'fixed, but the map has no references of pages, and eviction tries every page once (B-33)',
    constants: { ...fixed, 'pgmap-reference': false, 'evict-until-free': false },
  },
  {
    name: 'removes-without-waiting',
    summary: 'fixed, but removal does not wait, and eviction tries every page once (B-32)',
    constants: { ...fixed, 'wait-for-pages': false, 'evict-until-free': false },
  },
  {
    name: 'gup-takes-device-page',
    summary: 'fixed, but GUP-fast takes pins on device memory (A.8.3)',
    constants: { ...fixed, 'pins-device-page': 'gup-fast' },
  },
  {
    name: 'fault-hands-on-device-page',
    summary: 'fixed, but the fault of pin_user_pages() hands on the page that it has its reference to (A.8.3)',
    constants: { ...fixed, 'pins-device-page': 'fault' },
  },
]
