//! Shuffles, permutations and choices without replacement.

use super::super::support::args::{self, Done, refuse};
use super::super::support::copy::{read, write};
use super::bounded;
use super::mersenne::Mersenne;
use super::pcg64::Pcg64;
use crate::operand::{DType, Operand};
use crate::table::Call;

unsafe fn swap<T: Copy>(x: &Operand, i: usize, j: usize) {
    let at = |i: usize| x.ptr.wrapping_offset(i as isize * x.strides[0]);
    unsafe {
        let kept: T = read(at(j));
        write(at(j), read::<T>(at(i)));
        write(at(i), kept);
    }
}

/// x [n] of any dtype in place, state; words [first, kind]: swaps the items n-1 ... first with earlier ones. Kind 0 draws as NumPy's `shuffle`
/// and `permutation` do, kind 1 as its `choice` does.
pub fn pcg64_shuffle(call: &Call) -> Done {
    let [x, state] = args::operands(call, "pcg64_shuffle")?;
    args::require("pcg64_shuffle", x.ndim() == 1, "the items have one dimension")?;
    let first = args::count(call, "pcg64_shuffle", 0)?;
    let choice = args::count(call, "pcg64_shuffle", 1)? == 1;
    let mut rng = Pcg64::load("pcg64_shuffle", state)?;
    with_item!(x.dtype.size(), T => for i in (first..x.shape[0]).rev() {
        let j = if choice { bounded::u64_in(&mut rng, i as u64) } else { bounded::interval(&mut rng, i as u64) };
        unsafe { swap::<T>(x, i, j as usize) };
    });
    rng.store(state);
    Ok(())
}

/// out int64 [k], state; words [n, shuffle]: k different numbers below n by Floyd's algorithm, shuffled afterwards if asked.
pub fn pcg64_choice(call: &Call) -> Done {
    let [out, state] = args::operands(call, "pcg64_choice")?;
    args::require_dtype("pcg64_choice", out, DType::I64)?;
    args::require("pcg64_choice", out.ndim() == 1, "the output has one dimension")?;
    let n = args::count(call, "pcg64_choice", 0)?;
    let k = out.shape[0];
    if k > n {
        return refuse("pcg64_choice", format!("{k} different numbers below {n}"));
    }
    let mut rng = Pcg64::load("pcg64_choice", state)?;
    let mut seen = std::collections::HashSet::with_capacity(k);
    for i in 0..k {
        let last = (n - k + i) as u64;
        let drawn = bounded::u64_in(&mut rng, last);
        let value = if seen.insert(drawn) { drawn } else { last };
        seen.insert(value);
        unsafe { write(out.ptr.wrapping_offset(i as isize * out.strides[0]), value as i64) };
    }
    if args::flag(call, 1) {
        for i in (1..k).rev() {
            let j = bounded::u64_in(&mut rng, i as u64) as usize;
            unsafe { swap::<u64>(out, i, j) };
        }
    }
    rng.store(state);
    Ok(())
}

/// out int64 [n], state: `torch.randperm`.
pub fn mt19937_permutation(call: &Call) -> Done {
    let [out, state] = args::operands(call, "mt19937_permutation")?;
    args::require_dtype("mt19937_permutation", out, DType::I64)?;
    args::require("mt19937_permutation", out.ndim() == 1, "the output has one dimension")?;
    let n = out.shape[0];
    let mut rng = Mersenne::load("mt19937_permutation", state)?;
    let at = |i: usize| out.ptr.wrapping_offset(i as isize * out.strides[0]);
    // Larger ones need 64 bits to be even.
    if n < u32::MAX as usize / 20 {
        (0..n).for_each(|i| unsafe { write(at(i), i as i64) });
        for i in 0..n.saturating_sub(1) {
            let j = i + rng.next_u32() as usize % (n - i);
            unsafe { swap::<u64>(out, i, j) };
        }
    } else {
        for i in 0..n {
            let j = (rng.next_u64() % (i as u64 + 1)) as usize;
            unsafe {
                write(at(i), i as i64);
                swap::<u64>(out, i, j);
            }
        }
    }
    rng.store(state);
    Ok(())
}
