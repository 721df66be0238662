/** Padding as modules: the widths of the last one, two or three dimensions. */

import { ArgumentError } from '../../../core/errors.ts'
import type { Tensor } from '../../tensor.ts'
import { pad } from '../functional/padding.ts'
import { numberList } from '../functional/support.ts'
import { Module } from '../module.ts'
import { number, tuple } from './support.ts'

/** One width for all ends, or one for each, the last dimension's first. */
export type Widths = number | readonly number[]

abstract class Padding extends Module {
  readonly padding: readonly number[]

  constructor(padding: Widths, dims: number) {
    super()
    this.padding = typeof padding === 'number' ? new Array<number>(2 * dims).fill(padding) : [...numberList('Pad', 'padding', padding)]
    if (this.padding.length !== 2 * dims) throw new ArgumentError(`expected ${2 * dims} widths, got ${this.padding.length}`)
  }

  abstract override forward(input: Tensor): Tensor

  override extra_repr(): string {
    return tuple(this.padding)
  }
}

abstract class ConstantPad extends Padding {
  readonly value: number

  constructor(padding: Widths, dims: number, value: number | { value: number }) {
    super(padding, dims)
    this.value = typeof value === 'object' ? value.value : value
  }

  override forward(input: Tensor): Tensor {
    return pad(input, this.padding, 'constant', this.value)
  }
}
/** A constant around the last dimension. */
export class ConstantPad1d extends ConstantPad {
  constructor(padding: Widths, value: number | { value: number }) {
    super(padding, 1, value)
  }
  override extra_repr(): string {
    return `padding=${tuple(this.padding)}, value=${number(this.value)}`
  }
}
/** A constant around the last two dimensions. */
export class ConstantPad2d extends ConstantPad {
  constructor(padding: Widths, value: number | { value: number }) {
    super(padding, 2, value)
  }
  override extra_repr(): string {
    return `padding=${tuple(this.padding)}, value=${number(this.value)}`
  }
}
/** A constant around the last three dimensions. */
export class ConstantPad3d extends ConstantPad {
  constructor(padding: Widths, value: number | { value: number }) {
    super(padding, 3, value)
  }
  override extra_repr(): string {
    return `padding=${tuple(this.padding)}, value=${number(this.value)}`
  }
}
/** Zeros around the last dimension. */
export class ZeroPad1d extends ConstantPad {
  constructor(padding: Widths) {
    super(padding, 1, 0)
  }
}
/** Zeros around the last two dimensions. */
export class ZeroPad2d extends ConstantPad {
  constructor(padding: Widths) {
    super(padding, 2, 0)
  }
}
/** Zeros around the last three dimensions. */
export class ZeroPad3d extends ConstantPad {
  constructor(padding: Widths) {
    super(padding, 3, 0)
  }
}

abstract class ReflectionPad extends Padding {
  override forward(input: Tensor): Tensor {
    return pad(input, this.padding, 'reflect')
  }
}
/** Mirrored elements around the last dimension. */
export class ReflectionPad1d extends ReflectionPad {
  constructor(padding: Widths) {
    super(padding, 1)
  }
}
/** Mirrored elements around the last two dimensions. */
export class ReflectionPad2d extends ReflectionPad {
  constructor(padding: Widths) {
    super(padding, 2)
  }
}
/** Mirrored elements around the last three dimensions. */
export class ReflectionPad3d extends ReflectionPad {
  constructor(padding: Widths) {
    super(padding, 3)
  }
}

abstract class ReplicationPad extends Padding {
  override forward(input: Tensor): Tensor {
    return pad(input, this.padding, 'replicate')
  }
}
/** The end elements repeated around the last dimension. */
export class ReplicationPad1d extends ReplicationPad {
  constructor(padding: Widths) {
    super(padding, 1)
  }
}
/** The end elements repeated around the last two dimensions. */
export class ReplicationPad2d extends ReplicationPad {
  constructor(padding: Widths) {
    super(padding, 2)
  }
}
/** The end elements repeated around the last three dimensions. */
export class ReplicationPad3d extends ReplicationPad {
  constructor(padding: Widths) {
    super(padding, 3)
  }
}

abstract class CircularPad extends Padding {
  override forward(input: Tensor): Tensor {
    return pad(input, this.padding, 'circular')
  }
}
/** The last dimension continued from its other end. */
export class CircularPad1d extends CircularPad {
  constructor(padding: Widths) {
    super(padding, 1)
  }
}
/** The last two dimensions continued from their other ends. */
export class CircularPad2d extends CircularPad {
  constructor(padding: Widths) {
    super(padding, 2)
  }
}
/** The last three dimensions continued from their other ends. */
export class CircularPad3d extends CircularPad {
  constructor(padding: Widths) {
    super(padding, 3)
  }
}
