//! Scalar definitions of the integer instructions: wrapping, and defined by zero, at MIN and for odd shifts.

/// What integer loops need of a type.
pub trait Int: Copy + PartialOrd + Eq {
    const ZERO: Self;
    const ONE: Self;
    const SIGNED: bool;
    fn add(self, b: Self) -> Self;
    fn sub(self, b: Self) -> Self;
    fn mul(self, b: Self) -> Self;
    /// Floor of the quotient; 0 by zero; MIN / -1 wraps.
    fn floordiv(self, b: Self) -> Self;
    /// Remainder with the divisor's sign; 0 by zero.
    fn rem(self, b: Self) -> Self;
    /// Remainder with the dividend's sign; 0 by zero.
    fn fmod(self, b: Self) -> Self;
    fn pow(self, b: Self) -> Self;
    fn neg(self) -> Self;
    fn abs(self) -> Self;
    fn and(self, b: Self) -> Self;
    fn or(self, b: Self) -> Self;
    fn xor(self, b: Self) -> Self;
    fn not(self) -> Self;
    fn shl(self, b: Self) -> Self;
    fn shr(self, b: Self) -> Self;
    fn popcount(self) -> Self;
    fn gcd(self, b: Self) -> Self;
    fn lcm(self, b: Self) -> Self;
}

macro_rules! int {
    ($t:ident, $u:ident, $signed:literal) => {
        #[allow(unused_comparisons)]
        impl Int for $t {
            const ZERO: $t = 0;
            const ONE: $t = 1;
            const SIGNED: bool = $signed;
            #[inline(always)]
            fn add(self, b: $t) -> $t {
                self.wrapping_add(b)
            }
            #[inline(always)]
            fn sub(self, b: $t) -> $t {
                self.wrapping_sub(b)
            }
            #[inline(always)]
            fn mul(self, b: $t) -> $t {
                self.wrapping_mul(b)
            }
            #[inline(always)]
            fn floordiv(self, b: $t) -> $t {
                if b == 0 {
                    return 0;
                }
                let q = self.wrapping_div(b);
                let r = self.wrapping_sub(q.wrapping_mul(b));
                if r != 0 && (r < 0) != (b < 0) { q.wrapping_sub(1) } else { q }
            }
            #[inline(always)]
            fn rem(self, b: $t) -> $t {
                if b == 0 {
                    return 0;
                }
                let r = self.wrapping_rem(b);
                if r != 0 && (r < 0) != (b < 0) { r.wrapping_add(b) } else { r }
            }
            #[inline(always)]
            fn fmod(self, b: $t) -> $t {
                if b == 0 { 0 } else { self.wrapping_rem(b) }
            }
            #[inline(always)]
            fn pow(self, b: $t) -> $t {
                if b < 0 {
                    return match (self == 1, self.wrapping_add(1) == 0) {
                        (true, _) => 1,
                        (_, true) => {
                            if b & 1 == 0 {
                                1
                            } else {
                                self
                            }
                        }
                        _ => 0,
                    };
                }
                let (mut base, mut exponent, mut result) = (self, b as $u, 1 as $t);
                while exponent > 0 {
                    if exponent & 1 == 1 {
                        result = result.wrapping_mul(base);
                    }
                    base = base.wrapping_mul(base);
                    exponent >>= 1;
                }
                result
            }
            #[inline(always)]
            fn neg(self) -> $t {
                self.wrapping_neg()
            }
            #[inline(always)]
            fn abs(self) -> $t {
                if self < 0 { self.wrapping_neg() } else { self }
            }
            #[inline(always)]
            fn and(self, b: $t) -> $t {
                self & b
            }
            #[inline(always)]
            fn or(self, b: $t) -> $t {
                self | b
            }
            #[inline(always)]
            fn xor(self, b: $t) -> $t {
                self ^ b
            }
            #[inline(always)]
            fn not(self) -> $t {
                !self
            }
            #[inline(always)]
            fn shl(self, b: $t) -> $t {
                if (b as $u) < <$t>::BITS as $u { self.wrapping_shl(b as u32) } else { 0 }
            }
            #[inline(always)]
            fn shr(self, b: $t) -> $t {
                let all = if self < 0 { !0 } else { 0 };
                if (b as $u) < <$t>::BITS as $u { self.wrapping_shr(b as u32) } else { all }
            }
            #[inline(always)]
            fn popcount(self) -> $t {
                self.count_ones() as $t
            }
            #[inline(always)]
            fn gcd(self, b: $t) -> $t {
                let (mut x, mut y) = (self.abs() as $u, b.abs() as $u);
                while y != 0 {
                    (x, y) = (y, x % y);
                }
                x as $t
            }
            #[inline(always)]
            fn lcm(self, b: $t) -> $t {
                let g = Int::gcd(self, b) as $u;
                if g == 0 { 0 } else { ((self.abs() as $u) / g).wrapping_mul(b.abs() as $u) as $t }
            }
        }
    };
}

int!(i8, u8, true);
int!(i16, u16, true);
int!(i32, u32, true);
int!(i64, u64, true);
int!(u8, u8, false);
int!(u16, u16, false);
int!(u32, u32, false);
int!(u64, u64, false);
