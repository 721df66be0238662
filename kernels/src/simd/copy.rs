//! Copies of items by size: packed, strided to packed, packed to strided, over boxes of up to four dimensions.

use super::transpose::transpose;

/// Copies `n` packed items of `SIZE` bytes; a [`super::Kernel`].
///
/// # Safety
/// Both sides must hold `n * SIZE` bytes and be the same or not overlap.
pub unsafe fn packed<const SIZE: usize>(d: *mut u8, a: *const u8, _b: *const u8, _c: *const u8, n: usize) {
    if d as *const u8 != a {
        unsafe { std::ptr::copy_nonoverlapping(a, d, n * SIZE) }
    }
}

/// Extents of a box of elements, outermost first; unused leading dimensions are 1.
pub type Extents = [usize; 4];
/// Byte strides over the dimensions of a box.
pub type Strides = [isize; 4];

/// Whether a box lies packed in memory in C order.
#[inline]
pub fn is_packed(ext: &Extents, strides: &Strides, size: usize) -> bool {
    let mut expected = size as isize;
    for k in (0..4).rev() {
        if ext[k] != 1 {
            if strides[k] != expected {
                return false;
            }
            expected *= ext[k] as isize;
        }
    }
    true
}

/// Whether a box is one matrix whose columns are packed.
#[inline]
fn is_turned(ext: &Extents, strides: &Strides, size: usize) -> bool {
    ext[0] == 1 && ext[1] == 1 && strides[2] == size as isize && strides[3] != size as isize
}

#[inline(always)]
unsafe fn rows(ext: &Extents, strides: &Strides, mut f: impl FnMut(isize, usize)) {
    let mut at = 0;
    for i in 0..ext[0] as isize {
        for j in 0..ext[1] as isize {
            for k in 0..ext[2] as isize {
                f(i * strides[0] + j * strides[1] + k * strides[2], at);
                at += ext[3];
            }
        }
    }
}

#[inline(always)]
unsafe fn gather_items<T: Copy>(dst: *mut T, src: *const u8, ext: &Extents, strides: &Strides) {
    let (n, s) = (ext[3], strides[3]);
    let size = size_of::<T>() as isize;
    unsafe {
        rows(ext, strides, |offset, at| {
            let (d, p) = (dst.add(at), src.offset(offset));
            if s == size {
                std::ptr::copy_nonoverlapping(p, d as *mut u8, n * size as usize);
            } else if s == 0 {
                let x = (p as *const T).read_unaligned();
                for i in 0..n {
                    d.add(i).write_unaligned(x);
                }
            } else if s == 2 * size {
                for i in 0..n {
                    d.add(i).write_unaligned((p as *const T).add(2 * i).read_unaligned());
                }
            } else {
                for i in 0..n {
                    d.add(i).write_unaligned((p.offset(i as isize * s) as *const T).read_unaligned());
                }
            }
        })
    }
}

#[inline(always)]
unsafe fn scatter_items<T: Copy>(dst: *mut u8, src: *const T, ext: &Extents, strides: &Strides) {
    let (n, s) = (ext[3], strides[3]);
    let size = size_of::<T>() as isize;
    unsafe {
        rows(ext, strides, |offset, at| {
            let (d, p) = (dst.offset(offset), src.add(at));
            if s == size {
                std::ptr::copy_nonoverlapping(p as *const u8, d, n * size as usize);
            } else {
                for i in 0..n {
                    (d.offset(i as isize * s) as *mut T).write_unaligned(p.add(i).read_unaligned());
                }
            }
        })
    }
}

/// Copies a strided box of items of 1, 2, 4, 8 or 16 bytes into packed memory.
///
/// # Safety
/// Every element of the box and of the destination must be inside its block, and the two must not overlap.
pub unsafe fn gather(size: usize, dst: *mut u8, src: *const u8, ext: &Extents, strides: &Strides) {
    unsafe {
        if is_turned(ext, strides, size) && transpose(size, dst, (ext[3] * size) as isize, src, strides[3], ext[2], ext[3]) {
            return;
        }
        match size {
            1 => gather_items(dst, src, ext, strides),
            2 => gather_items(dst as *mut u16, src, ext, strides),
            4 => gather_items(dst as *mut u32, src, ext, strides),
            8 => gather_items(dst as *mut u64, src, ext, strides),
            _ => gather_items(dst as *mut u128, src, ext, strides),
        }
    }
}

/// Copies packed items into a strided box.
///
/// # Safety
/// As [`gather`].
pub unsafe fn scatter(size: usize, dst: *mut u8, src: *const u8, ext: &Extents, strides: &Strides) {
    unsafe {
        if is_turned(ext, strides, size) && transpose(size, dst, strides[3], src, (ext[3] * size) as isize, ext[3], ext[2]) {
            return;
        }
        match size {
            1 => scatter_items(dst, src, ext, strides),
            2 => scatter_items(dst, src as *const u16, ext, strides),
            4 => scatter_items(dst, src as *const u32, ext, strides),
            8 => scatter_items(dst, src as *const u64, ext, strides),
            _ => scatter_items(dst, src as *const u128, ext, strides),
        }
    }
}
