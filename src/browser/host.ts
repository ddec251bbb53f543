/** A worker of a browser as the host of a check: one thread, no files, and no word on the memory of the process. */
import type { Host } from '../explorer/host.ts'

export const browser: Host = { residentBytes: () => 0 }
