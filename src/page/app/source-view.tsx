/** The model's line of the selected step with the text around it, and the kernel function that the step stands for. */
import type { JSX } from 'preact'
import type { PageDocument, PageLine } from '../document.ts'

export function SourceView({
  document,
  moment,
}: {
  readonly document: PageDocument
  readonly moment: number
}): JSX.Element {
  const step = document.steps[moment - 1]
  if (step === undefined) return <p class="nothing">The initial state is no step. Choose one to see its line.</p>
  return (
    <div class="source">
      {step.kernel !== undefined && (
        <p class="kernel">
          <span>in the kernel</span> <code>{step.kernel}</code>
        </p>
      )}
      {step.place === undefined ? (
        <p class="nothing">The model does not say where this step was written.</p>
      ) : (
        <Lines document={document} place={step.place} />
      )}
    </div>
  )
}

/** Lines before and after the one of the step. */
const AROUND = 7

function Lines({ document, place }: { readonly document: PageDocument; readonly place: PageLine }): JSX.Element {
  const part = document.sources
    .find(({ file }) => file === place.file)
    ?.parts.find(({ from, lines }) => from <= place.line && place.line < from + lines.length)
  const lines = (part?.lines ?? [])
    .map((text, n) => ({ text, line: (part?.from ?? 1) + n }))
    .filter(({ line }) => Math.abs(line - place.line) <= AROUND)
  return (
    <>
      <p class="place">
        <span>in the model</span>{' '}
        <code>
          {place.file}:{place.line}
        </code>
      </p>
      {lines.length > 0 && (
        <pre tabIndex={0} aria-label={`${place.file}, lines ${lines[0]?.line ?? ''} to ${lines.at(-1)?.line ?? ''}`}>
          {lines.map(({ text, line }) => (
            <span key={line} class={line === place.line ? 'line here' : 'line'}>
              <i>{line}</i>
              {text}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </>
  )
}
