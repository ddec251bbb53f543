/** Parses the values of options. */
import { UsageError } from '../../catalogue/usage.ts'

/** `--max-states 1000000`, `1e6` */
export function parseCount(option: string): (text: string) => number {
  return (text) => {
    const count = /^\d+(e\d+)?$/i.test(text) ? Number(text) : Number.NaN
    if (Number.isSafeInteger(count) && count > 0) return count
    throw new UsageError(
      'HMM207',
      `${option} ${text}: expected a whole number of at least 1`,
      `write for example ${option} 1000000`,
    )
  }
}

/** `--seed 7` */
export function parseSeed(option: string): (text: string) => number {
  return (text) => {
    const seed = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (Number.isSafeInteger(seed)) return seed
    throw new UsageError(
      'HMM207',
      `${option} ${text}: expected a whole number of at least 0`,
      `write for example ${option} 1`,
    )
  }
}

/** `--port 8080` */
export function parsePort(option: string): (text: string) => number {
  return (text) => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
    if (port <= 65_535) return port
    throw new UsageError(
      'HMM207',
      `${option} ${text}: expected a port, from 0 to 65535`,
      `write for example ${option} 8080`,
    )
  }
}

/** `--timeout 2.5` */
export function parseSeconds(option: string): (text: string) => number {
  return (text) => {
    const seconds = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN
    if (seconds > 0) return seconds
    throw new UsageError('HMM207', `${option} ${text}: expected a number of seconds`, `write for example ${option} 60`)
  }
}

const DURATIONS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 }

/** `--checkpoint-every 2s`, `10m`, in seconds. */
export function parseDuration(option: string): (text: string) => number {
  return (text) => {
    const [, number, unit = ''] = /^(\d*\.?\d+)([smh]?)$/.exec(text) ?? []
    const seconds = Number(number) * (DURATIONS[unit] ?? Number.NaN)
    if (seconds > 0) return seconds
    throw new UsageError(
      'HMM207',
      `${option} ${text}: expected a time`,
      `write for example ${option} 2s, ${option} 10m or ${option} 1h`,
    )
  }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/** `--max-memory 4G`, in bytes; the units are powers of 1024. */
export function parseSize(option: string): (text: string) => number {
  return (text) => {
    const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text) ?? []
    const bytes = Math.floor(Number(number) * (UNITS[unit.toUpperCase()] ?? Number.NaN))
    if (bytes > 0) return bytes
    throw new UsageError(
      'HMM207',
      `${option} ${text}: expected a size`,
      `write for example ${option} 4G or ${option} 512M`,
    )
  }
}

/** The shortest text that `parseSize` takes for this number of bytes. */
export function bytesText(bytes: number): string {
  const [unit, size] = Object.entries(UNITS).findLast(([, one]) => bytes % one === 0) ?? ['', 1]
  return `${bytes / size}${unit}`
}

/** `--config cpus=2,devices=1`; given again, it adds to what was given before. */
export function parseConfig(
  text: string,
  before: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  const entries = text.split(',').map((part) => {
    const [, name, size] = /^\s*([A-Za-z_][\w.-]*)=(\d+)\s*$/.exec(part) ?? []
    if (name !== undefined && size !== undefined) return [name, Number(size)] as const
    throw new UsageError(
      'HMM205',
      `--config ${text}: "${part}" is not a parameter with a number`,
      'write for example --config cpus=2,devices=1',
    )
  })
  const twice = entries.find(
    ([name], at) => entries.findIndex(([other]) => other === name) !== at || Object.hasOwn(before, name),
  )
  if (twice !== undefined)
    throw new UsageError('HMM205', `--config ${text}: ${twice[0]} is given twice`, 'give it once')
  return { ...before, ...Object.fromEntries(entries) }
}

/** For options that may be given several times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}
