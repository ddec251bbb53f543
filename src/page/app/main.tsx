/** Starts the app on the document that stands in the page. */
import { render } from 'preact'
import { PAGE_SCHEMA, type PageDocument } from '../document.ts'
import { DOCUMENT_ID } from '../html.ts'
import { App } from './app.tsx'
import { fixedStory } from './story.ts'

/** The document of this page. Both were written as one file by one version. */
function documentOfPage(): PageDocument {
  const text = document.getElementById(DOCUMENT_ID)?.textContent ?? ''
  const found = JSON.parse(text) as PageDocument
  if (found.schema !== PAGE_SCHEMA) throw new Error(`the document has the form ${String(found.schema)}`)
  return found
}

function start(): void {
  const root = document.getElementById('app')
  if (root === null) return
  try {
    render(<App story={fixedStory(documentOfPage())} />, root)
  } catch (error) {
    root.textContent = `This page can't be shown: ${error instanceof Error ? error.message : String(error)}. Write it again with hmmcheck show FILE --format html.`
  }
}

start()
