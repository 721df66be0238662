/** Objects that are called, and classes that are called without `new`. */

/** Makes the object that a constructor returns: a function with the class's prototype, so that `model(x)` works; it calls `_call`. */
export class CallableObject {
  constructor() {
    const self = (...args: unknown[]): unknown => (self as unknown as { _call(args: unknown[]): unknown })._call(args)
    // a function's own properties would hide fields and methods of these names
    delete (self as { name?: unknown }).name
    delete (self as { length?: unknown }).length
    // biome-ignore lint/correctness/noConstructorReturn: this is how an instance becomes callable
    return Object.setPrototypeOf(self, new.target.prototype)
  }
}

/** A class that may also be called as upstream writes it, without `new`. */
export type Newless<C extends new (...args: any[]) => any> = C & ((...args: ConstructorParameters<C>) => InstanceType<C>)

/** Lets a class be called without `new`, by its own name or another; `instanceof`, statics and subclassing stay. */
export function newless<C extends new (...args: any[]) => any>(made: C, name = made.name): Newless<C> {
  const maker = function (this: unknown, ...args: unknown[]): unknown {
    return Reflect.construct(made, args, new.target ?? maker)
  }
  Object.setPrototypeOf(maker, made)
  Object.defineProperty(maker, 'name', { value: name })
  maker.prototype = made.prototype
  made.prototype.constructor = maker
  return maker as unknown as Newless<C>
}
