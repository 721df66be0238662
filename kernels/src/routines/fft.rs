//! Discrete Fourier transforms of complex lines of any length.

use super::support::args::{self, Done, refuse, without_axis};
use super::support::copy;
use super::support::elem::Elem;
use super::support::par::{self, Shared};
use super::support::walk::Walk;
use crate::operand::DType;
use crate::table::Call;
use num_complex::Complex;
use numgrad_dense::Fourier;

/// out, in (complex, of one shape but along the axis); words [axis, inverse, scale]: the transform of each line, of out's length: a longer
/// line of the input is cut, a shorter one goes on with zeros. Every result is multiplied by the scale.
pub fn fft(call: &Call) -> Done {
    match call.operands.first().map(|out| out.dtype) {
        #[cfg(not(target_arch = "wasm32"))]
        Some(DType::C64) => run::<f32>(call, |scale| scale as f32),
        #[cfg(target_arch = "wasm32")]
        Some(DType::C64) => super::support::widen::widened(call, |call| run::<f64>(call, |scale| scale)),
        Some(DType::C128) => run::<f64>(call, |scale| scale),
        dtype => refuse("fft", format!("dtype {dtype:?} is not supported")),
    }
}

fn run<T: Fourier>(call: &Call, number: fn(f64) -> T) -> Done
where
    Complex<T>: Elem,
{
    let [out, x] = args::operands(call, "fft")?;
    args::same_dtype("fft", out, x)?;
    let axis = args::axis(call, "fft", 0, x)?;
    let inverse = args::flag(call, 1);
    let scale = number(args::number(call, "fft", 2)?);
    let ((shape, out_strides), (other, strides)) = (without_axis(out, axis), without_axis(x, axis));
    if out.ndim() != x.ndim() || shape != other {
        return refuse("fft", format!("shapes {:?} and {:?} differ apart from axis {axis}", out.shape, x.shape));
    }
    let (n, given) = (out.shape[axis], x.shape[axis].min(out.shape[axis]));
    if out.is_empty() {
        return Ok(());
    }
    let plan = T::plan(n, inverse);
    let walk = Walk::items(&shape, [&out_strides, &strides]);
    let (out_step, step) = (out.strides[axis], x.strides[axis]);
    let bases = Shared([out.ptr, x.ptr]);
    par::ranges(walk.lines, (1usize << 13).div_ceil(n), |range| {
        let mut line = vec![<Complex<T> as Elem>::ZERO; n];
        let mut scratch = vec![<Complex<T> as Elem>::ZERO; plan.get_inplace_scratch_len()];
        walk.each(range, bases.get(), |[to, from]| {
            unsafe { copy::gather_line(&mut line[..given], from, step) };
            line[given..].fill(<Complex<T> as Elem>::ZERO);
            plan.process_with_scratch(&mut line, &mut scratch);
            if scale != number(1.0) {
                line.iter_mut().for_each(|item| *item = item.scale(scale));
            }
            unsafe { copy::scatter_line(to, out_step, &line) };
        });
    });
    Ok(())
}
