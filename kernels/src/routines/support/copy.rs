//! Copies between strided operands and packed buffers of one element type.

use super::elem::Elem;
use super::walk::Walk;
use crate::operand::Operand;

/// Reads an item at any address.
#[inline(always)]
pub unsafe fn read<T: Copy>(at: *const u8) -> T {
    unsafe { (at as *const T).read_unaligned() }
}

/// Writes an item at any address.
#[inline(always)]
pub unsafe fn write<T: Copy>(at: *mut u8, value: T) {
    unsafe { (at as *mut T).write_unaligned(value) }
}

/// Copies `n` items between two strided lines.
#[inline(always)]
pub unsafe fn line<T: Copy>(to: *mut u8, to_step: isize, from: *const u8, from_step: isize, n: usize) {
    let size = size_of::<T>() as isize;
    unsafe {
        if to_step == size && from_step == size {
            std::ptr::copy_nonoverlapping(from, to, n * size_of::<T>());
            return;
        }
        for i in 0..n as isize {
            write::<T>(to.wrapping_offset(i * to_step), read::<T>(from.wrapping_offset(i * from_step)));
        }
    }
}

/// Copies `n` items of a strided line into `buffer`.
#[inline(always)]
pub unsafe fn gather_line<T: Copy>(buffer: &mut [T], from: *const u8, step: isize) {
    unsafe { line::<T>(buffer.as_mut_ptr() as *mut u8, size_of::<T>() as isize, from, step, buffer.len()) }
}

/// Writes `buffer` to a strided line.
#[inline(always)]
pub unsafe fn scatter_line<T: Copy>(to: *mut u8, step: isize, buffer: &[T]) {
    unsafe { line::<T>(to, step, buffer.as_ptr() as *const u8, size_of::<T>() as isize, buffer.len()) }
}

/// The items of an operand, whose dtype is `T`'s, in C order.
pub fn packed<T: Elem>(x: &Operand) -> Vec<T> {
    let mut items = vec![T::ZERO; x.len()];
    if x.is_empty() {
        return items;
    }
    let walk = Walk::new(&x.shape, [&x.strides]);
    let mut rest = items.as_mut_slice();
    walk.each(0..walk.lines, [x.ptr], |[from]| {
        let (now, later) = std::mem::take(&mut rest).split_at_mut(walk.line);
        unsafe { gather_line(now, from, walk.step[0]) };
        rest = later;
    });
    items
}

/// Writes items in C order to an operand of their dtype.
pub fn unpack<T: Copy>(x: &Operand, items: &[T]) {
    if x.is_empty() {
        return;
    }
    let walk = Walk::new(&x.shape, [&x.strides]);
    let mut done = 0;
    walk.each(0..walk.lines, [x.ptr], |[to]| {
        unsafe { scatter_line(to, walk.step[0], &items[done..done + walk.line]) };
        done += walk.line;
    });
}
