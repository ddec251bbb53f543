/**
 * P-WP, P-PERM, P-TYPE and P-COW: declared by the merged mirror with a claim and a twin; and P-WP told apart from
 * P-INV by what it leaves open.
 */
import { describe, expect, test } from 'vitest'
import { mirror414Protocol } from '../../models/mirror-4.14/protocol.ts'
import { check } from '../../src/explorer/check.ts'
import {
  array,
  Await,
  Bool,
  Choose,
  configure,
  model,
  no,
  optional,
  setOf,
  shared,
  struct,
  thread,
  yes,
} from '../../src/language/index.ts'
import { Cpu, Device, DevicePageTable, DevicePte, Page, PageTable, Va } from '../../src/kernel/index.ts'
import { permitted, protected_means_read_only, start_means_empty, type Rights } from '../../properties/index.ts'

const named = (name: string) => mirror414Protocol.model.properties.find((property) => property.name === name)

test.each([
  ['P-WP', 'invariant', 'P-WP.reached'],
  ['P-PERM', 'invariant', 'P-PERM.reached'],
  ['P-PERM-VMA', 'assertion', 'P-PERM.reached'],
  ['P-TYPE', 'invariant', 'P-TYPE.reached'],
  ['P-COW', 'assertion', 'P-COW.reached'],
])('%s is claimed by a text of the kernel with its version, and has a twin', (name, kind, twin) => {
  expect(named(name)?.kind).toBe(kind)
  expect(named(name)?.claim).toMatch(/(hmm|mm|mmu_notifier)\.h of \d+\.\d+/)
  expect(named(twin)?.kind).toBe('sometimes')
})

/**
 * One CPU, one device, one page, one address: a state is what the device and the CPU may do, and what bracket is
 * open.
 */
describe('over a state', () => {
  const mm = shared('mm', struct('mm', { pte: PageTable, writable: setOf(Va) }))
  const driver = shared('driver', array(Device, struct('driver', { pte: DevicePageTable, writable: setOf(Va) })))
  const bracket = shared('bracket', array(Cpu, struct('bracket', { va: optional(Va), protects: Bool })))
  const owed = shared('owed', setOf(Device))
  const rights: Rights = {
    cpu: (va) => mm.pte.at(va),
    device: (one, va) => driver.at(one).pte.at(va),
    is_registered: () => yes,
    is_owed: (one) => owed.has(one),
    is_open: (one) => bracket.at(one).va.isSome,
    is_answered: (one, va) => bracket.at(one).va.eq(va),
    is_protecting: (one) => bracket.at(one).protects,
    cpu_may_write: (va) => mm.writable.has(va),
    device_may_write: (one, va) => driver.at(one).writable.has(va),
  }
  interface State {
    readonly cpu: 'none' | 'r' | 'rw'
    readonly device: 'none' | 'r' | 'rw'
    readonly bracket?: 'unmaps' | 'protects'
    readonly owed?: boolean
  }

  /** Whether each holds in that state. */
  async function judged({ cpu, device, bracket: open, owed: is_owed = false }: State): Promise<string> {
    const closed = configure(
      model('tiny', {
        threads: [thread('idle', () => Await(no), { daemon: true })],
        initially: () => {
          const [va, one, page, self] = [
            Choose('va', Va),
            Choose('device', Device),
            Choose('page', Page),
            Choose('cpu', Cpu),
          ]
          if (cpu !== 'none') mm.pte.at(va).set(page)
          if (cpu === 'rw') mm.writable.add(va)
          if (device !== 'none') driver.at(one).pte.at(va).set(DevicePte.present({ page }))
          if (device === 'rw') driver.at(one).writable.add(va)
          if (open !== undefined) bracket.at(self).va.set(va)
          if (open === 'protects') bracket.at(self).protects.set(true)
          if (is_owed) owed.add(one)
        },
        properties: [start_means_empty(rights), protected_means_read_only(no, rights), permitted(rights)].map(
          ([property]) => property,
        ),
      }),
      { sizes: { Cpu: 1, Device: 1, Page: 1, Va: 1 }, constants: {} },
    )
    const { properties } = await check(closed)
    return properties
      .filter(({ verdict, name }) => verdict === 'violated' && name.startsWith('P-'))
      .map(({ name }) => name)
      .join(' ')
  }

  test.each<readonly [State, string]>([
    [{ cpu: 'rw', device: 'rw' }, ''],
    [{ cpu: 'rw', device: 'r' }, ''],
    [{ cpu: 'r', device: 'rw' }, 'P-PERM'],
    [{ cpu: 'r', device: 'rw', owed: true }, ''],
    // The CPU's side was emptied first: that is P-AGREE's and P-NOUAF's.
    [{ cpu: 'none', device: 'rw' }, ''],
    [{ cpu: 'rw', device: 'r', bracket: 'unmaps' }, 'P-INV'],
    // Here less is enough than P-INV asks for.
    [{ cpu: 'rw', device: 'r', bracket: 'protects' }, 'P-INV'],
    [{ cpu: 'rw', device: 'rw', bracket: 'protects' }, 'P-INV P-WP'],
    [{ cpu: 'rw', device: 'rw', bracket: 'unmaps' }, 'P-INV'],
    [{ cpu: 'r', device: 'rw', bracket: 'protects' }, 'P-INV P-WP P-PERM'],
    [{ cpu: 'rw', device: 'none', bracket: 'protects' }, ''],
  ])('%o breaks "%s"', async (state, broken) => {
    expect(await judged(state)).toBe(broken)
  })
})
