//! Least and greatest of many floats: the compiler keeps such folds in memory, so the vector instructions are named here.

use super::{Isa, isa};

/// Which extremum of floats of a type.
pub trait Extreme<T> {
    /// The extremum of the items; none when there is a NaN among them, or no fast way.
    fn of(src: &[T]) -> Option<T>;
}

pub struct Lowest;
pub struct Highest;

macro_rules! extreme {
    ($($which:ident $t:ident $avx512:ident $avx2:ident;)*) => { $(
        impl Extreme<$t> for $which {
            fn of(src: &[$t]) -> Option<$t> {
                match isa() {
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx512 => unsafe { x86::$avx512(src) },
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => unsafe { x86::$avx2(src) },
                    _ => None,
                }
            }
        }
    )* };
}
extreme! {
    Lowest f32 min_f32_avx512 min_f32_avx2;
    Lowest f64 min_f64_avx512 min_f64_avx2;
    Highest f32 max_f32_avx512 max_f32_avx2;
    Highest f64 max_f64_avx512 max_f64_avx2;
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    /// Four registers of running extrema; the instruction gives its second operand, the running one, for NaN, which is noted apart.
    macro_rules! extremum {
        ($name:ident $t:ident $features:literal $n:literal $load:ident $store:ident $op:ident $nan:expr, $none:expr, $any:expr, $better:tt) => {
            #[target_feature(enable = $features)]
            pub unsafe fn $name(src: &[$t]) -> Option<$t> {
                const STEP: usize = 4 * $n;
                if src.len() < STEP {
                    return None;
                }
                let load = |i: usize| unsafe { $load(src.as_ptr().add(i)) };
                let mut run = [load(0), load($n), load(2 * $n), load(3 * $n)];
                let mut nans = [$none; 4];
                // The last step may take items a second time, which changes nothing.
                let last = src.len() - STEP;
                let mut first = 0;
                loop {
                    for k in 0..4 {
                        let x = load(first + k * $n);
                        run[k] = $op(x, run[k]);
                        nans[k] = $nan(nans[k], x);
                    }
                    if first == last {
                        break;
                    }
                    first = (first + STEP).min(last);
                }
                if nans.into_iter().any($any) {
                    return None;
                }
                let all = $op($op(run[0], run[1]), $op(run[2], run[3]));
                let mut items = [0.0; $n];
                unsafe { $store(items.as_mut_ptr(), all) };
                Some(items.into_iter().reduce(|x, y| if y $better x { y } else { x }).unwrap_or(items[0]))
            }
        };
    }

    macro_rules! avx512 {
        ($name:ident $t:ident $n:literal $load:ident $store:ident $op:ident $compare:ident $better:tt) => {
            extremum!($name $t "avx512f" $n $load $store $op |seen, x| seen | $compare::<_CMP_UNORD_Q>(x, x), 0, |mask| mask != 0, $better);
        };
    }
    macro_rules! avx2 {
        ($name:ident $t:ident $n:literal $load:ident $store:ident $op:ident $compare:ident $or:ident $zero:ident $mask:ident $better:tt) => {
            extremum!($name $t "avx2" $n $load $store $op |seen, x| $or(seen, $compare::<_CMP_UNORD_Q>(x, x)), $zero(), |seen| $mask(seen) != 0, $better);
        };
    }
    avx512!(min_f32_avx512 f32 16 _mm512_loadu_ps _mm512_storeu_ps _mm512_min_ps _mm512_cmp_ps_mask <);
    avx512!(max_f32_avx512 f32 16 _mm512_loadu_ps _mm512_storeu_ps _mm512_max_ps _mm512_cmp_ps_mask >);
    avx512!(min_f64_avx512 f64 8 _mm512_loadu_pd _mm512_storeu_pd _mm512_min_pd _mm512_cmp_pd_mask <);
    avx512!(max_f64_avx512 f64 8 _mm512_loadu_pd _mm512_storeu_pd _mm512_max_pd _mm512_cmp_pd_mask >);
    avx2!(min_f32_avx2 f32 8 _mm256_loadu_ps _mm256_storeu_ps _mm256_min_ps _mm256_cmp_ps _mm256_or_ps _mm256_setzero_ps _mm256_movemask_ps <);
    avx2!(max_f32_avx2 f32 8 _mm256_loadu_ps _mm256_storeu_ps _mm256_max_ps _mm256_cmp_ps _mm256_or_ps _mm256_setzero_ps _mm256_movemask_ps >);
    avx2!(min_f64_avx2 f64 4 _mm256_loadu_pd _mm256_storeu_pd _mm256_min_pd _mm256_cmp_pd _mm256_or_pd _mm256_setzero_pd _mm256_movemask_pd <);
    avx2!(max_f64_avx2 f64 4 _mm256_loadu_pd _mm256_storeu_pd _mm256_max_pd _mm256_cmp_pd _mm256_or_pd _mm256_setzero_pd _mm256_movemask_pd >);
}
