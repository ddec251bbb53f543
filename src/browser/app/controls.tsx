/** The configuration, the branches of what was done, and what the last check has found. */
import type { JSX } from 'preact'
import { Branches } from './branches.tsx'
import { Checked } from './checked.tsx'
import type { PartProps } from './part.ts'
import { SettingBar } from './setting-bar.tsx'

export const Controls = ({ store, view: { scene, document, judged } }: PartProps): JSX.Element => (
  <>
    <SettingBar setting={scene.setting} store={store} />
    <Branches scene={scene} document={document} store={store} />
    {judged !== undefined && <Checked judged={judged} store={store} />}
  </>
)
