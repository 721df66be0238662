//! Plain copies between operands of one dtype: runs by memcpy, the rest box by box.

use crate::parallel;
use crate::simd::copy::{gather, is_packed, scatter};
use crate::view::{Cells, Space};

const BOX: usize = 1024;
const RUN: usize = 1 << 17;

/// Copies operand 1 of the space to operand 0.
pub fn run(space: &mut Space, size: usize) {
    let packed = space.dims.len() <= 1 && (0..2).all(|o| space.dims.is_empty() || space.stride(o, 0) == size as isize);
    if packed {
        let bytes = space.len() * size;
        let (dst, src) = (space.ptrs[0] as usize, space.ptrs[1] as usize);
        if dst != src {
            parallel::for_each(bytes, RUN, |r| unsafe {
                std::ptr::copy_nonoverlapping((src + r.start) as *const u8, (dst + r.start) as *mut u8, r.len());
            });
        }
        return;
    }
    space.cut(BOX, true);
    let (to, from) = (space.boxes[0], space.boxes[1]);
    let space = &*space;
    parallel::for_each(space.cells, (RUN / (space.capacity * size)).max(1), |range| {
        let mut cells = Cells::new(space, range.start);
        let mut ptrs = [std::ptr::null_mut(); 2];
        let mut temp = [0u128; BOX];
        for _ in range {
            cells.locate(&mut ptrs);
            unsafe {
                if is_packed(&cells.ext, &to, size) {
                    gather(size, ptrs[0], ptrs[1], &cells.ext, &from);
                } else if is_packed(&cells.ext, &from, size) {
                    scatter(size, ptrs[0], ptrs[1], &cells.ext, &to);
                } else {
                    gather(size, temp.as_mut_ptr() as *mut u8, ptrs[1], &cells.ext, &from);
                    scatter(size, ptrs[0], temp.as_ptr() as *const u8, &cells.ext, &to);
                }
            }
            cells.advance();
        }
    });
}
