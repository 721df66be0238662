//! Shuffles, permutations and choices without replacement.

use super::super::support::args::{self, Done, refuse};
use super::super::support::copy::{read, write};
use super::bits::{Bits, Work, with_bits};
use super::bounded;
use super::mersenne::Mersenne;

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

/// x [n] of any dtype in place, state; words [generator, first, kind]: swaps the items n-1 ... first with earlier ones. Kind 0 draws as NumPy's
/// `shuffle` and `permutation` do, kind 1 as its `choice` does.
pub fn random_shuffle(call: &Call) -> Done {
    let [x, state] = args::operands(call, "random_shuffle")?;
    args::require("random_shuffle", x.ndim() == 1, "the items have one dimension")?;
    let first = args::count(call, "random_shuffle", 1)?;
    let choice = args::count(call, "random_shuffle", 2)? == 1;
    with_bits(call, "random_shuffle", state, Shuffle { x, first, choice })
}

struct Shuffle<'a> {
    x: &'a Operand,
    first: usize,
    choice: bool,
}

impl Work for Shuffle<'_> {
    fn run<R: Bits + ?Sized>(self, bits: &mut R) -> Done {
        let x = self.x;
        with_item!(x.dtype.size(), T => for i in (self.first..x.shape[0]).rev() {
            let j = if self.choice { bounded::u64_in(bits, i as u64) } else { bounded::interval(bits, i as u64) };
            unsafe { swap::<T>(x, i, j as usize) };
        });
        Ok(())
    }
}

/// out int64 [k], state; words [generator, n, shuffle]: k different numbers below n by Floyd's algorithm, shuffled afterwards if asked.
pub fn random_choice(call: &Call) -> Done {
    let [out, state] = args::operands(call, "random_choice")?;
    args::require_dtype("random_choice", out, DType::I64)?;
    args::require("random_choice", out.ndim() == 1, "the output has one dimension")?;
    let n = args::count(call, "random_choice", 1)?;
    if out.shape[0] > n {
        return refuse("random_choice", format!("{} different numbers below {n}", out.shape[0]));
    }
    with_bits(call, "random_choice", state, Choice { out, n, shuffle: args::flag(call, 2) })
}

struct Choice<'a> {
    out: &'a Operand,
    n: usize,
    shuffle: bool,
}

impl Work for Choice<'_> {
    fn run<R: Bits + ?Sized>(self, bits: &mut R) -> Done {
        let (out, k) = (self.out, self.out.shape[0]);
        let mut seen = std::collections::HashSet::with_capacity(k);
        for i in 0..k {
            let last = (self.n - k + i) as u64;
            let drawn = bounded::u64_in(bits, last);
            let value = if seen.insert(drawn) { drawn } else { last };
            seen.insert(value);
            unsafe { write(out.ptr.wrapping_offset(i as isize * out.strides[0]), value as i64) };
        }
        if self.shuffle {
            for i in (1..k).rev() {
                let j = bounded::u64_in(bits, i as u64) as usize;
                unsafe { swap::<u64>(out, i, j) };
            }
        }
        Ok(())
    }
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
