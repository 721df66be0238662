//! Normal and exponential numbers by NumPy's ziggurats (Marsaglia and Tsang 2000; Doornik 2005), in double and single precision.

use super::bits::Bits;
use super::exponential_tables as exponential;
use super::normal_tables as normal;

const NORMAL_R: f64 = 3.6541528853610087963519472518;
const NORMAL_INVERSE_R: f64 = 0.27366123732975827203338247596;
const EXPONENTIAL_R: f64 = 7.6971174701310497140446280481;

pub(super) fn normal_double<R: Bits + ?Sized>(rng: &mut R) -> f64 {
    loop {
        let bits = rng.next_u64();
        let layer = (bits & 255) as usize;
        let negative = bits & 256 != 0;
        let size = (bits >> 9) & 0x000f_ffff_ffff_ffff;
        let x = size as f64 * f64::from_bits(normal::DOUBLE_W[layer]);
        let x = if negative { -x } else { x };
        if size < normal::DOUBLE_K[layer] {
            return x;
        }
        if layer == 0 {
            // The tail (Marsaglia 1964), with 1 - U against log(0).
            loop {
                let over = -NORMAL_INVERSE_R * (-rng.double()).ln_1p();
                let height = -(-rng.double()).ln_1p();
                if height + height > over * over {
                    return if (size >> 8) & 1 != 0 { -(NORMAL_R + over) } else { NORMAL_R + over };
                }
            }
        }
        let f = |i: usize| f64::from_bits(normal::DOUBLE_F[i]);
        if (f(layer - 1) - f(layer)) * rng.double() + f(layer) < (-0.5 * x * x).exp() {
            return x;
        }
    }
}

pub(super) fn normal_single<R: Bits + ?Sized>(rng: &mut R) -> f32 {
    loop {
        let bits = rng.next_u32();
        let layer = (bits & 255) as usize;
        let negative = bits & 256 != 0;
        let size = bits >> 9;
        let x = size as f32 * f32::from_bits(normal::SINGLE_W[layer]);
        let x = if negative { -x } else { x };
        if size < normal::SINGLE_K[layer] {
            return x;
        }
        if layer == 0 {
            loop {
                let over = -(NORMAL_INVERSE_R as f32) * (-rng.single()).ln_1p();
                let height = -(-rng.single()).ln_1p();
                if height + height > over * over {
                    let edge = NORMAL_R as f32 + over;
                    return if (size >> 8) & 1 != 0 { -edge } else { edge };
                }
            }
        }
        let f = |i: usize| f32::from_bits(normal::SINGLE_F[i]);
        let height = (f(layer - 1) - f(layer)) * rng.single() + f(layer);
        if (height as f64) < (-0.5 * x as f64 * x as f64).exp() {
            return x;
        }
    }
}

pub(super) fn exponential_double<R: Bits + ?Sized>(rng: &mut R) -> f64 {
    loop {
        let bits = rng.next_u64() >> 3;
        let layer = (bits & 255) as usize;
        let size = bits >> 8;
        let x = size as f64 * f64::from_bits(exponential::DOUBLE_W[layer]);
        if size < exponential::DOUBLE_K[layer] {
            return x;
        }
        if layer == 0 {
            return EXPONENTIAL_R - (-rng.double()).ln_1p();
        }
        let f = |i: usize| f64::from_bits(exponential::DOUBLE_F[i]);
        if (f(layer - 1) - f(layer)) * rng.double() + f(layer) < (-x).exp() {
            return x;
        }
    }
}

pub(super) fn exponential_single<R: Bits + ?Sized>(rng: &mut R) -> f32 {
    loop {
        let bits = rng.next_u32() >> 1;
        let layer = (bits & 255) as usize;
        let size = bits >> 8;
        let x = size as f32 * f32::from_bits(exponential::SINGLE_W[layer]);
        if size < exponential::SINGLE_K[layer] {
            return x;
        }
        if layer == 0 {
            return EXPONENTIAL_R as f32 - (-rng.single()).ln_1p();
        }
        let f = |i: usize| f32::from_bits(exponential::SINGLE_F[i]);
        if (f(layer - 1) - f(layer)) * rng.single() + f(layer) < (-x).exp() {
            return x;
        }
    }
}
