/** The configuration: variant, scenario and sizes, and each fix as a switch. */
import type { JSX } from 'preact'
import type { OpenNames, Option, ShownSetting } from '../messages.ts'
import type { Store } from './store.ts'

export interface SettingProps {
  readonly setting: ShownSetting
  readonly store: Store
}

export function SettingBar({ setting, store }: SettingProps): JSX.Element {
  const { variants, scenarios, parameters, fixes, variant, scenario } = setting
  const sizes = Object.fromEntries(parameters.map(({ name, size }) => [name, size]))
  const change = (names: OpenNames): void => {
    store.ask({ kind: 'switch', names }, 'turns to another configuration')
  }
  const others = { ...(variant === undefined ? {} : { variant }), scenario, sizes }
  return (
    <div class="setting-bar">
      <Pick
        label="Variant"
        value={variant ?? ''}
        options={variants}
        none="no variant has these fixes"
        pick={(name) => {
          change({ ...others, variant: name })
        }}
      />
      <Pick
        label="Scenario"
        value={scenario}
        options={scenarios}
        pick={(name) => {
          change({ ...(variant === undefined ? {} : { variant }), scenario: name, ...fixesOf(setting) })
        }}
      />
      {parameters
        .filter(({ min, max }) => min < max)
        .map(({ name, size, min, max, summary }) => (
          <label key={name} title={summary}>
            {name}
            <input
              type="number"
              min={min}
              max={max}
              value={size}
              onChange={({ currentTarget: { valueAsNumber } }) => {
                change({ ...others, ...fixesOf(setting), sizes: { ...sizes, [name]: valueAsNumber } })
              }}
            />
          </label>
        ))}
      {fixes.length > 0 && (
        <details class="fixes">
          <summary>
            Fixes: {fixes.filter(({ on }) => on).length} of {fixes.length}
          </summary>
          <ul>
            {fixes.map(({ name, summary, what, on }) => (
              <li key={name}>
                <label>
                  <input
                    type="checkbox"
                    role="switch"
                    checked={on}
                    onChange={() => {
                      change({ ...others, fixes: { ...fixesOf(setting).fixes, [name]: !on } })
                    }}
                  />
                  <span>
                    <b>{name}</b> <span class="what">{what}</span>
                    <span class="summary">{summary}</span>
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

/** The fixes as they are now, where no variant has them. */
const fixesOf = ({ variant, fixes }: ShownSetting): { readonly fixes?: Readonly<Record<string, boolean>> } =>
  variant === undefined ? { fixes: Object.fromEntries(fixes.map(({ name, on }) => [name, on])) } : {}

interface PickProps {
  readonly label: string
  readonly value: string
  readonly options: readonly Option[]
  /** The text if none of them is picked. */
  readonly none?: string
  readonly pick: (name: string) => void
}

const Pick = ({ label, value, options, none, pick }: PickProps): JSX.Element => (
  <label>
    {label}
    <select
      value={value}
      title={options.find(({ name }) => name === value)?.summary ?? ''}
      onChange={({ currentTarget }) => {
        pick(currentTarget.value)
      }}
    >
      {value === '' && <option value="">{none}</option>}
      {options.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  </label>
)
