/** Loops, typed values and named memory do in WebAssembly what they say in TypeScript. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { module } from '../../src/wasm/assembler.ts'
import type { Func } from '../../src/wasm/function.ts'
import { doWhile, forever, forUpTo, leaveIf, loopWhile, ifFalse, when } from '../../src/wasm/control.ts'
import { cell, fields, pageBytes, regions } from '../../src/wasm/memory.ts'
import {
  all,
  const32,
  const64,
  local32,
  local64,
  opposite,
  pair,
  parameter32,
  twice,
  typed32,
  typed64,
  type I32,
} from '../../src/wasm/typed.ts'

interface Ran {
  readonly result: number
  readonly view: DataView
}

/** Runs a function of two numbers over a memory of one page. */
function run(write: (f: Func) => I32, a = 0, b = 0, prepare?: (view: DataView) => void): Ran {
  const m = module({ initial: 1, maximum: 1, shared: false })
  const index = m.function(['i32', 'i32'], ['i32'], (f) => {
    f.result(write(f).w)
  })
  m.export('run', index)
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  const view = new DataView(memory.buffer)
  prepare?.(view)
  const code = new WebAssembly.Module(m.finish() as Uint8Array<ArrayBuffer>)
  const { exports } = new WebAssembly.Instance(code, { env: { memory } })
  const { run: go } = exports
  if (typeof go !== 'function') throw new TypeError('no function')
  return { result: Number(go(a, b)) >>> 0, view }
}

const [a, b] = [parameter32(0), parameter32(1)]
const u32 = fc.oneof(fc.nat(5), fc.integer({ min: 0, max: 2 ** 32 - 1 }))

describe('values', () => {
  const operations: readonly (readonly [string, (x: I32, y: I32) => I32, (x: number, y: number) => number])[] = [
    ['add', (x, y) => x.add(y), (x, y) => (x + y) >>> 0],
    ['sub', (x, y) => x.sub(y), (x, y) => (x - y) >>> 0],
    ['mul', (x, y) => x.mul(y), (x, y) => Math.imul(x, y) >>> 0],
    ['and', (x, y) => x.and(y), (x, y) => (x & y) >>> 0],
    ['or', (x, y) => x.or(y), (x, y) => (x | y) >>> 0],
    ['shr', (x, y) => x.shr(y.and(31)), (x, y) => x >>> (y & 31)],
    ['shl', (x, y) => x.shl(y.and(31)), (x, y) => (x << (y & 31)) >>> 0],
    ['trailingZeros', (x) => x.trailingZeros(), (x) => (x === 0 ? 32 : 31 - Math.clz32(x & -x))],
    ['any bit of a vector', (x, y) => pair(x.extend(), y.extend()).any(), (x, y) => Number(x !== 0 || y !== 0)],
    [
      'words of vectors that are equal',
      (x, y) =>
        pair(x.extend(), y.extend())
          .eq(twice(y.extend()).xor(twice(0n)))
          .signs(),
      (x, y) => Number(x === y) + 2,
    ],
    [
      'words of vectors with a bit in one of them',
      (x, y) =>
        pair(x.extend(), const64(0n))
          .or(pair(const64(0n), y.extend()))
          .eq(twice(0n))
          .signs(),
      (x, y) => Number(x === 0) + 2 * Number(y === 0),
    ],
    ['eq', (x, y) => x.eq(y), (x, y) => Number(x === y)],
    ['ne', (x, y) => x.ne(y), (x, y) => Number(x !== y)],
    ['lt', (x, y) => x.lt(y), (x, y) => Number(x < y)],
    ['le', (x, y) => x.le(y), (x, y) => Number(x <= y)],
    ['ge', (x, y) => x.ge(y), (x, y) => Number(x >= y)],
    ['isZero', (x) => x.isZero(), (x) => Number(x === 0)],
    ['all', (x, y) => all([x.lt(y), y.ne(7)]), (x, y) => Number(x < y && y !== 7)],
    [
      'the high half of a product',
      (x, y) => x.extend().mul(y.extend()).shr(32n).wrap(),
      (x, y) => Number((BigInt(x) * BigInt(y)) >> 32n),
    ],
  ]
  test.each(operations)('%s', (_, emitted, meant) => {
    fc.assert(
      fc.property(u32, u32, (x, y) => {
        expect(run(() => emitted(a, b), x, y).result).toBe(meant(x, y))
      }),
      { numRuns: 30 },
    )
  })

  test('the opposite of a comparison is another comparison, of anything else its test for zero', () => {
    const truths = [a.eq(b), a.ne(b), a.lt(b), a.le(b), a.ge(b), all([a.lt(b), b.lt(9)]), a.extend().eq(b.extend())]
    for (const truth of truths)
      for (const [x, y] of [
        [1, 2],
        [2, 2],
        [3, 2],
      ] as const)
        expect(run(() => opposite(truth), x, y).result).toBe(1 - run(() => truth, x, y).result)
    expect(opposite(a.lt(b)).w).toMatchObject({ op: 'binary', name: 'ge32u' })
  })

  test('a width that is not meant is a type error, and an error where a tree comes from elsewhere', () => {
    // @ts-expect-error an address has 32 bits
    expect(() => a.add(const64(1n))).not.toThrow()
    // @ts-expect-error a local of 64 bits takes no value of 32
    expect(() => run((f) => (local64(f).set(a), a))).not.toThrow(TypeError)
    expect(() => typed32(const64(1n).w)).toThrow(TypeError)
    expect(() => typed64(const32(1).w)).toThrow(TypeError)
  })
})

describe('control flow', () => {
  const sum =
    (write: (f: Func, total: ReturnType<typeof local32>, i: ReturnType<typeof local32>) => void) =>
    (f: Func): I32 => {
      const [total, i] = [local32(f), local32(f)]
      write(f, total, i)
      return total
    }
  const loops: readonly (readonly [string, (f: Func) => I32, number])[] = [
    [
      'forUpTo, by 3',
      sum((f, total, i) => {
        forUpTo(f, i, { from: 1, end: const32(11), step: 3 }, () => {
          total.set(total.add(i))
        })
      }),
      1 + 4 + 7 + 10,
    ],
    [
      'forUpTo of nothing',
      sum((f, total, i) => {
        forUpTo(f, i, { from: 5, end: const32(5) }, () => {
          total.set(1)
        })
      }),
      0,
    ],
    [
      'loopWhile',
      sum((f, total, i) => {
        loopWhile(f, i.lt(4), () => {
          i.set(i.add(1))
          total.set(total.add(i))
        })
      }),
      10,
    ],
    [
      'loopWhile, left early',
      sum((f, total, i) => {
        loopWhile(f, i.lt(100), (done) => {
          leaveIf(f, done, i.eq(3))
          i.set(i.add(1))
          total.set(total.add(1))
        })
      }),
      3,
    ],
    [
      'doWhile runs once at least',
      sum((f, total) => {
        doWhile(
          f,
          () => {
            total.set(total.add(1))
          },
          () => const32(0),
        )
      }),
      1,
    ],
    [
      'forever',
      sum((f, total, i) => {
        forever(f, (done) => {
          i.set(i.add(1))
          leaveIf(f, done, i.ge(6))
          total.set(total.add(2))
        })
      }),
      10,
    ],
    [
      'when and unless',
      sum((f, total) => {
        when(
          f,
          const32(1),
          () => {
            total.set(total.add(1))
          },
          () => {
            total.set(100)
          },
        )
        ifFalse(f, const32(1), () => {
          total.set(100)
        })
        ifFalse(f, const32(0), () => {
          total.set(total.add(2))
        })
      }),
      3,
    ],
  ]
  test.each(loops)('%s', (_, write, expected) => {
    expect(run(write).result).toBe(expected)
  })
})

describe('memory', () => {
  test('fields stand at multiples of their widths, and do not overlap', () => {
    const layout = fields(4)
    expect([layout.u32(), layout.u64(), layout.u32(), layout.u64()].map(({ offset }) => offset)).toEqual([4, 8, 16, 24])
    expect(layout.bytes).toBe(32)
  })

  test('regions begin in lines of the cache, one behind the other', () => {
    const sizes = fc.record({ count: fc.nat(40), stride: fc.integer({ min: 1, max: 80 }) })
    fc.assert(
      fc.property(fc.nat(1000), fc.array(sizes, { maxLength: 8 }), (from, wanted) => {
        const place = regions(Math.ceil(from / 64) * 64)
        const made = wanted.map(({ count, stride }) => place.items(count, stride))
        made.forEach((region, n) => {
          const next = made[n + 1]?.address ?? place.end
          expect(region.address % 64).toBe(0)
          expect(region.address + region.count * region.stride).toBeLessThanOrEqual(next)
        })
      }),
    )
  })

  test('emitted code and TypeScript find the same numbers', () => {
    const layout = fields()
    const [first, long, last] = [layout.u32(), layout.u64(), layout.u32()]
    const place = regions(256)
    const [bytes, words, items] = [place.bytes(10), place.words(10), place.items(4, layout.bytes)]
    const { result, view } = run(
      (f) => {
        words.store(f, const32(3), bytes.load(const32(2)).add(1))
        bytes.cell(9).store(f, 255)
        last.store(f, items.at(const32(2)), words.load(const32(3)).add(first.load(items.at(const32(1)))))
        long.store(f, items.at(const32(3)), long.load(items.at(const32(1))).add(1n))
        cell(first, 128).store(f, 77)
        return last.load(items.at(const32(2)))
      },
      0,
      0,
      (before) => {
        bytes.write(before, 2, 200)
        first.write(before, items.addressOf(1), 1000)
        long.write(before, items.addressOf(1), 2n ** 63n)
      },
    )
    expect(result).toBe(1201)
    expect([words.read(view, 3), bytes.read(view, 9), bytes.cell(9).read(view)]).toEqual([201, 255, 255])
    expect(last.read(view, items.addressOf(2))).toBe(1201)
    expect(long.read(view, items.addressOf(3))).toBe(2n ** 63n + 1n)
    expect([cell(first, 128).read(view), first.placed(128).read(view, 0), view.getUint32(128, true)]).toEqual([
      77, 77, 77,
    ])
    expect(pageBytes).toBe(view.byteLength)
  })
})
