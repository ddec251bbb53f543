/** A name of the kernel's that may break where a reader would break it: behind `_`, `(`, `.`, `->` and the like. */
import type { JSX } from 'preact'
import { Fragment } from 'preact'

export function Breakable({ text }: { readonly text: string }): JSX.Element {
  const parts = text.split(/(?<=_(?=[a-z])|->|[([.,;:/&|]|\w(?=\[))/i)
  return (
    <>
      {parts.map((part, n) => (
        // the parts of a text never change places
        <Fragment key={n}>
          {n > 0 && <wbr />}
          {/-/.test(part) && part.length < 28 ? <span class="whole-word">{part}</span> : part}
        </Fragment>
      ))}
    </>
  )
}
