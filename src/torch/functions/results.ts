/** Results of several tensors with names, as `{ values, indices }`: they destructure, iterate and print as PyTorch's. */

import type { Tensor } from '../tensor.ts'

/** A named tuple of tensors. */
export class NamedTuple<T extends readonly unknown[] = readonly Tensor[]> {
  readonly length: number
  /** @internal */
  constructor(
    name: string,
    fields: readonly string[],
    private readonly items: T,
  ) {
    this.length = items.length
    Object.defineProperty(this, 'items', { enumerable: false })
    Object.defineProperty(this, 'typeName', { value: name, enumerable: false })
    Object.defineProperty(this, 'fieldNames', { value: fields, enumerable: false })
    Object.defineProperty(this, 'length', { enumerable: false })
    fields.forEach((field, i) => {
      Object.defineProperty(this, field, { value: items[i], enumerable: true })
      Object.defineProperty(this, i, { value: items[i], enumerable: false })
    })
  }

  *[Symbol.iterator](): Generator<T[number]> {
    yield* this.items
  }

  toString(): string {
    const { typeName, fieldNames } = this as unknown as { typeName: string; fieldNames: readonly string[] }
    return `torch.return_types.${typeName}(\n${fieldNames.map((f, i) => `${f}=${String(this.items[i])}`).join(',\n')})`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** Values and their indices. */
export interface ValuesIndices extends NamedTuple<readonly [Tensor, Tensor]> {
  readonly values: Tensor
  readonly indices: Tensor
  readonly 0: Tensor
  readonly 1: Tensor
}

/** Makes `{ values, indices }`. */
export const pair = (name: string, values: Tensor, indices: Tensor): ValuesIndices =>
  new NamedTuple(name, ['values', 'indices'], [values, indices] as const) as unknown as ValuesIndices
