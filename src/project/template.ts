/** The files of `templates/`, which this package brings along. */
import { readdirSync, readFileSync } from 'node:fs'
import { packageFolder } from '../explorer/package-version.ts'
import type { ProjectFile, ProjectParts, ProjectPlace } from './project.ts'

/** Folders whose names begin with a dot in a project: in the package a dot would hide them. */
const HIDDEN: readonly string[] = ['vscode', 'github']

/**
 * The files of a folder of `templates/`, and of the folders in it.
 *
 * @param name `init`, `project`
 */
export function templateFiles(name: string): readonly ProjectFile[] {
  const root = packageFolder()
  if (root === undefined) throw new Error('the folder of this package is not found, so its templates are not either')
  return filesIn(new URL(`templates/${name}/`, root), '')
}

function filesIn(folder: URL, prefix: string): readonly ProjectFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${prefix}${HIDDEN.includes(entry.name) && prefix === '' ? '.' : ''}${entry.name}`
      return entry.isDirectory()
        ? filesIn(new URL(`${entry.name}/`, folder), `${path}/`)
        : [{ path, text: readFileSync(new URL(entry.name, folder), 'utf8') }]
    })
}

/** The files that every project has around its model: settings of tools, tasks of an editor, a workflow. */
export function surroundings({ ci, vscode }: ProjectParts, { inRepository }: ProjectPlace): readonly ProjectFile[] {
  const wanted = ({ path }: ProjectFile): boolean =>
    (ci || !path.startsWith('.github/')) && (vscode || !path.startsWith('.vscode/'))
  return [
    ...templateFiles('project')
      .filter(wanted)
      .map((file) =>
        file.path.startsWith('.github/')
          ? { ...file, text: file.text.replace('working-directory: .', `working-directory: ${inRepository}`) }
          : file,
      ),
    {
      path: '.gitignore',
      text: 'node_modules/\n',
      added: (there) =>
        /^\/?node_modules\/?\s*$/m.test(there)
          ? there
          : `${there}${there === '' || there.endsWith('\n') ? '' : '\n'}node_modules/\n`,
    },
  ]
}
