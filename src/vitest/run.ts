/** The subject of a matcher: a protocol in a variant, scenario and sizes, with limits. */
import type { ProtocolCheckOptions } from '../explorer/check-protocol.ts'

/** The variant, scenario and sizes to check a protocol in, its properties, and limits. */
export interface CheckedAs
  extends Pick<
    ProtocolCheckOptions,
    | 'variant'
    | 'scenario'
    | 'sizes'
    | 'workers'
    | 'maxStates'
    | 'maxMemory'
    | 'timeout'
    | 'keepDeadLocals'
    | 'symmetry'
    | 'fingerprint'
    | 'fingerprintSeed'
    | 'minimize'
  > {
  /** Names of the properties to judge; those that the variant claims if absent. */
  readonly properties?: readonly string[]
}
