/** Every mistake of src/language/mistakes.ts, made: the line that is at fault carries the code of its error. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import {
  Acquire, Ahead, anyOf, array, assertion, Assert, atomic, Await, before, Bool, Break, Choose, configure, constant, Cover, current, Either, epoch, every, fix, ForEach,
  ghost, Ghost, Goto, Held, Here, If, invariant, Label, Let, lifetime, Local, Loop, model, ModelError, none, not, optional, procedure, range, ref, Return, setOf, shared,
  Shows, sometimes, sort, Step, struct, thread, threadPer, Thread, transition, union, type Bool as BoolHandle, type IdPlace, type IntPlace,
} from '../../src/language/index.ts'
import { mistakes } from '../../src/language/mistakes.ts'

const Device = sort('Device')
const Page = sort('Page')
const x = shared('x', range(0, 3))
const y = shared('y', range(0, 3))
const flag = shared('flag', Bool)
const lock = shared('lock', struct('lock', { owner: optional(Thread) }))
const owner = shared('owner', optional(Thread))
const freed = shared('freed', setOf(Page))
const cells = shared('cells', array(Device, range(0, 3)))
const turn = shared('turn', Device)
const seen = ghost('seen', range(0, 9))
const two = procedure('two', [], () => {
  x.set(1)
  x.set(2)
})
const enter = atomic('enter', [], () => {
  Acquire(lock.owner.isNone, (other) => lock.owner.eq(other)) // HMM014
  lock.owner.set(current)
})

const slab = shared('slab', setOf(Page))
lifetime(Page, slab, (one) => slab.has(one))
const kmalloc = atomic('kmalloc', [], () => {
  const page = Choose('page', Page, (one) => not(slab.has(one)))
  slab.add(page)
  return page
})
const kept = shared('kept', optional(Page))
const seq = epoch('seq')
const stored = shared('stored', seq.Sample)
const Pointer = union('pointer', { none: {}, to: { page: Page }, stale: {} })
const entry = shared('entry', Pointer)

/** A model of one thread with this body. */
const body = (write: () => undefined) => () => model('m', { threads: [thread('t', write)] })
const step = (write: () => undefined) => body(() => { Step('s', write) })
const plain = model('m', { threads: [threadPer(Device, 't', () => { Step('s', () => If(fix('careful'), () => x.set(1))) })] })
const configured = (sizes: Readonly<Record<string, number>>, constants: Readonly<Record<string, boolean | number>>, threads?: readonly string[]) => () =>
  configure(plain, { sizes, constants, ...(threads === undefined ? {} : { threads }) })

let leaked: BoolHandle | undefined
let page: IdPlace<'Page'> | undefined

const made: readonly (readonly [code: string, build: () => unknown])[] = [
  ['HMM001', () => x.set(1)], // HMM001
  ['HMM002', () => {
    const other = shared('x', range(0, 1)) // HMM002
    return body(() => { x.set(1); other.set(1) })()
  }],
  ['HMM002', () => model('m', { threads: [thread('t', () => { x.set(1) }), thread('t', () => { x.set(2) })] })],
  ['HMM002', () => model('m', { threads: [], properties: [invariant('p', x.eq(1)), assertion('p')] })],
  ['HMM003', () => struct('s', { node: Bool })], // HMM003
  ['HMM003', () => union('u', { lift: {}, present: {} })], // HMM003
  ['HMM004', body(() => { Break() })], // HMM004
  ['HMM004', body(() => {
    const leave = procedure('leave', [], () => Break()) // HMM004
    Loop(() => leave())
  })],
  ['HMM005', body(() => {
    const test = If(x.eq(1), () => y.set(1))
    x.set(2)
    test.Else(() => y.set(2)) // HMM005
  })],
  ['HMM006', body(() => {
    const f = procedure('f', [ref(range(0, 3))], (n) => n.set(1))
    f(x.plus(1) as IntPlace) // HMM006
  })],
  ['HMM007', () => configure({ ...plain, properties: [{ name: 'p', kind: 'invariant', condition: { kind: 'shared', name: 'z' } }] }, { sizes: { Device: 1 }, constants: { careful: true } })],
  ['HMM007', () => model('m', { threads: [], properties: [invariant('p', owner.eq(current))] })],
  ['HMM008', () => configure({ ...plain, properties: [{ name: 'p', kind: 'invariant', condition: { kind: 'shared', name: 'x' } }] }, { sizes: { Device: 1 }, constants: { careful: true } })],
  ['HMM008', body(() => {
    const unlock = atomic('unlock', [ref(struct('lock', { owner: optional(Page) }))], (taken) => taken.owner.set(none))
    unlock(lock) // HMM008
  })],
  ['HMM009', () => model('m', { threads: [], properties: [invariant('p', shared('v', optional(optional(Page))).isNone)] })],
  ['HMM009', () => model('m', { threads: [], properties: [invariant('p', shared('v', setOf(range(0, 64))).isEmpty)] })],
  ['HMM009', () => model('m', { threads: [], properties: [invariant('p', shared('v', range(0, 2 ** 30 + 1)).eq(0))] })],
  ['HMM009', () => model('m', { threads: [], properties: [invariant('p', shared('v', range(3, 2)).eq(0))] })],
  ['HMM009', () => model('m', { threads: [], properties: [invariant('p', shared('v', array(setOf(Page), Bool)).at(freed))] })],
  ['HMM009', () => model('m', { threads: [], properties: [invariant('p', constant('c', optional(Page)).isNone)] })],
  ['HMM010', () => model('m', { threads: [], properties: [invariant('p', shared('v', range(0, 3), anyOf(1, x)).eq(0))] })],
  ['HMM011', () => {
    const large = shared('large', range(0, 2 ** 30))
    return body(() => { Await(large.plus(large).plus(large).eq(3)) })() // HMM011
  }],
  ['HMM012', body(() => {
    const f: () => unknown = procedure('f', [], () => { g() }) // HMM012
    const g: () => unknown = procedure('g', [], () => { f() }) // HMM012
    f()
  })],
  ['HMM013', step(() => { two() })], // HMM013
  ['HMM013', step(() => { Loop(() => x.set(1)) })], // HMM013
  ['HMM013', step(() => { Label('again') })], // HMM013
  ['HMM013', () => model('m', { threads: [], initially: () => { two() } })], // HMM013
  ['HMM014', step(() => {
    x.set(1)
    Await(flag) // HMM014
  })],
  ['HMM014', step(() => {
    x.set(1)
    Choose('page', Page, (candidate) => freed.has(candidate)) // HMM014
  })],
  ['HMM014', step(() => {
    If(flag, () => x.set(1))
    enter()
  })],
  ['HMM014', step(() => {
    ForEach(Device, (device) => {
      Await(cells.at(device).eq(0)) // HMM014
      cells.at(device).set(1)
    })
  })],
  ['HMM015', body(() => {
    const f = procedure('f', [range(0, 3)], (n) => x.set(n))
    f(y) // HMM015
  })],
  ['HMM015', body(() => {
    const f = procedure('f', [ref(range(0, 3))], (n) => n.set(0))
    const mine = Local('mine', Device)
    f(cells.at(mine))
    f(cells.at(turn)) // HMM015
  })],
  ['HMM016', body(() => {
    If(flag, () => { leaked = Let('mine', flag) })
    Await(leaked ?? flag) // HMM016
  })],
  ['HMM016', body(() => {
    const mine = Local('mine', range(0, 3))
    const f = procedure('f', [], () => mine.set(1)) // HMM016
    f()
  })],
  ['HMM016', () => {
    let theirs = page
    const threads = [thread('a', () => { theirs = Local('page', Page) }), thread('b', () => { freed.add(theirs ?? Local('page', Page)) })] // HMM016
    return model('m', { threads })
  }],
  ['HMM016', () => {
    every(Page, (candidate) => (leaked = freed.has(candidate)))
    return model('m', { threads: [], properties: [invariant('p', leaked ?? flag)] })
  }],
  ['HMM017', body(() => {
    not(flag) // HMM017
    x.set(1)
  })],
  ['HMM017', body(() => { x.plus(1) })], // HMM017
  ['HMM018', body(() => { Await(x.mod(0).eq(0)) })], // HMM018
  ['HMM018', body(() => { Await(x.minus(1).and(1).eq(0)) })], // HMM018
  ['HMM018', body(() => { Await(x.or(-1).eq(0)) })], // HMM018
  ['HMM019', body(() => { Loop(() => {}) })], // HMM019
  ['HMM019', body(() => {
    const again = Label('again') // HMM019
    Goto(again)
  })],
  ['HMM019', () => {
    const careful = fix('careful')
    const m = body(() => { Loop(() => If(careful, () => x.set(1))) })() // HMM019
    return configure(m, { sizes: {}, constants: { careful: false } })
  }],
  ['HMM020', body(() => { seen.set(1) })], // HMM020
  ['HMM020', body(() => { Let('mine', seen) })], // HMM020
  ['HMM020', step(() => { Await(seen.eq(1)) })], // HMM020
  ['HMM020', step(() => { If(seen.eq(1), () => x.set(1)) })], // HMM020
  ['HMM021', step(() => { ForEach(Device, (device) => x.set(cells.at(device))) })], // HMM021
  ['HMM021', step(() => { ForEach(Device, () => owner.set(current)); ForEach(Device, (device) => x.set(cells.at(device).minus(x))) })], // HMM021
  ['HMM021', step(() => { ForEach(Page, (each) => If(freed.isEmpty, () => freed.add(each))) })], // HMM021
  ['HMM021', body(() => {
    Loop(() => Step('s', () => ForEach(Device, (device) => {
      cells.at(device).set(1)
      Break() // HMM021
    })))
  })],
  ['HMM022', body(() => {
    Either( // HMM022
      () => { x.set(1); y.set(1) },
      () => { x.set(1); y.set(2) },
    )
  })],
  ['HMM023', body(() => {
    const out = Ahead('out')
    Goto(out) // HMM023
  })],
  ['HMM023', body(() => {
    const out = Ahead('out')
    If(flag, () => Here(out))
    Goto(out) // HMM023
  })],
  ['HMM023', body(() => {
    const again = Label('again')
    x.set(1)
    const f = procedure('f', [], () => Goto(again)) // HMM023
    f()
  })],
  ['HMM023', body(() => {
    const again = Label('again')
    x.set(1)
    Here(again) // HMM023
  })],
  ['HMM024', () => model('m', { threads: [], properties: [invariant('p', before(x).eq(x))] })],
  ['HMM024', body(() => { Await(before(flag)) })], // HMM024
  ['HMM024', () => model('m', { threads: [], properties: [transition('p', before(before(x)).eq(x))] })],
  ['HMM025', step(() => { Cover('p') })], // HMM025
  ['HMM025', () => model('m', { threads: [thread('t', () => { Step('s', () => Assert('p', flag)) })], properties: [sometimes('p', flag)] })], // HMM025
  ['HMM026', () => model('m', { threads: [thread('t', () => { Cover('p') })], properties: [sometimes('p')] })], // HMM026
  ['HMM027', body(() => {
    const f = procedure('f', [], () => { If(flag, () => Return(x)) })
    f() // HMM027
  })],
  ['HMM027', body(() => {
    const f = procedure('f', [], () => { If(flag, () => Return()); return x })
    f() // HMM027
  })],
  ['HMM028', body(() => {
    const f = procedure('f', [ref(range(0, 3)), range(0, 3)], (n, m) => {
      n.set(0) // HMM028
      x.set(m)
    })
    const mine = Local('mine', range(0, 3))
    f(mine, mine)
  })],
  ['HMM028', body(() => {
    const f = procedure('f', [ref(range(0, 3)), ref(Device)], (cell, which) => {
      cell.set(1)
      which.set(Choose('other', Device)) // HMM028
    })
    const mine = Local('mine', Device)
    f(cells.at(mine), mine)
  })],
  ['HMM036', body(() => { Await(3 as unknown as BoolHandle) })], // HMM036
  ['HMM037', body(() => { Step(`write ${x as unknown as string}`, () => x.set(1)) })], // HMM037
  ['HMM041', body(() => { flag.set(Array.from({ length: 600 }).reduce<BoolHandle>((e) => not(e), flag)) })], // HMM041
  ['HMM038', body(() => { Await((lock as unknown as { readonly woner: BoolHandle }).woner) })], // HMM038
  ['HMM029', step(() => {
    Ghost(() => {
      seen.set(1)
      x.set(1) // HMM029
    })
  })],
  ['HMM029', step(() => { Ghost(() => { Let('mine', x) }) })], // HMM029
  ['HMM029', body(() => { Ghost(() => Assert('p', flag)) })], // HMM029
  ['HMM030', configured({}, { careful: true })],
  ['HMM030', configured({ Device: 1, Pgae: 1 }, { careful: true })],
  ['HMM030', configured({ Device: -1 }, { careful: true })],
  ['HMM030', configured({ Device: 65 }, { careful: true })],
  ['HMM030', () => configure(model('m', { threads: [thread('t', () => { x.set(1) }, { count: 65 })] }), { sizes: {}, constants: {} })],
  ['HMM031', configured({ Device: 1 }, {})],
  ['HMM031', configured({ Device: 1 }, { careful: true, hasty: true })],
  ['HMM031', configured({ Device: 1 }, { careful: 1 })],
  ['HMM032', configured({ Device: 1 }, { careful: true }, ['u'])],
  ['HMM050', body(() => {
    const page = kmalloc()
    kept.set(page) // HMM050
  })],
  ['HMM051', () => model('m', { threads: [thread('t', () => {
    Step('s', () => {
      const page = kmalloc()
      entry.set(Pointer.to({ page })) // HMM051
      slab.remove(page)
    })
  })] })],
  ['HMM052', body(() => { Held(kept, 'a reference') })], // HMM052
  ['HMM053', body(() => { If((stored as unknown as IdPlace<'Page'>).eq(kept as unknown as IdPlace<'Page'>), () => x.set(1)) })], // HMM053
  ['HMM053', body(() => {
    stored.set(Choose('any', seq.Sample)) // HMM053
  })],
  ['HMM053', body(() => { shared('maybe', optional(seq.Sample)).set(seq.now) })], // HMM053
  ['HMM054', body(() => { Shows('an event') })], // HMM054
  ['HMM054', body(() => {
    Step('twice', () => {
      Shows('an event')
      Shows('another') // HMM054
    })
  })],
  ['HMM033', () => configure(model('m', { threads: [], properties: [invariant('p', shared('v', Page).eq(shared('w', Page)))] }), { sizes: { Page: 0 }, constants: {} })],
]

const lines = readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n')
const thrown = (build: () => unknown): ModelError => {
  try {
    build()
  } catch (error) {
    if (error instanceof ModelError) return error
    throw error
  }
  throw new Error('no error')
}

test.each(made.map(([code, build], row) => [code, row, build] as const))('%s (%i)', (code, _row, build) => {
  const { message, at, what } = thrown(build)
  expect(message).toMatch(new RegExp(`^${code}: .+\n  at: .+\n  likely cause: .+\n  remedy: .+`))
  expect(what).not.toMatch(/undefined|\[object/)
  const line = /mistakes\.test\.ts:(\d+)/.exec(at)?.[1]
  if (line !== undefined) expect(lines[Number(line) - 1]).toContain(`// ${code}`)
})

test('every mistake is made', () => {
  // The interpreter finds that a block has no outcome: HMM034. The compiler finds what is too large for it: HMM035,
  // test/compiler/too-large.test.ts.
  // Others have tests of their own: HMM040 in test/semantics/initial-values.test.ts, HMM045 and HMM046 in
  // test/explorer/hangs.test.ts.
  expect(new Set([...made.map(([code]) => code), 'HMM034', 'HMM035', 'HMM040', 'HMM045', 'HMM046'])).toEqual(new Set(Object.keys(mistakes)))
})
