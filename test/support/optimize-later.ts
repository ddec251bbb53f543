/**
 * Runs before each file of tests. V8 optimizes a function after some thirty times as much work as by default: a file
 * of tests runs most code a few times, and to optimize it takes longer than it saves. Searches run in WebAssembly.
 */
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--interrupt-budget=2000000')
