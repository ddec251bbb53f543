/** Prints the progress of a long run on standard error. */
import type { Progress } from '../explorer/result.ts'
import { showBytes, showCount, showRough, showSeconds } from '../report/numbers.ts'
import type { Output } from './output.ts'

/** Runs shorter than this say nothing. Seconds. */
const QUIET = 1
/** On a terminal a line is written over; elsewhere lines come ever more rarely, at most this many seconds apart. */
const LONGEST_GAP = 60

export interface ProgressLine<Of> {
  readonly onProgress: (progress: Of) => void
  /** Leaves the terminal as if nothing had been there. */
  readonly done: () => void
}

/** `12.0 s  48 million states, 6.7 million/s, depth 31, 2,345,678 queued, 1.2 GiB`. */
export function progressText({ states, depth, queue, memory, seconds, again }: Progress): string {
  if (again === true)
    return `${showSeconds(seconds)}  looks for schedules: ${showCount(states)} states visited again, depth ${showCount(depth)}, ${showBytes(memory)}`
  const speed = seconds > 0 ? showRough(states / seconds) : '0'
  return `${showSeconds(seconds)}  ${showCount(states)} states, ${speed} states/s, depth ${showCount(depth)}, queue ${showCount(queue)}, ${showBytes(memory)}`
}

/** @param name stands in front of the line: the model that is checked */
export function progressLine<Of extends Pick<Progress, 'seconds'>>(
  stderr: Output,
  name: string,
  show: (progress: Of) => string,
): ProgressLine<Of> {
  let next = QUIET
  let drawn = false
  return {
    onProgress(progress) {
      if (progress.seconds < next) return
      const text = `${name}  ${show(progress)}`
      if (stderr.isTerminal) {
        stderr.write(`\r${text.slice(0, (stderr.columns ?? 80) - 1)}\u001b[K`)
        drawn = true
        return
      }
      stderr.write(`${text}\n`)
      next = progress.seconds + Math.min(progress.seconds, LONGEST_GAP)
    },
    done() {
      if (drawn) stderr.write('\r\u001b[K')
    },
  }
}
