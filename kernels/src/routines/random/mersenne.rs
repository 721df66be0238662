//! The mt19937 bit generator (Matsumoto and Nishimura 1998) with the normal samples that PyTorch's CPU generator keeps for later.

use super::super::support::args::{self, refuse};
use super::super::support::copy;
use super::bits::Bits;
use crate::error::KernelError;
use crate::operand::{DType, Operand};

const N: usize = 624;
const M: usize = 397;
/// Words of the state operand.
pub(super) const WORDS: usize = 632;

/// The generator of a state operand: uint32 [624 words, words of these used (624: all), 0, has a double, its low and high bits, has a single,
/// its bits, 0].
pub(super) struct Mersenne {
    words: [u32; N],
    used: usize,
    pub double: Option<f64>,
    pub single: Option<f32>,
}

impl Mersenne {
    pub fn load(routine: &str, operand: &Operand) -> Result<Self, KernelError> {
        args::require_dtype(routine, operand, DType::U32)?;
        if operand.shape != [WORDS] {
            return refuse(routine, format!("the state has shape {:?}, not [{WORDS}]", operand.shape));
        }
        let mut all = [0u32; WORDS];
        unsafe { copy::gather_line(&mut all, operand.ptr, operand.strides[0]) };
        let mut words = [0; N];
        words.copy_from_slice(&all[..N]);
        let double = (all[626] != 0).then(|| f64::from_bits(all[627] as u64 | (all[628] as u64) << 32));
        let single = (all[629] != 0).then(|| f32::from_bits(all[630]));
        Ok(Mersenne { words, used: (all[624] as usize).min(N), double, single })
    }

    pub fn seeded(seed: u32) -> Self {
        let mut words = [seed; N];
        for i in 1..N {
            words[i] = 1812433253u32.wrapping_mul(words[i - 1] ^ words[i - 1] >> 30).wrapping_add(i as u32);
        }
        Mersenne { words, used: N, double: None, single: None }
    }

    pub fn store(&self, operand: &Operand) {
        let mut all = [0u32; WORDS];
        all[..N].copy_from_slice(&self.words);
        all[624] = self.used as u32;
        if let Some(double) = self.double {
            let bits = double.to_bits();
            (all[626], all[627], all[628]) = (1, bits as u32, (bits >> 32) as u32);
        }
        if let Some(single) = self.single {
            (all[629], all[630]) = (1, single.to_bits());
        }
        unsafe { copy::scatter_line(operand.ptr, operand.strides[0], &all) };
    }

    fn refill(&mut self) {
        let words = &mut self.words;
        let mut twist = |i: usize, next: usize, far: usize| {
            let both = words[i] & 0x8000_0000 | words[next] & 0x7fff_ffff;
            let odd = if both & 1 != 0 { 0x9908_b0df } else { 0 };
            words[i] = words[far] ^ both >> 1 ^ odd;
        };
        (0..N - M).for_each(|i| twist(i, i + 1, i + M));
        (N - M..N - 1).for_each(|i| twist(i, i + 1, i + M - N));
        twist(N - 1, 0, M - 1);
        self.used = 0;
    }

    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        if self.used == N {
            self.refill();
        }
        let mut word = self.words[self.used];
        self.used += 1;
        word ^= word >> 11;
        word ^= word << 7 & 0x9d2c_5680;
        word ^= word << 15 & 0xefc6_0000;
        word ^ word >> 18
    }

    /// The first number drawn is the high half.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let high = self.next_u32() as u64;
        high << 32 | self.next_u32() as u64
    }

    /// 53 bits in [0, 1).
    #[inline]
    pub fn uniform_double(&mut self) -> f64 {
        (self.next_u64() & ((1 << 53) - 1)) as f64 * (1.0 / 9007199254740992.0)
    }

    /// 24 bits in [0, 1).
    #[inline]
    pub fn uniform_single(&mut self) -> f32 {
        (self.next_u32() & ((1 << 24) - 1)) as f32 * (1.0 / 16777216.0)
    }
}

/// The stream as NumPy reads it.
impl Bits for Mersenne {
    fn next_u64(&mut self) -> u64 {
        Mersenne::next_u64(self)
    }

    fn next_u32(&mut self) -> u32 {
        Mersenne::next_u32(self)
    }

    /// 27 high bits of one word and 26 of the next.
    fn double(&mut self) -> f64 {
        let (high, low) = (Mersenne::next_u32(self) >> 5, Mersenne::next_u32(self) >> 6);
        (high as f64 * 67108864.0 + low as f64) / 9007199254740992.0
    }

    fn raw(&mut self) -> u64 {
        Mersenne::next_u32(self) as u64
    }

    fn store(&self, operand: &Operand) {
        Mersenne::store(self, operand);
    }
}
