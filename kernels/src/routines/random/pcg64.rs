//! The PCG64 (XSL-RR 128/64) and PCG64DXSM bit generators with NumPy's state: two 128-bit words and a buffered half of 32 bits.

use super::super::support::args::{self, refuse};
use super::super::support::copy;
use super::bits::{Bits, split};
use crate::error::KernelError;
use crate::operand::{DType, Operand};

const MULTIPLIER: u128 = 0x2360ed051fc65da44385df649fccf645;

/// The generator of a state operand: uint64 [state high, state low, increment high, increment low, has a half, the half].
#[derive(Clone)]
pub(super) struct Pcg64 {
    state: u128,
    increment: u128,
    half: Option<u32>,
}

impl Pcg64 {
    pub fn load(routine: &str, operand: &Operand) -> Result<Self, KernelError> {
        args::require_dtype(routine, operand, DType::U64)?;
        if operand.shape != [6] {
            return refuse(routine, format!("the state has shape {:?}, not [6]", operand.shape));
        }
        let mut words = [0u64; 6];
        unsafe { copy::gather_line(&mut words, operand.ptr, operand.strides[0]) };
        let pair = |high: u64, low: u64| (high as u128) << 64 | low as u128;
        let half = (words[4] != 0).then_some(words[5] as u32);
        Ok(Pcg64 { state: pair(words[0], words[1]), increment: pair(words[2], words[3]), half })
    }

    #[inline(always)]
    fn step(&mut self) {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
    }

    /// As NumPy seeds it from two 128-bit numbers.
    pub fn seeded(state: u128, sequence: u128) -> Self {
        let mut generator = Pcg64 { state: 0, increment: sequence << 1 | 1, half: None };
        generator.step();
        generator.state = generator.state.wrapping_add(state);
        generator.step();
        generator
    }

    pub fn store(&self, operand: &Operand) {
        let words = [
            (self.state >> 64) as u64,
            self.state as u64,
            (self.increment >> 64) as u64,
            self.increment as u64,
            self.half.is_some() as u64,
            self.half.unwrap_or(0) as u64,
        ];
        unsafe { copy::scatter_line(operand.ptr, operand.strides[0], &words) };
    }
}

impl Bits for Pcg64 {
    #[inline(always)]
    fn next_u64(&mut self) -> u64 {
        self.step();
        ((self.state >> 64) as u64 ^ self.state as u64).rotate_right((self.state >> 122) as u32)
    }

    #[inline(always)]
    fn next_u32(&mut self) -> u32 {
        split!(self)
    }

    fn store(&self, operand: &Operand) {
        Pcg64::store(self, operand);
    }
}

/// PCG64DXSM: the same state, a cheaper multiplier, and DXSM output of the state before the step.
pub(super) struct Dxsm(Pcg64);

const CHEAP_MULTIPLIER: u64 = 0xda942042e4dd58b5;

impl Dxsm {
    pub fn load(routine: &str, operand: &Operand) -> Result<Self, KernelError> {
        Ok(Dxsm(Pcg64::load(routine, operand)?))
    }
}

impl Bits for Dxsm {
    fn next_u64(&mut self) -> u64 {
        let Pcg64 { state, increment, .. } = self.0;
        let mut high = (state >> 64) as u64;
        high ^= high >> 32;
        high = high.wrapping_mul(CHEAP_MULTIPLIER);
        high ^= high >> 48;
        self.0.state = state.wrapping_mul(CHEAP_MULTIPLIER as u128).wrapping_add(increment);
        high.wrapping_mul(state as u64 | 1)
    }

    fn next_u32(&mut self) -> u32 {
        if let Some(half) = self.0.half.take() {
            return half;
        }
        let next = self.next_u64();
        self.0.half = Some((next >> 32) as u32);
        next as u32
    }

    fn store(&self, operand: &Operand) {
        self.0.store(operand);
    }
}
