/** torch.nn: modules, parameters, and the functions under them. */

export { ModuleDict, ModuleList, Sequential } from './containers.ts'
export * as functional from './functional/index.ts'
export { RemovableHandle } from './hooks.ts'
export * as init from './init.ts'
export * from './layers/activation.ts'
export { MultiheadAttention } from './layers/attention.ts'
export { AdaptiveLogSoftmaxWithLoss, EmbeddingBag } from './layers/bags.ts'
export { Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './layers/convolution.ts'
export * from './layers/dropout.ts'
export * from './layers/linear.ts'
export {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  GroupNorm,
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  LayerNorm,
  RMSNorm,
} from './layers/normalization.ts'
export {
  CircularPad1d,
  CircularPad2d,
  CircularPad3d,
  ConstantPad1d,
  ConstantPad2d,
  ConstantPad3d,
  ReflectionPad1d,
  ReflectionPad2d,
  ReflectionPad3d,
  ReplicationPad1d,
  ReplicationPad2d,
  ReplicationPad3d,
  ZeroPad1d,
  ZeroPad2d,
  ZeroPad3d,
} from './layers/padding.ts'
export * from './layers/pooling.ts'
export { GRU, GRUCell, LSTM, LSTMCell, RNN, RNNBase, RNNCell, RNNCellBase } from './layers/recurrent.ts'
export {
  Transformer,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from './layers/transformer.ts'
export * from './layers/vision.ts'
export * from './loss.ts'
export { type ForwardHook, type ForwardPreHook, Module } from './module.ts'
export { Buffer, Parameter } from './parameter.ts'
export { ParameterDict, ParameterList } from './parameter_containers.ts'
export * as utils from './utils.ts'
