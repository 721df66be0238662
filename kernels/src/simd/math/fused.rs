//! Multiply and add. Where the processor has fused multiply-adds they are used throughout; WebAssembly has none, so there each place
//! says what it needs: any rounding, one rounding, or what a product lost (T. J. Dekker, 1971).

pub trait Fused: Copy {
    /// `self * b + c`, rounded once or twice.
    fn madd(self, b: Self, c: Self) -> Self;
    /// `self * b + c` rounded once, or as good as that: for numbers far from the ends of the range.
    fn fused(self, b: Self, c: Self) -> Self;
    /// `self * b - product`, exactly, where `product` is `self * b` rounded.
    fn lost(self, b: Self, product: Self) -> Self;
    /// `self - n c` rounded once, or as good as that: `n` is whole and below 2^27, `c` a constant, and little is left.
    fn less(self, n: Self, c: Self) -> Self;
    /// `n.lost(c, product)` for such numbers.
    fn lost_whole(n: Self, c: Self, product: Self) -> Self;
    /// `self - s d` rounded once, where `s` is `self / d` rounded.
    fn residual(self, s: Self, d: Self) -> Self;
}

#[cfg(not(target_arch = "wasm32"))]
impl Fused for f64 {
    #[inline(always)]
    fn madd(self, b: f64, c: f64) -> f64 {
        self.mul_add(b, c)
    }
    #[inline(always)]
    fn fused(self, b: f64, c: f64) -> f64 {
        self.mul_add(b, c)
    }
    #[inline(always)]
    fn lost(self, b: f64, product: f64) -> f64 {
        self.mul_add(b, -product)
    }
    #[inline(always)]
    fn less(self, n: f64, c: f64) -> f64 {
        (-n).mul_add(c, self)
    }
    #[inline(always)]
    fn lost_whole(n: f64, c: f64, product: f64) -> f64 {
        n.lost(c, product)
    }
    #[inline(always)]
    fn residual(self, s: f64, d: f64) -> f64 {
        (-s).mul_add(d, self)
    }
}

#[cfg(target_arch = "wasm32")]
impl Fused for f64 {
    #[inline(always)]
    fn madd(self, b: f64, c: f64) -> f64 {
        self * b + c
    }
    #[inline(always)]
    fn fused(self, b: f64, c: f64) -> f64 {
        let product = self * b;
        let sum = product + c;
        let part = sum - product;
        let rounded = (product - (sum - part)) + (c - part);
        sum + (rounded + self.lost(b, product))
    }
    #[inline(always)]
    fn lost(self, b: f64, product: f64) -> f64 {
        let (a_high, a_low) = halves(self);
        let (b_high, b_low) = halves(b);
        a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
    }
    // (the halves of a constant are constants, and their products with a small whole number are exact)
    #[inline(always)]
    fn less(self, n: f64, c: f64) -> f64 {
        let (high, low) = halves(c);
        (self - n * high) - n * low
    }
    #[inline(always)]
    fn lost_whole(n: f64, c: f64, product: f64) -> f64 {
        let (high, low) = halves(c);
        (n * high - product) + n * low
    }
    #[inline(always)]
    fn residual(self, s: f64, d: f64) -> f64 {
        let product = s * d;
        (self - product) - s.lost(d, product)
    }
}

/// Two numbers of 26 bits whose sum is x.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
fn halves(x: f64) -> (f64, f64) {
    let scaled = 134217729.0 * x;
    let high = scaled - (scaled - x);
    (high, x - high)
}

/// `a * b + c` rounded once, of single precision: the product is exact in double, and the sum is rounded to odd there.
#[inline(always)]
pub fn fused_single(a: f32, b: f32, c: f32) -> f32 {
    if cfg!(not(target_arch = "wasm32")) {
        return a.mul_add(b, c);
    }
    let (product, c) = (a as f64 * b as f64, c as f64);
    let sum = product + c;
    let part = sum - product;
    let rounded = (product - (sum - part)) + (c - part);
    let bits = sum.to_bits();
    // An even last bit gives way to the odd neighbour on the side where the exact sum lies.
    let odd = if (rounded > 0.0) == (sum > 0.0) { bits | 1 } else { bits.wrapping_sub(1) };
    (if rounded != 0.0 && bits & 1 == 0 { f64::from_bits(odd) } else { sum }) as f32
}
