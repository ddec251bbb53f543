/** Completion: the words that the tables of options and the catalogue have, and bash that asks for them. */
import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { examples } from '../../src/cli/examples.ts'
import { FORMATS } from '../../src/report/formats/format.ts'
import { bin, built } from '../support/package.ts'
import { temporaryDirectory, world } from './world.ts'

/** The words that the last of these words can become. */
async function words(...typed: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await world().run('complete', '--', ...typed)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']))
}

/** The options of a subcommand, as its help names them. */
async function optionsOf(command: string): Promise<readonly (readonly [long: string, value: string | undefined])[]> {
  const { stdout } = await world().run(command, '--help')
  return [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)(?: <(.*?)>)?/gm)].map(([, long = '', value]) => [long, value])
}

describe('words', () => {
  test('the first is a subcommand, none of them hidden', async () => {
    expect(await words('')).toEqual(expect.arrayContaining(['check', 'list', 'completion', 'help']))
    expect(await words('')).not.toContain('complete')
    expect(await words('ch')).toEqual(['check'])
    expect(await words('nothing', '')).toEqual([])
  })

  test.each(Object.keys(examples))('every option of %s, and for each that has a value a rule', async (command) => {
    const options = await optionsOf(command)
    expect((await words(command, '-')).toSorted()).toEqual(options.map(([long]) => long).toSorted())
    const open = ['N', 'S', 'SIZE', 'TIME', 'SEED', 'D', 'T', 'TEXT', 'ID', 'SLUG']
    for (const [long, value] of options) {
      // init gives a name that is not there yet
      if (value === undefined || open.includes(value) || (command === 'init' && long === '--name')) continue
      // A model is named, so that its names are known.
      expect(await words(command, 'notifier', long, ''), `${command} ${long} <${value}>`).not.toEqual([])
    }
  })

  test('models, and their variants once a model is typed', async () => {
    expect(await words('check', 'no')).toEqual(['notifier'])
    expect(await words('check', 'notifier@')).toEqual([
      'notifier@as-posted',
      'notifier@fixed',
      'notifier@without-lock_order',
      'notifier@without-invalidate',
    ])
    expect(await words('check', 'notifier', 'notifier@f')).toEqual(['notifier@fixed'])
    expect(await words('list', 'notifier')).toEqual(['notifier'])
  })

  test('names of the model that is typed', async () => {
    expect(await words('check', 'notifier@fixed', '--scenario', '')).toEqual(['core', 'wide', 'quiet'])
    expect(await words('check', 'notifier', '--property', 'P-N')).toEqual(['P-NOUAF', 'P-NOUAF-possible'])
    expect(await words('check', 'notifier', '--config', 'p')).toEqual(['pages='])
    expect(await words('lock', 'bug.json', '--corrected', 'fi')).toEqual(['fixed'])
    expect(await words('conform', 'a.jsonl', '--model', 'notifier@f')).toEqual(['notifier@fixed'])
  })

  test('choices, files, and options that were not given yet', async () => {
    expect(await words('check', '--format', '')).toEqual(FORMATS)
    expect(await words('completion', '')).toEqual(['bash', 'zsh', 'fish'])
    expect(await words('completion', 'bash', '')).toEqual([])
    expect(await words('show', '')).toEqual([':files'])
    expect(await words('check', '--out', '')).toEqual([':files'])
    expect(await words('check', '--full', '--f')).not.toContain('--full')
    expect(await words('check', '--scenario', 'core', '--s')).toContain('--scenario')
  })
})

test.each(['bash', 'zsh', 'fish'])('the script for %s asks the command', async (shell) => {
  const { code, stdout } = await world().run('completion', shell)
  expect(code).toBe(0)
  expect(stdout).toContain('complete -- ')
})

test('another shell is a mistake', async () => {
  expect(await world().run('completion', 'csh')).toMatchObject({ code: 2, stdout: '' })
})

describe('bash', () => {
  beforeAll(built, 600_000)

  /** What bash's own completion of `hmmcheck` answers at the end of a line. */
  async function replies(line: string): Promise<readonly string[]> {
    const folder = temporaryDirectory()
    const { stdout: script } = await world().run('completion', 'bash')
    writeFileSync(join(folder, 'hmmcheck'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`)
    chmodSync(join(folder, 'hmmcheck'), 0o755)
    writeFileSync(join(folder, 'some-bug.json'), '{}')
    const ask = `${script}
complete -p hmmcheck | grep -q -- '-F _hmmcheck' || exit 9
COMP_LINE='${line}' COMP_POINT=${line.length}
_hmmcheck
printf '%s\\n' "\${COMPREPLY[@]}"`
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', ask], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout.trimEnd().split('\n')
  }

  test.each([
    ['hmmcheck reg', ['regress']],
    ['hmmcheck check mirror-2017-', ['mirror-2017-fork']],
    // bash breaks words at @: only what stands behind it is answered
    ['hmmcheck check mirror-2017@as-p', ['as-posted']],
    ['hmmcheck check mirror-2017 --scenario mir', ['mirror']],
    ['hmmcheck check mirror-2017 --property P-NOUAF-ENTRY.', ['P-NOUAF-ENTRY.reached']],
    ['hmmcheck check --verb', ['--verbose']],
    ['hmmcheck show some', ['some-bug.json']],
    ['hmmcheck show bug.json --format mer', ['mermaid']],
  ])(
    '%s',
    async (line, expected) => {
      expect(await replies(line)).toEqual(expected)
    },
    120_000,
  )
})
