//! Small launches of one computation over packed operands: one kernel call, without building an iteration space.

use crate::abi::Launch;
use crate::operand::DType;
use crate::program::{Class, Program, REGISTER_DTYPE};
use std::mem::MaybeUninit;

/// Elements up to which a repeated scalar is spread out on the stack.
const SPREAD: usize = 256;
/// Elements up to which this way is taken; beyond it the general one costs nothing in comparison.
const LIMIT: usize = 8192;

/// Whether an operand's elements lie in C order without gaps.
#[inline]
fn is_packed(launch: &Launch, operand: usize) -> bool {
    let mut step = launch.dtypes[operand].size() as isize;
    for d in (0..launch.dims.len()).rev() {
        let dim = launch.dims[d];
        if dim != 1 {
            if launch.stride(operand, d) != step {
                return false;
            }
            step *= dim as isize;
        }
    }
    true
}

#[inline]
fn is_still(launch: &Launch, operand: usize) -> bool {
    (0..launch.dims.len()).all(|d| launch.stride(operand, d) == 0 || launch.dims[d] == 1)
}

/// Writes `n` copies of an item.
#[inline]
unsafe fn fill<T: Copy>(to: *mut T, item: T, n: usize) {
    for i in 0..n {
        unsafe { to.add(i).write(item) };
    }
}

/// Runs the launch if it is of that kind; says whether it did. The launch is not empty.
#[inline]
pub fn run(program: &Program, launch: &Launch) -> bool {
    if launch.len > LIMIT || program.computes != 1 || program.insts.len() > 5 || program.stores != 1 {
        return false;
    }
    let Some((last, store)) = program.direct[0] else { return false };
    let inst = &program.insts[last];
    let Some(kernel) = inst.kernel else { return false };
    let out = program.insts[store].a;
    let out_dtype = launch.dtypes[out];
    let target = launch.ptrs[out];
    if out_dtype != REGISTER_DTYPE[program.insts[store].ty as usize] || program.insts[store].b != 0 || !is_packed(launch, out) {
        return false;
    }
    let mut regs: [*const u8; 5] = [std::ptr::null(); 5];
    let mut spread = [const { MaybeUninit::<[u64; SPREAD]>::uninit() }; 3];
    let mut spreads = 0;
    for (i, inst) in program.insts.iter().enumerate() {
        match inst.class {
            Class::Load => {
                let dtype = launch.dtypes[inst.a];
                let ptr = launch.ptrs[inst.a];
                if dtype != REGISTER_DTYPE[inst.result as usize] || dtype == DType::Bool || inst.b != 0 {
                    return false;
                }
                if !(ptr as usize).is_multiple_of(dtype.size()) {
                    return false;
                }
                if is_packed(launch, inst.a) && (ptr != target || dtype == out_dtype) {
                    regs[i] = ptr;
                } else if launch.len <= SPREAD && spreads < 3 && is_still(launch, inst.a) {
                    let room = spread[spreads].as_mut_ptr() as *mut u64;
                    spreads += 1;
                    // SAFETY: the gate proved the element readable; `room` holds SPREAD items of up to 8 bytes.
                    unsafe {
                        match dtype.size() {
                            4 => fill(room as *mut u32, *(ptr as *const u32), launch.len),
                            8 => fill(room, *(ptr as *const u64), launch.len),
                            _ => return false,
                        }
                    }
                    regs[i] = room as *const u8;
                } else {
                    return false;
                }
            }
            Class::Compute | Class::Store => {}
            _ => return false,
        }
    }
    if !(target as usize).is_multiple_of(out_dtype.size()) {
        return false;
    }
    // SAFETY: every operand is packed, aligned and inside its block, and an input that begins where the output does is its image.
    unsafe { kernel(target, regs[inst.a], regs[inst.b], regs[inst.c], launch.len) };
    true
}
