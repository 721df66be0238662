//! Batches of matrices: loading and saving one, and running over all of them, several at a time.

use super::super::support::args::Done;
use super::super::support::copy;
use super::super::support::par::{self, Shared};
use super::super::support::walk::Walk;
use super::{Scalar, misfit};
use crate::error::KernelError;
use crate::operand::Operand;
use numgrad_dense::{Mat, MatRef};

/// One operand's part of a batch item: its address, and the shape and byte strides of its last axes.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    at: *mut u8,
    pub shape: &'a [usize],
    strides: &'a [isize],
}

impl Part<'_> {
    fn place(&self, index: &[usize]) -> *mut u8 {
        index.iter().zip(self.strides).fold(self.at, |at, (&i, &stride)| at.wrapping_offset(i as isize * stride))
    }

    pub fn get<T: Copy>(&self, index: &[usize]) -> T {
        debug_assert!(index.iter().zip(self.shape).all(|(i, dim)| i < dim));
        unsafe { copy::read(self.place(index)) }
    }

    pub fn set<T: Copy>(&self, index: &[usize], value: T) {
        debug_assert!(index.iter().zip(self.shape).all(|(i, dim)| i < dim));
        unsafe { copy::write(self.place(index), value) }
    }

    /// The matrix, or a vector as one column.
    pub fn load<T: Scalar>(&self) -> Mat<T> {
        match *self.shape {
            [n] => Mat::from_fn(n, 1, |i, _| self.get(&[i])),
            [m, n] => Mat::from_fn(m, n, |i, j| self.get(&[i, j])),
            _ => Mat::new(),
        }
    }

    /// The conjugate transpose.
    pub fn load_adjoint<T: Scalar>(&self) -> Mat<T> {
        Mat::from_fn(self.shape[1], self.shape[0], |i, j| self.get::<T>(&[j, i]).conjugate())
    }

    /// Writes the leading part of a matrix that fills this one.
    pub fn save<T: Scalar>(&self, matrix: MatRef<T>) {
        self.save_with(|i, j| matrix[(i, j)]);
    }

    pub fn save_with<T: Copy>(&self, item: impl Fn(usize, usize) -> T) {
        if let [m, n] = *self.shape {
            for i in 0..m {
                for j in 0..n {
                    self.set(&[i, j], item(i, j));
                }
            }
        }
    }
}

/// Operations of one item below which another thread does not pay.
const WORK: usize = 1 << 16;

/// Calls `work` for every item of a batch with the parts of all operands, whose last `core[i]` axes belong to the item. `cost` is the number
/// of operations of one item. The first failure in order comes back with its item's number.
/// The flag says that the item may use several threads itself.
pub(super) fn each<const N: usize>(
    routine: &str,
    operands: &[Operand; N],
    core: [usize; N],
    cost: usize,
    work: impl Fn([Part; N], bool) -> Result<(), &'static str> + Sync,
) -> Done {
    let leading = |i: usize| operands[i].ndim().checked_sub(core[i]);
    let Some(outer) = leading(0) else {
        return misfit(routine, operands);
    };
    let batch = &operands[0].shape[..outer];
    if (0..N).any(|i| leading(i) != Some(outer) || operands[i].shape[..outer] != *batch) {
        return misfit(routine, operands);
    }
    let walk = Walk::<N>::items(batch, std::array::from_fn(|i| &operands[i].strides[..outer]));
    let bases: Shared<[*mut u8; N]> = Shared(std::array::from_fn(|i| operands[i].ptr));
    let run = |range: std::ops::Range<usize>, parallel: bool| -> Done {
        let mut item = range.start as i64;
        walk.try_each(range, bases.get(), |at: [*mut u8; N]| {
            let parts: [Part; N] =
                std::array::from_fn(|i| Part { at: at[i], shape: &operands[i].shape[outer..], strides: &operands[i].strides[outer..] });
            work(parts, parallel).map_err(|what| KernelError::Linalg { item, what })?;
            item += 1;
            Ok(())
        })
    };
    if walk.lines == 1 {
        return run(0..1, cost >= WORK * 64);
    }
    par::try_ranges(walk.lines, (WORK / cost.max(1)).max(1), |range| run(range, false))
}
