//! Running sums, products, extrema and log-sum-exps along an axis.

use super::support::args::{self, Done, refuse, without_axis};
use super::support::copy::{read, write};
use super::support::elem::{Complex, Elem};
use super::support::par::{self, GRAIN, Shared};
use super::support::walk::Walk;
use crate::operand::DType;
use crate::table::Call;

/// An item and the type its running value is kept in.
trait Wide: Elem {
    type Acc: Elem;
    fn widen(self) -> Self::Acc;
    fn narrow(acc: Self::Acc) -> Self;
}

macro_rules! wide {
    ($($T:ty => $Acc:ty, $x:ident, $widen:expr, $narrow:expr;)*) => {$(
        impl Wide for $T {
            type Acc = $Acc;
            #[inline(always)]
            fn widen(self) -> $Acc {
                let $x = self;
                $widen
            }
            #[inline(always)]
            fn narrow($x: $Acc) -> $T {
                $narrow
            }
        }
    )*};
}
wide! {
    half::f16 => f32, x, x.to_f32(), half::f16::from_f32(x);
    half::bf16 => f32, x, x.to_f32(), half::bf16::from_f32(x);
    f32 => f64, x, x as f64, x as f32;
    Complex<f32> => Complex<f64>, x, Complex::new(x.re as f64, x.im as f64), Complex::new(x.re as f32, x.im as f32);
}

/// log(e^a + e^b) without overflow.
trait LogAdd: Elem {
    fn log_add(self, other: Self) -> Self;
}
macro_rules! log_add {
    ($($T:ty, $f:ty, $to:expr, $from:expr;)*) => {$(
        impl LogAdd for $T {
            #[inline(always)]
            fn log_add(self, other: Self) -> Self {
                let (a, b): ($f, $f) = ($to(self), $to(other));
                if a.is_nan() || b.is_nan() {
                    return $from(a + b);
                }
                let (low, high) = if a < b { (a, b) } else { (b, a) };
                // Equal infinities have no difference.
                $from(if low == high && !low.is_finite() { high } else { high + (low - high).exp().ln_1p() })
            }
        }
    )*};
}
log_add! {
    f32, f32, |x| x, |x| x;
    f64, f64, |x| x, |x| x;
    half::f16, f32, half::f16::to_f32, half::f16::from_f32;
    half::bf16, f32, half::bf16::to_f32, half::bf16::from_f32;
}

/// out, in; words [kind, axis, wide].
pub fn scan(call: &Call) -> Done {
    let kind = args::count(call, "scan", 0)?;
    let wide = args::flag(call, 2);
    let dtype = call.operands.first().map_or(DType::Bool, |out| out.dtype);
    match kind {
        0 if wide => match dtype {
            DType::F16 => run::<half::f16, _>(call, half::f16::widen, half::f16::narrow, Elem::add),
            DType::BF16 => run::<half::bf16, _>(call, half::bf16::widen, half::bf16::narrow, Elem::add),
            DType::F32 => run::<f32, _>(call, f32::widen, f32::narrow, Elem::add),
            DType::C64 => run::<Complex<f32>, _>(call, Complex::<f32>::widen, Complex::<f32>::narrow, Elem::add),
            _ => with_elem!(dtype, T => plain::<T>(call, T::add)),
        },
        1 if wide => match dtype {
            DType::F16 => run::<half::f16, _>(call, half::f16::widen, half::f16::narrow, Elem::mul),
            DType::BF16 => run::<half::bf16, _>(call, half::bf16::widen, half::bf16::narrow, Elem::mul),
            DType::F32 => run::<f32, _>(call, f32::widen, f32::narrow, Elem::mul),
            DType::C64 => run::<Complex<f32>, _>(call, Complex::<f32>::widen, Complex::<f32>::narrow, Elem::mul),
            _ => with_elem!(dtype, T => plain::<T>(call, T::mul)),
        },
        0 => with_elem!(dtype, T => plain::<T>(call, T::add)),
        1 => with_elem!(dtype, T => plain::<T>(call, T::mul)),
        2 => with_elem!(dtype, T => plain::<T>(call, T::greater)),
        3 => with_elem!(dtype, T => plain::<T>(call, T::lesser)),
        4 => match (dtype, wide) {
            (DType::F16, false) => plain::<half::f16>(call, LogAdd::log_add),
            (DType::BF16, false) => plain::<half::bf16>(call, LogAdd::log_add),
            (DType::F32, false) => plain::<f32>(call, LogAdd::log_add),
            (DType::F16, true) => run::<half::f16, _>(call, half::f16::widen, half::f16::narrow, LogAdd::log_add),
            (DType::BF16, true) => run::<half::bf16, _>(call, half::bf16::widen, half::bf16::narrow, LogAdd::log_add),
            (DType::F32, true) => run::<f32, _>(call, f32::widen, f32::narrow, LogAdd::log_add),
            (DType::F64, _) => plain::<f64>(call, LogAdd::log_add),
            _ => refuse("scan", format!("logsumexp of dtype {dtype:?} is not supported")),
        },
        _ => refuse("scan", format!("no kind {kind}")),
    }
}

fn plain<T: Elem>(call: &Call, combine: impl Fn(T, T) -> T + Sync + Copy) -> Done {
    run::<T, T>(call, |x| x, |x| x, combine)
}

/// Columns that are scanned side by side when the axis is not the innermost one.
const COLUMNS: usize = 128;

fn run<T: Elem, A: Elem>(
    call: &Call,
    widen: impl Fn(T) -> A + Sync + Copy,
    narrow: impl Fn(A) -> T + Sync + Copy,
    combine: impl Fn(A, A) -> A + Sync + Copy,
) -> Done {
    let [out, x] = args::operands(call, "scan")?;
    args::same_dtype("scan", out, x)?;
    args::same_shape("scan", out, x)?;
    let axis = args::axis(call, "scan", 1, x)?;
    if x.is_empty() {
        return Ok(());
    }
    let (shape, out_strides) = without_axis(out, axis);
    let (_, strides) = without_axis(x, axis);
    let walk = Walk::new(&shape, [&out_strides, &strides]);
    let n = x.shape[axis];
    let (out_step, step) = (out.strides[axis], x.strides[axis]);
    let side_by_side = walk.line > 1 && walk.step[1].unsigned_abs() < step.unsigned_abs();
    let bases = Shared([out.ptr, x.ptr]);
    par::ranges(walk.len(), GRAIN.div_ceil(n), |range| {
        walk.spans(range, bases.get(), |[to, from], lines, _| {
            if !side_by_side {
                for line in 0..lines as isize {
                    let (to, from) = (to.wrapping_offset(line * walk.step[0]), from.wrapping_offset(line * walk.step[1]));
                    unsafe {
                        // The running value stays in a register.
                        let mut acc = widen(read::<T>(from));
                        write(to, narrow(acc));
                        for i in 1..n as isize {
                            acc = combine(acc, widen(read::<T>(from.wrapping_offset(i * step))));
                            write(to.wrapping_offset(i * out_step), narrow(acc));
                        }
                    }
                }
                return;
            }
            let mut acc = [A::ZERO; COLUMNS];
            for start in (0..lines).step_by(COLUMNS) {
                let acc = &mut acc[..COLUMNS.min(lines - start)];
                let to = to.wrapping_offset(start as isize * walk.step[0]);
                let from = from.wrapping_offset(start as isize * walk.step[1]);
                for i in 0..n as isize {
                    let (to, from) = (to.wrapping_offset(i * out_step), from.wrapping_offset(i * step));
                    for (j, acc) in acc.iter_mut().enumerate() {
                        unsafe {
                            let item = widen(read::<T>(from.wrapping_offset(j as isize * walk.step[1])));
                            *acc = if i == 0 { item } else { combine(*acc, item) };
                            write(to.wrapping_offset(j as isize * walk.step[0]), narrow(*acc));
                        }
                    }
                }
            }
        });
    });
    Ok(())
}

/// values, indices (int64), in; words [kind 2 max or 3 min, axis]: the last of equal items, and of NaNs, gives the index.
pub fn scan_index(call: &Call) -> Done {
    let [values, indices, x] = args::operands(call, "scan_index")?;
    args::same_dtype("scan_index", values, x)?;
    args::same_shape("scan_index", values, x)?;
    args::same_shape("scan_index", indices, x)?;
    args::require_dtype("scan_index", indices, DType::I64)?;
    let kind = args::count(call, "scan_index", 0)?;
    args::require("scan_index", kind == 2 || kind == 3, "the kind is 2 (max) or 3 (min)")?;
    let axis = args::axis(call, "scan_index", 1, x)?;
    if x.is_empty() {
        return Ok(());
    }
    let (shape, a) = without_axis(values, axis);
    let (b, c) = (without_axis(indices, axis).1, without_axis(x, axis).1);
    let walk = Walk::items(&shape, [&a, &b, &c]);
    let n = x.shape[axis];
    let steps = [values.strides[axis], indices.strides[axis], x.strides[axis]];
    let bases = Shared([values.ptr, indices.ptr, x.ptr]);
    let worse = if kind == 2 { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater };
    with_elem!(x.dtype, T => par::ranges(walk.lines, GRAIN.div_ceil(n), |range| walk.each(range, bases.get(), |at| {
        let mut best = (T::ZERO, 0i64);
        for i in 0..n as isize {
            let [value, index, from] = std::array::from_fn(|k| at[k].wrapping_offset(i * steps[k]));
            let item: T = unsafe { read(from) };
            if i == 0 || item.is_nan() || (!best.0.is_nan() && item.order(best.0) != worse) {
                best = (item, i as i64);
            }
            unsafe {
                write(value, best.0);
                write(index, best.1);
            }
        }
    })));
    Ok(())
}
