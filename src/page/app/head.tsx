/** The head of the page: what was checked, what it showed, and the ways to take it along. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PageDocument, PageRace } from '../document.ts'
import { saveFile } from './save-file.ts'
import type { Selection } from './story.ts'

export interface HeadProps extends Selection {
  readonly document: PageDocument
  readonly help: () => void
}

export function Head({ document, select, help }: HeadProps): JSX.Element {
  const { model, variant, scenario, sizes, verdict, steps, race } = document
  const signs = { violated: '✗', witnessed: '✓', refused: '⚠', open: '?' } as const
  const claim = document.properties.find(({ name }) => name === verdict.property)?.claim
  const others = document.properties.filter(({ name, falseAt }) => name !== verdict.property && falseAt.length > 0)
  return (
    <header class={`head ${verdict.outcome}`}>
      <div class="title">
        <h1>
          {model}
          <span class="variant">@{variant}</span>
        </h1>
        <p class="setting">
          scenario <b>{scenario}</b>
          {sizes !== '' && <span class="sizes"> {sizes.replaceAll(',', ', ')}</span>}
        </p>
        <div class="actions">
          <Export document={document} />
          <ThemeButton />
          <button type="button" onClick={help} aria-label="Keys" title="Keys ( ? )">
            ?
          </button>
        </div>
      </div>
      <p class="verdict">
        <span class="sign" aria-hidden="true">
          {signs[verdict.outcome]}
        </span>
        <span>
          <b>{verdict.text}</b>
          <span class="after">
            {' '}
            after {steps.length} {steps.length === 1 ? 'step' : 'steps'}
          </span>
        </span>
      </p>
      {claim !== undefined && <p class="standing">{claim}</p>}
      {verdict.standing.map((line) => (
        <p key={line} class="standing">
          {line}
        </p>
      ))}
      {(race !== undefined || others.length > 0) && (
        <p class="story">
          {race !== undefined && <RaceSentence race={race} select={select} />}
          {others.map(({ name, falseAt }) => (
            <span key={name} class="other">
              <span class="chip false">✗ {name}</span> from{' '}
              {falseAt[0] === 0 ? (
                'the start'
              ) : (
                <>
                  step <Jump to={falseAt[0] ?? 0} select={select} />
                </>
              )}{' '}
            </span>
          ))}
        </p>
      )}
    </header>
  )
}

function RaceSentence({ race, select }: { readonly race: PageRace } & Pick<Selection, 'select'>): JSX.Element {
  const { cell, read, write, relies } = race
  return (
    <span>
      <span class="chip race">race</span> step <Jump to={read} select={select} /> reads <code>{cell}</code>, step{' '}
      <Jump to={write} select={select} /> changes it, and{' '}
      {relies === write ? (
        'the old value is still relied on. '
      ) : (
        <>
          step <Jump to={relies} select={select} /> relies on the old value.{' '}
        </>
      )}
    </span>
  )
}

const Jump = ({ to, select }: { readonly to: number; readonly select: (moment: number) => void }): JSX.Element => (
  <button
    type="button"
    class="link"
    onClick={() => {
      select(to)
    }}
  >
    {to}
  </button>
)

/** The run in other forms. */
function Export({ document }: { readonly document: PageDocument }): JSX.Element {
  const name = `${document.model}.${document.variant}.${document.verdict.property}`.replaceAll(/[^\w.@-]+/g, '-')
  const { exports } = document
  const forms = [
    { label: 'Text', file: `${name}.txt`, type: 'text/plain', text: () => exports.text },
    { label: 'Mermaid', file: `${name}.mmd`, type: 'text/plain', text: () => exports.mermaid },
    { label: 'Schedule', file: `${name}.json`, type: 'application/json', text: () => exports.schedule },
    {
      label: 'All as JSON',
      file: `${name}.page.json`,
      type: 'application/json',
      text: () => JSON.stringify(document, undefined, 1),
    },
  ]
  return (
    <details class="menu">
      <summary>Save</summary>
      <ul>
        {forms.map(({ label, file, type, text }) => (
          <li key={label}>
            <button
              type="button"
              onClick={() => {
                saveFile(file, type, text())
              }}
            >
              {label}
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}

const THEMES = ['light dark', 'light', 'dark'] as const
const THEME_NAMES = { 'light dark': 'as the system', light: 'light', dark: 'dark' } as const

function ThemeButton(): JSX.Element {
  const [theme, setTheme] = useState<(typeof THEMES)[number]>('light dark')
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'light dark'
  return (
    <button
      type="button"
      class="theme"
      aria-label={`Colours: ${THEME_NAMES[theme]}`}
      title={`Colours: ${THEME_NAMES[theme]}`}
      onClick={() => {
        setTheme(next)
        globalThis.document.documentElement.style.colorScheme = next
      }}
    >
      <span aria-hidden="true">◐</span>
    </button>
  )
}

/** The command that repeats it, to be copied. */
export function Command({ command }: { readonly command: string }): JSX.Element {
  const [copied, setCopied] = useState(false)
  return (
    <p class="command">
      <code tabIndex={0}>{command}</code>
      <button
        type="button"
        onClick={() => {
          void navigator.clipboard?.writeText(command).then(
            () => {
              setCopied(true)
            },
            () => undefined,
          )
        }}
      >
        {copied ? 'copied' : 'copy'}
      </button>
    </p>
  )
}
