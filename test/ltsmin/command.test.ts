/** The command lines of LTSmin. */
import { expect, test } from 'vitest'
import { ltsminCommand, tableSizes, type Launch } from '../../src/ltsmin/command.ts'

const dist: Launch = {
  tools: {
    engine: 'ltsmin',
    search: '/l/bin/pins2lts-dist',
    headers: '/l/include',
    compiler: 'cc',
    mpirun: '/m/mpirun',
  },
  ranks: 2,
  folder: '/t',
  plugin: '/t/model.so',
  tableSize: 22,
  processors: 2,
  variables: { PATH: '/bin' },
  isRoot: false,
}
const mc: Launch = {
  ...dist,
  tools: { engine: 'ltsmin-mc', search: '/l/bin/pins2lts-mc', headers: '/l/include', compiler: 'cc' },
}
const wordsOf = (setting: Launch, ...goals: readonly [Parameters<typeof ltsminCommand>[1]]): string =>
  ltsminCommand(setting, ...goals).words.join(' ')
const nothing = { sought: [] }

test.each([[nothing], [{ sought: [3] }], [{ sought: [3, 5], traces: '/t/x.dir', goesOn: true }]])(
  'every run over MPI has --mpi: without, each rank would search alone (%j)',
  (goals) => {
    expect(wordsOf(dist, goals)).toMatch(/ \/l\/bin\/pins2lts-dist --mpi .*\/t\/model\.so$/)
  },
)

test('a count keeps no parents', () => {
  expect(wordsOf(dist, nothing)).not.toContain('--trace')
  expect(wordsOf(mc, nothing)).toBe('--procs=2 -s22 --strategy=sbfs -v /t/model.so')
})

test('a search for traces has a label for each watch', () => {
  const goals = { sought: [3, 5], traces: '/t/x.dir', goesOn: true }
  expect(ltsminCommand(dist, goals).words.slice(-5)).toEqual([
    '-i',
    'f3 == 0 && f5 == 0',
    '-n',
    '--trace=/t/x.dir',
    '/t/model.so',
  ])
  expect(ltsminCommand(mc, { ...goals, goesOn: false }).words.slice(-4)).toEqual([
    '-i',
    'w3 == 0 && w5 == 0',
    '--trace=/t/x.dir',
    '/t/model.so',
  ])
})

test('ranks find the programs of LTSmin, and the libraries that the user has named', () => {
  const { variables, words } = ltsminCommand({ ...dist, variables: { PATH: '/bin', LD_LIBRARY_PATH: '/x' } }, nothing)
  expect(variables['PATH']).toBe('/l/bin:/bin')
  expect(words.join(' ')).toContain('-x PATH -x LD_LIBRARY_PATH')
})

test('root is only told of to who asks', () => {
  expect(wordsOf(dist, nothing)).not.toContain('root')
  expect(wordsOf({ ...dist, isRoot: true }, nothing)).toMatch(/^--allow-run-as-root /)
})

test('more ranks than processors let each other run', () => {
  expect(wordsOf(dist, nothing)).not.toContain('yield')
  expect(wordsOf({ ...dist, ranks: 3 }, nothing)).toContain('--mca mpi_yield_when_idle 1')
})

test('over several hosts, one that is gone is noticed', () => {
  const words = wordsOf({ ...dist, hosts: '/h' }, nothing)
  expect(words).toContain('--hostfile /h')
  expect(words).toContain('ServerAliveInterval')
  expect(words).toContain('--mca oob_tcp_keepalive_time 10')
  expect(words).not.toContain('--oversubscribe')
})

test('a table grows eightfold, up to the memory there is', () => {
  expect(tableSizes(0)).toEqual([22])
  expect(tableSizes(18 * 2 ** 22)).toEqual([22])
  expect(tableSizes(18 * 2 ** 30)).toEqual([22, 25, 28, 30])
  expect(tableSizes(2 ** 50).at(-1)).toBe(33)
})
