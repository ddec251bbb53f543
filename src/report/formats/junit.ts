/**
 * JUnit XML, for build servers: one test suite per run, one test case per property; a failure's text is the drawn
 * schedule.
 * In the shape of Apache Ant's schema.
 * Warnings stand in the suite's `system-err`; under `--strict` each is a failing test case.
 */
import type { Warning } from '../../analysis/warning.ts'
import { warningText } from '../warnings.ts'
import { runTitle } from '../title.ts'
import { grantedLines } from './reported.ts'
import { shownName } from '../../language/claims.ts'
import type { Reported, ReportedProperty, ReportedRun } from './reported.ts'

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text of XML 1.0, which has no place for most control characters, in a literal or not. */
const text = (raw: string): string =>
  raw
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll(/[&<>"]/g, (character) => NAMED[character] ?? character)

/** In an attribute, a line break would become a space. */
const attributes = (all: Readonly<Record<string, string | number>>): string =>
  Object.entries(all)
    .map(([name, value]) => ` ${name}="${text(String(value)).replaceAll(/[\t\n\r]/g, ' ')}"`)
    .join('')

/** The document. */
export function junit({ started, runs }: Reported): string {
  const suites = runs.flatMap((run, id) => suite(run, id, started))
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>', ''].join('\n')
}

function suite(run: ReportedRun, id: number, started: string): readonly string[] {
  const { model, variant, scenario, properties, seconds, command, warnings, strict, memory } = run
  const failing = strict ? warnings : []
  const expected = properties
    .filter(({ judgement }) => judgement === 'expected')
    .map(({ name, reason }) => `${name}: ${reason}`)
  const classname = `${model}@${variant}.${scenario}`
  const count = (judgement: ReportedProperty['judgement']): number =>
    properties.filter((property) => property.judgement === judgement).length
  const head = attributes({
    id,
    name: runTitle(run),
    package: model,
    hostname: 'localhost',
    timestamp: started.slice(0, 19),
    tests: properties.length + failing.length,
    failures: count('failed') + failing.length,
    errors: count('open'),
    time: seconds.toFixed(3),
  })
  return [
    `  <testsuite${head}>`,
    '    <properties>',
    `      <property${attributes({ name: 'command', value: command })}/>`,
    ...(memory === undefined ? [] : [`      <property${attributes({ name: 'memory', value: memory })}/>`]),
    '    </properties>',
    ...properties.flatMap((property) => testcase(property, shownName(property, properties), classname)),
    ...failing.flatMap((one) => warned(one, classname)),
    `    <system-out>${text([...expected, ...grantedLines(run)].join('\n'))}</system-out>`,
    warnings.length === 0
      ? '    <system-err/>'
      : `    <system-err>${text(warnings.map((one) => `${one.at}: ${warningText(one)}`).join('\n'))}</system-err>`,
    '  </testsuite>',
  ]
}

function testcase(
  { kind, judgement, reason, drawing }: ReportedProperty,
  name: string,
  classname: string,
): readonly string[] {
  const head = `    <testcase${attributes({ name, classname, time: 0 })}`
  if (judgement === 'passed' || judgement === 'expected') return [`${head}/>`]
  const element = judgement === 'failed' ? 'failure' : 'error'
  return [
    `${head}>`,
    `      <${element}${attributes({ type: kind, message: `${name}: ${reason}` })}>${text(drawing.join('\n'))}</${element}>`,
    '    </testcase>',
  ]
}

function warned(warning: Warning, classname: string): readonly string[] {
  const { code, at } = warning
  return [
    `    <testcase${attributes({ name: `${code} ${at}`, classname, time: 0 })}>`,
    `      <failure${attributes({ type: 'warning', message: warningText(warning) })}>${text(`${at}: ${warningText(warning)}`)}</failure>`,
    '    </testcase>',
  ]
}
