/** What JavaScript's operators make of the items of dtype object. */

/** The greater of two items as JavaScript compares them, whatever they are. */
export function greater(a: any, b: any): unknown {
  if (a >= b) return a
  return b
}
/** The lesser of two items as JavaScript compares them. */
export function lesser(a: any, b: any): unknown {
  if (a <= b) return a
  return b
}
