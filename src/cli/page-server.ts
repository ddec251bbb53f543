/**
 * A server of one page, for the user of this machine alone: it listens on 127.0.0.1, its address has a random token, and
 * it refuses a request that names another host, so that no page of the web can reach it by a name of its own.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { UsageError } from '../catalogue/usage.ts'

export interface PageServer {
  /** `http://127.0.0.1:8080/TOKEN/` */
  readonly address: string
  /** Ends it, with the connections that are open. */
  close(): Promise<void>
}

const HOST = '127.0.0.1'

/** Bytes of the token: nobody guesses as many. */
const TOKEN_BYTES = 24

/**
 * Serves a page.
 *
 * @param policy of the content: what the page may load
 * @param port 0: any that is free
 * @throws UsageError HMM294 if the port can't be used
 */
export async function servePage(html: string, policy: string, port: number): Promise<PageServer> {
  const path = `/${randomBytes(TOKEN_BYTES).toString('base64url')}/`
  const server = createServer()
  const taken = await listening(server, port)
  server.on('request', (request, response) => {
    answer(request, response, { html, policy, path, hosts: [`${HOST}:${taken}`, `localhost:${taken}`] })
  })
  return {
    address: `http://${HOST}:${taken}${path}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed()
        })
        server.closeAllConnections()
      }),
  }
}

/** Listens, and says on which port. */
function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code = 'unknown', message }: NodeJS.ErrnoException) => {
      reject(
        new UsageError('HMM294', `the page can't be served on ${HOST}:${port}: ${reasons[code] ?? message}`, {
          remedy: 'leave out --port to take a port that is free, or write a file with --out FILE.html',
        }),
      )
    })
    server.listen(port, HOST, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses this port',
  EACCES: 'ports below 1024 are not for everybody',
}

interface Served {
  readonly html: string
  readonly policy: string
  readonly path: string
  readonly hosts: readonly string[]
}

function answer(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  { html, policy, path, hosts }: Served,
): void {
  const say = (status: number, type: string, text: string, more: Readonly<Record<string, string>> = {}): void => {
    response.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'content-security-policy': `${policy}; frame-ancestors 'none'`,
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      ...more,
    })
    response.end(method === 'HEAD' ? '' : text)
  }
  if (!hosts.includes(headers.host ?? '')) say(403, 'text/plain', 'this host is not served\n')
  else if (url?.split(/[?#]/)[0] !== path) say(404, 'text/plain', 'there is nothing here\n')
  else if (method !== 'GET' && method !== 'HEAD')
    say(405, 'text/plain', 'this page can only be read\n', { allow: 'GET, HEAD' })
  else say(200, 'text/html', html)
}
