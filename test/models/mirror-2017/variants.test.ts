/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { mirror2017Protocol } from '../../../models/mirror-2017/protocol.ts'
import { variants } from '../../../models/mirror-2017/variants.ts'
import { configure } from '../../../src/language/index.ts'
import { settingOf } from '../../../src/catalogue/setting.ts'
import { visitStatements } from '../../../src/language/walk.ts'
import { ownText } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** The text of a variant with every actor: the statement at each path of each thread. */
function textOf(variant: string): ReadonlyMap<string, string> {
  const constants = variants.find(({ name }) => name === variant)?.constants ?? {}
  const model = configure(mirror2017Protocol.model, {
    sizes: { Cpu: 1, Device: 1, Page: 1, Va: 1, Hmm: 1, Registrar: 1 },
    constants: { ...constants, steal: false, 'bound-at-start': true, teardown: true },
  })
  const text = new Map<string, string>()
  for (const { name, body } of model.threads)
    visitStatements(body, (statement) => text.set(`${name} ${statement.path}`, ownText(statement)))
  return text
}

/** The procedures around a statement, from the outside in. */
const callsOf = (path: string): string => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name).join(' > ')

const fixed = textOf('fixed')

/** Where two variants differ. */
function differences(variant: string): readonly string[] {
  const other = textOf(variant)
  const paths = [...new Set([...fixed.keys(), ...other.keys()])]
  return [...new Set(paths.filter((path) => fixed.get(path) !== other.get(path)).map(callsOf))].toSorted()
}

const start = ['do_munmap > hmm_invalidate_range_start', 'try_to_unmap > hmm_invalidate_range_start']
const end = ['do_munmap > hmm_invalidate_range_end', 'try_to_unmap > hmm_invalidate_range_end']
const walk = start.map((method) => `${method} > hmm_invalidate_range`)

/**
 * Where each fix may be seen: in these procedures and what they call, and in each of them it is seen.
 * A name with a dot at its end is the procedure alone, without what it calls.
 */
const where: Readonly<Record<string, readonly string[]>> = {
  // Who is owed a callback is noted by the one who changes the entry.
  'invalidate-at-start': [...start, ...end, 'do_munmap.', 'try_to_unmap.'],
  'count-open-brackets': [...start.map((one) => `${one}.`), ...end.map((one) => `${one}.`), 'handle_device_fault.'],
  // In the thread `exit` itself it is the walk of the notifiers.
  'release-callback': ['hmm_release', '.'],
  'release-before-unlink': ['hmm_release', 'hmm_release_unlinking', 'unbind > hmm_mirror_unregister.'],
  'publish-before-callback': ['bind > hmm_mirror_register > hmm_register'],
  'unregister-unhooks': ['unbind > hmm_mirror_unregister'],
  'unregister-mmap-sem': ['unbind > down_write', 'unbind > up_write'],
  'unregister-guard': ['unbind > hmm_mirror_unregister.'],
  'rmap-brackets': ['try_to_unmap.', 'try_to_unmap > ptep_clear_flush', 'try_to_unmap > hmm_invalidate_page'],

  'fault-mmap-sem': ['handle_mm_fault > down_read', 'handle_mm_fault > up_read'],
  'munmap-mmap-sem': ['do_munmap > down_write', 'do_munmap > up_write'],
  'device-fault-mmap-sem': ['handle_device_fault > down_read', 'handle_device_fault > up_read'],
  'register-mmap-sem': ['bind > down_write', 'bind > up_write'],
  'mirrors-sem-callback': walk.flatMap((one) => [`${one} > down_read`, `${one} > up_read`]),
  'mirrors-sem-register': ['bind > hmm_mirror_register > down_write', 'bind > hmm_mirror_register > up_write'],
  'mirrors-sem-unregister': [
    'unbind > hmm_mirror_unregister > down_write',
    'unbind > hmm_mirror_unregister > up_write',
  ],
  'mirrors-sem-release': ['hmm_release > down_read', 'hmm_release > up_read'],
  // What is one transition under the lock is several without it.
  'hmm-lock': [...start, ...end, 'handle_device_fault'],
  'driver-lock': [
    ...walk.map((one) => `${one} > call_mirror`),
    'handle_device_fault > mutex_lock',
    'handle_device_fault > mutex_unlock',
    'unbind > mutex_lock',
    'unbind > mutex_unlock',
    'hmm_release > mutex_lock',
    'hmm_release > mutex_unlock',
  ],
  'page-table-lock': ['bind > hmm_mirror_register > hmm_register > publish'],
  'pte-lock': ['handle_mm_fault'],
  'rmap-lock': ['try_to_unmap > rmap_walk', 'try_to_unmap.'],
  'take-all-locks': ['bind > hmm_mirror_register > hmm_register > __mmu_notifier_register'],
  'synchronize-srcu': ['unbind > hmm_mirror_unregister > hmm_free > synchronize_srcu', 'synchronize_srcu'],
  'fault-mmget': ['handle_device_fault > device_fault'],
  'bind-mmget': ['bind > device_bind_address_space'],

  'range-done-check': ['handle_device_fault'],
  'end-invalidates-ranges': end,
  'present-check': ['bind > hmm_mirror_register > hmm_register.'],
  'loser-check': ['bind > hmm_mirror_register > hmm_register > publish'],
  'pte-none-check': ['handle_mm_fault.'],
  'bound-check': ['handle_device_fault'],
  'bound-recheck': ['handle_device_fault.'],
  'unbind-clears': ['unbind.', 'unbind > mutex_lock', 'unbind > mutex_unlock'],
}

/** Whether the place is in one of those of the table. */
const isIn = (calls: string, place: string): boolean =>
  place.endsWith('.') ? calls === place.slice(0, -1) : calls === place || calls.startsWith(`${place} > `)

describe.each(mirror2017Protocol.fixes)('without-$name', ({ name }) => {
  const places = where[name] ?? []
  const found = differences(`without-${name}`)

  test('differs from fixed where it says, and nowhere else', () => {
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter((calls) => !places.some((place) => isIn(calls, place)))).toEqual([])
    expect(places.filter((place) => !found.some((calls) => isIn(calls, place)))).toEqual([])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['steal', 'bound-at-start', 'teardown', 'callback-does', 'unregister-twice', 'retry-by']
  expect(mirror2017Protocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    mirror2017Protocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(mirror2017Protocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(mirror2017Protocol, { base: 'as-posted', redundant: /redundant|does not need/ })

test.each(['cpus', 'devices', 'pages', 'addresses'])('%s is 1 to 4; more is refused', (parameter) => {
  expect(() => settingOf(mirror2017Protocol, { sizes: { [parameter]: 4 } })).not.toThrow()
  expect(() => settingOf(mirror2017Protocol, { sizes: { [parameter]: 5 } })).toThrow(/HMM206: .*\n.*from 1 to 4/)
  expect(() => settingOf(mirror2017Protocol, { sizes: { [parameter]: 0 } })).toThrow(/HMM206: .*\n.*from 1 to 4/)
})
