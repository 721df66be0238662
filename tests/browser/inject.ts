/** Globals of Node that the test files use. */
export { Buffer } from './node_modules.ts'
