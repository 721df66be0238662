/** `np.lib`: views of an array's memory by strides. */

export * as stride_tricks from './stride_tricks.ts'
