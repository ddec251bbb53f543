/**
 * Whether what was built is of the sources as they are now. Every run of the command in a clone asks, so this file
 * loads nothing that takes time to load. It is a CommonJS module, as the built command is (`build/bundle.js`).
 *
 * As git does, it looks at names, sizes and times first: only where one differs are the contents read. A file that is
 * older than the build but was not there, or is gone, is noticed, too.
 */
const { existsSync, readFileSync, readdirSync, statSync, writeFileSync } = process.getBuiltinModule('node:fs')

const root = process.getBuiltinModule('node:path').dirname(__dirname)

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
const COMMAND = `${root}/dist/command.json`
/** The declarations of types, which take longer and which no run needs. */
const TYPES = `${root}/dist/types.json`

/** @typedef {readonly [name: string, size: number, mtimeMs: number]} Source */
/** @typedef {readonly [name: string, inner: readonly string[]]} Folder */
/**
 * The sources at a glance. Each name is relative to the root, and the parts of a folder are in the order in which the
 * system says them.
 *
 * @typedef {{ readonly files: readonly Source[], readonly folders: readonly Folder[] }} Glance
 */

const statOf = (/** @type {string} */ name) => statSync(`${root}/${name}`, { throwIfNoEntry: false })

/** @returns {Glance} */
function glance() {
  /** @type {Source[]} */
  const files = []
  /** @type {Folder[]} */
  const folders = []
  const look = (/** @type {string} */ name) => {
    const stat = statOf(name)
    if (stat === undefined) return
    if (!stat.isDirectory()) files.push([name, stat.size, stat.mtimeMs])
    else {
      const inner = readdirSync(`${root}/${name}`)
      folders.push([name, inner])
      for (const one of inner) look(`${name}/${one}`)
    }
  }
  SOURCES.forEach(look)
  return { files, folders }
}

/**
 * Whether the sources are at a glance as they were: the same names are in the same folders, and each file has its size
 * and its time. What is known is looked at again, which takes half as long as to find it.
 */
function isAsItWas(/** @type {Glance} */ { files, folders }) {
  const absent = SOURCES.filter((name) => ![...files, ...folders].some(([known]) => known === name))
  if (absent.some((name) => existsSync(`${root}/${name}`))) return false
  try {
    for (const [name, inner] of folders) {
      const now = readdirSync(`${root}/${name}`)
      if (now.length !== inner.length || !now.every((one, n) => one === inner[n])) return false
    }
  } catch {
    return false
  }
  return files.every(([name, size, mtimeMs]) => {
    const stat = statOf(name)
    return stat !== undefined && stat.size === size && stat.mtimeMs === mtimeMs
  })
}

/** Names and contents. */
function digestOf(/** @type {Glance} */ { files }) {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256')
  for (const name of files.map(([one]) => one).sort()) {
    const text = readFileSync(`${root}/${name}`)
    hash.update(`${name} ${text.length}\n`).update(text)
  }
  return hash.digest('hex')
}

/** The digest of the sources as they are now. */
const presentDigest = () => digestOf(glance())

/** Whether what a stamp stands for was made of the present sources. */
function isFresh(/** @type {string} */ stamp) {
  const made = stampIn(stamp)
  if (made === undefined) return false
  if (isAsItWas(made.glance)) return true
  const present = glance()
  if (made.digest !== digestOf(present)) return false
  writeFileSync(stamp, JSON.stringify({ digest: made.digest, glance: present }))
  return true
}

/**
 * @returns {{ readonly digest: string, readonly glance: Glance } | undefined} undefined also of a stamp of another
 *   version of this file
 */
function stampIn(/** @type {string} */ stamp) {
  try {
    const made = JSON.parse(readFileSync(stamp, 'utf8'))
    return Array.isArray(made.glance.files) && Array.isArray(made.glance.folders) ? made : undefined
  } catch {
    return undefined
  }
}

/**
 * Says that what a stamp stands for was made of the sources of that digest. If they changed meanwhile, it was not, and
 * the next run makes it once more.
 */
function stampWith(/** @type {string} */ stamp, /** @type {string} */ digest) {
  const present = glance()
  if (digestOf(present) === digest) writeFileSync(stamp, JSON.stringify({ digest, glance: present }))
}

module.exports = { COMMAND, TYPES, isFresh, presentDigest, root, stampWith }
