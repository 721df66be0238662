/** The rows that derivative rules, batching and composites are made of: fills in `linear` of core. */

import { registerLinear } from '../core/linear.ts'
import './linear_basic.ts'
import { add } from './elementwise/arithmetic.ts'
import { conj } from './elementwise/complex.ts'
import { concatenate } from './movement/concatenate.ts'
import { reshape } from './movement/reshape.ts'
import { narrow } from './movement/slice.ts'
import { transpose } from './movement/transpose.ts'
import { sumTo } from './reduction/sum.ts'

registerLinear({ add: (a, b) => add(a, b), concatenate, conj, narrow, reshape, sumTo, transpose })
