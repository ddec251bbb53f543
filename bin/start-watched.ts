/** Starts the process that checks for `hmmcheck watch`. */
import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FromWatched, WatchedProcess } from '../src/cli/watching/messages.ts'

export function startWatched(): WatchedProcess {
  const file = new URL(`./watched${extname(import.meta.url)}`, import.meta.url)
  // what it writes itself is an error of this program
  const child = fork(fileURLToPath(file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return {
    send: (order) => {
      child.send(order)
    },
    onMessage: (hear) => {
      // The cast: the process is of this program.
      child.on('message', (message) => {
        hear(message as FromWatched)
      })
    },
    onEnd: (hear) => {
      child.once('exit', hear)
    },
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}
