/** The rows of the tables of masks in docs/models/*.md. */
import { readFileSync } from 'node:fs'
import { documentOf } from '../../docs/marked.ts'
import { masksIn } from '../../docs/masks-table.ts'
import { catalogue } from '../../models/catalogue.ts'

export const tables = catalogue.map((protocol) => ({
  protocol,
  masks: masksIn(readFileSync(documentOf(protocol), 'utf8')),
}))
export const rows = tables.flatMap(({ protocol, masks }) =>
  masks.map((mask) => ({
    protocol,
    mask,
    title: `${protocol.name} without ${mask.one} and ${mask.other} in ${mask.scenario}`,
  })),
)
