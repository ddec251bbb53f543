/** Starts a page that is alive: its worker, and the app on what the worker answers. */
import { render } from 'preact'
import type { OpenNames } from '../messages.ts'
import { EMBEDDED, type Embedded } from '../html.ts'
import { startClient } from './client.ts'
import { LivePage } from './live-page.tsx'
import { storeOf, type Store } from './store.ts'

/** What the other scripts of the page have left. */
function embedded(): Embedded {
  // The cast: the same version has written them.
  const found = (globalThis as { readonly [EMBEDDED]?: Partial<Embedded> })[EMBEDDED]
  const { recording, worker, names = {} } = found ?? {}
  if (recording === undefined || worker === undefined) throw new Error('a part of it is missing')
  return { recording, worker, names }
}

/** The names in the address, `?variant=as-posted`, before those of the page. */
function namesOf({ names }: Embedded): OpenNames {
  const asked = new URLSearchParams(location.search)
  const [variant, scenario] = [asked.get('variant'), asked.get('scenario')]
  return { ...names, ...(variant === null ? {} : { variant }), ...(scenario === null ? {} : { scenario }) }
}

async function start(root: HTMLElement): Promise<void> {
  const parts = embedded()
  const begun: { store?: Store } = {}
  const show = (message: string): void => {
    if (begun.store === undefined) root.textContent = `This page can't be shown: ${message}`
    else begun.store.fail(message)
  }
  const client = startClient(parts.worker, show)
  const answer = await client.ask({ kind: 'open', recording: parts.recording, names: namesOf(parts) })
  if (answer.kind !== 'scene' || answer.scene.document === undefined) {
    show(answer.kind === 'refused' ? answer.message : 'the worker gave no state')
    return
  }
  begun.store = storeOf(client, answer.scene, answer.scene.document)
  render(<LivePage store={begun.store} />, root)
}

const root = document.getElementById('app')
if (root !== null)
  start(root).catch((error: unknown) => {
    root.textContent = `This page can't be shown: ${error instanceof Error ? error.message : String(error)}`
  })
