/** The document of --json: its schema is the one in docs/, and every document that is printed fits it. */
import { z } from 'zod'
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../src/cli/environment.ts'
import { check } from '../../src/explorer/check.ts'
import { lockSchema, scheduleSchema } from '../../src/schedules/schema.ts'
import { world } from '../cli/world.ts'
import { documentSchemas } from '../../docs/json-schema.ts'
import { checkSchema } from '../support/documents.ts'
import { notifier } from '../support/notifier.ts'

describe('docs/*.schema.json is made from the types of the documents, and from the schemas of what is read (vitest -u writes it anew)', () => {
  const { $schema, ...schedule } = z.toJSONSchema(scheduleSchema, { target: 'draft-2020-12' })
  const { $schema: _, ...lock } = z.toJSONSchema(lockSchema, { target: 'draft-2020-12' })

  test.each<readonly [string, object]>([
    ...Object.entries(documentSchemas()),
    ['schedule', { $schema, title: 'A schedule of hmmcheck', ...schedule }],
    ['lock', { $schema, title: 'A lock of hmmcheck', ...lock }],
  ])('%s', async (name, schema) => {
    await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot(`../../docs/${name}.schema.json`)
  })
})

describe('documents', () => {
  test('of what the number of states is made', async () => {
    const engine: Engine = { check, describeLayout: () => Promise.reject(new Error('not asked for')) }
    const { stdout } = await world({ engine }).run('check', 'notifier@as-posted', '--json', '--profile')
    const [run] = checkSchema.parse(JSON.parse(stdout)).runs
    expect(run?.profile).toMatchObject({ states: run?.states, complete: true })
    expect(run?.profile?.fields).toEqual(
      expect.arrayContaining([
        { kind: 'variable', thread: null, name: 'free[]', values: 2, without: expect.any(Number) as number },
        {
          kind: 'point',
          thread: 'unmap',
          name: 'unmap',
          values: expect.any(Number) as number,
          without: expect.any(Number) as number,
        },
      ]),
    )
  })

  test.each([
    ['violated', ['notifier@as-posted']],
    ['holds', ['notifier', '--property', 'P-REF', '--workers', '2', '--keep-dead-locals']],
    ['incomplete', ['notifier', '--max-states', '3']],
    ['the catalogue', []],
  ])('%s', async (_, argv) => {
    const { stdout, stderr } = await world().run('check', ...argv, '--json')
    expect(stderr).toBe('')
    const document: unknown = JSON.parse(stdout)
    expect(checkSchema.safeParse(document).error).toBeUndefined()
    expect(document).toEqual(checkSchema.parse(document))
  })

  test('every field, in the order of docs/json.md', async () => {
    const { stdout } = await world().run('check', 'notifier@as-posted', '--json')
    const document = checkSchema.parse(JSON.parse(stdout))
    const [run] = document.runs
    expect(Object.keys(document)).toEqual(['schema', 'version', 'command', 'runs'])
    expect(Object.keys(run ?? {})).toEqual([
      'model',
      'variant',
      'scenario',
      'config',
      'verdict',
      'expected',
      'notChecked',
      'sameAs',
      'states',
      'stored',
      'symmetry',
      'transitions',
      'depth',
      'seconds',
      'bytesPerState',
      'stateBits',
      'workers',
      'deadLocalReset',
      'minimize',
      'droppedGhosts',
      'neverTaken',
      'memory',
      'warnings',
      'atomicity',
      'profile',
      'fingerprint',
      'checkpoint',
      'properties',
    ])
    expect(document).toMatchObject({
      schema: 3,
      version: '0.0.0-test',
      command: 'npx hmmcheck check notifier@as-posted --scenario core --config devices=1,pages=1',
      runs: [
        {
          model: 'notifier',
          variant: 'as-posted',
          scenario: 'core',
          config: { devices: 1, pages: 1 },
          verdict: 'violated',
          expected: 'violated',
          states: 43,
          transitions: 99,
          depth: 12,
          workers: 1,
          deadLocalReset: true,
          droppedGhosts: [],
          neverTaken: [],
          memory: null,
          warnings: [],
          atomicity: [],
          profile: null,
          fingerprint: null,
          checkpoint: null,
        },
      ],
    })
    expect(
      run?.properties.map(({ name, verdict, steps, schedule }) => [name, verdict, steps, schedule?.property.outcome]),
    ).toEqual([
      ['P-NOUAF', 'violated', 9, 'violated'],
      ['P-NOUAF-possible', 'holds', 4, 'witnessed'],
      ['P-REF', 'holds', null, undefined],
      ['deadlock', 'holds', null, undefined],
      ['lock-deadlock', 'holds', null, undefined],
    ])
  })

  test('of the catalogue the command is the one that was typed', async () => {
    const { stdout } = await world().run('check', '--json', '--max-states', '50')
    expect(checkSchema.parse(JSON.parse(stdout)).command).toBe('npx hmmcheck check --json --max-states 50')
  })

  test('figures that are none are written as 0', async () => {
    const { referenceEngine } = await import('../support/reference-engine.ts')
    const { stdout } = await world({
      catalogue: [notifier],
      engine: {
        check: async (model, options) => ({
          ...(await referenceEngine(model, options)),
          bytesPerState: Number.NaN,
          seconds: 0.123456,
        }),
        describeLayout: () => Promise.reject(new Error('not asked for')),
      },
    }).run('check', 'notifier', '--json')
    expect(checkSchema.parse(JSON.parse(stdout)).runs[0]).toMatchObject({ bytesPerState: 0, seconds: 0.123 })
  })

  test.each([
    ['a field more', { more: 1 }],
    ['another schema', { schema: 4 }],
    ['no runs', { runs: undefined }],
  ])('%s is refused', async (_, change) => {
    const { stdout } = await world().run('check', 'notifier', '--json')
    const document = JSON.parse(stdout) as object
    expect(checkSchema.safeParse({ ...document, ...change }).success).toBe(false)
  })
})
