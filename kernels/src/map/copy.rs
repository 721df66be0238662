//! Plain copies between operands of one dtype: runs by memcpy, the rest box by box.

use crate::parallel;
use crate::simd::copy::{gather, is_packed, scatter};
use crate::simd::stream;
use crate::simd::transpose::transpose;
use crate::view::{Cells, Space};

const BOX: usize = 1024;
const RUN: usize = 1 << 17;
/// Rows of a turned copy that are written together.
const LINES: usize = 16;

/// Copies operand 1 of the space to operand 0.
pub fn run(space: &mut Space, size: usize) {
    let packed = space.dims.len() <= 1 && (0..2).all(|o| space.dims.is_empty() || space.stride(o, 0) == size as isize);
    if packed {
        let bytes = space.len() * size;
        let (dst, src) = (space.ptrs[0] as usize, space.ptrs[1] as usize);
        if dst != src {
            let streams = bytes >= stream::THRESHOLD && dst.is_multiple_of(stream::LINE);
            parallel::for_each(bytes, RUN, |r| unsafe {
                let (to, from) = ((dst + r.start) as *mut u8, (src + r.start) as *const u8);
                if streams {
                    stream::copy(to, from, r.len());
                    stream::fence();
                } else {
                    std::ptr::copy_nonoverlapping(from, to, r.len());
                }
            });
        }
        return;
    }
    if turned(space, size) {
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

/// Copies where the result runs along the last dim and the source along another one, in whole rows of blocks; whether it was such a copy.
fn turned(space: &Space, size: usize) -> bool {
    let d = space.dims.len();
    let step = size as isize;
    let Some(k) = (0..d.saturating_sub(1)).find(|&k| space.stride(1, k) == step && space.dims[k] >= LINES) else { return false };
    if !matches!(size, 4 | 8) || space.stride(0, d - 1) != step || space.dims[d - 1] < 8 {
        return false;
    }
    let (rows, cols) = (space.dims[k], space.dims[d - 1]);
    let strips = rows.div_ceil(LINES);
    let others: Vec<usize> = (0..d - 1).filter(|&i| i != k).collect();
    let count = others.iter().map(|&i| space.dims[i]).product::<usize>() * strips;
    parallel::for_each(count, (RUN / (LINES * cols * size)).max(1), |range| {
        for unit in range {
            let (mut rest, strip) = (unit / strips, unit % strips * LINES);
            let (mut to, mut from) = (strip as isize * space.stride(0, k), strip as isize * step);
            for &i in others.iter().rev() {
                let at = (rest % space.dims[i]) as isize;
                rest /= space.dims[i];
                to += at * space.stride(0, i);
                from += at * space.stride(1, i);
            }
            let height = LINES.min(rows - strip);
            let (to, from) = (space.ptrs[0].wrapping_offset(to), space.ptrs[1].wrapping_offset(from));
            let (to_row, from_row) = (space.stride(0, k), space.stride(1, d - 1));
            unsafe {
                if !transpose(size, to, to_row, from, from_row, height, cols) {
                    for i in 0..height as isize {
                        gather(
                            size,
                            to.wrapping_offset(i * to_row),
                            from.wrapping_offset(i * step),
                            &[1, 1, 1, cols],
                            &[0, 0, 0, from_row],
                        );
                    }
                }
            }
        }
    });
    true
}
