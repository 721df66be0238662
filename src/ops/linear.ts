/** The rows that derivative rules, batching and composites are made of: fills in `linear` of core. */

import { registerLinear } from '../core/linear.ts'
import { full } from './creation/full.ts'
import { add } from './elementwise/arithmetic.ts'
import { conj } from './elementwise/complex.ts'
import { broadcastTo } from './movement/broadcast.ts'
import { cast } from './movement/cast.ts'
import { concatenate } from './movement/concatenate.ts'
import { reshape } from './movement/reshape.ts'
import { narrow } from './movement/slice.ts'
import { transpose } from './movement/transpose.ts'
import { sumTo } from './reduction/sum.ts'

registerLinear({ add: (a, b) => add(a, b), broadcastTo, cast, concatenate, conj, full, narrow, reshape, sumTo, transpose })
