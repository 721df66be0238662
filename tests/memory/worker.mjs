// Lets a worker thread run TypeScript: Node does not pass the loader of the main thread on.
import { register } from 'tsx/esm/api'

register()
await import('./worker.ts')
