/** What each of the trainings gives. */

export interface Training<M> {
  readonly model: M
  /** The loss of every step. */
  readonly losses: number[]
}
