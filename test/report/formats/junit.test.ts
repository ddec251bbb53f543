/** JUnit: as the schema of Apache Ant's reports has it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { junit } from '../../../src/report/formats/junit.ts'
import { NASTY, reported } from './support.ts'

const schema = {
  fileName: 'JUnit.xsd',
  contents: readFileSync(join(import.meta.dirname, 'apache-ant/JUnit.xsd'), 'utf8'),
}

async function problems(...documents: readonly string[]): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: documents.map((contents, n) => ({ fileName: `${n}.xml`, contents })),
    schema,
  })
  return errors.map(({ rawMessage }) => rawMessage)
}

test('suites, cases, failures and errors', async () => {
  const document = junit(await reported())
  expect(await problems(document)).toEqual([])
  expect(document.replace(/(<failure[^>]*>)[^]*(<\/failure>)/, '$1THE DRAWING$2')).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite id="0" name="notifier@as-posted, scenario core with devices=1,pages=1" package="notifier" hostname="localhost" timestamp="2026-01-02T03:04:05" tests="4" failures="1" errors="1" time="0.250">
        <properties>
          <property name="command" value="npx hmmcheck check 'the page may be freed after the call'"/>
        </properties>
        <testcase name="P-NOUAF" classname="notifier@as-posted.core" time="0">
          <failure type="assertion" message="P-NOUAF: violated in 9 steps">THE DRAWING</failure>
        </testcase>
        <system-out></system-out>
        <system-err>empty: HMM060: no property; remedy: the page may be freed after the call</system-err>
      </testsuite>
    </testsuites>
    "
  `)
  expect(document).toContain('✗ P-NOUAF: the device uses a freed page')
})

test('what holds says what it takes memory for', async () => {
  const {
    runs: [first, ...others],
    ...rest
  } = await reported()
  if (first === undefined) throw new Error('a run')
  const document = junit({ ...rest, runs: [{ ...first, memory: 'sequentially consistent' }, ...others] })
  expect(await problems(document)).toEqual([])
  expect(document.match(/<property name="memory"[^>]*>/g)).toEqual([
    '<property name="memory" value="sequentially consistent"/>',
  ])
  expect(/<system-out>([^]*?)<\/system-out>/.exec(document)?.[1]?.split('\n')).toEqual([
    'P-OLD: violated in 9 steps, as expected (the page may be freed after the call)',
    'P-REF: holds; memory is assumed to be sequentially consistent',
  ])
  expect(junit(await reported())).not.toContain('memory')
})

test('the schema is a judge: it refuses what is no report', async () => {
  const document = junit(await reported())
  expect(await problems(document.replace(' tests="4"', ''))).toHaveLength(1)
  expect((await problems(document.replaceAll('failure', 'failed'))).length).toBeGreaterThan(0)
})

test('what a text can hold', async () => {
  const anything = fc.sample(
    fc.string({
      unit: fc.oneof(
        fc.constantFrom(...'<>&"\']]-\n\r\t\u0000\u0007\u001b\ufffe'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 30,
    }),
    { numRuns: 100, seed: 1 },
  )
  const documents = await Promise.all([NASTY, ...anything].map(async (text) => junit(await reported(text))))
  expect(await problems(...documents)).toEqual([])
  expect(documents[0]).toContain("*p &gt; 0) { x; } // &quot;100%%&quot; #1 'q' ]]&gt; &lt;br/&gt; &amp;amp;")
})
