/** Where `fixed` holds, every transition was taken somewhere. */
import type { Reason } from '../never-taken.ts'

export const reasons: readonly Reason[] = []
