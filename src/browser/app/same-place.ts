/** Keeps the moment that is read and the present state of the worker the same. */
import { useEffect } from 'preact/hooks'
import type { PartProps } from './part.ts'
import { presentMoment } from './store.ts'

/** An answer may lead to another state, which is then read; and who reads another state goes there. */
export function useSamePlace({ store, view: { scene, moves }, position: { moment, select } }: PartProps): void {
  useEffect(() => {
    select(presentMoment(scene))
  }, [moves])
  useEffect(() => {
    const node = scene.path[moment]
    if (node !== undefined) store.go(node)
  }, [moment])
}
