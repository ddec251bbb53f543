/** The scenarios that are smaller than one: fewer CPUs, devices, pages, addresses. */
import type { Setting } from '../catalogue/setting.ts'
import { settingOf } from '../catalogue/setting.ts'

/** Sizes by parameter. */
type Sizes = Setting['sizes']

/**
 * The setting with every smaller combination of sizes, from the least of each parameter to its present value; the
 * smallest first, by the sum of the sizes, then by their order.
 */
export function smallerSettings({ protocol, variant, scenario, sizes }: Setting): readonly Setting[] {
  const names = Object.keys(protocol.parameters)
  const combinations = names.reduce<readonly Sizes[]>(
    (all, name) => {
      const [least, most] = [protocol.parameters[name]?.min ?? 0, sizes[name] ?? 0]
      return all.flatMap((others) =>
        Array.from({ length: most - least + 1 }, (_, n) => ({ ...others, [name]: least + n })),
      )
    },
    [{}],
  )
  const sum = (of: Sizes): number => Object.values(of).reduce((total, size) => total + size, 0)
  return combinations
    .filter((one) => sum(one) < sum(sizes))
    .toSorted((a, b) => sum(a) - sum(b))
    .map((one) => settingOf(protocol, { variant: variant.name, scenario: scenario.name, sizes: one }))
}
