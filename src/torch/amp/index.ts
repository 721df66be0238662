/** torch.amp: mixed precision. */

export {
  autocast,
  custom_bwd,
  custom_fwd,
  get_autocast_dtype,
  is_autocast_available,
  is_autocast_cache_enabled,
  is_autocast_enabled,
  set_autocast_cache_enabled,
  set_autocast_dtype,
  set_autocast_enabled,
} from './autocast.ts'
export { GradScaler } from './grad_scaler.ts'
