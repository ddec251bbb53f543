/** All kinds of property. This is the one list of them; schemas of documents are derived from it. */
import type { PropertyKind } from '../../language/ast.ts'
import { assertionKind } from './assertion.ts'
import { collectedKind } from './collected.ts'
import { deadlockKind } from './deadlock.ts'
import { domainKind } from './domain.ts'
import { invariantKind } from './invariant.ts'
import type { Kind } from './kind.ts'
import { lockDeadlockKind } from './lock-deadlock.ts'
import { misuseKind } from './misuse.ts'
import { pairKind } from './pair.ts'
import { recoverableKind } from './recoverable.ts'
import { runKind } from './run.ts'
import { sometimesKind } from './sometimes.ts'
import { transitionKind } from './transition.ts'

/** The kinds by name, in the order of docs/semantics.md; `domain`, `misuse` and `run`, which no model declares, are last. */
export const kinds: Readonly<Record<PropertyKind, Kind>> = {
  invariant: invariantKind,
  transition: transitionKind,
  assertion: assertionKind,
  sometimes: sometimesKind,
  deadlock: deadlockKind,
  'lock-deadlock': lockDeadlockKind,
  recoverable: recoverableKind,
  collected: collectedKind,
  pair: pairKind,
  domain: domainKind,
  misuse: misuseKind,
  run: runKind,
}

const isKind = (name: string): name is PropertyKind => Object.hasOwn(kinds, name)

/** The names of all kinds. */
export const kindNames: readonly PropertyKind[] = Object.keys(kinds).filter(isKind)

/** Whether a single run cannot show it: it is about everything that can come after a state, or about all schedules. */
export const isBeyondRuns = (kind: PropertyKind): boolean => ['end', 'graph'].includes(kinds[kind].judgedOn)
