/** torch.utils.data: datasets, samplers and loaders. */

export { default_collate, default_convert } from './collate.ts'
export { DataLoader, type DataLoaderOptions } from './dataloader.ts'
export {
  ChainDataset,
  ConcatDataset,
  Dataset,
  IterableDataset,
  type MapLike,
  random_split,
  StackDataset,
  Subset,
  TensorDataset,
} from './dataset.ts'
export { DistributedSampler } from './distributed.ts'
export { BatchSampler, RandomSampler, Sampler, SequentialSampler, SubsetRandomSampler, WeightedRandomSampler } from './sampler.ts'
export { get_worker_info, type WorkerInfo, type WorkerSource } from './workers.ts'
