/** migrate_vma_setup(), _pages() and _finalize(), with what the driver does between them. */
import { and, Await, type Bool as Condition, Break, type Id, Loop, not, or, Shows, Step, yes } from 'hmmcheck'
import { alternatives } from './alternatives.ts'
import { collecting, unmapping } from './collect.ts'
import { copying_to_device, copying_to_system } from './copy.ts'
import { finalizing, freeing } from './finalize.ts'
import { begin as beginMigration, migrationLocals } from './migration-state.ts'
import { mapping, placing } from './place.ts'

/** Where a page goes, and who asks for it. */
export interface Migrating {
  /** To this device; else to system memory. */
  readonly to?: Id<'Dm'>
  /** Told after migrate_vma_setup(), by the fault handler alone. */
  readonly setup?: () => void
  /** What must hold for it to begin. */
  readonly when?: Condition
}

/** A whole migration, from migrate_vma_setup() on. */
export function migrate({ to, setup, when: begins = yes }: Migrating): void {
  const migration = migrationLocals()
  const { phase } = migration
  const next =
    (
      label: string,
      event: string,
      from: readonly Parameters<typeof phase.eq>[0][],
      into: Parameters<typeof phase.set>[0],
      when: Condition = yes,
    ) =>
    (): void => {
      Step(label, () => {
        const [first, second] = from.map((one) => phase.eq(one))
        Await(and(first !== undefined && second !== undefined ? or(first, second) : (first ?? yes), when))
        phase.set(into)
        Shows(event)
      })
    }
  Step(`migrate_vma_setup()${to === undefined ? ' to system memory' : ''}`, () => {
    Await(begins)
    beginMigration(migration)
    Shows('migrate_vma_setup enter')
  })
  Loop(() =>
    alternatives([
      ...collecting(migration),
      ...unmapping(migration, phase.eq('begin')),
      next('migrate_vma_setup() returns', 'migrate_vma_setup exit', ['begin'], 'copy', migration.taken.isNone),
      ...(setup === undefined
        ? []
        : [
            () =>
              Step('dmirror_devmem_fault(): set up', () => {
                Await(phase.eq('copy'))
                Shows('devmem_fault_setup')
              }),
          ]),
      ...(to === undefined ? copying_to_system(migration) : copying_to_device(migration, to)),
      next(
        'migrate_vma_pages()',
        'migrate_vma_pages enter',
        ['copy'],
        'pages',
        and(migration.to_copy.eq(0), not(migration.erased)),
      ),
      ...placing(migration),
      next('migrate_vma_pages() returns', 'migrate_vma_pages exit', ['pages'], 'map', migration.inserting.isNone),
      ...(to === undefined ? [] : mapping(migration, to, () => yes)),
      next('migrate_vma_finalize()', 'migrate_vma_finalize enter', ['map'], 'finalize', migration.to_map.eq(0)),
      ...finalizing(migration, phase.eq('finalize')),
      ...freeing(phase.eq('finalize')),
      () => {
        Step('migrate_vma_finalize() returns', () => {
          Await(and(phase.eq('finalize'), migration.pages.eq(0)))
          Shows('migrate_vma_finalize exit')
        })
        Break()
      },
    ]),
  )
}
