#!/usr/bin/env node
/**
 * Turns the text of ftrace into a recording for `hmmcheck conform`: `node tools/ftrace-to-jsonl.mjs < trace > trace.jsonl`.
 *
 * It takes the lines that begin, behind the function's name, with `conform:`, as
 *
 *     trace_printk("conform: ev=dev_map dm=%s vpn=%lx pfn=%lx tag=%s\n", ...)
 *
 * writes them, and leaves out all others. `t` is the number of the line, so the trace must be in one order over all
 * CPUs: `echo counter > trace_clock`.
 */
import { createInterface } from 'node:readline'

/** `  comm-123  [002] d..1.  4711: function: conform: ev=... key=value ...` */
const LINE = /^\s*(.+)-(\d+)\s+\[(\d+)\]\s+(?:\S+\s+)?([\d.]+):\s+([\w.]+):\s+conform:\s+(.*)$/
/** Fields that are numbers in hexadecimal, or names: they stay text. */
const TEXT = new Set(['addr', 'start', 'end', 'last', 'vpn', 'pfn', 'opfn', 'npfn', 'src', 'dst', 'backing', 'word', 'v'])

const valueOf = (name, text) => {
  if (text === 'null') return null
  if (text === 'true' || text === 'false') return text === 'true'
  return !TEXT.has(name) && /^-?\d+$/.test(text) ? Number(text) : text
}

let t = 0
for await (const line of createInterface({ input: process.stdin })) {
  const [, comm, tid, cpu, , fn, rest] = LINE.exec(line) ?? []
  if (rest === undefined) continue
  t += 1
  const fields = Object.fromEntries(
    rest.trim().split(/\s+/).map((part) => {
      const at = part.indexOf('=')
      const name = part.slice(0, at)
      return [name, valueOf(name, part.slice(at + 1))]
    }),
  )
  const { ev, phase = 'point', ...shown } = fields
  process.stdout.write(
    `${JSON.stringify({ t, cpu: Number(cpu), tid: Number(tid), comm: comm.trim(), fn, phase, ...(ev === undefined ? {} : { ev }), ...shown })}\n`,
  )
}
