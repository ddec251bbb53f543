/** All that the page shows of what was done, as plain data. */
import { definedFields } from '../language/defined-fields.ts'
import { recordPage } from '../page/record.ts'
import type { PageDocument } from '../page/document.ts'
import { drawnLabel } from '../report/drawn.ts'
import { showSizes } from '../report/text.ts'
import { initialStarts } from '../schedules/steps.ts'
import { isBeyondRuns, kinds } from '../semantics/kinds/index.ts'
import { runOf, type Node } from './history.ts'
import type { Scene, ShownSetting, HistoryNode } from './messages.ts'
import { inModel, movesAt } from './moves.ts'
import type { Opened } from './opened.ts'
import type { ModelRecording } from './recording.ts'
import { scheduleOf, shownAt } from './schedules.ts'

/**
 * The scene of a node.
 *
 * @param isKnown whether the page has the document of a path
 */
export function sceneOf(
  recording: ModelRecording,
  opened: Opened,
  node: Node,
  isKnown: (path: readonly number[]) => boolean,
): Scene {
  const { history } = opened
  const path = history.pathThrough(node)
  const ids = path.map(({ id }) => id)
  return {
    setting: settingOf(opened),
    node: node.id,
    path: ids,
    ...(isKnown(ids) ? {} : { document: documentOf(recording, opened, path) }),
    tree: history.nodes.map(treeNode),
    threads: movesAt(history, node),
  }
}

function treeNode({ id, from, initial, violated }: Node): HistoryNode {
  const label =
    from === undefined
      ? initial.choices.map(({ name, value }) => `${name} = ${JSON.stringify(value)}`).join(', ') || 'begin'
      : drawnLabel(from.transition.label)
  return {
    id,
    label,
    violated: violated.map(({ name }) => name),
    ...definedFields({ parent: from?.node.id, thread: from?.transition.thread }),
  }
}

/** What the catalogue offers, and what is open of it. */
function settingOf({ protocol, setting, variant, model, history }: Opened): ShownSetting {
  const { constants } = setting.configuration
  return {
    model: protocol.name,
    title: protocol.title,
    variants: protocol.variants.map(({ name, summary }) => ({ name, summary })),
    scenarios: protocol.scenarios.map(({ name, summary }) => ({ name, summary })),
    parameters: Object.entries(protocol.parameters).map(([name, { summary, min, max }]) => ({
      ...{ name, summary, min, max },
      size: setting.sizes[name] ?? min,
    })),
    fixes: protocol.fixes
      .filter(({ name }) => typeof constants[name] === 'boolean')
      .map(({ name, summary, kind }) => ({ name, summary, what: kind, on: constants[name] === true })),
    variant,
    scenario: setting.scenario.name,
    properties: model.properties
      .filter(({ kind }) => !isBeyondRuns(kind) && kinds[kind].outcome === 'violated')
      .map(({ name }) => name),
    initial: initialStarts(history.machine),
  }
}

/** More threads than these have no lane each from the start. */
const FEW_THREADS = 5

/** The run of a path, as a page draws it. */
function documentOf({ version, sources }: ModelRecording, opened: Opened, path: readonly Node[]): PageDocument {
  const { setting, history, model } = opened
  const shown = shownAt(path)
  const { protocol, scenario, sizes } = setting
  const document = recordPage({
    machine: history.machine,
    run: runOf(path),
    claims: model,
    property: shown.kind === 'run' ? undefined : shown,
    schedule: scheduleOf(opened, path),
    sizes: showSizes(sizes),
    version,
    command: `hmmcheck explore ${protocol.name}@${setting.variant.name} --scenario ${scenario.name}`,
    refusal: shown.kind === 'run' ? { kind: 'open', text: openText(path) } : undefined,
    locate: inModel,
    view: protocol.view,
    readSource: (file) => sources[file],
  })
  // anybody may act next
  const isAlike = document.threads.length <= FEW_THREADS
  return isAlike ? { ...document, threads: document.threads.map((thread) => ({ ...thread, acts: true })) } : document
}

/** What is to be said of a path whose last step shows nothing new. */
function openText(path: readonly Node[]): string {
  const first = path.find(({ violated }) => violated.length > 0)
  const [claim] = first?.violated ?? []
  return first === undefined || claim === undefined
    ? 'no violation so far'
    : `${claim.name} is violated since step ${first.depth}`
}
