//! Random numbers: the streams of NumPy's bit generators and distributions, and of PyTorch's mt19937 CPU generator, bit for bit.

mod bits;
mod bounded;
mod box_muller;
mod continuous;
mod discrete;
mod exponential_tables;
mod hypergeometric;
mod legacy;
mod log_factorials;
mod mersenne;
mod normal_tables;
mod numpy;
mod pcg64;
mod philox;
mod seed;
mod sfc64;
mod shuffle;
mod torch;
mod vectors;
mod ziggurat;

pub use numpy::{random, random_legacy};
pub use seed::{mt19937_seed, pcg64_seed};
pub use shuffle::{mt19937_permutation, random_choice, random_shuffle};
pub use torch::mt19937;
pub use vectors::random_vectors;

use super::support::copy::{read, write};
use super::support::walk::Walk;
use crate::error::KernelError;
use crate::operand::Operand;

/// Fills an operand in C order, one draw after another.
fn fill<T: Copy>(out: &Operand, mut draw: impl FnMut() -> T) {
    let walk = Walk::new(&out.shape, [&out.strides]);
    if walk.len() == 0 {
        return;
    }
    walk.each(0..walk.lines, [out.ptr], |[at]| {
        for i in 0..walk.line as isize {
            unsafe { write(at.wrapping_offset(i * walk.step[0]), draw()) };
        }
    });
}

/// As `fill`, with the parameters of each item: operands of one item type and of out's shape.
fn fill_with<T: Copy, P: Copy, const N: usize>(
    out: &Operand,
    params: &[Operand; N],
    mut draw: impl FnMut([P; N]) -> Result<T, KernelError>,
) -> Result<(), KernelError> {
    // The last place is out's.
    assert!(N <= 3);
    let strides: [&[isize]; 4] = std::array::from_fn(|i| params.get(i).map_or(&out.strides[..], |p| &p.strides[..]));
    let bases: [*mut u8; 4] = std::array::from_fn(|i| params.get(i).map_or(out.ptr, |p| p.ptr));
    let walk = Walk::new(&out.shape, strides);
    if walk.len() == 0 {
        return Ok(());
    }
    walk.try_each(0..walk.lines, bases, |at| {
        for i in 0..walk.line as isize {
            let place = |k: usize| at[k].wrapping_offset(i * walk.step[k]);
            let values = std::array::from_fn(|k| unsafe { read::<P>(place(k)) });
            unsafe { write(place(3), draw(values)?) };
        }
        Ok(())
    })
}
