/** From a primitive and its inputs to the interpreter in force. */

import type { Primitive } from './primitive.ts'
import type { Value } from './value.ts'

/** Gives an operation its meaning for values of one level. */
export interface Interpreter {
  readonly level: number
  process(p: Primitive, ins: readonly Value[], params: unknown): Value[]
}

/** Interpreters by level; 0 is eager, 1 the base tape, transformations push theirs above. */
const interpreters: Interpreter[] = []

/** Installs the interpreter of a fixed level. */
export function installInterpreter(interpreter: Interpreter): void {
  interpreters[interpreter.level] = interpreter
}

/** Runs `f` with a new interpreter on top; its level is passed to the maker. */
export function withInterpreter<I extends Interpreter, R>(make: (level: number) => I, f: (interpreter: I) => R): R {
  const interpreter = make(interpreters.length)
  interpreters.push(interpreter)
  try {
    return f(interpreter)
  } finally {
    interpreters.pop()
  }
}

/** Puts a new interpreter on top until the function that comes back is called; those above it must be gone by then. */
export function pushInterpreter<I extends Interpreter>(make: (level: number) => I): { readonly interpreter: I; pop(): void } {
  const interpreter = make(interpreters.length)
  interpreters.push(interpreter)
  return {
    interpreter,
    pop: () => {
      const at = interpreters.lastIndexOf(interpreter)
      if (at > 1) interpreters.splice(at)
    },
  }
}

/** Applies a primitive: the interpreter of the highest level among the inputs handles it. */
export function bind(p: Primitive, ins: readonly Value[], params: unknown): Value[] {
  let level = 0
  for (let i = 0; i < ins.length; i++) {
    const l = ins[i]!.level
    if (l > level) level = l
  }
  return interpreters[level]!.process(p, ins, params)
}
