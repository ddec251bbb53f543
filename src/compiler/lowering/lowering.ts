/** A thread while it is lowered: the numbers of its control points, edges and arms, given in the order of meeting. */
import type { Statement, Type } from '../../language/ast.ts'
import type { SortSizes } from '../encoding.ts'
import type { Code, Edge, Effect } from '../program.ts'
import type { JumpTargets, TextPlace } from './text.ts'

export interface Lowering {
  readonly sizes: SortSizes
  readonly targets: JumpTargets
  typeOf(local: number): Type
  /** Whether a local statement may leave a domain. */
  canFail(s: Statement): boolean
  /** The number of the control point with the name. A new one will be lowered from the place. */
  point(name: string, w?: TextPlace): number
  /** The number of the edge of transitions that are named after the statement; none: the end. */
  edge(statement: Statement | undefined, arm?: string): number
  /** The number of a branch that is not itself a transition. */
  arm(statement: Statement, name: string): number
  /** The code of each statement that does something, by its path. */
  readonly acts: Map<string, Code>
  /** Paths of the choices that are transitions of their own though their `where` is local. */
  readonly own: Set<string>
}

/** Things that get numbers by their names. */
interface Numbered<T> {
  readonly all: T[]
  readonly numbers: Map<string, number>
}
const numbered = <T>(): Numbered<T> => ({ all: [], numbers: new Map() })
function numberOf<T>({ all, numbers }: Numbered<T>, name: string, make: () => T): number {
  const known = numbers.get(name)
  if (known !== undefined) return known
  const n = all.push(make()) - 1
  numbers.set(name, n)
  return n
}

/** The tables of a thread while it is lowered. */
export interface Tables extends Pick<Lowering, 'point' | 'edge' | 'arm'> {
  /** Names of control points. */
  readonly points: readonly string[]
  readonly edges: readonly Edge[]
  readonly arms: readonly Edge[]
  /** Places that are control points and have not been lowered. */
  readonly queue: TextPlace[]
}
export function tables(): Tables {
  const points = numbered<string>()
  const edges = numbered<Edge>()
  const arms = numbered<Edge>()
  const queue: TextPlace[] = []
  return {
    points: points.all,
    edges: edges.all,
    arms: arms.all,
    queue,
    point: (name, w) =>
      numberOf(points, name, () => {
        if (w !== undefined) queue.push(w)
        return name
      }),
    edge(statement, arm = '') {
      const path = statement === undefined ? 'end' : statement.path + (arm === '' ? '' : `.${arm}`)
      return numberOf(edges, path, () => ({ path, statement, arm }))
    },
    arm(statement, arm) {
      const path = `${statement.path}.${arm}`
      return numberOf(arms, path, () => ({ path, statement, arm }))
    },
  }
}

/** Whether there are elements to run through. */
export const hasRounds = ({ sizes }: Pick<Lowering, 'sizes'>, over: Type): boolean =>
  over.kind !== 'id' || sizes[over.sort] !== 0

/** An effect that records that a branch is taken, if the branch is not empty. */
export type TakenArm = (l: Lowering, s: Statement, arm: string, body: readonly Statement[]) => readonly Effect[]
export const armTaken: TakenArm = (l, s, arm, body) => (body.length === 0 ? [] : [{ op: 'arm', arm: l.arm(s, arm) }])
/** For a branch before the first state: the interpreter records that it is taken, since a transition cannot. */
export const armTakenBefore: TakenArm = (l, s, arm, body) => {
  armTaken(l, s, arm, body)
  return []
}
