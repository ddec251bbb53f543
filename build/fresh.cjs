/**
 * Whether what was built is of the sources as they are now. Every run of the command in a clone asks, so this file
 * loads nothing that takes time to load. It is a CommonJS module, as the built command is (`build/bundle.js`).
 *
 * As git does, it looks at names, sizes and times first: only where one differs are the contents read. A file that is
 * older than the build but was not there, or is gone, is noticed, too.
 */
const { existsSync, readFileSync, readdirSync, statSync, writeFileSync } = process.getBuiltinModule('node:fs')
const { join } = process.getBuiltinModule('node:path')

const root = join(__dirname, '..')

/** Folders and files from which the command is made. */
const SOURCES = [
  'src',
  'models',
  'properties',
  'bin',
  'build',
  'build.js',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

/** The command: `dist/command.json` says of which sources it was made, and is written last. */
const COMMAND = join(root, 'dist/command.json')
/** The declarations of types, which take longer and which no run needs. */
const TYPES = join(root, 'dist/types.json')

/** @typedef {{ readonly name: string, readonly size: number, readonly mtimeMs: number }} Source */

/** @returns {Source[]} the files, in the order of their names */
function sources() {
  /** @type {Source[]} */
  const found = []
  const look = (/** @type {string} */ name) => {
    const stat = statSync(join(root, name), { throwIfNoEntry: false })
    if (stat === undefined) return
    if (!stat.isDirectory()) found.push({ name, size: stat.size, mtimeMs: stat.mtimeMs })
    else for (const inner of readdirSync(join(root, name))) look(`${name}/${inner}`)
  }
  SOURCES.forEach(look)
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Names, sizes and times: as they are, since a digest of them would take longer to load than to compare. */
const glanceOf = (/** @type {readonly Source[]} */ files) =>
  files.map(({ name, size, mtimeMs }) => `${name} ${size} ${mtimeMs}`).join('\n')

/** Names and contents. */
function digestOf(/** @type {readonly Source[]} */ files) {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256')
  for (const { name } of files) {
    const text = readFileSync(join(root, name))
    hash.update(`${name} ${text.length}\n`).update(text)
  }
  return hash.digest('hex')
}

/** The digest of the sources as they are now. */
const presentDigest = () => digestOf(sources())

/** Whether what a stamp stands for was made of the present sources. */
function isFresh(/** @type {string} */ stamp) {
  const made = stampIn(stamp)
  if (made === undefined) return false
  const files = sources()
  const glance = glanceOf(files)
  if (made.glance === glance) return true
  if (made.digest !== digestOf(files)) return false
  writeFileSync(stamp, JSON.stringify({ digest: made.digest, glance }))
  return true
}

/** @returns {{ readonly digest: string, readonly glance: string } | undefined} */
function stampIn(/** @type {string} */ stamp) {
  if (!existsSync(stamp)) return undefined
  try {
    return JSON.parse(readFileSync(stamp, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Says that what a stamp stands for was made of the sources of that digest. If they changed meanwhile, it was not, and
 * the next run makes it once more.
 */
function stampWith(/** @type {string} */ stamp, /** @type {string} */ digest) {
  const files = sources()
  const glance = glanceOf(files)
  if (digestOf(files) === digest) writeFileSync(stamp, JSON.stringify({ digest, glance }))
}

module.exports = { COMMAND, TYPES, isFresh, presentDigest, root, stampWith }
