//! Discrete Fourier transforms of complex lines of any length.

mod short;

use super::support::args::{self, Done, refuse, without_axis};
use super::support::copy;
use super::support::elem::Elem;
use super::support::par::{self, Shared};
use super::support::walk::Walk;
use crate::error::KernelError;
use crate::operand::DType;
use crate::table::Call;
use num_complex::Complex;
use numgrad_dense::Fourier;

/// out, in (complex, of one shape but along the axis); words [axis, inverse, scale]: the transform of each line, of out's length: a longer
/// line of the input is cut, a shorter one goes on with zeros. Every result is multiplied by the scale.
pub fn fft(call: &Call) -> Done {
    match call.operands.first().map(|out| out.dtype) {
        Some(DType::C64 | DType::C128) if call.operands.len() == 2 && is_short(call) => short_lines(call),
        #[cfg(not(target_arch = "wasm32"))]
        Some(DType::C64) => run::<f32>(call, |scale| scale as f32),
        #[cfg(target_arch = "wasm32")]
        Some(DType::C64) => super::support::widen::widened(call, |call| run::<f64>(call, |scale| scale)),
        Some(DType::C128) => run::<f64>(call, |scale| scale),
        dtype => refuse("fft", format!("dtype {dtype:?} is not supported")),
    }
}

/// Whether the lines are short, of a length that is no power of two: those lose nothing in long butterflies.
fn is_short(call: &Call) -> bool {
    let out = &call.operands[0];
    args::axis(call, "fft", 0, out).is_ok_and(|axis| out.shape[axis] <= short::MOST && !out.shape[axis].is_power_of_two())
}

/// The lines of a call: how many items each has, in the result and given, and where they lie.
struct Lines {
    n: usize,
    given: usize,
    step: isize,
    out_step: isize,
    inverse: bool,
    scale: f64,
    walk: Walk<2>,
    bases: Shared<[*mut u8; 2]>,
}

impl Lines {
    /// Checks the operands; none where the result is empty.
    fn of(call: &Call) -> Result<Option<Lines>, KernelError> {
        let [out, x] = args::operands(call, "fft")?;
        args::same_dtype("fft", out, x)?;
        let axis = args::axis(call, "fft", 0, x)?;
        let inverse = args::flag(call, 1);
        let scale = args::number(call, "fft", 2)?;
        let ((shape, out_strides), (other, strides)) = (without_axis(out, axis), without_axis(x, axis));
        if out.ndim() != x.ndim() || shape != other {
            return refuse("fft", format!("shapes {:?} and {:?} differ apart from axis {axis}", out.shape, x.shape));
        }
        if out.is_empty() {
            return Ok(None);
        }
        let (n, given) = (out.shape[axis], x.shape[axis].min(out.shape[axis]));
        let walk = Walk::items(&shape, [&out_strides, &strides]);
        let bases = Shared([out.ptr, x.ptr]);
        Ok(Some(Lines { n, given, step: x.strides[axis], out_step: out.strides[axis], inverse, scale, walk, bases }))
    }

    /// Calls `f` on ranges of lines, on all threads.
    fn each(&self, f: impl Fn(std::ops::Range<usize>, &Walk<2>, [*mut u8; 2]) + Sync) {
        par::ranges(self.walk.lines, (1usize << 13).div_ceil(self.n), |range| f(range, &self.walk, self.bases.get()));
    }
}

fn short_lines(call: &Call) -> Done {
    let Some(lines) = Lines::of(call)? else { return Ok(()) };
    let Lines { n, given, step, out_step, inverse, scale, .. } = lines;
    let single = call.operands[0].dtype == DType::C64;
    lines.each(|range, walk, bases| {
        let (mut line, mut result) = (vec![Complex::<f64>::ZERO; n], vec![Complex::<f64>::ZERO; n]);
        let mut narrow = vec![Complex::<f32>::ZERO; n];
        walk.each(range, bases, |[to, from]| {
            line.fill(Complex::ZERO);
            if single {
                unsafe { copy::gather_line(&mut narrow[..given], from, step) };
                line.iter_mut().zip(&narrow[..given]).for_each(|(wide, z)| *wide = Complex::new(z.re as f64, z.im as f64));
            } else {
                unsafe { copy::gather_line(&mut line[..given], from, step) };
            }
            short::transform(&line, inverse, &mut result);
            if scale != 1.0 {
                result.iter_mut().for_each(|item| *item = item.scale(scale));
            }
            if single {
                narrow.iter_mut().zip(&result).for_each(|(z, wide)| *z = Complex::new(wide.re as f32, wide.im as f32));
                unsafe { copy::scatter_line(to, out_step, &narrow) };
            } else {
                unsafe { copy::scatter_line(to, out_step, &result) };
            }
        });
    });
    Ok(())
}

fn run<T: Fourier>(call: &Call, number: fn(f64) -> T) -> Done
where
    Complex<T>: Elem,
{
    let Some(lines) = Lines::of(call)? else { return Ok(()) };
    let Lines { n, given, step, out_step, inverse, .. } = lines;
    let scale = number(lines.scale);
    let plan = T::plan(n, inverse);
    lines.each(|range, walk, bases| {
        let mut line = vec![<Complex<T> as Elem>::ZERO; n];
        let mut scratch = vec![<Complex<T> as Elem>::ZERO; plan.get_inplace_scratch_len()];
        walk.each(range, bases, |[to, from]| {
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
