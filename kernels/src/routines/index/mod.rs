//! Reading and writing by indices and by masks.

mod axis;
mod mask;
mod mover;
mod points;

pub use axis::{gather, scatter};
pub use mask::{count_nonzero, mask_put, mask_select, nonzero};
pub use points::{index, index_put};
