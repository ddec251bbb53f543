/** Mermaid: as Mermaid itself parses it. */
import fc from 'fast-check'
import mermaidJs from 'mermaid'
import { beforeAll, describe, expect, test } from 'vitest'
import { mermaid } from '../../../src/report/formats/mermaid.ts'
import type { Trace } from '../../../src/report/trace.ts'
import { NASTY, traced } from './support.ts'

/** What Mermaid made of a diagram: its participants, and the texts of messages and notes in order. */
async function parsed(
  text: string,
): Promise<{ readonly actors: readonly string[]; readonly texts: readonly string[] }> {
  const { db } = await mermaidJs.mermaidAPI.getDiagramFromText(text)
  const { getActors, getMessages } = db as unknown as {
    readonly getActors: () => ReadonlyMap<string, { readonly description: string }>
    readonly getMessages: () => readonly { readonly message?: unknown }[]
  }
  // Mermaid keeps entities in a form of its own until it draws them
  const decoded = (raw: string): string =>
    raw.replaceAll(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(Number(code)))
  return {
    actors: [...getActors.call(db).values()].map(({ description }) => decoded(description)),
    texts: getMessages
      .call(db)
      .flatMap(({ message }) =>
        typeof message === 'string' && message !== '' && !message.startsWith('rgb(') ? [decoded(message)] : [],
      ),
  }
}

beforeAll(() => {
  mermaidJs.initialize({ securityLevel: 'loose' })
})

test('the diagram', async () => {
  const { trace } = await traced('P-NOUAF')
  const text = mermaid(trace)
  expect(text).toMatchInlineSnapshot(`
    "sequenceDiagram
      participant p0 as unmap
      participant p1 as device_fault[0]
      participant p2 as device[0]
      Note over p0,p2: initially mm.pte = page 0, mm.mapped = yes
      p1->>p1: 1 mutex_lock(#38;driver[self].update)
      Note right of p1: device_fault[0] holds driver[0].update
      p1->>p1: 2 mutex_lock(#38;mm.lock)
      Note right of p1: unmap waits for mm.lock<br/>device_fault[0] holds mm.lock, driver[0].update
      p1->>p1: 3 driver[device].pte = mm.pte
      Note right of p1: driver[0].pte: none → page 0<br/>race: reads mm.pte
      p1->>p1: 4 mutex_unlock(#38;mm.lock)
      Note right of p1: unmap no longer waits<br/>device_fault[0] holds driver[0].update
      p0->>p0: 5 mutex_lock(#38;mm.lock)
      Note right of p0: unmap holds mm.lock
      p0->>p0: 6 page = mm.pte
      Note right of p0: page = page 0
      p0->>p0: 7 mm.pte = none
      Note right of p0: mm.pte: page 0 → none<br/>race: changes mm.pte
      p0->>p0: 8 free[page] = true
      Note right of p0: free[0]: no → yes
      rect rgb(255, 214, 214)
        p2->>p2: 9 device reads the page
        Note right of p2: accesses: 0 → 1
        Note over p2: ✗ P-NOUAF
      end
      Note over p0,p2: ✗ P-NOUAF: the device uses a freed page<br/>race: step 3 (device_fault[0]) reads mm.pte#59; step 7 (unmap) then changes it: page 0 → none#59; step 9 relies on the old value
    "
  `)
  expect(await mermaidJs.parse(text)).toMatchObject({ diagramType: 'sequence' })
  const { actors, texts } = await parsed(text)
  expect(actors).toEqual(trace.threads)
  expect(texts.filter((one) => /^\d+ /.test(one))).toEqual(trace.steps.map(({ label }, n) => `${n + 1} ${label}`))
  expect(texts).toContain('driver[0].pte: none → page 0<br/>race: reads mm.pte')
})

test.each(['lock-deadlock', 'P-NOUAF-possible'] as const)('%s', async (name) => {
  const { trace } = await traced(name)
  expect((await parsed(mermaid(trace))).texts.at(-1)?.split('<br/>')[0]).toBe(
    `${name === 'lock-deadlock' ? '✗' : '✓'} ${trace.end?.text ?? ''}`,
  )
})

test('Mermaid is a judge: it refuses what is no diagram', async () => {
  await expect(mermaidJs.parse('sequenceDiagram\n  p0-> nobody\n')).rejects.toThrow()
})

describe('what a label can hold', () => {
  /** A trace with one step of one thread. */
  const labelled = (label: string, thread = 'cpu[0]'): Trace => ({
    threads: [thread],
    initial: [],
    falls: [],
    next: [],
    story: { initial: [], steps: [] },
    steps: [
      {
        thread,
        path: '0',
        label,
        choices: [],
        locals: [label],
        changes: [],
        locks: { holds: [], waits: [] },
        lockChanges: [],
        turnsFalse: ['P'],
        rails: ['runs'],
      },
    ],
  })
  const said = (label: string): string => label.replaceAll(/\s+/g, ' ').trim()

  test.each([
    NASTY,
    'a; b',
    'p0->>p0: forged',
    'Note over p0: forged',
    'loop x\nend',
    '#59;',
    '<script>',
    'wrap: 0 → 1',
  ])('%j', async (label) => {
    expect((await parsed(mermaid(labelled(label)))).texts).toEqual(
      [`1 ${said(label)}`.trim(), said(label), '✗ P'].filter((one) => one !== ''),
    )
  })

  test('anything', async () => {
    const characters = fc.constantFrom(...'ab1 ;:#<>&%${}"\'\\`*_~[]()-=+,.|/@!?\n\t→✗é')
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: characters, minLength: 1, maxLength: 25 }), async (raw) => {
        const label = `x${raw}x`
        const { actors, texts } = await parsed(mermaid(labelled(label, label)))
        expect(actors).toEqual([said(label)])
        expect(texts).toEqual([`1 ${said(label)}`, said(label), '✗ P'])
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  test('nobody acts', async () => {
    const { trace } = await traced('P-NOUAF')
    expect((await parsed(mermaid({ ...trace, threads: [], steps: [] }))).actors).toEqual(['nobody'])
  })
})
