//! The SFC64 bit generator (C. Doty-Humphrey, PractRand) with NumPy's state.

use super::super::support::args::{self, refuse};
use super::super::support::copy;
use super::bits::{Bits, split};
use crate::error::KernelError;
use crate::operand::{DType, Operand};

/// The generator of a state operand: uint64 [three words, the counter, has a half, the half].
pub(super) struct Sfc64 {
    words: [u64; 4],
    half: Option<u32>,
}

impl Sfc64 {
    pub fn load(routine: &str, operand: &Operand) -> Result<Self, KernelError> {
        args::require_dtype(routine, operand, DType::U64)?;
        if operand.shape != [6] {
            return refuse(routine, format!("the state has shape {:?}, not [6]", operand.shape));
        }
        let mut all = [0u64; 6];
        unsafe { copy::gather_line(&mut all, operand.ptr, operand.strides[0]) };
        Ok(Sfc64 { words: [all[0], all[1], all[2], all[3]], half: (all[4] != 0).then_some(all[5] as u32) })
    }
}

impl Bits for Sfc64 {
    fn next_u64(&mut self) -> u64 {
        let [a, b, c, counter] = self.words;
        let out = a.wrapping_add(b).wrapping_add(counter);
        self.words = [b ^ b >> 11, c.wrapping_add(c << 3), c.rotate_left(24).wrapping_add(out), counter.wrapping_add(1)];
        out
    }

    fn next_u32(&mut self) -> u32 {
        split!(self)
    }

    fn store(&self, operand: &Operand) {
        let [a, b, c, counter] = self.words;
        let all = [a, b, c, counter, self.half.is_some() as u64, self.half.unwrap_or(0) as u64];
        unsafe { copy::scatter_line(operand.ptr, operand.strides[0], &all) };
    }
}
