/** torch.nn.functional: the operations of neural networks as functions. */

export * from './activation.ts'
export { multi_head_attention_forward } from './attention.ts'
export { embedding_bag } from './bags.ts'
export {
  cross_entropy,
  multi_margin_loss,
  multilabel_margin_loss,
  multilabel_soft_margin_loss,
  nll_loss,
} from './classification.ts'
export { conv_tbc, conv_transpose1d, conv_transpose2d, conv_transpose3d, conv1d, conv2d, conv3d } from './convolution.ts'
export { ctc_loss } from './ctc.ts'
export { cosine_similarity, normalize, pairwise_distance, pdist } from './distance.ts'
export { alpha_dropout, dropout, dropout1d, dropout2d, dropout3d, feature_alpha_dropout } from './dropout.ts'
export { affine_grid, grid_sample } from './grid.ts'
export { bilinear, embedding, linear, one_hot, scaled_dot_product_attention } from './linear.ts'
export { batch_norm, group_norm, instance_norm, layer_norm, rms_norm } from './normalization.ts'
export { pad } from './padding.ts'
export { channel_shuffle, fold, local_response_norm, pixel_shuffle, pixel_unshuffle, unfold } from './patches.ts'
export * from './pooling.ts'
export {
  binary_cross_entropy,
  binary_cross_entropy_with_logits,
  cosine_embedding_loss,
  gaussian_nll_loss,
  hinge_embedding_loss,
  huber_loss,
  kl_div,
  l1_loss,
  margin_ranking_loss,
  mse_loss,
  poisson_nll_loss,
  smooth_l1_loss,
  soft_margin_loss,
  triplet_margin_loss,
  triplet_margin_with_distance_loss,
} from './regression.ts'
export { interpolate, upsample, upsample_bilinear, upsample_nearest } from './resample.ts'
export * from './unpooling.ts'
