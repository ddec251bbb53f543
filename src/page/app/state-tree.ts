/** The cells of a state as a tree: groups, then variables, fields and indices. A chain without a branch is one node. */
import { CELL_GROUPS, type PageCell, type PageDocument } from '../document.ts'

export interface TreeNode {
  /** `driver[0]`, `.pte[1]` */
  readonly name: string
  readonly path: string
  /** A leaf's cell. */
  readonly cell?: number
  readonly children: readonly TreeNode[]
}

interface Growing {
  readonly name: string
  readonly children: Map<string, Growing>
  cell?: number
}

/** @param wanted which cells are in it */
export function stateTree(
  { cells }: PageDocument,
  wanted: (cell: PageCell, number: number) => boolean,
): readonly TreeNode[] {
  const roots = new Map<string, Growing>()
  for (const [number, cell] of cells.entries()) {
    if (cell.derived === true || !wanted(cell, number)) continue
    let here = at(roots, cell.group)
    for (const part of cell.parts) here = at(here.children, part)
    here.cell = number
  }
  return CELL_GROUPS.flatMap((group) => {
    const root = roots.get(group)
    return root === undefined
      ? []
      : [{ name: group, path: group, children: [...root.children.values()].map((one) => node(one, '')) }]
  })
}

function at(nodes: Map<string, Growing>, name: string): Growing {
  const known = nodes.get(name) ?? { name, children: new Map<string, Growing>() }
  nodes.set(name, known)
  return known
}

function node(growing: Growing, above: string): TreeNode {
  const { cell, children } = growing
  const name = growing.name
  const [only] = children.values()
  if (children.size === 1 && only !== undefined && cell === undefined) {
    const inner = node(only, above + name)
    return { ...inner, name: name + inner.name }
  }
  return {
    name,
    path: above + name,
    children: [...children.values()].map((one) => node(one, above + name)),
    ...(cell === undefined ? {} : { cell }),
  }
}

/** All the cells below a node. */
export const cellsBelow = ({ cell, children }: TreeNode): readonly number[] => [
  ...(cell === undefined ? [] : [cell]),
  ...children.flatMap(cellsBelow),
]

/** Whether a path has every word of a search; capitals do not matter. */
export function matches(path: string, search: string): boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return words.every((word) => path.toLowerCase().includes(word))
}
