/** Why a check did not visit every state, in words. */
import type { Incomplete } from '../explorer/result.ts'

/** `not every state was visited: timeout` */
export const incompleteText: Readonly<Record<Incomplete, string>> = {
  'max-states': 'max-states',
  'max-memory': 'max-memory',
  timeout: 'timeout',
  interrupted: 'interrupted',
  'first-violation': 'stopped at the first violation',
}
