/** Warnings of what a user's files define and no model of theirs has. */
import { mentionWarnings, unrecordedWarnings } from '../analysis/unrecorded.ts'
import type { Warning } from '../analysis/warning.ts'
import type { Catalogue } from '../catalogue/protocol.ts'
import { definitions } from '../language/definitions.ts'
import { leftMentions } from '../language/mentions.ts'
import { isUsers } from '../language/position.ts'
import { unlessMistaken } from '../catalogue/mistakes.ts'
import { uncalledWarnings } from './uncalled.ts'

/** Only when every model of the catalogue has been recorded is known what none of them has. */
export function unrecordedOf(users: Catalogue): readonly Warning[] {
  if (!users.every((protocol) => unlessMistaken(() => protocol.model) !== undefined)) return []
  const defined = definitions()
  return [
    ...unrecordedWarnings(defined, isUsers),
    ...mentionWarnings(leftMentions(), isUsers),
    ...uncalledWarnings(defined),
  ]
}
