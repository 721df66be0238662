//! The Philox 4x64 bit generator of ten rounds (Salmon, Moraes, Dror and Shaw 2011) with NumPy's state.

use super::super::support::args::{self, refuse};
use super::super::support::copy;
use super::bits::{Bits, split};
use crate::error::KernelError;
use crate::operand::{DType, Operand};

const ROUNDS: usize = 10;
const MULTIPLIERS: [u64; 2] = [0xd2e7470ee14c6c93, 0xca5a826395121157];
/// Weyl increments of the key.
const BUMPS: [u64; 2] = [0x9e3779b97f4a7c15, 0xbb67ae8584caa73b];
/// Words of the state operand.
const WORDS: usize = 13;

/// The generator of a state operand: uint64 [4 words of the counter, 2 of the key, 4 of the buffer, words of it used, has a half, the half].
pub(super) struct Philox {
    counter: [u64; 4],
    key: [u64; 2],
    buffer: [u64; 4],
    used: usize,
    half: Option<u32>,
}

impl Philox {
    pub fn load(routine: &str, operand: &Operand) -> Result<Self, KernelError> {
        args::require_dtype(routine, operand, DType::U64)?;
        if operand.shape != [WORDS] {
            return refuse(routine, format!("the state has shape {:?}, not [{WORDS}]", operand.shape));
        }
        let mut all = [0u64; WORDS];
        unsafe { copy::gather_line(&mut all, operand.ptr, operand.strides[0]) };
        Ok(Philox {
            counter: std::array::from_fn(|i| all[i]),
            key: [all[4], all[5]],
            buffer: std::array::from_fn(|i| all[6 + i]),
            used: all[10].min(4) as usize,
            half: (all[11] != 0).then_some(all[12] as u32),
        })
    }

    /// The counter enciphered under the key.
    fn block(&self) -> [u64; 4] {
        let (mut x, mut key) = (self.counter, self.key);
        for _ in 0..ROUNDS {
            let wide = |at: usize| MULTIPLIERS[at] as u128 * x[2 * at] as u128;
            let (first, second) = (wide(0), wide(1));
            x = [(second >> 64) as u64 ^ x[1] ^ key[0], second as u64, (first >> 64) as u64 ^ x[3] ^ key[1], first as u64];
            key = [key[0].wrapping_add(BUMPS[0]), key[1].wrapping_add(BUMPS[1])];
        }
        x
    }
}

impl Bits for Philox {
    fn next_u64(&mut self) -> u64 {
        if self.used == 4 {
            for word in &mut self.counter {
                *word = word.wrapping_add(1);
                if *word != 0 {
                    break;
                }
            }
            self.buffer = self.block();
            self.used = 0;
        }
        self.used += 1;
        self.buffer[self.used - 1]
    }

    fn next_u32(&mut self) -> u32 {
        split!(self)
    }

    fn store(&self, operand: &Operand) {
        let mut all = [0u64; WORDS];
        all[..4].copy_from_slice(&self.counter);
        all[4..6].copy_from_slice(&self.key);
        all[6..10].copy_from_slice(&self.buffer);
        all[10] = self.used as u64;
        (all[11], all[12]) = (self.half.is_some() as u64, self.half.unwrap_or(0) as u64);
        unsafe { copy::scatter_line(operand.ptr, operand.strides[0], &all) };
    }
}
