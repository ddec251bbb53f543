/**
 * What is folded while it is built is what WebAssembly would compute; what can fail raises its flag just when it is
 * evaluated.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { module } from '../../src/wasm/assembler.ts'
import {
  after,
  both32,
  binaryOp,
  bit,
  failIf,
  choose,
  constantIn,
  get,
  i32,
  i64,
  not32,
  either32,
  unary,
  wrap64,
} from '../../src/wasm/expression.ts'
import type { Binary, Unary, W } from '../../src/wasm/expression.ts'

/** Runs an expression over two parameters; what it is worth, and whether the flag was up behind it. */
function run(
  make: (a: W, b: W) => W,
  type: 'i32' | 'i64',
  a: bigint,
  b: bigint,
): { readonly value: bigint; readonly raised: boolean } {
  const m = module({ initial: 1, maximum: 1, shared: false })
  const parameters = [type, type] as const
  const w = make(get(0, type), get(1, type))
  m.export(
    'value',
    m.function(parameters, [w.type], (f) => {
      f.result(w)
    }),
  )
  m.export(
    'raised',
    m.function(parameters, ['i32'], (f) => {
      f.drop(w)
      f.result(get(f.error, 'i32'))
    }),
  )
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(m.finish() as Uint8Array<ArrayBuffer>), {
    env: { memory },
  })
  const [x, y] = type === 'i32' ? [Number(BigInt.asIntN(32, a)), Number(BigInt.asIntN(32, b))] : [a, b]
  const call = (name: string): bigint => {
    const f = exports[name]
    return typeof f === 'function' ? BigInt.asUintN(64, BigInt(f(x, y) as bigint | number)) : 0n
  }
  return { value: call('value'), raised: call('raised') !== 0n }
}
const folded = (w: W): bigint | undefined => {
  const c = constantIn(w)
  return c === undefined ? undefined : BigInt.asUintN(64, c)
}

const wide: readonly Binary[] = [
  'add64',
  'sub64',
  'mul64',
  'and64',
  'or64',
  'xor64',
  'shl64',
  'shr64',
  'eq64',
  'ne64',
  'lt64s',
  'le64s',
  'gt64s',
  'ge64s',
]
const narrow: readonly Binary[] = ['add32', 'sub32', 'and32', 'or32', 'eq32', 'ne32']
const anything = fc.oneof(
  fc.bigInt({ min: 0n, max: 8n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(2n ** 63n, 2n ** 63n - 1n, 2n ** 64n - 1n),
)

describe('constants are folded as they would be computed', () => {
  test.each(wide)('%s', (name) => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        const shift = name.startsWith('sh') ? b % 64n : b
        const expected = run((x, y) => binaryOp(name, x, y), 'i64', a, shift).value
        expect(folded(binaryOp(name, i64(a), i64(shift)))).toBe(expected)
        // one side known
        expect(run((x) => binaryOp(name, x, i64(shift)), 'i64', a, 0n).value).toBe(expected)
        expect(run((_, y) => binaryOp(name, i64(a), y), 'i64', 0n, shift).value).toBe(expected)
      }),
      { numRuns: 30 },
    )
  })
  test.each(narrow)('%s', (name) => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        expect(folded(binaryOp(name, i32(a), i32(b)))).toBe(
          run((x, y) => binaryOp(name, x, y), 'i32', BigInt(a), BigInt(b)).value,
        )
      }),
      { numRuns: 30 },
    )
  })
  test.each<Unary>(['eqz64', 'wrap'])('%s', (name) => {
    fc.assert(
      fc.property(anything, (a) => {
        expect(folded(unary(name, i64(a)))).toBe(run((x) => unary(name, x), 'i64', a, 0n).value)
      }),
      { numRuns: 30 },
    )
  })
  test('extend', () => {
    for (const n of [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)])
      expect(folded(unary('extend', i32(n)))).toBe(run((x) => unary('extend', x), 'i32', BigInt(n), 0n).value)
  })
})

describe('tests of packed fields are merged', () => {
  const field = (word: W, shift: number, bits: number): W =>
    binaryOp('and64', binaryOp('shr64', word, i64(shift)), i64((1n << BigInt(bits)) - 1n))
  test('and mean the same', () => {
    const small = fc.integer({ min: 0, max: 60 }),
      few = fc.integer({ min: 1, max: 4 }),
      value = fc.bigInt({ min: 0n, max: 15n })
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        small,
        few,
        value,
        small,
        few,
        value,
        fc.boolean(),
        (word, s1, b1, v1, s2, b2, v2, hit) => {
          const read = (s: number, b: number): bigint => (word >> BigInt(s)) & ((1n << BigInt(b)) - 1n)
          // mostly values that are there, or the answer would nearly always be no
          const w1 = hit ? read(s1, b1) : v1,
            w2 = hit ? read(s2, b2) : v2
          const both = run(
            (x) => both32(binaryOp('eq64', field(x, s1, b1), i64(w1)), binaryOp('eq64', field(x, s2, b2), i64(w2))),
            'i64',
            word,
            0n,
          ).value
          expect(both).toBe(read(s1, b1) === w1 && read(s2, b2) === w2 ? 1n : 0n)
        },
      ),
    )
  })
  test('to one test of the word', () => {
    const w = both32(
      binaryOp('eq64', field(get(0, 'i64'), 3, 2), i64(1)),
      binaryOp('eq64', field(get(0, 'i64'), 9, 3), i64(5)),
    )
    expect(w).toMatchObject({ op: 'masked', mask: 0b111000011000n, value: 0b101000001000n })
  })
  test('that contradict each other are no', () => {
    const w = both32(
      binaryOp('eq64', field(get(0, 'i64'), 3, 2), i64(1)),
      binaryOp('eq64', field(get(0, 'i64'), 4, 2), i64(1)),
    )
    expect(folded(w)).toBe(0n)
  })
  test('a value that the field cannot have is never there', () => {
    expect(folded(binaryOp('eq64', field(get(0, 'i64'), 3, 2), i64(4)))).toBe(0n)
  })
  test('a bit beyond the word is that of the place modulo 64, whoever asks', () => {
    expect(run((x) => bit(x, i64(-2)), 'i64', 1n << 62n, 0n).value).toBe(
      run((x, y) => bit(x, y), 'i64', 1n << 62n, wrap64(-2n)).value,
    )
  })
  test.each([0, 1, 31, 32, 62, 63])('bit %i', (n) => {
    for (const word of [0n, 1n << BigInt(n), wrap64(~(1n << BigInt(n))), 2n ** 64n - 1n]) {
      const expected = (word >> BigInt(n)) & 1n
      expect(run((x) => bit(x, i64(n)), 'i64', word, 0n).value).toBe(expected)
      expect(run((x, y) => bit(x, y), 'i64', word, BigInt(n)).value).toBe(expected)
    }
  })
})

describe('what can fail', () => {
  /** Fails if the number is 0. */
  const partial = (x: W): W => failIf(binaryOp('eq64', x, i64(0)), x)
  const truth = (x: W): W => not32(binaryOp('eq64', partial(x), i64(7)))
  const yes = (x: W): W => binaryOp('eq64', x, i64(1))

  test.each<readonly [string, (a: W, b: W) => W, readonly (readonly [bigint, bigint, boolean])[]]>([
    [
      'raises the flag',
      (a) => partial(a),
      [
        [0n, 0n, true],
        [1n, 0n, false],
      ],
    ],
    [
      'in an operand',
      (a, b) => binaryOp('add64', partial(a), partial(b)),
      [
        [0n, 1n, true],
        [1n, 0n, true],
        [1n, 1n, false],
      ],
    ],
    [
      'is skipped on the right of and',
      (a, b) => both32(yes(a), truth(b)),
      [
        [2n, 0n, false],
        [1n, 0n, true],
        [1n, 1n, false],
      ],
    ],
    [
      'is skipped on the right of or',
      (a, b) => either32(yes(a), truth(b)),
      [
        [1n, 0n, false],
        [2n, 0n, true],
        [2n, 1n, false],
      ],
    ],
    [
      'is skipped on the side not taken',
      (a, b) => choose(yes(a), b, partial(b)),
      [
        [1n, 0n, false],
        [2n, 0n, true],
      ],
    ],
    [
      'is not skipped in a condition',
      (a, b) => choose(truth(a), b, b),
      [
        [0n, 1n, true],
        [7n, 1n, false],
      ],
    ],
    [
      'is not skipped beside a constant',
      (a) => binaryOp('and64', partial(a), i64(0)),
      [
        [0n, 0n, true],
        [1n, 0n, false],
      ],
    ],
    [
      'is not forgotten when what follows does not fail',
      (a, b) => failIf(binaryOp('eq64', partial(a), i64(9)), b),
      [
        [0n, 1n, true],
        [9n, 1n, true],
        [1n, 1n, false],
      ],
    ],
    [
      'is done first where its value does not matter',
      (a, b) => after(partial(a), b),
      [
        [0n, 1n, true],
        [1n, 1n, false],
      ],
    ],
    [
      'stays on the left of and with no',
      (a) => both32(truth(a), i32(0)),
      [
        [0n, 0n, true],
        [1n, 0n, false],
      ],
    ],
  ])('%s', (_, make, cases) => {
    for (const [a, b, raised] of cases)
      expect({ a, b, raised: run(make, 'i64', a, b).raised }).toEqual({ a, b, raised })
  })
})

test('a number of any size survives in the bytes', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (n) => {
      expect(run((x) => binaryOp('or64', i64(n), binaryOp('and64', x, i64(0))), 'i64', 5n, 0n).value).toBe(
        BigInt.asUintN(64, n),
      )
    }),
  )
  fc.assert(
    fc.property(fc.integer(), (n) => {
      expect(BigInt.asIntN(32, run((x) => binaryOp('or32', x, i32(n)), 'i32', 0n, 0n).value)).toBe(BigInt(n))
    }),
  )
})
