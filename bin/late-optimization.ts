/**
 * V8 optimizes a function after fifteen times as much work as by default. Most of what a check runs is run once: a
 * check of a small model, a catalogue and a fuzz run are all over before optimizing pays. Searches run in WebAssembly.
 *
 * V8 takes kept code (`bundled.ts`) only under the flags with which it was made, so the build sets them, too.
 */
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--interrupt-budget=1000000')
