/** The page: head, lanes, the views of the selected moment, and the bar of time. */
import type { ComponentChildren, JSX } from 'preact'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { PageDocument } from '../document.ts'
import { Command, Head } from './head.tsx'
import { Help } from './help.tsx'
import { keyed } from './keys.ts'
import { Lanes } from './lanes.tsx'
import { MemoryView } from './memory-view.tsx'
import { PropertiesView } from './properties-view.tsx'
import { clamp, readingOf, readLink, writeLink, type Link } from './reading.ts'
import { SourceView } from './source-view.tsx'
import { StateView } from './state-view.tsx'
import type { Live, Selection, Story } from './story.ts'
import { TimeBar } from './time-bar.tsx'

export interface AppProps {
  readonly story: Story
  readonly live?: Live
}

/** On a narrow screen one of these is shown at a time. */
const VIEWS = ['lanes', 'memory', 'state', 'source'] as const
type View = (typeof VIEWS)[number]
const isView = (name: string | undefined): name is View => VIEWS.some((view) => view === name)

export function App({ story, live }: AppProps): JSX.Element {
  const document = useDocument(story)
  const reading = useMemo(() => readingOf(document), [document])
  const [link, setLink] = useLink(document)
  const [helping, setHelping] = useState(false)
  const moment = clamp(reading, link.moment ?? firstMoment(document))
  const compared = clamp(reading, link.compare ?? moment - 1)
  const view: View = isView(link.view) ? link.view : 'lanes'
  const select = useCallback(
    (to: number) => {
      setLink((before) => ({ ...before, moment: clamp(reading, to) }))
    },
    [reading],
  )
  const position: Selection = { moment, select }
  useKeys(reading.last, position, { live, help: setHelping, setLink })
  return (
    <div class={`app view-${view}`}>
      <Head
        document={document}
        help={() => {
          setHelping(true)
        }}
        {...position}
      />
      {live?.controls !== undefined && <div class="controls">{live.controls(position)}</div>}
      <div class="tabs" role="group" aria-label="Views">
        {VIEWS.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === view}
            onClick={() => {
              setLink((before) => ({ ...before, view: name }))
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <main>
        <section class="pane lanes-pane" aria-label="Lanes">
          <Lanes
            reading={reading}
            thread={link.thread}
            follow={(thread) => {
              setLink(({ thread: _, ...before }) => (thread === undefined ? before : { ...before, thread }))
            }}
            live={live}
            {...position}
          />
        </section>
        <div class="side">
          <Panel name="memory" title="Memory">
            <MemoryView reading={reading} moment={moment} compared={compared} />
          </Panel>
          <Panel name="source" title="Source">
            <SourceView document={document} moment={moment} />
            <Command command={document.command} />
          </Panel>
          <Panel name="properties" title="Properties">
            <PropertiesView reading={reading} {...position} />
          </Panel>
          <Panel name="state" title="State">
            <StateView
              reading={reading}
              moment={moment}
              compared={compared}
              compare={link.compare}
              setCompare={(compare) => {
                setLink(({ compare: _, ...before }) => (compare === undefined ? before : { ...before, compare }))
              }}
            />
          </Panel>
        </div>
      </main>
      <TimeBar reading={reading} {...position} />
      <footer>hmmcheck {document.version}</footer>
      {helping && (
        <Help
          more={live?.keys}
          close={() => {
            setHelping(false)
          }}
        />
      )}
    </div>
  )
}

/** The page opens at the end: at what the run was recorded for. */
const firstMoment = ({ steps }: PageDocument): number => steps.length

interface PanelProps {
  readonly name: string
  readonly title: string
  readonly children: ComponentChildren
}

const Panel = ({ name, title, children }: PanelProps): JSX.Element => (
  <section class={`panel panel-${name}`} aria-label={title}>
    <h2>{title}</h2>
    {children}
  </section>
)

function useDocument(story: Story): PageDocument {
  const [document, setDocument] = useState(() => story.current())
  useLayoutEffect(
    () =>
      story.subscribe(() => {
        setDocument(story.current())
      }),
    [story],
  )
  return document
}

type SetLink = (change: (before: Link) => Link) => void

/** Where the reader is, as the address says it, so that every place can be sent to somebody. */
function useLink(document: PageDocument): readonly [Link, SetLink] {
  const [link, setLink] = useState(() => readLink(location.hash, document))
  const isFirst = useRef(true)
  useLayoutEffect(() => {
    const read = (): void => {
      setLink(readLink(location.hash, document))
    }
    addEventListener('hashchange', read)
    return () => {
      removeEventListener('hashchange', read)
    }
  }, [document])
  useLayoutEffect(() => {
    const text = writeLink(link, document)
    if (!isFirst.current && text !== location.hash) history.replaceState(null, '', text === '' ? '#' : text)
    isFirst.current = false
  }, [link])
  return [link, setLink]
}

interface KeyTargets {
  readonly live: Live | undefined
  readonly help: (shown: boolean) => void
  readonly setLink: SetLink
}

/** A key acts on what is drawn: so what it finds is renewed with the drawing, and not some time after it. */
function useKeys(last: number, position: Selection, { live, help, setLink }: KeyTargets): void {
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const wanted = keyed(event, position.moment, last)
      if (wanted === undefined) {
        if (live?.onKey?.(event, position) === true) event.preventDefault()
        return
      }
      event.preventDefault()
      if (wanted.kind === 'moment') position.select(wanted.moment)
      else if (wanted.kind === 'help') help(true)
      else if (wanted.kind === 'search') {
        setLink((before) => ({ ...before, view: 'state' }))
        requestAnimationFrame(() => globalThis.document.querySelector<HTMLInputElement>('#search')?.focus())
      }
    }
    addEventListener('keydown', press)
    return () => {
      removeEventListener('keydown', press)
    }
  })
}
