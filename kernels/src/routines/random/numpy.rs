//! The routines `random` and `random_legacy`: arrays of draws from the distributions of NumPy's Generator and RandomState, with parameters as words
//! or as arrays.

use super::super::support::args::{self, Done, refuse};
use super::super::support::copy;
use super::bits::{Bits, Work, load_any, with_bits};
use super::bounded::{self, Pieces};
use super::legacy::Legacy;
use super::{continuous as c, discrete as d, fill, fill_with, hypergeometric as h, ziggurat as z};
use crate::operand::{DType, Operand};
use crate::table::Call;
use std::marker::PhantomData;

type Sampler<S, const N: usize, T> = fn(&mut S, [f64; N]) -> T;

/// A distribution of float64 parameters, drawn from a source `S`.
enum Distribution<S: ?Sized> {
    Real0(Sampler<S, 0, f64>),
    Real1(Sampler<S, 1, f64>),
    Real2(Sampler<S, 2, f64>),
    Real3(Sampler<S, 3, f64>),
    Whole1(Sampler<S, 1, i64>),
    Whole2(Sampler<S, 2, i64>),
    Whole3(Sampler<S, 3, i64>),
}
use Distribution::*;

/// How many distributions there are; both tables have the same numbers.
const COUNT: usize = 37;

/// Generator's distributions by their number; 0 to 5 are also drawn in other dtypes.
struct Modern<R: ?Sized>(PhantomData<R>);

impl<R: Bits + ?Sized + 'static> Modern<R> {
    const TABLE: &'static [(&'static str, Distribution<R>); COUNT] = &[
        ("random", Real0(|g, []| g.double())),
        ("raw", Real0(|g, []| f64::from_bits(g.raw()))),
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
        ("hypergeometric", Whole3(|g, [good, bad, sample]| h::hypergeometric(g, good as i64, bad as i64, sample as i64))),
    ];
}

/// RandomState's distributions, with the same numbers.
const LEGACY: &[(&str, Distribution<Legacy>); COUNT] = &[
    ("random", Real0(|g, []| g.bits.double())),
    ("raw", Real0(|g, []| f64::from_bits(g.bits.raw()))),
    ("standard_normal", Real0(|g, []| g.gauss())),
    ("standard_exponential", Real0(|g, []| g.exponential())),
    ("standard_gamma", Real1(|g, [shape]| g.gamma(shape))),
    ("integers", Real0(|g, []| f64::from_bits(g.bits.next_u64()))),
    ("uniform", Real2(|g, [low, range]| low + range * g.bits.double())),
    ("normal", Real2(|g, [loc, scale]| loc + scale * g.gauss())),
    ("exponential", Real1(|g, [scale]| scale * g.exponential())),
    ("gamma", Real2(|g, [shape, scale]| scale * g.gamma(shape))),
    ("beta", Real2(|g, [a, b]| g.beta(a, b))),
    ("chisquare", Real1(|g, [df]| g.chisquare(df))),
    ("f", Real2(|g, [above, below]| g.f_ratio(above, below))),
    ("standard_cauchy", Real0(|g, []| g.cauchy())),
    ("pareto", Real1(|g, [a]| (g.exponential() / a).exp() - 1.0)),
    ("weibull", Real1(|g, [a]| g.weibull(a))),
    ("power", Real1(|g, [a]| (1.0 - (-g.exponential()).exp()).powf(1.0 / a))),
    ("laplace", Real2(|g, [loc, scale]| c::laplace(&mut *g.bits, loc, scale))),
    ("gumbel", Real2(|g, [loc, scale]| c::gumbel(&mut *g.bits, loc, scale))),
    ("logistic", Real2(|g, [loc, scale]| c::logistic(&mut *g.bits, loc, scale))),
    ("lognormal", Real2(|g, [mean, sigma]| (mean + sigma * g.gauss()).exp())),
    ("rayleigh", Real1(|g, [scale]| scale * (-2.0 * (-g.bits.double()).ln_1p()).sqrt())),
    ("standard_t", Real1(|g, [df]| g.student(df))),
    ("poisson", Whole1(|g, [lambda]| d::poisson(&mut *g.bits, lambda))),
    ("negative_binomial", Whole2(|g, [n, p]| g.negative_binomial(n, p))),
    ("binomial", Whole2(|g, [n, p]| g.binomial(n as i64, p))),
    ("geometric", Whole1(|g, [p]| g.geometric(p))),
    ("wald", Real2(|g, [mean, scale]| g.wald(mean, scale))),
    ("vonmises", Real2(|g, [mu, kappa]| g.vonmises(mu, kappa))),
    ("triangular", Real3(|g, [left, mode, right]| c::triangular(&mut *g.bits, left, mode, right))),
    ("zipf", Whole1(|g, [a]| g.zipf(a))),
    ("logseries", Whole1(|g, [p]| g.logseries(p))),
    ("noncentral_chisquare", Real2(|g, [df, nonc]| g.noncentral_chisquare(df, nonc))),
    ("noncentral_f", Real3(|g, [above, below, nonc]| g.noncentral_f(above, below, nonc))),
    ("standard_exponential_inv", Real0(|g, []| g.exponential())),
    ("uint32", Real0(|g, []| g.bits.next_u32() as f64)),
    ("hypergeometric", Whole3(|g, [good, bad, sample]| h::legacy_hypergeometric(&mut *g.bits, good as i64, bad as i64, sample as i64))),
];

const INTEGERS: usize = 5;

/// out, state (in place), parameters (of out's shape, or words); words [generator, distribution, parameters ...].
pub fn random(call: &Call) -> Done {
    let [_, state, params @ ..] = call.operands else {
        return refuse("random", "takes an output and a state");
    };
    let number = args::count(call, "random", 1)?;
    with_bits(call, "random", state, Draw { call, number, params })
}

struct Draw<'a> {
    call: &'a Call<'a>,
    number: usize,
    params: &'a [Operand],
}

impl Work for Draw<'_> {
    fn run<R: Bits + ?Sized + 'static>(self, g: &mut R) -> Done {
        let Draw { call, number, params } = self;
        let out = &call.operands[0];
        check_params("random", call, number, params)?;
        match (number, out.dtype) {
            (0, DType::F32) => fill(out, || g.single()),
            (1, DType::U64) => fill(out, || g.raw()),
            (2, DType::F32) => fill(out, || z::normal_single(g)),
            (3, DType::F32) => fill(out, || z::exponential_single(g)),
            (4, DType::F32) => draw("random", call, params, |[shape]| c::gamma_single(g, shape as f32))?,
            // NumPy takes the logarithm in double precision here.
            (34, DType::F32) => fill(out, || -(-(g.single() as f64)).ln_1p() as f32),
            (35, DType::U32) => fill(out, || g.next_u32()),
            (INTEGERS, _) => integers("random", call, params, g, false)?,
            _ => sample("random", call, params, Modern::<R>::TABLE, number, g)?,
        }
        Ok(())
    }
}

/// out, state (in place), gauss uint64 [2] (in place: has a normal number, its bits), parameters; words as `random`.
pub fn random_legacy(call: &Call) -> Done {
    let [out, state, gauss, params @ ..] = call.operands else {
        return refuse("random_legacy", "takes an output, a state and a kept normal number");
    };
    args::require_dtype("random_legacy", gauss, DType::U64)?;
    args::require("random_legacy", gauss.shape == [2], "the kept normal number has two words")?;
    let number = args::count(call, "random_legacy", 1)?;
    check_params("random_legacy", call, number, params)?;
    let mut kept = [0u64; 2];
    unsafe { copy::gather_line(&mut kept, gauss.ptr, gauss.strides[0]) };
    let bits = load_any(call, "random_legacy", state)?;
    let mut source = Legacy { bits, spare: (kept[0] != 0).then_some(f64::from_bits(kept[1])) };
    match (number, out.dtype) {
        (1, DType::U64) => fill(out, || source.bits.raw()),
        (INTEGERS, _) => integers("random_legacy", call, params, &mut *source.bits, true)?,
        _ => sample("random_legacy", call, params, LEGACY, number, &mut source)?,
    }
    let kept = [source.spare.is_some() as u64, source.spare.unwrap_or(0.0).to_bits()];
    unsafe { copy::scatter_line(gauss.ptr, gauss.strides[0], &kept) };
    source.bits.store(state);
    Ok(())
}

/// Parameters that are operands have out's shape; those of integers are uint64, others float64.
fn check_params(routine: &str, call: &Call, number: usize, params: &[Operand]) -> Done {
    for parameter in params {
        args::require_dtype(routine, parameter, if number == INTEGERS { DType::U64 } else { DType::F64 })?;
        args::same_shape(routine, &call.operands[0], parameter)?;
    }
    Ok(())
}

fn sample<S: ?Sized>(
    routine: &str,
    call: &Call,
    params: &[Operand],
    table: &[(&str, Distribution<S>); COUNT],
    number: usize,
    source: &mut S,
) -> Done {
    let Some((name, distribution)) = table.get(number) else {
        return refuse(routine, format!("no distribution {number}"));
    };
    let out = &call.operands[0];
    let dtype = out.dtype;
    match distribution {
        _ if matches!(number, 1 | 35) => refuse(routine, format!("{name} is not supported for dtype {dtype:?}")),
        Real0(one) if dtype == DType::F64 => {
            fill(out, || one(source, []));
            Ok(())
        }
        Real1(one) if dtype == DType::F64 => draw(routine, call, params, |p| one(source, p)),
        Real2(one) if dtype == DType::F64 => draw(routine, call, params, |p| one(source, p)),
        Real3(one) if dtype == DType::F64 => draw(routine, call, params, |p| one(source, p)),
        Whole1(one) if dtype == DType::I64 => draw(routine, call, params, |p| one(source, p)),
        Whole2(one) if dtype == DType::I64 => draw(routine, call, params, |p| one(source, p)),
        Whole3(one) if dtype == DType::I64 => draw(routine, call, params, |p| one(source, p)),
        _ => refuse(routine, format!("{name} is not supported for dtype {dtype:?}")),
    }
}

/// Draws with `N` parameters: operands if there are any, else words.
fn draw<T: Copy, const N: usize>(routine: &str, call: &Call, params: &[Operand], mut sample: impl FnMut([f64; N]) -> T) -> Done {
    let out = &call.operands[0];
    if let Ok(params) = <&[_; N]>::try_from(params) {
        return fill_with(out, params, |p| Ok(sample(p)));
    }
    if !params.is_empty() || call.words.len() != N + 2 {
        return refuse(routine, format!("this distribution has {N} parameters"));
    }
    let values = std::array::from_fn(|i| call.words[i + 2]);
    fill(out, || sample(values));
    Ok(())
}

/// The least number and the range as uint64 operands or as words [.., low high half, low low half, range high half, range low half]; the range is
/// closed, and the dtype of the output decides how they are drawn.
fn integers<R: Bits + ?Sized>(routine: &str, call: &Call, params: &[Operand], g: &mut R, masked: bool) -> Done {
    let out = &call.operands[0];
    let mut pieces = Pieces::default();
    let dtype = out.dtype;
    let narrow = if masked { bounded::narrow_masked::<R> } else { bounded::narrow_in::<R> };
    let mut one = |[low, range]: [u64; 2]| -> u64 {
        low.wrapping_add(match dtype.size() {
            8 if masked => bounded::interval(g, range),
            8 => bounded::u64_in(g, range),
            4 if masked => bounded::interval(g, range & 0xffff_ffff),
            4 => bounded::u32_in(g, range as u32) as u64,
            2 => narrow(g, &mut pieces, range as u32 & 0xffff, 16) as u64,
            _ if dtype == DType::Bool => bounded::flag_in(g, &mut pieces, range) as u64,
            _ => narrow(g, &mut pieces, range as u32 & 0xff, 8) as u64,
        })
    };
    let whole = !matches!(dtype, DType::F16 | DType::BF16 | DType::F32 | DType::F64 | DType::C64 | DType::C128);
    args::require(routine, whole, "integers need an integer or boolean output")?;
    let words = match params.len() {
        2 => None,
        0 => {
            let mut halves = [0u64; 4];
            for (i, half) in halves.iter_mut().enumerate() {
                *half = args::count(call, routine, i + 2)? as u64;
            }
            Some([halves[0] << 32 | halves[1] & 0xffff_ffff, halves[2] << 32 | halves[3] & 0xffff_ffff])
        }
        n => return refuse(routine, format!("integers take no or 2 operands of parameters, not {n}")),
    };
    macro_rules! filled {
        ($T:ty) => {
            match words {
                Some(words) => {
                    fill(out, || one(words) as $T);
                    Ok(())
                }
                None => fill_with(out, &[params[0].clone(), params[1].clone()], |p: [u64; 2]| Ok(one(p) as $T)),
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
