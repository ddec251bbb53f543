/** An arbitrary of fast-check that shrinks as its values need. */
import * as fc from 'fast-check'
import type { Draw } from './strategies/strategy.ts'

interface Drawn<T> {
  draw(draw: Draw): T
  /** Whether a value is one of these, and can be shrunk although it was not drawn here: an example of a test. */
  isOne(value: unknown): value is T
  /**
   * Smaller values, those first that may be much smaller. `hint` comes back as what the value is shrunk with, if it
   * fails, too; 0 at first.
   */
  shrink(value: T, hint: number): Iterable<{ readonly value: T; readonly hint: number }>
}

export function arbitraryOf<T>({ draw, isOne, shrink }: Drawn<T>): fc.Arbitrary<T> {
  // fast-check tells arbitraries by their class.
  return new (class extends fc.Arbitrary<T> {
    override generate(random: fc.Random): fc.Value<T> {
      return new fc.Value(
        draw((below) => random.nextInt(0, below - 1)),
        0,
      )
    }

    override canShrinkWithoutContext(value: unknown): value is T {
      return isOne(value)
    }

    override shrink(value: T, hint: unknown): fc.Stream<fc.Value<T>> {
      return fc.stream(values(shrink(value, typeof hint === 'number' ? hint : 0)))
    }
  })()
}

function* values<T>(made: Iterable<{ readonly value: T; readonly hint: number }>): IterableIterator<fc.Value<T>> {
  for (const { value, hint } of made) yield new fc.Value(value, hint)
}
