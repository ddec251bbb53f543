/** Random expression trees mean in C what they mean in WebAssembly: the value, and whether the error flag was raised. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { functionsInC } from '../../src/c/functions.ts'
import { fixedText } from '../../src/c/model.ts'
import { module, type Functions } from '../../src/wasm/assembler.ts'
import {
  binaryOp,
  both32,
  choose,
  either32,
  failIf,
  get,
  i32,
  i64,
  letLocal,
  not32,
  unary,
  type Binary,
  type W,
} from '../../src/wasm/expression.ts'
import type { Func } from '../../src/wasm/function.ts'
import { strict } from '../support/native.ts'

const PARAMETERS = 3
const numbers: readonly Binary[] = ['add64', 'sub64', 'mul64', 'and64', 'or64', 'xor64', 'shl64', 'shr64']
const comparisons: readonly Binary[] = ['eq64', 'ne64', 'lt64s', 'le64s', 'gt64s', 'ge64s']
const words: readonly bigint[] = [
  0n,
  1n,
  2n,
  5n,
  63n,
  64n,
  0xffn,
  1n << 40n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 1n,
]

/** A tree before it is built: what it is made of needs the function that it stands in. */
interface Recipe {
  readonly kind: number
  readonly n: number
  readonly parts: readonly Recipe[]
}

const recipe = fc.letrec<{ tree: Recipe }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.record({ kind: fc.constant(-1), n: fc.nat(40), parts: fc.constant([]) }),
    fc.record({
      kind: fc.nat(6),
      n: fc.nat(40),
      parts: fc.tuple(tie('tree'), tie('tree'), tie('tree')),
    }),
  ),
})).tree

const word = (n: number): bigint => words[n % words.length] ?? 0n

function number(f: Func, { kind, n, parts: [a, b, c] }: Recipe): W {
  if (a === undefined || b === undefined || c === undefined)
    return n % 2 === 0 ? get(n % PARAMETERS, 'i64') : i64(word(n))
  switch (kind) {
    case 0:
      return choose(truth(f, a), number(f, b), number(f, c))
    case 1:
      return failIf(truth(f, a), number(f, b))
    case 2: {
      const local = f.local('i64')
      return letLocal(local, number(f, a), binaryOp('add64', get(local, 'i64'), number(f, b)))
    }
    case 3:
      return unary('extend', truth(f, a))
    case 4:
      return n % 2 === 0 ? unary('popcnt64', number(f, a)) : binaryOp('rem64s', number(f, a), i64((n % 7) + 1))
    default:
      return binaryOp(numbers[n % numbers.length] ?? 'add64', number(f, a), number(f, b))
  }
}

function truth(f: Func, { kind, n, parts: [a, b, c] }: Recipe): W {
  if (a === undefined || b === undefined || c === undefined) return i32(n % 2)
  switch (kind) {
    case 0:
      return both32(truth(f, a), truth(f, b))
    case 1:
      return either32(truth(f, a), truth(f, b))
    case 2:
      return not32(truth(f, a))
    case 3:
      return binaryOp('eq64', binaryOp('and64', binaryOp('shr64', number(f, a), i64(n % 64)), i64(3)), i64(n % 4))
    case 4:
      return failIf(truth(f, a), truth(f, b))
    default:
      return binaryOp(comparisons[n % comparisons.length] ?? 'eq64', number(f, a), number(f, b))
  }
}

/** A function of the value, and one of the flag: each is evaluated alone. */
function define(m: Functions, tree: Recipe): readonly [value: number, flag: number] {
  const parameters = Array.from({ length: PARAMETERS }, () => 'i64' as const)
  const write = (result: (f: Func, value: W) => W) =>
    m.function(parameters, ['i64'], (f) => {
      const kept = f.local('i64')
      f.set(kept, number(f, tree))
      f.result(result(f, get(kept, 'i64')))
    })
  return [write((_, value) => value), write((f) => unary('extend', get(f.error, 'i32')))]
}

const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-c-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const inputs: readonly (readonly bigint[])[] = Array.from({ length: 6 }, (_, n) =>
  Array.from({ length: PARAMETERS }, (_, p) => word(3 * n + 5 * p + n * p)),
)

test.each([1, 2, 3])('values and flags are equal, seed %i', (seed) => {
  const trees = fc.sample(recipe, { numRuns: 150, seed })
  const m = module({ initial: 1, maximum: 1, shared: false })
  const c = functionsInC()
  const names = trees.flatMap((tree, n) => {
    define(m, tree).forEach((index, k) => {
      m.export(`f${2 * n + k}`, index)
    })
    return define(c, tree).map((index) => c.nameOf(index))
  })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(m.finish() as Uint8Array<ArrayBuffer>), {
    env: { memory: new WebAssembly.Memory({ initial: 1, maximum: 1 }) },
  })
  const wanted = names.flatMap((_, n) => {
    const f = exports[`f${n}`] as (...given: readonly bigint[]) => bigint
    return inputs.map((given) => String(BigInt.asUintN(64, f(...given))))
  })
  const helpers = fixedText('support.h')
    .split('\n\n')
    .filter((part) => /^static inline u64 (?:number_of_truth|ones)/.test(part))
  const calls = names.flatMap((name) =>
    inputs.map((given) => `  printf("%" PRIu64 "\\n", ${name}(${given.map((one) => `${one}ull`).join(', ')}));`),
  )
  writeFileSync(
    join(folder, 'trees.c'),
    [
      '#include <inttypes.h>',
      '#include <stdint.h>',
      '#include <stdio.h>',
      'typedef uint32_t u32;\ntypedef uint64_t u64;\ntypedef int64_t i64;',
      ...helpers,
      c.text(),
      `int main(void) {\n${calls.join('\n')}\n  return 0;\n}`,
    ].join('\n'),
  )
  const program = join(folder, 'trees')
  const options = [...strict, '-Wno-unused-function', '-fsanitize=undefined', '-fno-sanitize-recover=all']
  execFileSync('gcc', [...options, join(folder, 'trees.c'), '-o', program], { stdio: ['ignore', 'ignore', 'pipe'] })
  const said = execFileSync(program, { encoding: 'utf8' }).trim().split('\n')
  expect(said).toEqual(wanted)
})
