/** What a part of a page by hand needs. */
import type { Selection } from '../../page/app/story.ts'
import type { Store, View } from './store.ts'

export interface PartProps {
  readonly store: Store
  readonly view: View
  readonly position: Selection
}
