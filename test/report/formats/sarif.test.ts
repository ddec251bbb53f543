/** SARIF 2.1.0: as the types that were made from its schema have it, and as code hosts need it. */
import { join } from 'node:path'
import type { Log, Result } from 'sarif'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { sarif } from '../../../src/report/formats/sarif.ts'
import { root } from '../../docs/support.ts'
import { NASTY, reported, traced } from './support.ts'

const log = async (...texts: readonly string[]): Promise<Log> => JSON.parse(sarif(await reported(...texts))) as Log

/**
 * The documents as literals of the type `Log`: a property that is missing, too many or of another type is an error of
 * the compiler.
 */
function problems(...documents: readonly string[]): readonly string[] {
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    types: [],
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  }
  const host = ts.createCompilerHost(options)
  const file = join(root, 'test/report/formats/documents.ts')
  const text = `import type { Log } from 'sarif'\n${documents.map((document, n) => `export const log${n}: Log = ${document}`).join('\n')}`
  const { getSourceFile } = host
  const program = ts.createProgram([file], options, {
    ...host,
    getSourceFile: (name, version) =>
      name === file ? ts.createSourceFile(name, text, version) : getSourceFile.call(host, name, version),
    fileExists: (name) => name === file || host.fileExists(name),
  })
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

test('it is what the schema says', async () => {
  const document = sarif(await reported())
  expect(problems(document, sarif(await reported(NASTY)))).toEqual([])
  expect(
    problems(
      document.replace('"ruleId"', '"rule"'),
      document.replace('"essential"', '"grave"'),
      document.replace('"startLine": ', '"startLine": "1", "was": '),
    ),
  ).toHaveLength(3)
}, 120_000)

describe('results', () => {
  test('what holds says what it takes memory for', async () => {
    const {
      runs: [first, ...others],
      ...rest
    } = await reported()
    if (first === undefined) throw new Error('a run')
    const document = sarif({ ...rest, runs: [{ ...first, memory: 'sequentially consistent' }, ...others] })
    const {
      runs: [run],
    } = JSON.parse(document) as Log
    expect(
      run?.invocations?.[0]?.toolExecutionNotifications?.map(({ level, message }) => [
        level,
        message.text?.replace(/^.*?: /, ''),
      ]),
    ).toEqual([
      ['warning', 'not every state was visited: max-states'],
      ['note', 'P-REF: holds; memory is assumed to be sequentially consistent'],
    ])
    expect(problems(document)).toEqual([])
  }, 120_000)

  test('a result a violation, with its rule, at the line of its last step', async () => {
    const {
      runs: [run],
    } = await log()
    expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual([
      'P-NOUAF',
      'P-REF',
      'P-OLD',
      'deadlock',
      'HMM060',
      'HMM061',
    ])
    expect(
      run?.results?.map(({ ruleId, ruleIndex }) => [ruleId, run.tool.driver.rules?.[ruleIndex ?? -1]?.id]),
    ).toEqual([
      ['P-NOUAF', 'P-NOUAF'],
      ['P-OLD', 'P-OLD'],
      ['HMM061', 'HMM061'],
      ['HMM060', 'HMM060'],
    ])
    const { trace } = await traced('P-NOUAF')
    expect(run?.results?.[0]?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'test/support/notifier.ts', uriBaseId: '%SRCROOT%' },
      region: { startLine: trace.steps.at(-1)?.place?.line },
    })
    expect(run?.results?.map(({ suppressions }) => suppressions?.[0]?.kind)).toEqual([
      undefined,
      'external',
      undefined,
      undefined,
    ])
    expect(run?.results?.map(({ level }) => level)).toEqual(['error', 'error', 'warning', 'error'])
    expect(
      run?.results?.slice(2).map(({ locations }) => locations?.map(({ physicalLocation }) => physicalLocation)),
    ).toEqual([
      [{ artifactLocation: { uri: 'model/my%20driver.ts', uriBaseId: '%SRCROOT%' }, region: { startLine: 7 } }],
      [],
    ])
    expect(run?.invocations?.[0]?.toolExecutionNotifications?.map(({ message }) => message.text)).toEqual([
      'notifier@as-posted, scenario core with devices=1,pages=1: not every state was visited: max-states',
    ])
  })

  test('the schedule in order, one path, with what changed', async () => {
    const {
      runs: [run],
    } = await log()
    const flows = run?.results?.[1]?.codeFlows?.flatMap(({ threadFlows }) => threadFlows) ?? []
    expect(flows).toHaveLength(1)
    const locations = flows[0]?.locations ?? []
    expect(locations.map(({ executionOrder }) => executionOrder)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(locations.map(({ location }) => location?.message?.text)[4]).toBe(
      '5  unmap: mutex_lock(&mm.lock)  [holds mm.lock]',
    )
    expect(locations[2]?.state).toEqual({ 'driver[0].pte': { text: 'none → page 0' } })
    expect(locations.flatMap(({ importance }, n) => (importance === 'essential' ? [n + 1] : []))).toEqual([3, 7, 9])
    expect(flows[0]?.initialState).toEqual({ 'mm.pte': { text: 'page 0' }, 'mm.mapped': { text: 'yes' } })
    expect(run?.results?.[1]?.relatedLocations?.map(({ message }) => message?.text)).toEqual([
      'step 3, device_fault[0]: reads mm.pte',
      'step 7, unmap: changes mm.pte',
    ])
  })

  test('the same finding is known again, whatever its steps', async () => {
    const prints = async (text: string): Promise<readonly Result['partialFingerprints'][]> =>
      (await log(text)).runs[0]?.results?.map(({ partialFingerprints }) => partialFingerprints) ?? []
    expect(await prints('one')).toEqual(await prints('another'))
  })

  test('paths are URIs, relative to where it was run', async () => {
    const { trace } = await traced('P-NOUAF')
    const place = { file: 'my models/ä#1.ts', line: 3 }
    const {
      runs: [run],
    } = await reported()
    const properties =
      run === undefined
        ? []
        : [
            {
              ...run.properties[0],
              name: 'P',
              kind: 'assertion' as const,
              judgement: 'failed' as const,
              reason: '',
              drawing: [],
              traces: [{ ...trace, steps: trace.steps.map((step) => ({ ...step, place })) }],
            },
          ]
    const document = JSON.parse(
      sarif({
        version: '1',
        started: '2026-01-02T03:04:05.678Z',
        runs: run === undefined ? [] : [{ ...run, properties }],
      }),
    ) as Log
    expect(document.runs[0]?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(
      'my%20models/%C3%A4%231.ts',
    )
  })
})
