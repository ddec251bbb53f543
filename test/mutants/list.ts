/** One-line faults in the engine. Each must be noticed by the tests; `npm run mutants:engine` tries them all. */

export interface Mutant {
  /** What is wrong then. */
  readonly what: string
  readonly file: string
  /** Stands exactly once in the file. */
  readonly find: string
  readonly replace: string
  /** Tests that should notice it, tried first. */
  readonly tests: readonly string[]
}

const evaluation = 'test/compiler/evaluation.test.ts', layout = 'test/compiler/layout.test.ts', wasm = 'test/compiler/wasm', traps = 'test/explorer/traps.test.ts'
const properties = 'test/explorer/properties.test.ts', deadLocals = 'test/compiler/passes/dead-locals.test.ts', unread = 'test/compiler/passes/unread.test.ts', quick = 'test/mutants/quick.test.ts', smallest = 'test/explorer/smallest.test.ts', pairs = 'test/fuzz/pairs/pairs.test.ts'

export const mutants: readonly Mutant[] = [
  // lowering
  { what: 'a local statement ends its transition', file: 'src/compiler/program.ts', find: 'next: isLocalEffect(s) ? run(next(w), s) : arrive(next(w), edge(s)) }', replace: 'next: arrive(next(w), edge(s)) }', tests: [quick] },
  { what: 'a block begins without what was chosen on the way', file: 'src/compiler/continuation.ts', find: 'return all.filter((i) => i < words || read.has(i))', replace: 'return all.filter((i) => i < words && read.has(i))', tests: ['test/compiler/growth.test.ts'] },
  { what: 'an idle label is run across', file: 'src/compiler/program.ts', find: 'return s.idle && done !== undefined ? stop(w) : run(next(w), done, arm)', replace: 'return run(next(w), done, arm)', tests: [quick] },
  { what: 'a choice is done with the guard that waits on it', file: 'src/compiler/waiting.ts', find: "case 'guard': return touches(all, c.condition)", replace: "case 'guard': return false", tests: [quick] },
  { what: 'the last round of a forEach is not its last', file: 'src/compiler/program.ts', find: "return { op: 'branch', condition: empty, then: arrive(up.after, e), otherwise: head }", replace: 'return head', tests: [evaluation] },
  { what: 'a return in an atomic call leaves the whole step', file: 'src/compiler/program.ts', find: "case 'call': return inside(s.body, w, following, jump, following)", replace: "case 'call': return inside(s.body, w, following, jump, back)", tests: [evaluation] },
  { what: 'the arms of a match are tried without what they bind', file: 'src/compiler/program.ts', find: "[...(local ? taking(s, b.name, b.arm.body) : []), ...bindings(b.arm)], local ? run(to, s, b.name)", replace: "[], local ? run(to, s, b.name)", tests: [quick] },
  { what: 'an idle label is forgotten', file: 'src/compiler/program.ts', find: 'if (p < known) idle.add(p)', replace: 'if (p < 0) idle.add(p)', tests: [properties] },
  // layout and packing
  { what: 'a range gets a bit too few', file: 'src/compiler/encoding.ts', find: '32 - Math.clz32(values - 1)', replace: '31 - Math.clz32(values - 1)', tests: [layout] },
  { what: 'parts of a composite overlap', file: 'src/compiler/encoding.ts', find: 'offset += bitsOf(t, sizes); return part', replace: 'offset += Math.max(0, bitsOf(t, sizes) - 1); return part', tests: [layout] },
  { what: 'zero is the lowest number', file: 'src/compiler/encoding.ts', find: 'return low <= 0 && high >= 0 ? BigInt(-low) : 0n', replace: 'return 0n', tests: [evaluation] },
  { what: 'a word may hold 65 bits', file: 'src/compiler/layout.ts', find: 'while ((used[word] ?? 0) + bits > 64) word++', replace: 'while ((used[word] ?? 0) + bits > 65) word++', tests: [traps, layout] },
  { what: 'an element is one of a set for its neighbour', file: 'src/compiler/layout.ts', find: 'filter((i) => ((code >> BigInt(i)) & 1n) === 1n)', replace: 'filter((i) => ((code >> BigInt(i + 1)) & 1n) === 1n)', tests: [layout] },
  // expressions and statements
  { what: 'what is cleared in a word is cleared elsewhere', file: 'src/compiler/state.ts', find: 'base: w.base, clear: w.clear | here,', replace: 'base: w.base, clear: w.clear | (here << 1n),', tests: [evaluation] },
  { what: 'a value that overlaps one about to be written is read too early', file: 'src/compiler/state.ts', find: 'const base = touched || (w.clear & here) !== 0n ? word(s, at.word) : w.base', replace: 'const base = w.base', tests: [evaluation] },
  { what: 'a shift off by one', file: 'src/compiler/state.ts', find: 'for (const p of w.pending) v = binary(\'or64\', v, binary(\'shl64\', p.value, i64(p.shift)))', replace: 'for (const p of w.pending) v = binary(\'or64\', v, binary(\'shl64\', p.value, i64(p.shift + 1)))', tests: [evaluation] },
  { what: 'a number one too high is in range', file: 'src/compiler/expression.ts', find: "return check(outside, binary('and64', binary('sub64', x, i64(low)), mask(bitsOf(type, sizes))))", replace: "return check(binary('gt64s', x, i64(high + 1)), binary('and64', binary('sub64', x, i64(low)), mask(bitsOf(type, sizes))))", tests: [evaluation, properties] },
  { what: 'a part is stored as what it was in another range', file: 'src/compiler/expression.ts', find: 'const x = fit(v, t)', replace: "const x = v.form === 'number' ? fit(v, t) : fitted(v)", tests: [pairs] },
  { what: 'a number stands in a wide conditional where its code belongs', file: 'src/compiler/expression.ts', find: 'return composed(a.type, (k) => selectCoded(kept, partOf(a, k), partOf(b, k)))', replace: "return composed(a.type, (k) => { const v = selectCoded(kept, partOf(a, k), partOf(b, k)); return v.type.kind === 'int' ? coded(v.type, numberOf(v).number) : v })", tests: [pairs] },
  { what: 'a number is not taken round below', file: 'src/compiler/expression.ts', find: "choose(binary('lt64s', r, i64(0)), binary('add64', r, i64(span)), r)", replace: 'r', tests: [evaluation] },
  { what: 'an index below the array is taken', file: 'src/compiler/expression.ts', find: "return check(outside, choose(outside, i64(0), binary('sub64', x, i64(low))))", replace: "return check(binary('gt64s', x, i64(high)), choose(outside, i64(0), binary('sub64', x, i64(low))))", tests: [evaluation] },
  { what: 'what a test told outlives a change', file: 'src/compiler/transition.ts', find: "const write = (at: Location, v: Fitted): void => { store(state, at, v); forget(state, effect) }", replace: "const write = (at: Location, v: Fitted): void => { store(state, at, v) }", tests: [evaluation] },
  { what: 'a failure in the operand of a failure is forgotten', file: 'src/compiler/wasm/assembler.ts', find: "put(w.bad); put(get32(it.error)); code.push(opcode.or32, 0x21)", replace: "put(get32(it.error)); put(w.bad); code.push(opcode.or32, 0x21)", tests: [wasm, evaluation] },
  { what: 'both sides of and are evaluated', file: 'src/compiler/wasm/expression.ts', find: "if (right.partial) return { type: 'i32', partial: true, op: 'if', condition: left, then: right, otherwise: no }", replace: '', tests: [wasm, evaluation] },
  { what: 'merged tests lose the mask of one', file: 'src/compiler/wasm/expression.ts', find: 'return { ...left, mask: left.mask | right.mask, value: left.value | right.value }', replace: 'return { ...left, mask: left.mask, value: left.value | right.value }', tests: [wasm] },
  { what: 'the last value of many is not chosen', file: 'src/compiler/transition.ts', find: "f.brIf(again, binary('lt64s', get(i, 'i64'), i64(codes.length)))", replace: "f.brIf(again, binary('lt64s', get(i, 'i64'), i64(codes.length - 1)))", tests: [traps] },
  { what: 'a picked element stays', file: 'src/compiler/transition.ts', find: "              states.write(s, remaining, binary('and64', set, i64(~(1n << c))))\n", replace: '', tests: [evaluation] },
  { what: 'a full queue takes one more', file: 'src/compiler/transition.ts', find: "const full = check(binary('ge64s', length, i64(capacity)), i64(0))", replace: "const full = check(binary('gt64s', length, i64(capacity)), i64(0))", tests: [evaluation] },
  { what: 'a cover witnesses on the side not taken', file: 'src/compiler/transition.ts', find: "        f.set(seen, i32(0))\n        side.tail", replace: "        f.set(seen, i32(1))\n        side.tail", tests: [properties] },
  { what: 'a transition is not judged where it changes nothing', file: 'src/compiler/transition.ts', find: "if (!touched) { observer.found(f, n, load(32, i32(0), observer.stutterAddress(n)), here); continue }", replace: 'if (!touched) continue', tests: [properties] },
  { what: 'who waits for something else as well is stuck', file: 'src/compiler/transition.ts', find: "if (blockers === undefined) { f.set(waits, i32(0)); return }", replace: 'if (blockers === undefined) return', tests: [properties] },
  // the search
  { what: 'the state of zero bits is new each time', file: 'src/compiler/engine.ts', find: 'set(f, control.zeroSeen, i32(1)); keep(false)', replace: 'set(f, control.zeroSeen, i32(0)); keep(false)', tests: [traps] },
  { what: 'only the first word of a state is compared', file: 'src/compiler/engine.ts', find: "f.if(equal, () => { found?.(); f.br(done) })", replace: "f.if(i32(1), () => { found?.(); f.br(done) })", tests: [traps] },
  { what: 'a slot whose first word is zero is free', file: 'src/compiler/engine.ts', find: 'f.if(others.length === 0 ? i32(1) : isZero(others), () => { free(); f.br(done) })', replace: 'f.if(i32(1), () => { free(); f.br(done) })', tests: [traps] },
  { what: 'a self-loop is a way on', file: 'src/compiler/engine.ts', find: "f.brIf(out, binary('ne64', load(64, get(old, 'i32'), 8 * i), load(64, state, 8 * i)))", replace: 'f.brIf(out, i32(1))', tests: [properties] },
  { what: 'the table ends where probing may go on', file: 'src/compiler/memory.ts', find: 'tail: successors + 1024', replace: 'tail: 0', tests: [traps] },
  { what: 'the log takes 255 for a small number', file: 'src/compiler/engine.ts', find: "f.if(binary('lt32u', value, i32(255)), () => {", replace: "f.if(binary('le32u', value, i32(255)), () => {", tests: [traps] },
  { what: 'the log forgets the parent before', file: 'src/compiler/engine.ts', find: "    f.set(g.lastParent, parent)\n", replace: '', tests: [traps] },
  { what: 'an ordinal off by one', file: 'src/compiler/engine.ts', find: 'logNumber(f, g.log, ordinal)', replace: "logNumber(f, g.log, binary('add32', ordinal, i32(1)))", tests: [traps, properties] },
  { what: 'a route is lost', file: 'src/explorer/shard.ts', find: 'else absorb(parcel.to - workers, parcel, out)', replace: 'else if (parcel.to !== workers + 1) absorb(parcel.to - workers, parcel, out)', tests: [traps] },
  { what: 'what was left at the bottom is lost when the table grows', file: 'src/explorer/partition.ts', find: 'for (const { states, count } of aside) place(states, count)', replace: 'for (const { states, count } of aside.slice(1)) place(states, count)', tests: [traps] },
  { what: 'the zero state is left behind when a partition is split', file: 'src/explorer/shard.ts', find: 'if (p.zeroSeen()) place(to, new Uint8Array(p.plan.stateBytes), 1)', replace: '', tests: [quick, traps] },
  { what: 'the parents of a chunk are counted from its beginning', file: 'src/explorer/partition.ts', find: 'harvest({ log: chunk.log, index: chunk.first + from })', replace: 'harvest({ log: chunk.log, index: chunk.first })', tests: [quick, traps] },
  { what: 'a thread that is lost is found last', file: 'src/explorer/recovery.ts', find: 'const home = all.find(', replace: 'const home = all.findLast(', tests: [quick, properties] },
  { what: 'one round backwards is taken for all', file: 'src/explorer/recovery.ts', find: 'can[n] = now; changed = true', replace: 'can[n] = now', tests: [quick, properties] },
  { what: '64 bits become a number, which has 53', file: 'src/explorer/recovery.ts', find: 'Number((bits >> BigInt(low)) & BigInt(all))', replace: 'Number(bits >> BigInt(low)) & all', tests: [pairs] },
  // minimal schedules
  { what: 'a switch costs nothing', file: 'src/explorer/fewest-switches.ts', find: 'next(number, goal, thread) + (last === undefined || thread === last ? 0 : 1))', replace: 'next(number, goal, thread))', tests: [smallest] },
  { what: 'a step back is part of a shortest schedule', file: 'src/explorer/fewest-switches.ts', find: 'number !== undefined && number >= (firstOf[level] ?? 0) && number < (firstOf[level - 1] ?? used) ? number : undefined', replace: 'number', tests: [smallest] },
  { what: 'the last of the best threads goes on', file: 'src/explorer/fewest-switches.ts', find: 'for (let thread = 0; ; thread++) {', replace: 'for (let thread = threads - 1; ; thread--) {', tests: [smallest] },
  { what: 'states of all zero bits lead nowhere', file: 'src/compiler/engine.ts', find: 'f.set(marked, at(control.zeroSeen))', replace: 'f.set(marked, i32(0))', tests: [smallest] },
  { what: 'every switch is a preemption', file: 'src/explorer/measured.ts', find: 'last !== thread && couldGoOn()', replace: 'last !== thread', tests: [smallest] },
  { what: 'of a set of threads the first that shows it is taken', file: 'src/explorer/measured.ts', find: 'one.steps < (ofSize.get(goal)?.steps ?? Infinity)', replace: '!ofSize.has(goal)', tests: [smallest] },
  // passes
  { what: 'a live local is reset: what an assertion reads', file: 'src/compiler/passes/dead-locals.ts', find: "case 'assert': case 'cover': return plain(union(after, reads(s.condition)))", replace: "case 'assert': case 'cover': return plain(after)", tests: [deadLocals] },
  { what: 'a live local is reset: what a label needs', file: 'src/compiler/passes/dead-locals.ts', find: "case 'goto': return jump(exits.labels.get(s.id) ?? none)", replace: "case 'goto': return jump(none)", tests: [deadLocals] },
  { what: 'a live local is reset: what the next round needs', file: 'src/compiler/passes/dead-locals.ts', find: "const head = exits.heads.get(s.path) ?? none\n", replace: 'const head = none\n', tests: [deadLocals] },
  { what: 'locals that hold something together share their bits', file: 'src/compiler/frame.ts', find: 'c.every((other) => !conflict(l, other))', replace: 'c.every((other) => conflict(l, other))', tests: [quick] },
  { what: 'a local that is set and not read any more gets no bits', file: 'src/compiler/frame.ts', find: 'return id === undefined ? before : union(before, new Set([id]))', replace: 'return before', tests: [quick] },
  { what: 'a variable read by who blocks is dropped', file: 'src/compiler/passes/unread.ts', find: 'for (const e of expressionsOf(s)) mark(e)', replace: 'for (const e of expressionsOf(s).slice(0, 1)) mark(e)', tests: [unread] },
  { what: 'the assignment of a dropped variable has another place', file: 'src/compiler/passes/unread.ts', find: 'label: statementLabel(s, thread), path: s.path,', replace: 'label: statementLabel(s, thread), path: `${s.path}.dropped`,', tests: [unread] },
]
