/** What `watch` and the process that checks for it say to each other. */
import type { WatchFlags } from '../options/watch.ts'

/** To the process: what it checks. Each process checks once: a model is loaded anew with all that it imports. */
export interface WatchOrder {
  /** The models as they were typed. */
  readonly words: readonly string[]
  readonly flags: WatchFlags
  readonly world: {
    readonly cwd: string
    readonly program: string
    readonly variables: Readonly<Record<string, string | undefined>>
    readonly columns: number | undefined
  }
  readonly colours: boolean
  /** The digests of the runs whose results are known, by their names: they are not checked again. */
  readonly known: Readonly<Record<string, string>>
}

/** The result of a run. */
export interface WatchedRun {
  /** The model, its variant and the scenario: the same for the same run of another time. */
  readonly name: string
  /** Of all that the run depends on. */
  readonly digest: string
  readonly lines: readonly string[]
  readonly judgement: 'passed' | 'failed' | 'open'
}

/** From the process. */
export type FromWatched =
  /** Its program is loaded, so an order is carried out at once. */
  | { readonly kind: 'ready' }
  /** The models are loaded: these runs are wanted. */
  | { readonly kind: 'loaded'; readonly names: readonly string[] }
  | { readonly kind: 'run'; readonly run: WatchedRun }
  /** A mistake in a file or a model. */
  | { readonly kind: 'mistake'; readonly text: string }
  | { readonly kind: 'done' }

/** A process that checks once. */
export interface WatchedProcess {
  send(order: WatchOrder): void
  onMessage(hear: (message: FromWatched) => void): void
  /** Called when it has ended, however that came. */
  onEnd(hear: () => void): void
  kill(): void
}
