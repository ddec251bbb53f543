/** Starts the browser of the user. */
import { spawn } from 'node:child_process'
import { platform } from 'node:os'

/** The variables of the process. */
type Variables = Readonly<Record<string, string | undefined>>

/** Opens a page. Without a screen, or without a browser, nothing happens: the address is printed anyway. */
export function openBrowser(address: string, variables: Variables): void {
  const words = commandOf(address, variables)
  if (words === undefined) return
  const [program, ...others] = words
  spawn(program, others, { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref()
}

function commandOf(address: string, variables: Variables): readonly [program: string, ...others: string[]] | undefined {
  switch (platform()) {
    case 'darwin':
      return ['open', address]
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler', address]
    default:
      return variables['DISPLAY'] === undefined && variables['WAYLAND_DISPLAY'] === undefined
        ? undefined
        : ['xdg-open', address]
  }
}
