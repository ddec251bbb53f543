/** `hmmcheck explore`: the page in a file, and the server of it. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { servePage } from '../../src/cli/page-server.ts'
import { world } from './world.ts'

/** Parts of a page, in place of what the build makes. */
const pageParts = (): ReturnType<NonNullable<Parameters<typeof world>[0]>['pageParts'] & {}> =>
  Promise.resolve({
    template: '<!--hmmcheck:policy--><!--hmmcheck:title--><!--hmmcheck:data--><!--hmmcheck:script-->',
    style: '',
    app: 'app()',
    worker: 'worker("</script>")',
  })

describe('a file', () => {
  test('has the model, the configuration and the scripts', async () => {
    const { cwd, run } = world({ pageParts })
    const answer = await run('explore', 'notifier@as-posted', '--scenario', 'quiet', '--out', 'live.html')
    expect(answer).toEqual({ code: 0, stdout: 'saved: live.html: open it in a browser\n', stderr: '' })
    const html = readFileSync(join(cwd, 'live.html'), 'utf8')
    expect(html).toContain('"variant":"as-posted","scenario":"quiet"')
    expect(html).toContain('<script>app()</script>')
    expect(html.match(/<\/script>/g)).toHaveLength(2)
  })

  test.each([
    [['explore', 'notifer'], 'HMM201'],
    [['explore', 'notifier@x'], 'HMM202'],
    [['explore', 'notifier', '--scenario', 'x'], 'HMM203'],
    [['explore', 'notifier@*'], 'HMM201'],
    [['explore', 'notifier', '--port', '70000'], 'HMM207'],
    [['explore', 'notifier', '--out', '/dev/null/x.html'], 'HMM210'],
    [['explore'], 'HMM200'],
  ])('%s is a mistake: %s', async (argv, code) => {
    const { run } = world({ pageParts })
    const answer = await run(...argv)
    expect(answer.code).toBe(2)
    expect(answer.stderr).toContain(code)
  })
})

describe('the server', () => {
  test('is open until Ctrl-C, and then ends with 0', async () => {
    let stop = (): void => undefined
    const opened: string[] = []
    const { cwd, run } = world({
      pageParts,
      onInterrupt(end) {
        stop = end
        return () => undefined
      },
      openBrowser(address) {
        opened.push(address)
        void fetch(address).then(async (response) => {
          expect(response.status).toBe(200)
          expect(await response.text()).toContain('app()')
          stop()
        })
      },
    })
    const { code, stdout } = await run('explore', 'notifier')
    expect(code).toBe(0)
    expect(opened).toHaveLength(1)
    expect(stdout).toContain(`notifier: ${opened[0] ?? ''}\n`)
    await expect(fetch(opened[0] ?? '')).rejects.toThrow()
    expect(existsSync(join(cwd, 'live.html'))).toBe(false)
  })

  test('answers its address alone', async () => {
    const server = await servePage('<p>page</p>', "default-src 'none'", 0)
    onTestFinished(() => server.close())
    const { origin, host, port } = new URL(server.address)
    const ask = async (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<number> =>
      statusOf(Number(port), path, { host, ...headers }, method)
    const path = server.address.slice(origin.length)
    expect(path.length).toBeGreaterThan(30)
    expect(await ask(path)).toBe(200)
    expect(await ask(`${path}?variant=fixed`)).toBe(200)
    expect(await ask('/')).toBe(404)
    expect(await ask(`${path}x`)).toBe(404)
    expect(await ask('/favicon.ico')).toBe(404)
    expect(await ask(path, {}, 'POST')).toBe(405)
    expect(await ask(path, { host: 'evil.example' })).toBe(403)
    expect(await ask(path, { host: `evil.example:${port}` })).toBe(403)
    expect(await ask(path, { host: `localhost:${port}` })).toBe(200)
    const { headers } = await fetch(server.address)
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  test('no two have the same address', async () => {
    const servers = [await servePage('', '', 0), await servePage('', '', 0)]
    const paths = servers.map(({ address }) => new URL(address).pathname)
    expect(new Set(paths).size).toBe(2)
    for (const server of servers) await server.close()
  })

  test('a port that is taken is a mistake, with a remedy', async () => {
    const other = createServer()
    await new Promise<void>((done) => {
      other.listen(0, '127.0.0.1', done)
    })
    onTestFinished(() => {
      other.close()
    })
    const { port } = other.address() as AddressInfo
    const { run } = world({ pageParts })
    const answer = await run('explore', 'notifier', '--no-open', '--port', String(port))
    expect(answer.code).toBe(2)
    expect(answer.stderr).toContain('HMM294')
    expect(answer.stderr).toContain('another program uses this port')
    expect(answer.stderr).not.toContain('    at ')
  })
})

/** `fetch` sets the host itself. */
async function statusOf(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
  method: string,
): Promise<number> {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers, method }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}
