//! The routine `mt19937`: tensors of draws as PyTorch's CPU generator makes them.

use super::super::support::args::{self, Done, refuse};
use super::super::support::copy;
use super::mersenne::Mersenne;
use super::{box_muller, fill, fill_with};
use crate::operand::{DType, Operand};
use crate::table::Call;
use half::{bf16, f16};
use std::f64::consts::PI;

/// out, state (in place), parameters; words [distribution, parameters ...].
pub fn mt19937(call: &Call) -> Done {
    let [out, state, params @ ..] = call.operands else {
        return refuse("mt19937", "takes an output and a state");
    };
    let mut rng = Mersenne::load("mt19937", state)?;
    let g = &mut rng;
    let word = |i: usize| args::number(call, "mt19937", i);
    match args::count(call, "mt19937", 0)? {
        0 => uniform(out, g, word(1)?, word(2)?)?,
        1 => normal(out, g, word(1)?, word(2)?, args::flag(call, 3))?,
        2 => from_to(call, out, g)?,
        3 => random(out, g)?,
        4 => match params {
            [] => {
                let p = word(1)?;
                stored(out, || (g.uniform_double() < p) as u8 as f64)?;
            }
            [p] => bernoulli(out, p, g)?,
            _ => return refuse("mt19937", "bernoulli takes one parameter"),
        },
        5 => {
            let lambda = word(1)?;
            stored(out, || -1.0 / lambda * (-g.uniform_double()).ln_1p())?;
        }
        6 => {
            let (median, sigma) = (word(1)?, word(2)?);
            stored(out, || median + sigma * (PI * (g.uniform_double() - 0.5)).tan())?;
        }
        7 => {
            let (mean, std) = (word(1)?, word(2)?);
            stored(out, || one_normal(g, mean, std).exp())?;
        }
        8 => {
            let p = word(1)?;
            stored(out, || (g.uniform_double().ln() / (-p).ln_1p()).ceil())?;
        }
        9 => {
            args::require_dtype("mt19937", out, DType::U32)?;
            fill(out, || g.next_u32());
        }
        number => return refuse("mt19937", format!("no distribution {number}")),
    }
    rng.store(state);
    Ok(())
}

/// Fills any real dtype with draws in double precision.
fn stored(out: &Operand, mut draw: impl FnMut() -> f64) -> Done {
    match out.dtype {
        DType::Bool => fill(out, || (draw() != 0.0) as u8),
        DType::I8 => fill(out, || draw() as i64 as i8),
        DType::I16 => fill(out, || draw() as i64 as i16),
        DType::I32 => fill(out, || draw() as i64 as i32),
        DType::I64 => fill(out, || draw() as i64),
        DType::U8 => fill(out, || draw() as i64 as u8),
        DType::U16 => fill(out, || draw() as i64 as u16),
        DType::U32 => fill(out, || draw() as i64 as u32),
        DType::U64 => fill(out, || draw() as i64 as u64),
        DType::F16 => fill(out, || f16::from_f32(draw() as f32)),
        DType::BF16 => fill(out, || bf16::from_f32(draw() as f32)),
        DType::F32 => fill(out, || draw() as f32),
        DType::F64 => fill(out, draw),
        dtype => return refuse("mt19937", format!("this distribution is not supported for dtype {dtype:?}")),
    }
    Ok(())
}

/// [0, from, to): 53 bits for float64, 24 for the others; what rounds up to `to` becomes `from`.
fn uniform(out: &Operand, g: &mut Mersenne, from: f64, to: f64) -> Done {
    let (low, high) = (from as f32, to as f32);
    // Rounded once, as PyTorch's build does.
    let mut single = || g.uniform_single().mul_add(high - low, low);
    match out.dtype {
        DType::F32 => fill(out, || Some(single()).filter(|&x| x != high).unwrap_or(low)),
        DType::F16 => {
            let (end, start) = (f16::from_f64(to), f16::from_f64(from));
            fill(out, || Some(f16::from_f32(single())).filter(|&x| x != end).unwrap_or(start));
        }
        DType::BF16 => {
            let (end, start) = (bf16::from_f64(to), bf16::from_f64(from));
            fill(out, || Some(bf16::from_f32(single())).filter(|&x| x != end).unwrap_or(start));
        }
        DType::F64 => fill(out, || Some(g.uniform_double().mul_add(to - from, from)).filter(|&x| x != to).unwrap_or(from)),
        dtype => return refuse("mt19937", format!("uniform is not supported for dtype {dtype:?}")),
    }
    Ok(())
}

/// One number, in double precision; every second one was made with the one before it.
fn one_normal(g: &mut Mersenne, mean: f64, std: f64) -> f64 {
    let sample = g.double.take().unwrap_or_else(|| {
        let (u1, u2) = (g.uniform_double(), g.uniform_double());
        let radius = (-2.0 * (-u2).ln_1p()).sqrt();
        let theta = 2.0 * PI * u1;
        g.double = Some(radius * theta.sin());
        radius * theta.cos()
    });
    sample * std + mean
}

/// [1, mean, std, strided]: blocks of sixteen from sixteen items on, one at a time for less (and for what PyTorch would have strided).
fn normal(out: &Operand, g: &mut Mersenne, mean: f64, std: f64, strided: bool) -> Done {
    let n = out.len();
    let floating = matches!(out.dtype, DType::F16 | DType::BF16 | DType::F32 | DType::F64);
    args::require("mt19937", floating, "normal needs a floating point output")?;
    if n < 16 || strided {
        return stored(out, || one_normal(g, mean, std));
    }
    if out.dtype == DType::F64 {
        let mut all: Vec<f64> = (0..n).map(|_| g.uniform_double()).collect();
        for block in all.as_chunks_mut::<16>().0 {
            box_muller::doubles(block, mean, std);
        }
        if n % 16 != 0
            && let Some(last) = all.last_chunk_mut::<16>()
        {
            last.iter_mut().for_each(|x| *x = g.uniform_double());
            box_muller::doubles(last, mean, std);
        }
        copy::unpack(out, &all);
        return Ok(());
    }
    // float16 and bfloat16 draw nothing for items that the last block will hold; float32 draws for all.
    let drawn = if out.dtype == DType::F32 { n } else { n / 16 * 16 };
    let mut all: Vec<f32> = (0..drawn).map(|_| g.uniform_single()).collect();
    all.resize(n, 0.0);
    for block in all.as_chunks_mut::<16>().0 {
        box_muller::singles(block, mean as f32, std as f32);
    }
    if n % 16 != 0
        && let Some(last) = all.last_chunk_mut::<16>()
    {
        last.iter_mut().for_each(|x| *x = g.uniform_single());
        box_muller::singles(last, mean as f32, std as f32);
    }
    match out.dtype {
        DType::F16 => copy::unpack(out, &all.into_iter().map(f16::from_f32).collect::<Vec<_>>()),
        DType::BF16 => copy::unpack(out, &all.into_iter().map(bf16::from_f32).collect::<Vec<_>>()),
        _ => copy::unpack(out, &all),
    }
    Ok(())
}

/// Fills any real dtype with int64 draws.
fn whole(out: &Operand, mut draw: impl FnMut() -> i64) -> Done {
    match out.dtype {
        DType::Bool => fill(out, || (draw() != 0) as u8),
        DType::I8 | DType::U8 => fill(out, || draw() as u8),
        DType::I16 | DType::U16 => fill(out, || draw() as u16),
        DType::I32 | DType::U32 => fill(out, || draw() as u32),
        DType::I64 | DType::U64 => fill(out, draw),
        DType::F16 => fill(out, || f16::from_f32(draw() as f32)),
        DType::BF16 => fill(out, || bf16::from_f32(draw() as f32)),
        DType::F32 => fill(out, || draw() as f32),
        DType::F64 => fill(out, || draw() as f64),
        dtype => return refuse("mt19937", format!("random integers are not supported for dtype {dtype:?}")),
    }
    Ok(())
}

/// [2, base high half, base low half, range high half, range low half]: base + a draw modulo the range (0: all of 64 bits).
fn from_to(call: &Call, out: &Operand, g: &mut Mersenne) -> Done {
    let mut halves = [0u64; 4];
    for (i, half) in halves.iter_mut().enumerate() {
        *half = args::count(call, "mt19937", i + 1)? as u64 & 0xffff_ffff;
    }
    let (base, range) = (halves[0] << 32 | halves[1], halves[2] << 32 | halves[3]);
    whole(out, || {
        let draw = match range {
            0 => g.next_u64(),
            _ if range >= 1 << 28 => g.next_u64() % range,
            _ => g.next_u32() as u64 % range,
        };
        draw.wrapping_add(base) as i64
    })
}

/// `Tensor.random_()`: all whole numbers from 0 that the dtype holds exactly.
fn random(out: &Operand, g: &mut Mersenne) -> Done {
    let long = |top: u64| move |g: &mut Mersenne| (g.next_u64() % top) as i64;
    let short = |top: u64| move |g: &mut Mersenne| (g.next_u32() as u64 % top) as i64;
    match out.dtype {
        DType::Bool => whole(out, || (g.next_u32() & 1) as i64),
        DType::I8 => whole(out, || short(1 << 7)(g)),
        DType::U8 => whole(out, || short(1 << 8)(g)),
        DType::I16 => whole(out, || short(1 << 15)(g)),
        DType::I32 => whole(out, || short(1 << 31)(g)),
        DType::I64 => whole(out, || long(1 << 63)(g)),
        DType::F16 => whole(out, || short((1 << 11) + 1)(g)),
        DType::BF16 => whole(out, || short((1 << 8) + 1)(g)),
        DType::F32 => whole(out, || short((1 << 24) + 1)(g)),
        DType::F64 => whole(out, || long((1 << 53) + 1)(g)),
        dtype => refuse("mt19937", format!("random is not supported for dtype {dtype:?}")),
    }
}

/// Each item true with the probability at its place: float64 ones are compared with 53 bits, float32 ones with 24.
fn bernoulli(out: &Operand, p: &Operand, g: &mut Mersenne) -> Done {
    args::same_shape("mt19937", out, p)?;
    args::require_dtype("mt19937", out, DType::Bool)?;
    let p = std::slice::from_ref(p);
    let Ok(one) = <&[Operand; 1]>::try_from(p) else {
        return refuse("mt19937", "bernoulli takes one parameter");
    };
    match one[0].dtype {
        DType::F64 => fill_with(out, one, |[p]: [f64; 1]| Ok((g.uniform_double() < p) as u8)),
        DType::F32 => fill_with(out, one, |[p]: [f32; 1]| Ok((g.uniform_single() < p) as u8)),
        DType::F16 => fill_with(out, one, |[p]: [f16; 1]| Ok((g.uniform_single() < p.to_f32()) as u8)),
        DType::BF16 => fill_with(out, one, |[p]: [bf16; 1]| Ok((g.uniform_single() < p.to_f32()) as u8)),
        dtype => refuse("mt19937", format!("probabilities of dtype {dtype:?} are not supported")),
    }
}
