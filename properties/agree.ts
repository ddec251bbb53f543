/** P-AGREE: the CPU's and the devices' page tables never lead to different pages. */
import {
  and,
  before,
  every,
  implies,
  invariant,
  isSomeAnd,
  some,
  sometimes,
  transition,
  whenIs,
  whenSome,
  type Bool,
  type Id,
  type Optional,
  type ValueOf,
} from '../src/language/index.ts'
import { Device, points_to, Va, type DevicePte, type Page } from '../src/kernel/index.ts'
import { tested, type Tested } from './tested.ts'

/** The parts that a model must have to be asked. */
export interface Tables {
  /** The CPU's entry at an address. */
  readonly cpu: (va: Id<'Va'>) => Optional<typeof Page>
  /** A device's entry at an address. */
  readonly device: (device: Id<'Device'>, va: Id<'Va'>) => ValueOf<typeof DevicePte>
  /** Whether changes are announced to the device. */
  readonly is_registered: (device: Id<'Device'>) => Bool
}

/** One of the two tables is empty, or they lead to the same page. */
const agrees = ({ cpu, device }: Tables, one: Id<'Device'>, va: Id<'Va'>): Bool =>
  whenSome(cpu(va), (page) => whenIs(device(one, va), 'present', (entry) => entry.page.eq(page)))

/**
 * The CPU's table begins to lead to a page only where no registered device leads elsewhere.
 *
 * Put to the test: the steps in which the CPU's table begins to lead to a page, with a device registered: covered where
 * they are taken.
 */
export const agree = tested(
  'P-AGREE',
  (tables: Tables): Tested => [
    transition(
      'P-AGREE',
      every(Va, (va) =>
        implies(
          and(tables.cpu(va).isSome, tables.cpu(va).ne(before(tables.cpu(va)))),
          every(Device, (device) => implies(tables.is_registered(device), agrees(tables, device, va))),
        ),
      ),
      {
        claim:
          'hmm.h of 4.20: "the CPU page table cannot start pointing to a new page until the device page table is invalidated"',
      },
    ),
    sometimes('P-AGREE.reached'),
  ],
)

/**
 * In every state: never two pages, both live, at one address.
 *
 * Put to the test: a device and the CPU do lead to the same page.
 */
export const agree_always = tested(
  'P-AGREE-STATE',
  (tables: Tables): Tested => [
    invariant(
      'P-AGREE-STATE',
      every(Va, (va) => every(Device, (device) => implies(tables.is_registered(device), agrees(tables, device, va)))),
      {
        claim:
          'hmm.h of 4.20: "CPU and device page tables each point to the same pages), or that one page table (CPU or device) points to no entry"',
      },
    ),
    sometimes(
      'P-AGREE-STATE.reached',
      some(Va, (va) =>
        some(Device, (one) => isSomeAnd(tables.cpu(va), (page) => points_to(tables.device(one, va), page))),
      ),
    ),
  ],
)
