/** torch.optim.lr_scheduler: schedules of learning rates. */

export { ChainedScheduler, SequentialLR } from './composed.ts'
export { CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR } from './cycle.ts'
export {
  ConstantLR,
  CosineAnnealingLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiplicativeLR,
  MultiStepLR,
  PolynomialLR,
  StepLR,
} from './decay.ts'
export { ReduceLROnPlateau } from './plateau.ts'
export { LRScheduler } from './scheduler.ts'
