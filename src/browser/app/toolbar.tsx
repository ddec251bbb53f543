/** What can be done besides a single step: back and forth, walks, searches, a check, files. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { fallQuestion } from './falling.ts'
import { openFile } from './files.ts'
import { WALK_STEPS } from './hand-keys.ts'
import type { PartProps } from './part.ts'
import { someSeed } from './seed.ts'
import type { Store } from './store.ts'

export function Toolbar({ store, view, position: { moment, select } }: PartProps): JSX.Element {
  const { scene } = view
  const [steps, setSteps] = useState(WALK_STEPS)
  const last = scene.path.length - 1
  const load = (): void => {
    openFile((file, text) => {
      store.ask({ kind: 'load', text, file }, 'follows a schedule')
    }, store.fail)
  }
  return (
    <div class="toolbar" role="toolbar" aria-label="By hand">
      <div class="group">
        <button
          type="button"
          disabled={moment === 0}
          onClick={() => {
            select(moment - 1)
          }}
          aria-label="Undo"
          title="Undo ( u )"
        >
          ↶
        </button>
        <button
          type="button"
          disabled={moment === last}
          onClick={() => {
            select(moment + 1)
          }}
          aria-label="Redo"
          title="Redo ( r )"
        >
          ↷
        </button>
        {scene.setting.initial.length > 1 && <Begin store={store} initial={scene.setting.initial} />}
      </div>
      <div class="group">
        <button
          type="button"
          onClick={() => {
            store.ask({ kind: 'walk', steps, seed: someSeed() }, 'walks')
          }}
          aria-label="Random walk"
          title="Random walk ( w )"
        >
          Walk
        </button>
        <input
          type="number"
          aria-label="Steps of a random walk"
          min="1"
          max="1000"
          value={steps}
          onInput={({ currentTarget: { valueAsNumber } }) => {
            setSteps(Math.min(1000, Math.max(1, Math.floor(valueAsNumber) || 1)))
          }}
        />
      </div>
      <Fall store={store} properties={scene.setting.properties} />
      <div class="group">
        <button
          type="button"
          class="main"
          onClick={() => {
            store.ask({ kind: 'check' }, 'checks')
          }}
          title="Check every reachable state ( c )"
        >
          Check all
        </button>
      </div>
      <div class="group">
        <button type="button" onClick={load} title="Follow a schedule or a lock of this model">
          Load…
        </button>
        <button
          type="button"
          onClick={() => {
            store.ask({ kind: 'save' })
          }}
          title="Save the steps up to here as a schedule for hmmcheck replay"
        >
          Save
        </button>
      </div>
    </div>
  )
}

const Begin = ({ store, initial }: { readonly store: Store; readonly initial: readonly string[] }): JSX.Element => (
  <label>
    begin with
    <select
      value=""
      onChange={({ currentTarget }) => {
        store.ask({ kind: 'begin', initial: Number(currentTarget.value) })
        currentTarget.value = ''
      }}
    >
      <option value="" disabled>
        …
      </option>
      {initial.map((text, n) => (
        <option key={text} value={n}>
          {text}
        </option>
      ))}
    </select>
  </label>
)

function Fall({ store, properties }: { readonly store: Store; readonly properties: readonly string[] }): JSX.Element {
  const [property, setProperty] = useState('')
  const wanted = properties.includes(property) ? property : undefined
  return (
    <div class="group">
      <span class="words">Until</span>
      <select
        aria-label="Run until this property falls"
        value={wanted ?? ''}
        onChange={({ currentTarget: { value } }) => {
          setProperty(value)
        }}
      >
        <option value="">any property</option>
        {properties.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <button
        type="button"
        onClick={() => {
          store.ask(fallQuestion('random', wanted), 'walks until a property falls')
        }}
        title="Random walks from here ( f )"
      >
        at random
      </button>
      <button
        type="button"
        onClick={() => {
          store.ask(fallQuestion('nearest', wanted), 'looks for the nearest violation')
        }}
        title="A search of all that can be reached from here"
      >
        shortest
      </button>
    </div>
  )
}
