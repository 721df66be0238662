//! Normal numbers by Box and Muller's transform of sixteen uniform ones at a time, as PyTorch fills tensors of sixteen or more.

use crate::simd::math::fused::fused_single;

/// a * b + c, rounded once where PyTorch's build does.
#[inline(always)]
fn fuse(a: f32, b: f32, c: f32) -> f32 {
    fused_single(a, b, c)
}

/// The logarithm of a number in (0, 1] as Cephes computes it in single precision.
#[inline(always)]
fn log(x: f32) -> f32 {
    const P: [f32; 9] = [
        7.0376836292e-2,
        -1.1514610310e-1,
        1.1676998740e-1,
        -1.2420140846e-1,
        1.4249322787e-1,
        -1.6668057665e-1,
        2.0000714765e-1,
        -2.4999993993e-1,
        3.3333331174e-1,
    ];
    let bits = x.max(f32::MIN_POSITIVE).to_bits();
    let mut e = (bits >> 23) as i32 as f32 - 126.0;
    let mut x = f32::from_bits(bits & 0x007f_ffff | 0x3f00_0000);
    if x < std::f32::consts::FRAC_1_SQRT_2 {
        e -= 1.0;
        x = (x - 1.0) + x;
    } else {
        x -= 1.0;
    }
    let z = x * x;
    let y = P[1..].iter().fold(P[0], |y, &p| fuse(y, x, p)) * x;
    let y = fuse(y, z, e * -2.12194440e-4);
    let y = fuse(-z, 0.5, y);
    fuse(e, 0.693359375, x + y)
}

/// Sine and cosine of a number in [0, 2 pi) as Cephes computes them in single precision.
#[inline(always)]
fn sin_cos(x: f32) -> (f32, f32) {
    let octant = ((x * 1.27323954473516) as i32 + 1) & !1;
    let y = octant as f32;
    let x = fuse(y, -0.78515625, x);
    let x = fuse(y, -2.4187564849853515625e-4, x);
    let x = fuse(y, -3.77489497744594108e-8, x);
    let z = x * x;
    let c = fuse(fuse(2.443315711809948e-5, z, -1.388731625493765e-3), z, 4.166664568298827e-2) * z;
    let c = fuse(c, z, -(z * 0.5)) + 1.0;
    let s = fuse(fuse(-1.9515295891e-4, z, 8.3321608736e-3), z, -1.6666654611e-1) * z;
    let s = fuse(s, x, x);
    let (sin, cos) = if octant & 2 == 0 { (s, c) } else { (c, s) };
    let sin = if octant & 4 != 0 { -sin } else { sin };
    let cos = if (octant - 2) & 4 == 0 { -cos } else { cos };
    (sin, cos)
}

/// Eight pairs: numbers i and i + 8.
pub(super) fn singles(block: &mut [f32; 16], mean: f32, std: f32) {
    #[cfg(target_arch = "x86_64")]
    {
        // Fused multiply-adds are instructions here, else calls.
        #[target_feature(enable = "avx2,fma")]
        fn wide(block: &mut [f32; 16], mean: f32, std: f32) {
            pairs(block, mean, std)
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return unsafe { wide(block, mean, std) };
        }
    }
    pairs(block, mean, std)
}

#[inline(always)]
fn pairs(block: &mut [f32; 16], mean: f32, std: f32) {
    for i in 0..8 {
        let radius = (-2.0 * log(1.0 - block[i])).sqrt();
        let (sin, cos) = sin_cos(std::f32::consts::TAU * block[i + 8]);
        block[i] = fuse(radius * cos, std, mean);
        block[i + 8] = fuse(radius * sin, std, mean);
    }
}

/// As `singles`, in double precision by the usual functions.
pub(super) fn doubles(block: &mut [f64; 16], mean: f64, std: f64) {
    for i in 0..8 {
        let radius = (-2.0 * (1.0 - block[i]).ln()).sqrt();
        let theta = std::f64::consts::TAU * block[i + 8];
        block[i] = (radius * theta.cos()).mul_add(std, mean);
        block[i + 8] = (radius * theta.sin()).mul_add(std, mean);
    }
}
