/** The engines of LTSmin, as `check --engine` names them. */

/** `ltsmin`: `pins2lts-dist`, with MPI, on one host or more. `ltsmin-mc`: `pins2lts-mc`, in processes of one host. */
export type LtsminEngine = (typeof ltsminEngines)[number]
export const ltsminEngines = ['ltsmin', 'ltsmin-mc'] as const
