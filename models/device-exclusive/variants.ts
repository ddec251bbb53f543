/** Settings of the fixes: as merged, as kernels are, fixed, fixed but for one. */
import { fixesIn, switched, type Variant, withoutEach } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const fixed: Variant['constants'] = { ...switched(fixes), form: '6.15' }
const merged: Variant['constants'] = { ...switched(fixes, (kind) => kind !== 'correction'), form: '5.14' }
const since_6_3 = { ...merged, 'fault-takes-reference': true }
const since_6_14 = { ...since_6_3, 'retry-unlocks': true }
/** The parts of make_device_exclusive() that are not in make_device_exclusive_range(). */
const in_6_15 = { 'keeps-rmap': true, 'make-waits': true, 'make-tries-again': true }

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'the form of 6.15; all corrections, locks and checks', constants: fixed },
  {
    name: 'fixed-5.14',
    summary: 'the form of 5.14; all corrections but those that make the form of 6.15',
    constants: {
      ...fixed,
      form: '5.14',
      'keeps-rmap': false,
      'make-waits': false,
      'make-tries-again': false,
    },
  },
  { name: 'as-merged', summary: '5.14: all locks and checks, no correction', constants: merged },
  { name: 'as-6.3', summary: '6.3 to 6.13: faults take a reference', constants: since_6_3 },
  { name: 'as-6.14', summary: '6.14: and nouveau unlocks before it tries again', constants: since_6_14 },
  {
    name: '6.14-tries-again',
    summary: 'the same, and nouveau tries again where it was given no page',
    constants: { ...since_6_14, 'driver-tries-again': true },
  },
  {
    name: 'as-6.15',
    summary: '6.15: make_device_exclusive() in place of make_device_exclusive_range()',
    constants: { ...since_6_14, ...in_6_15, form: '6.15' },
  },
  ...withoutEach(fixes, fixed),
]
