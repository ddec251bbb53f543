/** The page by hand: the views of a run, with what can be done next. */
import type { JSX } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'
import { App } from '../../page/app/app.tsx'
import type { Live, Selection } from '../../page/app/story.ts'
import { Choices } from './choices.tsx'
import { Controls } from './controls.tsx'
import { HAND_KEYS, handKey } from './hand-keys.ts'
import type { PartProps } from './part.ts'
import { storyOf, type Store } from './store.ts'

export function LivePage({ store }: { readonly store: Store }): JSX.Element {
  const [story] = useState(() => storyOf(store))
  const live: Live = {
    controls: (position) => <Together store={store} position={position} part={Controls} />,
    choices: (position) => <Together store={store} position={position} part={Choices} />,
    keys: HAND_KEYS,
    onKey: (event, position) => handKey(store, event, position),
  }
  return (
    <div class="live">
      <App story={story} live={live} />
    </div>
  )
}

interface TogetherProps {
  readonly store: Store
  readonly position: Selection
  readonly part: (props: PartProps) => JSX.Element
}

/** A part that is drawn anew with each answer. */
function Together({ store, position, part: Part }: TogetherProps): JSX.Element {
  const [view, setView] = useState(store.view)
  useLayoutEffect(
    () =>
      store.subscribe(() => {
        setView(store.view())
      }),
    [store],
  )
  return <Part store={store} view={view} position={position} />
}
