/** What runs in a DataLoader's worker thread: a script without imports, so that it needs no file of its own beside the bundle. */

/** The name under which a worker keeps what `get_worker_info` gives. */
export const WORKER_INFO = 'numgrad.workerInfo'

/**
 * Messages to a worker: `{ read: [indices], batch }` for items by position, `{ next: count }` for the next items of a stream. Its answers:
 * `{ items }`, `{ items, done }`, or `{ error }`. Tensors and typed arrays go as blocks of memory that are handed over, not copied.
 */
export const WORKER_SCRIPT = `
const { workerData, parentPort } = require('node:worker_threads')
const { port, signal, source, info } = workerData
let dataset, iterator
const handed = []
const packed = (x) => {
  if (ArrayBuffer.isView(x)) {
    const own = x.byteLength === x.buffer.byteLength && x.buffer instanceof ArrayBuffer ? x : x.slice()
    if (!handed.includes(own.buffer)) handed.push(own.buffer)
    return { array: own }
  }
  if (typeof x === 'object' && x !== null) {
    if (typeof x.toTypedArray === 'function' && x.dtype !== undefined) {
      const bytes = x.toTypedArray()
      handed.push(bytes.buffer)
      return { tensor: bytes.buffer, dtype: String(x.dtype), shape: [...x.shape] }
    }
    if (Array.isArray(x)) return { list: x.map(packed) }
    if (x instanceof Map) return { map: [...x].map(([key, value]) => [key, packed(value)]) }
    const proto = Object.getPrototypeOf(x)
    if (proto === Object.prototype || proto === null) return { entries: Object.entries(x).map(([key, value]) => [key, packed(value)]) }
  }
  return { plain: x }
}
const answer = (message) => {
  port.postMessage(message, handed.splice(0))
  Atomics.add(signal, 0, 1)
  Atomics.notify(signal, 0)
}
const failed = (error) => {
  handed.length = 0
  answer({ error: { name: error?.name ?? 'Error', message: String(error?.message ?? error), stack: String(error?.stack ?? '') } })
}
const collate = (items) => (dataset.collate ? dataset.collate(items) : items)
const read = async ({ read, next }) => {
  if (read) {
    const items = dataset.made.getitems ? dataset.made.getitems(read) : read.map((i) => dataset.made.at(i))
    return { items: packed(await Promise.all(items)) }
  }
  iterator ??= (dataset.made[Symbol.asyncIterator] ?? dataset.made[Symbol.iterator]).call(dataset.made)
  const items = []
  while (items.length < next) {
    const { value, done } = await iterator.next()
    if (done) return { items: packed(items), done: true }
    items.push(value)
  }
  return { items: packed(items) }
}
const start = async () => {
  globalThis[Symbol.for('${WORKER_INFO}')] = info
  const module = await import(source.module)
  const make = module[source.export]
  if (typeof make !== 'function') throw new TypeError("the module " + source.module + " exports no function '" + source.export + "'")
  const isClass = /^class\\b/.test(Function.prototype.toString.call(make))
  dataset = { made: await (isClass ? new make(...source.args) : make(...source.args)) }
  info.dataset = dataset.made
}
const ready = start()
ready.catch(() => {})
let last = ready
port.on('message', (message) => {
  last = last.then(() => ready).then(() => read(message)).then(answer).catch(failed)
})
process.on('exit', () => {
  Atomics.store(signal, 1, 1)
  Atomics.notify(signal, 0)
})
`
