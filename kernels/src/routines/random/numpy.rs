//! The routine `pcg64`: arrays of draws from NumPy's distributions, with parameters as words or as arrays.

use super::super::support::args::{self, Done, refuse};
use super::bounded::{self, Pieces};
use super::pcg64::Pcg64;
use super::{continuous as c, discrete as d, fill, fill_with, ziggurat as z};
use crate::operand::DType;
use crate::table::Call;

type Sampler<const N: usize, T> = fn(&mut Pcg64, [f64; N]) -> T;

/// A distribution of float64 parameters.
enum Distribution {
    Real0(Sampler<0, f64>),
    Real1(Sampler<1, f64>),
    Real2(Sampler<2, f64>),
    Real3(Sampler<3, f64>),
    Whole1(Sampler<1, i64>),
    Whole2(Sampler<2, i64>),
}
use Distribution::*;

/// The distributions by their number; 0 to 5 are also drawn in other dtypes.
const DISTRIBUTIONS: [(&str, Distribution); 36] = [
    ("random", Real0(|g, []| g.double())),
    ("raw", Real0(|g, []| f64::from_bits(g.next_u64()))),
    ("standard_normal", Real0(|g, []| z::normal_double(g))),
    ("standard_exponential", Real0(|g, []| z::exponential_double(g))),
    ("standard_gamma", Real1(|g, [shape]| c::gamma(g, shape))),
    ("integers", Real0(|g, []| f64::from_bits(g.next_u64()))),
    ("uniform", Real2(|g, [low, range]| low + range * g.double())),
    ("normal", Real2(|g, [loc, scale]| loc + scale * z::normal_double(g))),
    ("exponential", Real1(|g, [scale]| scale * z::exponential_double(g))),
    ("gamma", Real2(|g, [shape, scale]| scale * c::gamma(g, shape))),
    ("beta", Real2(|g, [a, b]| c::beta(g, a, b))),
    ("chisquare", Real1(|g, [df]| c::chisquare(g, df))),
    ("f", Real2(|g, [above, below]| c::f_ratio(g, above, below))),
    ("standard_cauchy", Real0(|g, []| c::cauchy(g))),
    ("pareto", Real1(|g, [a]| (z::exponential_double(g) / a).exp_m1())),
    ("weibull", Real1(|g, [a]| c::weibull(g, a))),
    ("power", Real1(|g, [a]| (-(-z::exponential_double(g)).exp_m1()).powf(1.0 / a))),
    ("laplace", Real2(|g, [loc, scale]| c::laplace(g, loc, scale))),
    ("gumbel", Real2(|g, [loc, scale]| c::gumbel(g, loc, scale))),
    ("logistic", Real2(|g, [loc, scale]| c::logistic(g, loc, scale))),
    ("lognormal", Real2(|g, [mean, sigma]| (mean + sigma * z::normal_double(g)).exp())),
    ("rayleigh", Real1(|g, [scale]| scale * (2.0 * z::exponential_double(g)).sqrt())),
    ("standard_t", Real1(|g, [df]| c::student(g, df))),
    ("poisson", Whole1(|g, [lambda]| d::poisson(g, lambda))),
    ("negative_binomial", Whole2(|g, [n, p]| d::negative_binomial(g, n, p))),
    ("binomial", Whole2(|g, [n, p]| d::binomial(g, n as i64, p))),
    ("geometric", Whole1(|g, [p]| d::geometric(g, p))),
    ("wald", Real2(|g, [mean, scale]| c::wald(g, mean, scale))),
    ("vonmises", Real2(|g, [mu, kappa]| c::vonmises(g, mu, kappa))),
    ("triangular", Real3(|g, [left, mode, right]| c::triangular(g, left, mode, right))),
    ("zipf", Whole1(|g, [a]| d::zipf(g, a))),
    ("logseries", Whole1(|g, [p]| d::logseries(g, p))),
    ("noncentral_chisquare", Real2(|g, [df, nonc]| d::noncentral_chisquare(g, df, nonc))),
    ("noncentral_f", Real3(|g, [above, below, nonc]| d::noncentral_f(g, above, below, nonc))),
    ("standard_exponential_inv", Real0(|g, []| -(-g.double()).ln_1p())),
    ("uint32", Real0(|g, []| g.next_u32() as f64)),
];

const INTEGERS: usize = 5;

/// out, state (in place), parameters (float64 of out's shape, or words); words [distribution, parameters ...].
pub fn pcg64(call: &Call) -> Done {
    let number = args::count(call, "pcg64", 0)?;
    let Some((name, distribution)) = DISTRIBUTIONS.get(number) else {
        return refuse("pcg64", format!("no distribution {number}"));
    };
    let [out, state, ..] = call.operands else {
        return refuse("pcg64", "takes an output and a state");
    };
    for parameter in &call.operands[2..] {
        args::require_dtype("pcg64", parameter, if number == INTEGERS { DType::U64 } else { DType::F64 })?;
        args::same_shape("pcg64", out, parameter)?;
    }
    let mut rng = Pcg64::load("pcg64", state)?;
    let g = &mut rng;
    let dtype = out.dtype;
    match (number, dtype) {
        (0, DType::F32) => fill(out, || g.single()),
        (1, DType::U64) => fill(out, || g.next_u64()),
        (2, DType::F32) => fill(out, || z::normal_single(g)),
        (3, DType::F32) => fill(out, || z::exponential_single(g)),
        (4, DType::F32) => draw(call, |[shape]| c::gamma_single(g, shape as f32))?,
        (34, DType::F32) => fill(out, || -(-g.single()).ln_1p()),
        (35, DType::U32) => fill(out, || g.next_u32()),
        (INTEGERS, _) => integers(call, g)?,
        (1 | 35, _) => return refuse("pcg64", format!("{name} is not supported for dtype {dtype:?}")),
        _ => match distribution {
            Real0(sample) if dtype == DType::F64 => fill(out, || sample(g, [])),
            Real1(sample) if dtype == DType::F64 => draw(call, |p| sample(g, p))?,
            Real2(sample) if dtype == DType::F64 => draw(call, |p| sample(g, p))?,
            Real3(sample) if dtype == DType::F64 => draw(call, |p| sample(g, p))?,
            Whole1(sample) if dtype == DType::I64 => draw(call, |p| sample(g, p))?,
            Whole2(sample) if dtype == DType::I64 => draw(call, |p| sample(g, p))?,
            _ => return refuse("pcg64", format!("{name} is not supported for dtype {dtype:?}")),
        },
    }
    rng.store(state);
    Ok(())
}

/// Draws with `N` parameters: operands if there are any, else words.
fn draw<T: Copy, const N: usize>(call: &Call, mut sample: impl FnMut([f64; N]) -> T) -> Done {
    let out = &call.operands[0];
    if let Ok(params) = <&[_; N]>::try_from(&call.operands[2..]) {
        return fill_with(out, params, |p| Ok(sample(p)));
    }
    if call.operands.len() > 2 || call.words.len() != N + 1 {
        return refuse("pcg64", format!("this distribution has {N} parameters"));
    }
    let params = std::array::from_fn(|i| call.words[i + 1]);
    fill(out, || sample(params));
    Ok(())
}

/// The least number and the range as uint64 operands or as words [5, low high half, low low half, range high half, range low half]; the range
/// is closed, and the dtype of the output decides how they are drawn.
fn integers(call: &Call, g: &mut Pcg64) -> Done {
    let out = &call.operands[0];
    let mut pieces = Pieces::default();
    let dtype = out.dtype;
    let mut one = |[low, range]: [u64; 2]| -> u64 {
        low.wrapping_add(match dtype.size() {
            8 => bounded::u64_in(g, range),
            4 => bounded::u32_in(g, range as u32) as u64,
            2 => bounded::narrow_in(g, &mut pieces, range as u32 & 0xffff, 16) as u64,
            _ if dtype == DType::Bool => bounded::flag_in(g, &mut pieces, range) as u64,
            _ => bounded::narrow_in(g, &mut pieces, range as u32 & 0xff, 8) as u64,
        })
    };
    let whole = !matches!(dtype, DType::F16 | DType::BF16 | DType::F32 | DType::F64 | DType::C64 | DType::C128);
    args::require("pcg64", whole, "integers need an integer or boolean output")?;
    let params = match call.operands.len() {
        4 => None,
        2 => {
            let mut halves = [0u64; 4];
            for (i, half) in halves.iter_mut().enumerate() {
                *half = args::count(call, "pcg64", i + 1)? as u64;
            }
            Some([halves[0] << 32 | halves[1] & 0xffff_ffff, halves[2] << 32 | halves[3] & 0xffff_ffff])
        }
        n => return refuse("pcg64", format!("integers take 2 or 4 operands, not {n}")),
    };
    macro_rules! filled {
        ($T:ty) => {
            match params {
                Some(params) => {
                    fill(out, || one(params) as $T);
                    Ok(())
                }
                None => fill_with(out, &[call.operands[2].clone(), call.operands[3].clone()], |p: [u64; 2]| Ok(one(p) as $T)),
            }
        };
    }
    match dtype.size() {
        8 => filled!(u64),
        4 => filled!(u32),
        2 => filled!(u16),
        _ => filled!(u8),
    }
}
