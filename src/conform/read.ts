/** Reads a file with a recording: JSON Lines or ITF, as it is or compressed. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { UsageError } from '../catalogue/usage.ts'
import { isItf, readItf } from './itf.ts'
import { readJsonLines } from './jsonl.ts'
import type { Recording } from './recording.ts'

/** @throws UsageError HMM220 if it can't be read, HMM280 if it is no recording */
export function readRecording(file: string): Recording {
  const text = textOf(file)
  return isItf(text) ? readItf(text) : readJsonLines(text)
}

function textOf(file: string): string {
  try {
    const bytes = readFileSync(file)
    const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b
    return (isCompressed ? gunzipSync(bytes) : bytes).toString('utf8')
  } catch (error) {
    throw new UsageError('HMM220', `${file} can't be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
