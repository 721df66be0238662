/** torch.optim: optimizers, and schedulers of their learning rates. */

export { Adam, Adamax, AdamW, NAdam, RAdam } from './adam.ts'
export { Adadelta, Adagrad, ASGD, RMSprop, Rprop } from './adaptive.ts'
export { Adafactor, Muon, SparseAdam } from './factored.ts'
export { LBFGS } from './lbfgs.ts'
export * as lr_scheduler from './lr_scheduler/index.ts'
export { Optimizer, type OptimizerStateDict, type ParamGroup, type Params } from './optimizer.ts'
export { SGD } from './sgd.ts'
export * as swa_utils from './swa_utils.ts'
