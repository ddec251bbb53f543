/** The list of keys. */
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { KEYS } from './keys.ts'
import type { HelpKey } from './story.ts'

export interface HelpProps {
  /** Keys of this page alone. */
  readonly more?: readonly HelpKey[] | undefined
  readonly close: () => void
}

export function Help({ more = [], close }: HelpProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} class="help" aria-label="Keys" onClose={close}>
      <h2>Keys</h2>
      <dl>
        {[...more, ...KEYS].map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <h2>Signs</h2>
      <dl>
        <div>
          <dt>
            <i class="sample bar lock-0" />
          </dt>
          <dd>holds a lock</dd>
        </div>
        <div>
          <dt>
            <i class="sample bar lock-0 waits" />
          </dt>
          <dd>waits for a lock</dd>
        </div>
        <div>
          <dt>
            <i class="sample span" />
          </dt>
          <dd>in a bracket of a notifier</dd>
        </div>
        <div>
          <dt>
            <i class="sample race" />
          </dt>
          <dd>the race: from the read to the change</dd>
        </div>
        <div>
          <dt>
            <i class="sample stale" />
          </dt>
          <dd>an entry that is stale; dashed if it only differs from the CPU page table</dd>
        </div>
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}
