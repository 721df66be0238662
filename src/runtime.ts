/** Puts the parts together: the interpreters, the table, and the best CPU backend that this process has. Imported first by every facade. */

import { installBackend } from './core/backend.ts'
import { referenceBackend } from './backends/reference/index.ts'
import { installEager } from './interpreters/eager.ts'
import { installTape } from './interpreters/tape.ts'
import './ops/index.ts'

installBackend(referenceBackend)
installEager()
installTape()
