/** A ForEach inside a step: which iterations may be done in any order, and which may not. */
import { describe, expect, test } from 'vitest'
import { array, Assert, atomic, Bool, Choose, ForEach, If, IfSome, Let, Local, model, none, not, optional, queueOf, range, ref, setOf, shared, sort, Step, struct, thread } from '../../src/language/index.ts'

const Device = sort('Device')
const Page = sort('Page')
const Va = sort('Va')
const Driver = struct('driver', { pte: array(Va, optional(Page)), count: range(0, 9) })
const driver = shared('driver', array(Device, Driver))
const free = shared('free', setOf(Page))
const flag = shared('flag', Bool)
const total = shared('total', range(0, 9))
const list = shared('list', queueOf(Page, 3))
const reset = atomic('reset', [ref(Driver)], (one) => {
  const was = Let('was', one.count)
  If(was.gt(0), () => one.count.set(0))
})

const build = (write: () => undefined) => () => model('m', { threads: [thread('t', () => { Step('s', write) })] })

describe('in any order', () => {
  test.each<readonly [string, () => undefined]>([
    ['each its own cell', () => { ForEach(Device, (device) => driver.at(device).count.set(3)) }],
    ['each its own cell, read and written', () => { ForEach(Device, (device) => driver.at(device).count.set(driver.at(device).count.plus(total))) }],
    ['each a row, cell by cell', () => { ForEach(Device, (device) => ForEach(Va, (va) => driver.at(device).pte.at(va).set(none))) }],
    ['each its own membership', () => { ForEach(Page, (page) => If(not(free.has(page)), () => free.add(page))) }],
    ['all into one set', () => { ForEach(Device, (device) => IfSome(driver.at(device).pte.at(Choose('va', Va)), (page) => free.add(page))) }],
    ['the same value in each', () => { ForEach(Device, (device) => If(driver.at(device).count.gt(0), () => flag.set(true))) }],
    ['a sum', () => { ForEach(Device, (device) => total.set(total.plus(driver.at(device).count))) }],
    ['a local of its own', () => { ForEach(Device, (device) => { const n = Let('n', driver.at(device).count); driver.at(device).count.set(n.plus(1)) }) }],
    ['a procedure on its own part', () => { ForEach(Device, (device) => reset(driver.at(device))) }],
    ['only claims', () => { ForEach(Page, (page) => Assert('P', free.has(page))) }],
  ])('%s', (_name, write) => {
    expect(build(write)).not.toThrow()
  })
})

describe('the order matters', () => {
  test.each<readonly [string, () => undefined]>([
    ['the last one stays', () => { ForEach(Device, (device) => total.set(driver.at(device).count)) }],
    ['one reads what another writes', () => { ForEach(Device, (device) => driver.at(device).count.set(total)); ForEach(Device, () => If(flag, () => flag.set(false))) }],
    ['another\'s cell', () => { ForEach(Device, () => ForEach(Device, (other) => driver.at(other).count.set(driver.at(other).count.plus(1).plus(total)))) }],
    ['a set, whole', () => { ForEach(Page, (page) => If(free.isEmpty, () => free.add(page))) }],
    ['in and out of one set', () => { ForEach(Page, (page) => { free.remove(page); free.add(Choose('other', Page)) }) }],
    ['a queue', () => { ForEach(Page, (page) => list.push(page)) }],
    ['up and down', () => { ForEach(Device, (device) => If(driver.at(device).count.gt(0), () => total.increment()).Else(() => total.decrement())) }],
    ['a local that goes from one to the next', () => {
      const seen = Local('seen', Bool)
      ForEach(Device, (device) => { If(seen, () => driver.at(device).count.set(1)); seen.set(driver.at(device).count.gt(0)) })
    }],
  ])('%s', (_name, write) => {
    expect(build(write)).toThrow(/HMM021/)
  })
})
