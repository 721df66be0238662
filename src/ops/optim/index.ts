/** Fused updates of parameters: what optimizers run. */
export * from './steps.ts'
