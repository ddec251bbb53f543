/** The hosts of a search: a file with a line for each, `name slots=8`, as Open MPI reads it. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { UsageError } from '../catalogue/usage.ts'

export interface HostLine {
  readonly name: string
  /** Ranks that it takes. */
  readonly slots: number
}

export interface Hosts {
  readonly file: string
  readonly lines: readonly HostLine[]
}

/**
 * Reads a file of hosts. Empty lines, and what stands behind `#`, are left out.
 *
 * @throws UsageError HMM304
 */
export function readHosts(file: string): Hosts {
  const mistake = (what: string): UsageError =>
    new UsageError('HMM304', what, { at: file, remedy: 'a line for each host: NAME slots=8' })
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw mistake(`the file of hosts can't be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  const lines = text.split('\n').flatMap((line, n): readonly HostLine[] => {
    const [name, ...words] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (name === undefined || name === '') return []
    const others = words.filter((word) => !/^(?:slots|max[-_]slots)=\d+$/.test(word))
    if (!/^[\w.:@-]+$/.test(name) || name.startsWith('-') || others.length > 0)
      throw mistake(`line ${n + 1} of the file of hosts is not a host: ${line.trim()}`)
    const slots = Number(/^slots=(\d+)$/.exec(words.find((word) => word.startsWith('slots=')) ?? '')?.[1] ?? 1)
    if (slots === 0) throw mistake(`line ${n + 1} of the file of hosts has no slots`)
    return [{ name, slots }]
  })
  if (lines.length === 0) throw mistake('the file of hosts has no host')
  return { file, lines }
}

/** Ranks that the hosts take in all. */
export const slotsOf = ({ lines }: Hosts): number => lines.reduce((sum, { slots }) => sum + slots, 0)

/** The hosts that are not this one, each once. */
export const othersOf = ({ lines }: Hosts): readonly string[] =>
  [...new Set(lines.map(({ name }) => name))].filter(
    (name) => !['localhost', '127.0.0.1', hostname(), hostname().split('.')[0]].includes(name.replace(/^.*@/, '')),
  )

/** The options of ssh: nothing is asked, and a host that is gone is noticed. */
export const sshOptions = [
  '-o',
  'BatchMode=yes',
  '-o',
  'ConnectTimeout=10',
  '-o',
  'ServerAliveInterval=10',
  '-o',
  'ServerAliveCountMax=3',
] as const

/** What has to do with other hosts. */
export interface Distant {
  /** Copies a file to the same path on each. */
  put(file: string): Promise<void>
  /** Makes a folder on each. */
  make(folder: string): Promise<void>
  /** Copies what is in a folder of each into folders here, which it returns. */
  fetch(folder: string): Promise<readonly string[]>
  /** Removes a folder on each, as far as that is possible. */
  remove(folder: string): Promise<void>
}

type Variables = Readonly<Record<string, string | undefined>>

/** @param here a folder of this host that is its own */
export function distant(hosts: readonly string[], here: string, variables: Variables): Distant {
  const ssh = (host: string, script: string, input?: Uint8Array): Promise<Uint8Array> =>
    remote(host, script, input, variables)
  const everywhere = async (work: (host: string) => Promise<unknown>): Promise<void> => {
    await Promise.all(hosts.map(work))
  }
  return {
    async put(file) {
      if (hosts.length === 0) return
      const bytes = readFileSync(file)
      // a rename: where the hosts share a disk, the file must not be written over while it is read
      await everywhere((host) =>
        ssh(
          host,
          `mkdir -p ${quoted(dirname(file))} && cat > ${quoted(`${file}.${host}`)} && chmod 755 ${quoted(`${file}.${host}`)} && mv -f ${quoted(`${file}.${host}`)} ${quoted(file)}`,
          bytes,
        ),
      )
    },
    make: (folder) => everywhere((host) => ssh(host, `mkdir -p ${quoted(folder)}`)),
    async fetch(folder) {
      return Promise.all(
        hosts.map(async (host, n) => {
          const into = join(here, `from-${n}`)
          mkdirSync(into, { recursive: true })
          await untar(await ssh(host, `cd ${quoted(folder)} && tar cf - .`), into)
          return into
        }),
      )
    },
    remove: (folder) => everywhere((host) => ssh(host, `rm -rf ${quoted(folder)}`).catch(() => undefined)),
  }
}

/** A word of a shell. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

async function untar(archive: Uint8Array, into: string): Promise<void> {
  const { code, errors } = await run('tar', ['xf', '-', '-C', into], archive, process.env)
  if (code !== 0) throw new Error(`the traces of a host can't be unpacked: ${errors}`)
}

/** Runs a script on a host. */
async function remote(
  host: string,
  script: string,
  input: Uint8Array | undefined,
  variables: Variables,
): Promise<Uint8Array> {
  const { code, output, errors } = await run('ssh', [...sshOptions, host, script], input, variables)
  if (code === 0) return output
  throw new UsageError('HMM305', `the host ${host} can't be used: ${errors.trim() || `ssh ended with ${code}`}`, {
    cause: 'ssh asks for a password there, or the host has no such name, or its disk is full',
    remedy: `try: ssh -o BatchMode=yes ${host} true`,
  })
}

interface Done {
  readonly code: number | null
  readonly output: Uint8Array
  readonly errors: string
}

function run(
  program: string,
  words: readonly string[],
  input: Uint8Array | undefined,
  variables: Variables,
): Promise<Done> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { env: variables })
    const [output, errors]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    const done = (code: number | null, more = ''): void => {
      resolve({ code, output: Buffer.concat(output), errors: Buffer.concat(errors).toString() + more })
    }
    child.on('error', (error) => {
      done(null, error.message)
    })
    child.on('close', (code) => {
      done(code)
    })
    // a program that has ended reads nothing
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
