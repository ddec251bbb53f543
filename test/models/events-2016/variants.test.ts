/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { events2016Protocol } from '../../../models/events-2016/protocol.ts'
import { scenarios } from '../../../models/events-2016/scenarios.ts'
import { variants } from '../../../models/events-2016/variants.ts'
import { configure } from '../../../src/language/index.ts'
import { visitStatements } from '../../../src/language/walk.ts'
import { ownText } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** What scenarios set, with everything switched on. */
const everything = Object.fromEntries(
  events2016Protocol.model.constants
    .map(({ name }) => name)
    .filter((name) => !events2016Protocol.fixes.some((fix) => fix.name === name))
    .map((name) => [name, true]),
)

/** The text of a variant with every actor: the statement at each path of each thread. */
function textOf(variant: string): ReadonlyMap<string, string> {
  const constants = variants.find(({ name }) => name === variant)?.constants ?? {}
  const model = configure(events2016Protocol.model, {
    sizes: { Cpu: 1, Device: 1, Page: 1, Va: 1, Hmm: 1 },
    constants: { ...everything, ...constants },
  })
  const text = new Map<string, string>()
  for (const { name, body } of model.threads)
    visitStatements(body, (statement) => text.set(`${name} ${statement.path}`, ownText(statement)))
  return text
}

/** The procedures around a statement, from the outside in. */
const callsOf = (path: string): readonly string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')

const fixed = textOf('fixed')

/**
 * Where two variants differ: the outermost procedures that do, without those that only call them; each with its
 * caller.
 */
function differences(variant: string): readonly string[] {
  const other = textOf(variant)
  const calls = [...new Set([...fixed.keys(), ...other.keys()])]
    .filter((path) => fixed.get(path) !== other.get(path))
    .map((path) => callsOf(path).join(' > '))
  const outermost = [...new Set(calls)].filter((one, _, all) => !all.some((another) => one.startsWith(`${another} > `)))
  return [...new Set(outermost.map((one) => one.split(' > ').slice(-2).join(' > ')))].toSorted()
}

/** In which procedures, and what they call, each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'migrate-listed': ['hmm_mirror_migrate'],
  'back-listed': ['handle_mm_fault'],
  'faults-wait-for-migration': ['handle_mm_fault > hmm_handle_cpu_fault', 'hmm_mirror_fault', 'hmm_mirror_migrate'],
  'forget-only-own': ['handle_mm_fault > hmm_handle_cpu_fault'],
  'cleanup-skips-restored': ['hmm_mirror_migrate'],
  'abort-restores': ['hmm_mirror_migrate'],
  'fill-checks-dead': ['hmm_handle_cpu_fault > hmm_mirror_migrate_back', 'hmm_mirror_fault', 'hmm_mirror_migrate'],
  'dirty-without-write': [
    'hmm_handle_cpu_fault > hmm_mirror_kill',
    'hmm_handle_cpu_fault > hmm_mirror_migrate_back',
    'hmm_mirror_migrate',
    'hmm_mirror_unregister > hmm_mirror_kill',
    'hmm_mm_fork > hmm_mirror_kill',
    'hmm_notifier_release',
    'hmm_update > hmm_mirror_kill',
    'hmm_update > hmm_mirror_update',
  ],
  'rmap-brackets': ['try_to_unmap'],
  'dst-per-mirror': ['handle_mm_fault > hmm_handle_cpu_fault'],
  'migrate-event-spares-device': ['hmm_mirror_migrate > hmm_mirror_update', 'hmm_update > hmm_mirror_update'],
  'fork-keeps-mirror': ['hmm_mm_fork > hmm_mirror_migrate_back'],
  'release-before-unlist': [
    'hmm_handle_cpu_fault > hmm_mirror_kill',
    'hmm_mirror_migrate > hmm_mirror_kill',
    'hmm_mirror_unregister > hmm_mirror_kill',
    'hmm_mm_fork > hmm_mirror_kill',
    'hmm_notifier_release',
    'hmm_update > hmm_mirror_kill',
  ],
  'other-errors-are-eio': ['hmm_mirror_migrate'],
  'isdirty-protects': ['hmm_update > hmm_mirror_update'],
  'register-finds-hmm': ['hmm_mirror_register'],
  'destroy-unlocked': ['hmm_mirror_destroy > hmm_unref', 'hmm_notifier_release > hmm_unref'],
  'device-spinlock': [
    'hmm_device_unregister > mutex_lock',
    'hmm_device_unregister > mutex_unlock',
    'hmm_mirror_unref > hmm_mirror_destroy',
  ],
  // What is said of the order of locks stands beside the locks.
  'fault-mmap-sem': ['handle_mm_fault'],
  'munmap-mmap-sem': ['do_munmap'],
  'dontneed-mmap-sem': ['madvise_dontneed'],
  'device-fault-mmap-sem': ['hmm_mirror_fault'],
  'migrate-mmap-sem': ['hmm_mirror_migrate'],
  'clear-refs-mmap-sem': ['clear_refs_write'],
  'fork-mmap-sem': ['copy_page_range'],
  'register-mmap-sem': ['hmm_mirror_register'],
  'rwsem-register': ['hmm_mirror_register'],
  'rwsem-update': [
    'clear_refs_write',
    'copy_page_range',
    'do_munmap',
    'madvise_dontneed',
    'page_mkclean',
    'try_to_unmap',
    'wp_page_copy',
  ].map((one) => `${one} > hmm_update`),
  'rwsem-migrate': ['copy_page_range > hmm_mm_fork', 'handle_mm_fault > hmm_handle_cpu_fault', 'hmm_mirror_migrate'],
  'rwsem-kill': [
    'hmm_handle_cpu_fault > hmm_mirror_kill',
    'hmm_mirror_migrate > hmm_mirror_kill',
    'hmm_mirror_unregister > hmm_mirror_kill',
    'hmm_mm_fork > hmm_mirror_kill',
    'hmm_notifier_release',
    'hmm_update > hmm_mirror_kill',
  ],
  'synchronize-srcu': ['hmm_mirror_unregister > synchronize_srcu', 'synchronize_srcu'],
  'fault-ref': ['hmm_mirror_fault > device_fault', 'hmm_mirror_fault > hmm_mirror_unref'],
  'directory-lock': ['hmm_mirror_fault'],
  'hmm-lock': ['hmm_mirror_fault'],
  'pte-lock': ['handle_mm_fault'],
  'rmap-lock': ['page_mkclean', 'try_to_unmap'],
  'range-wait': ['hmm_mirror_fault'],
  'range-recheck': ['hmm_mirror_fault'],
  'backoff-check': ['hmm_mirror_fault', 'hmm_mirror_migrate'],
  'fault-wait': [
    'clear_refs_write > hmm_update',
    'copy_page_range > hmm_update',
    'do_munmap > hmm_update',
    'madvise_dontneed > hmm_update',
    'page_mkclean > hmm_update',
    'try_to_unmap > hmm_update',
    'wp_page_copy > hmm_update',
  ],
  'dead-check': ['hmm_mirror_fault', 'hmm_mirror_migrate > migrate_to_device'],
  'pte-none-check': ['handle_mm_fault'],
  'pte-same-check': ['handle_mm_fault > wp_page_copy'],
  'refcount-check': ['hmm_mirror_migrate'],
  'locked-check': ['handle_mm_fault > hmm_handle_cpu_fault'],
  'valid-check': ['handle_mm_fault > hmm_handle_cpu_fault'],
  'others-told': ['hmm_mirror_migrate'],
  'fork-announces': ['copy_page_range'],
  'driver-stops-device': ['hmm_mirror_migrate'],
  'driver-write-protects': ['hmm_handle_cpu_fault > hmm_mirror_migrate_back'],
  'driver-clears-valid': ['hmm_handle_cpu_fault > hmm_mirror_migrate_back'],
  'driver-reports-dirty': [
    'hmm_handle_cpu_fault > hmm_mirror_kill',
    'hmm_handle_cpu_fault > hmm_mirror_migrate_back',
    'hmm_mirror_migrate',
    'hmm_mirror_unregister > hmm_mirror_kill',
    'hmm_mm_fork > hmm_mirror_kill',
    'hmm_notifier_release',
    'hmm_update > hmm_mirror_kill',
    'hmm_update > hmm_mirror_update',
  ],
  'driver-frees-memory': [
    'hmm_handle_cpu_fault > hmm_mirror_kill',
    'hmm_handle_cpu_fault > hmm_mirror_migrate_back',
    'hmm_mirror_migrate > hmm_mirror_kill',
    'hmm_mirror_unregister > hmm_mirror_kill',
    'hmm_mm_fork > hmm_mirror_kill',
    'hmm_update > hmm_mirror_kill',
    'hmm_update > hmm_mirror_update',
  ],
  'driver-refuses-released': [
    'hmm_handle_cpu_fault > hmm_mirror_migrate_back',
    'hmm_mirror_fault',
    'hmm_mirror_migrate',
  ],
  'driver-unregisters': ['hmm_mirror_unregister'],
}

describe.each(events2016Protocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(differences(`without-${name}`)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const ofScenarios = Object.keys(scenarios[0]?.constants ?? {})
  expect(Object.keys(everything).toSorted()).toEqual(ofScenarios.toSorted())
  expect(Object.keys(where).toSorted()).toEqual(events2016Protocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(events2016Protocol, { base: 'as-posted', redundant: /redundant/ })
