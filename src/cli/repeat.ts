/** The exact command that repeats a run. */
import { quoted, showSize } from './options.ts'
import { showSizes } from '../report/text.ts'
import type { CheckCommand } from './run.ts'
import type { Target } from './targets.ts'

/** A command as it was typed. */
export function repeatOf(program: string, argv: readonly string[]): string {
  return [program, ...argv.map(quoted)].join(' ')
}

/**
 * The command for one run, with everything by name that could be left to a default. What only says where results go
 * is left out.
 */
export function repeatCommand(program: string, { setting, properties, chosen }: Target, options: CheckCommand): string {
  const { protocol, variant, scenario, sizes } = setting
  const option = (name: string, value: string | number | undefined): readonly string[] =>
    value === undefined ? [] : [name, String(value)]
  return repeatOf(program, [
    'check',
    `${protocol.name}@${variant.name}`,
    '--scenario',
    scenario.name,
    ...option('--config', showSizes(sizes) || undefined),
    ...(chosen ? properties.flatMap((name) => ['--property', name]) : []),
    ...option('--workers', options.workers),
    ...option('--max-states', options.maxStates),
    ...option('--max-memory', options.maxMemory === undefined ? undefined : showSize(options.maxMemory)),
    ...option('--timeout', options.timeout),
    ...(options.stopAtFirst === true ? ['--stop-at-first'] : []),
    ...(options.keepDeadLocals === true ? ['--keep-dead-locals'] : []),
    ...option('--minimize', options.minimize),
    ...option('--fail-on', options.failOn),
    ...(options.strict === true ? ['--strict'] : []),
    ...(options.profile === true ? ['--profile'] : []),
    ...(options.catalogue ?? []).flatMap((file) => ['--catalogue', file]),
  ])
}
