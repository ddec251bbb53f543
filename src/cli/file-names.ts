/**
 * Makes names of files from names in a model, which may be any text. They are readable, valid on every file system, and
 * no two are alike.
 *
 * A name that is valid as a file's name is used as it is. Any other gets a part of a hash of the whole, so that
 * `a/b` and `a:b` differ.
 */
import { sha256 } from '../schedules/sha256.ts'

/** Only what every file system takes. */
const slug = (name: string): string => name.replaceAll(/[^\w.@+-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '')

/**
 * Letters that are kept of a name, and that a whole name may have: file systems take 255 bytes, and some tools fewer.
 */
const LONGEST_PART = 48
const LONGEST = 160

/** Devices of Windows, whatever stands behind a dot. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i

/** Twelve letters that tell texts apart. */
const hashOf = (texts: readonly string[]): string => sha256(JSON.stringify(texts)).slice(0, 12)

/** Names joined by dots as they are; undefined if that can't be the name of a file everywhere. */
export function plainName(parts: readonly string[]): string | undefined {
  const name = parts.join('.')
  const isPlain =
    parts.every((part) => part !== '' && slug(part) === part) && name.length <= LONGEST && !RESERVED.test(name)
  return isPlain ? name : undefined
}

/** The readable part of names, and a hash of everything that tells them apart. */
export function distinctName(parts: readonly string[], all: readonly string[] = parts): string {
  const readable = parts
    .map((part) =>
      slug(part)
        .slice(0, LONGEST_PART)
        .replaceAll(/[-.]+$/g, ''),
    )
    .filter((part) => part !== '')
    .join('.')
  return [...(readable === '' ? [] : [RESERVED.test(readable) ? `_${readable}` : readable]), hashOf(all)].join('.')
}

/** A folder's or file's name for one name. */
export const nameFor = (name: string): string => plainName([name]) ?? distinctName([name])
