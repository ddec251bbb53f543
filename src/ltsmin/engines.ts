/** The engines of LTSmin, as `check --engine` names them. */

/**
 * `ltsmin`: `pins2lts-dist`, with MPI, on one host or several. `ltsmin-mc`: `pins2lts-mc`, with processes of one
 * host.
 */
export type LtsminEngine = (typeof ltsminEngines)[number]
export const ltsminEngines = ['ltsmin', 'ltsmin-mc'] as const
