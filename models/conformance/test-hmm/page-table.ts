/** Lines about page table entries: each is written under the page table lock, before the entry itself. */
import {
  and,
  Await,
  Choose,
  Ghost,
  If,
  IfSome,
  isSomeAnd,
  Local,
  none,
  not,
  optional,
  or,
  range,
  Shows,
  Step,
  yes,
  type Bool as Condition,
  type IdPlace,
  type Int,
  type IntPlace,
  type Optional,
  type OptionalPlace,
} from 'hmmcheck'
import { backing, content, entries, freed, Kind, Mm, newest, Page, pte, Pte, Va, watched, zapped } from './state.ts'

/** Where a line stood, and what it said. */
export interface Line {
  readonly mm: IdPlace<'Mm'>
  readonly va: IntPlace
  readonly old: ReturnType<typeof kindLocal>
  readonly opage: OptionalPlace<typeof Page>
  readonly now: ReturnType<typeof kindLocal>
  readonly npage: OptionalPlace<typeof Page>
}

const kindLocal = (name: string) => Local(name, Kind)

/** The place and the content of an entry that a line is about. */
export function line(name: string): Line {
  return {
    mm: Local(`${name}_mm`, Mm),
    va: Local(`${name}_va`, Va),
    old: kindLocal(`${name}_old`),
    opage: Local(`${name}_opage`, optional(Page)),
    now: kindLocal(`${name}_new`),
    npage: Local(`${name}_npage`, optional(Page)),
  }
}

/** A line, as its step sees it. */
export interface Seen {
  readonly mm: ReturnType<typeof chooseMm>
  readonly va: ReturnType<typeof chooseVa>
  readonly old: ReturnType<typeof chooseKind>
  readonly opage: Optional<typeof Page>
  readonly now: ReturnType<typeof chooseKind>
  readonly npage: Optional<typeof Page>
}
const chooseMm = () => Choose('in_mm', Mm)
const chooseVa = () => Choose('addr', Va)
const chooseKind = (name: string) => Choose(name, Kind)

type Kinds = readonly Parameters<ReturnType<typeof chooseKind>['eq']>[0][]

interface Allowed {
  readonly by: string
  readonly old: Kinds
  readonly now: Kinds
  readonly when?: (seen: Seen) => Condition
  readonly then?: (seen: Seen) => void
  /** The line says how many references the old page still has: what must hold then. */
  readonly counted?: (seen: Seen, oref: Int) => Condition
  /** Whether what the old page has is lost with the entry. */
  readonly loses?: boolean
}

const among = (kind: Seen['old'], kinds: Kinds): Condition => {
  const [first, second, ...rest] = kinds.map((one) => kind.eq(one))
  if (first === undefined) return yes
  return second === undefined ? first : or(first, second, ...rest)
}

/** One change of an entry: the line, and then the store. */
export function change(into: Line, { by, old, now, when, then, counted, loses = false }: Allowed): void {
  Step(`${by}(): ${old.join(' or ')} to ${now.join(' or ')}`, () => {
    const seen: Seen = {
      mm: chooseMm(),
      va: chooseVa(),
      old: chooseKind('old'),
      opage: Choose('opfn', optional(Page)),
      now: chooseKind('now'),
      npage: Choose('npfn', optional(Page)),
    }
    const oref = counted === undefined ? undefined : Choose('oref', range(-1, 1_000_000))
    const cell = pte.at(seen.mm).at(seen.va)
    Await(
      and(
        or(cell.kind.eq('unknown'), and(cell.kind.eq(seen.old), cell.page.eq(seen.opage))),
        among(seen.old, old),
        among(seen.now, now),
        when?.(seen) ?? yes,
        oref === undefined ? yes : (counted?.(seen, oref) ?? yes),
      ),
    )
    into.mm.set(seen.mm)
    into.va.set(seen.va)
    into.old.set(seen.old)
    into.opage.set(seen.opage)
    into.now.set(seen.now)
    into.npage.set(seen.npage)
    then?.(seen)
    Shows('pte', {
      by,
      mm: seen.mm,
      addr: seen.va,
      old: seen.old,
      opfn: seen.opage,
      new: seen.now,
      npfn: seen.npage,
      ...(oref === undefined ? {} : { oref }),
    })
  })
  Step('set_pte()', () => {
    const cell = pte.at(into.mm).at(into.va)
    If(cell.kind.ne('unknown'), () => IfSome(into.opage, (page) => entries.at(page).decrement()))
    IfSome(into.npage, (page) => {
      entries.at(page).increment()
      freed.at(page).set(false)
      zapped.at(into.mm).at(into.va).set(false)
    })
    cell.set(Pte.value({ kind: into.now, page: into.npage }))
    if (loses) forget(into)
  })
}

/** The page may be freed, and somebody else's before the recording shows it again. */
export function forget({ mm, va, opage }: Pick<Line, 'mm' | 'va' | 'opage'>): void {
  IfSome(opage, (page) => content.at(page).set(none))
  Ghost(() => newest.at(mm).at(va).set(none))
}

/** Takes an entry away, and puts another one of the same place in. */
export function exchange(
  into: Line,
  first: Omit<Allowed, 'now'>,
  second: Omit<Allowed, 'then'> & { readonly then?: (seen: Seen, was: Optional<typeof Page>) => void },
): void {
  change(into, { ...first, now: ['none'] })
  const page = Local('was_page', optional(Page))
  const mm = Local('was_mm', Mm)
  const va = Local('was_va', Va)
  page.set(into.opage)
  mm.set(into.mm)
  va.set(into.va)
  change(into, {
    by: second.by,
    old: second.old,
    now: second.now,
    when: (seen) => and(seen.mm.eq(mm), seen.va.eq(va), second.when?.(seen) ?? yes, samePage(second, seen, page)),
    then: (seen) => second.then?.(seen, page),
  })
}

/** The same page, unless it is said otherwise. */
const samePage = ({ by }: Pick<Allowed, 'by'>, seen: Seen, page: Optional<typeof Page>): Condition =>
  by === 'wp_page_copy' || by === '__migrate_device_pages' ? yes : seen.npage.eq(page)

/** A page that nobody has written yet. */
const fresh = ({ mm, va, npage }: Seen): void => {
  IfSome(npage, (page) => content.at(page).set(0))
  Ghost(() => If(watched.at(va), () => newest.at(mm).at(va).set(0)))
}

/** Changes that give rights, for which no range is needed. */
export const giving = (into: Line): readonly (() => void)[] => [
  () => change(into, { by: '__handle_mm_fault', old: ['none'], now: ['present_w', 'zero_r'], then: fresh }),
  () => change(into, { by: 'do_set_pte', old: ['none'], now: ['present_r', 'present_w'] }),
  () =>
    change(into, {
      by: 'ptep_set_access_flags',
      old: ['present_r', 'present_w', 'zero_r'],
      now: ['present_r', 'present_w', 'zero_r'],
      when: ({ opage, npage }) => npage.eq(opage),
    }),
]

/** Pages of the process's own memory that are mapped. */
export const PRESENT: Kinds = ['present_r', 'present_w', 'zero_r']
const ANY: Kinds = [
  ...PRESENT,
  'devpriv_r',
  'devpriv_w',
  'devexcl_r',
  'devexcl_w',
  'migr_r',
  'migr_rx',
  'migr_w',
  'swap',
  'other',
]

/**
 * zap_pte_range() puts its reference to a device page, and clears the entry then: the line says 0 where that was the
 * last one, and the driver has got the page back.
 */
const freedFirst = ({ old, opage }: Seen, oref: Int): Condition =>
  or(
    not(or(old.eq('devpriv_r'), old.eq('devpriv_w'))),
    isSomeAnd(opage, (page) => oref.eq(0).eq(backing.at(page).isNone)),
  )

/** Changes that take rights away, inside a range of the thread's own. */
export const taking = (into: Line, covers: (seen: Pick<Seen, 'mm' | 'va'>) => Condition): readonly (() => void)[] => [
  () =>
    change(into, {
      by: 'unmap_page_range',
      old: ANY,
      now: ['none'],
      when: covers,
      counted: freedFirst,
      // a CPU may still write to the page until the entry is gone
      loses: true,
      then: ({ mm, va }) => {
        forget(into)
        zapped.at(mm).at(va).set(true)
      },
    }),
  () =>
    exchange(
      into,
      { by: 'change_protection', old: PRESENT, when: covers },
      { by: 'change_protection', old: ['none'], now: PRESENT },
    ),
  () =>
    change(into, {
      by: 'change_protection',
      old: ['devpriv_w', 'devexcl_w', 'migr_w'],
      now: ['devpriv_r', 'devexcl_r', 'migr_r', 'migr_rx'],
      when: (seen) => and(covers(seen), seen.npage.eq(seen.opage)),
    }),
  // copy_nonpresent_pte() of a fork gives the CPU back what the device has alone
  () =>
    change(into, {
      by: 'restore_exclusive_pte',
      old: ['devexcl_r', 'devexcl_w'],
      now: ['present_r', 'present_w'],
      when: (seen) => and(covers(seen), seen.npage.eq(seen.opage)),
    }),
  () => moved(into, covers),
  () =>
    change(into, {
      by: 'copy_page_range',
      old: ['present_w', 'devpriv_w', 'migr_w'],
      now: ['present_r', 'devpriv_r', 'migr_r'],
      when: (seen) => and(covers(seen), seen.npage.eq(seen.opage)),
    }),
  () =>
    exchange(
      into,
      { by: 'ptep_clear_flush', old: ['present_r', 'zero_r'], when: covers },
      { by: 'wp_page_copy', old: ['none'], now: ['present_w'], then: copied },
    ),
]

/** wp_page_copy(): the new page has what the old one had. */
function copied({ npage }: Seen, was: Optional<typeof Page>): void {
  IfSome(npage, (to) => IfSome(was, (from) => content.at(to).set(content.at(from))))
}

/** mremap(): an entry moves to another address. */
function moved(into: Line, covers: (seen: Pick<Seen, 'mm' | 'va'>) => Condition): void {
  change(into, { by: 'move_page_tables', old: ANY, now: ['none'], when: covers })
  const old = kindLocal('moved_kind')
  const page = Local('moved_page', optional(Page))
  const mm = Local('moved_mm', Mm)
  const from = Local('moved_from', Va)
  old.set(into.old)
  page.set(into.opage)
  mm.set(into.mm)
  from.set(into.va)
  change(into, {
    by: 'move_page_tables',
    old: ['none'],
    now: ANY,
    when: (seen) => and(seen.mm.eq(mm), seen.now.eq(old), seen.npage.eq(page)),
    then: (seen) => {
      Ghost(() => {
        newest.at(mm).at(seen.va).set(newest.at(mm).at(from))
        newest.at(mm).at(from).set(none)
      })
    },
  })
}
