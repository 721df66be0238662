/** Hooks: functions that a module calls around forward, under handles that take them off again. */

import { RemovableHandle } from '../autograd/node.ts'

export { RemovableHandle }

/** Hooks of one kind, in the order in which they are called. */
export class Hooks<F extends (...args: any[]) => unknown> {
  private list: { readonly hook: F; readonly always: boolean }[] = []

  get size(): number {
    return this.list.length
  }

  add(hook: F, prepend = false, always = false): RemovableHandle {
    const entry = { hook, always }
    this.list = prepend ? [entry, ...this.list] : [...this.list, entry]
    return new RemovableHandle(() => {
      this.list = this.list.filter((x) => x !== entry)
    })
  }

  *[Symbol.iterator](): Generator<F> {
    for (const { hook } of this.list) yield hook
  }

  /** Those that are called also when forward throws. */
  *always(): Generator<F> {
    for (const { hook, always } of this.list) if (always) yield hook
  }
}
