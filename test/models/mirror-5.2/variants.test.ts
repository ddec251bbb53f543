/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { mirror52Protocol } from '../../../models/mirror-5.2/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Device: 1 },
  constants: { exits: true, 'release-locks': true, compat: true, special: true, steal: false },
  own: [],
}

/** The procedures and threads in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'uncount-on-failure': ['oom_reap_task_mm'],
  'refusal-is-returned': ['oom_reap_task_mm'],
  'validity-is-sticky': ['range_fault'],
  'timeout-unregisters': ['mmput_and_exit', 'range_fault'],
  'special-entries-fault': ['range_fault'],
  'unregister-last': ['mmput_and_exit', 'range_fault'],
  'callback-lock': ['mutex_trylock', 'oom_reap_task_mm', 'zap_page_range'],
  'commit-lock': ['range_fault'],
  'register-counts': ['thread fault'],
  'start-invalidates': ['bump', 'oom_reap_task_mm', 'zap_page_range'],
  'commit-checks-valid': ['range_fault'],
  'callback-drops': ['oom_reap_task_mm', 'zap_page_range'],
  'end-counts': ['oom_reap_task_mm', 'zap_page_range'],
  'range-holds-mm': ['mmget_not_zero', 'mmput_and_exit', 'thread fault'],
  'release-drops': ['thread exit'],
}

describe.each(mirror52Protocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(mirror52Protocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['exits', 'release-locks', 'compat', 'special', 'steal']
  expect(mirror52Protocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    mirror52Protocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(mirror52Protocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(mirror52Protocol, { base: 'as-merged', redundant: /redundant/ })
