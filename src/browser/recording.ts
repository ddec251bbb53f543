/**
 * What a page needs to know of a protocol, as data: the protocol as `src/catalogue/recorded.ts` writes it, and the text
 * of the files that its places name. The command makes it, a page carries it, and the worker reads it.
 */
import type { Relative } from '../analysis/family.ts'
import type { Protocol } from '../catalogue/protocol.ts'
import { DEFINITIONS, filesNamedIn, readCatalogue, writeCatalogue } from '../catalogue/recorded.ts'

/** A protocol for the worker. */
export interface ModelRecording {
  /** The version of hmmcheck. */
  readonly version: string
  /** The name of the protocol. */
  readonly name: string
  /** The files of a recorded catalogue that has this protocol alone, by their names. */
  readonly files: Readonly<Record<string, string>>
  /** Models of the same catalogue, as far as they are made from the same text: some warnings depend on them. */
  readonly relatives: readonly Relative[]
  /** The text of the files that places of the model name, by the names that places have. */
  readonly sources: Readonly<Record<string, string>>
}

/** What is known besides the protocol itself. */
export type RecordingParts = Pick<ModelRecording, 'version'> & {
  /** The other models of its catalogue. */
  readonly family: Iterable<Relative>
  /** The text of a file that a place names; undefined if it can't be read. */
  readonly sourceOf: (file: string) => string | undefined
}

/** Records a protocol. */
export function recordingOf(protocol: Protocol, { version, family, sourceOf }: RecordingParts): ModelRecording {
  const files = [...writeCatalogue([protocol])].filter(([name]) => name !== DEFINITIONS)
  const { model } = protocol
  const declared = new Set(model.variables.map(({ name, at }) => `${name} ${at ?? ''}`))
  const isRelated = ({ variables }: Relative): boolean =>
    variables.some(({ name, at }) => declared.has(`${name} ${at ?? ''}`))
  return {
    version,
    name: protocol.name,
    files: Object.fromEntries(files),
    relatives: [...family].filter(isRelated),
    sources: Object.fromEntries(
      filesNamedIn(model).flatMap((file) => {
        const text = sourceOf(file)
        return text === undefined ? [] : [[file, text]]
      }),
    ),
  }
}

/** The protocol of a recording. */
export function protocolIn({ name, files }: ModelRecording): Protocol {
  const protocol = readCatalogue((file) => files[file] ?? '').find((one) => one.name === name)
  if (protocol === undefined) throw new Error(`the recording has no protocol ${name}`)
  return protocol
}
