/** Keeps the moment that is read and the present state of the worker the same. */
import { useLayoutEffect } from 'preact/hooks'
import type { PartProps } from './part.ts'
import { presentMoment } from './store.ts'

/**
 * An answer may lead to another state, which is then read; and who reads another state goes there. Both happen together
 * with the drawing, so that no key comes between.
 */
export function useSamePlace({ store, view: { scene, moves }, position: { moment, select } }: PartProps): void {
  useLayoutEffect(() => {
    select(presentMoment(scene))
  }, [moves])
  useLayoutEffect(() => {
    const node = scene.path[moment]
    if (node !== undefined) store.go(node)
  }, [moment])
}
