/** The part of `linear.ts` that elementwise rows are made of. */

import { registerLinear } from '../core/linear.ts'
import { full } from './creation/full.ts'
import { broadcastTo } from './movement/broadcast.ts'
import { cast } from './movement/cast.ts'

registerLinear({ broadcastTo, cast, full })
