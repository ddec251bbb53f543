/** The branches of what was done: each end that was come to, and where it parts from what is drawn. */
import type { JSX } from 'preact'
import type { PageDocument } from '../../page/document.ts'
import type { Scene, HistoryNode } from '../messages.ts'
import type { Store } from './store.ts'

export interface BranchesProps {
  readonly scene: Scene
  readonly document: PageDocument
  readonly store: Store
}

/** An end of the tree. */
interface Branch {
  readonly end: HistoryNode
  readonly steps: number
  /** Steps that it has in common with the path that is drawn. */
  readonly common: number
  readonly isDrawn: boolean
}

export function Branches({ scene, document, store }: BranchesProps): JSX.Element | null {
  const branches = branchesOf(scene)
  if (branches.length < 2) return null
  return (
    <details class="branches">
      <summary>{branches.length} branches</summary>
      <ul>
        {branches.map(({ end, steps, common, isDrawn }) => (
          <li key={end.id}>
            <button
              type="button"
              aria-current={isDrawn}
              onClick={() => {
                store.ask({ kind: 'go', node: end.id })
              }}
            >
              <b>
                {steps} {steps === 1 ? 'step' : 'steps'}
              </b>
              <span>{isDrawn ? 'drawn' : common === 0 ? 'from the start' : `from step ${common}`}</span>
              <code>
                {end.thread === undefined ? '' : `${document.threads[end.thread]?.name ?? ''}: `}
                {end.label}
              </code>
              {end.violated.map((name) => (
                <span key={name} class="chip false">
                  ✗ {name}
                </span>
              ))}
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** The ends of the tree, in the order in which they were come to. */
function branchesOf({ tree, path }: Scene): readonly Branch[] {
  const parents = new Set(tree.flatMap(({ parent }) => (parent === undefined ? [] : [parent])))
  const drawn = new Set(path)
  return tree
    .filter(({ id, parent }) => !parents.has(id) && (parent !== undefined || tree.length === 1))
    .map((end): Branch => {
      let [steps, common] = [0, 0]
      for (let at = end; at.parent !== undefined; ) {
        steps += 1
        if (drawn.has(at.id)) common += 1
        const parent = tree[at.parent]
        if (parent === undefined) break
        at = parent
      }
      return { end, steps, common, isDrawn: path.at(-1) === end.id }
    })
}
