//! The routine `random_vectors`: samples that are vectors along the last axis.

use super::super::support::args::{self, Done, refuse};
use super::super::support::copy;
use super::bits::{Bits, Work, load_any, with_bits};
use super::bounded::interval;
use super::legacy::Legacy;
use super::{continuous as c, discrete as d, hypergeometric as h};
use crate::operand::{DType, Operand};
use crate::table::Call;

/// What is drawn, by number.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Counts of n trials with the probabilities of each outcome: parameters n [lines], probabilities [lines, d].
    Multinomial,
    /// Shares that sum to 1: parameters alpha [lines, d].
    Dirichlet,
    /// Counts of a sample from an urn: parameters n [lines], how many there are of each colour [lines, d].
    Marginals,
    /// The same by shuffling the urn.
    Count,
    LegacyDirichlet,
}
use Kind::*;

const KINDS: [Kind; 5] = [Multinomial, Dirichlet, Marginals, Count, LegacyDirichlet];

/// out [lines, d], packed: float64 for Dirichlet, else int64; state (in place); parameters float64, packed; `LegacyDirichlet` has gauss uint64 [2]
/// after the state. Words [generator, kind].
pub fn random_vectors(call: &Call) -> Done {
    let name = "random_vectors";
    let Some(&kind) = KINDS.get(args::count(call, name, 1)?) else {
        return refuse(name, "no such kind");
    };
    let [out, state, params @ ..] = call.operands else {
        return refuse(name, "takes an output and a state");
    };
    let real = matches!(kind, Dirichlet | LegacyDirichlet);
    args::require_dtype(name, out, if real { DType::F64 } else { DType::I64 })?;
    args::require(name, out.ndim() == 2, "the output has two dimensions")?;
    if kind != LegacyDirichlet {
        return with_bits(call, name, state, Vectors { out, kind, params });
    }
    let [gauss, params @ ..] = params else {
        return refuse(name, "takes a kept normal number");
    };
    args::require_dtype(name, gauss, DType::U64)?;
    args::require(name, gauss.shape == [2], "the kept normal number has two words")?;
    let kept: Vec<u64> = unsafe { gathered(gauss) };
    let bits = load_any(call, name, state)?;
    let mut source = Legacy { bits, spare: (kept[0] != 0).then_some(f64::from_bits(kept[1])) };
    let lines = lines(out, params, 1)?;
    for line in lines {
        shares(out, line.at, &line.values, |alpha| source.gamma(alpha));
    }
    let kept = [source.spare.is_some() as u64, source.spare.unwrap_or(0.0).to_bits()];
    unsafe { copy::scatter_line(gauss.ptr, gauss.strides[0], &kept) };
    source.bits.store(state);
    Ok(())
}

unsafe fn gathered<T: Copy + Default>(x: &Operand) -> Vec<T> {
    let mut items = vec![T::default(); x.shape[0]];
    unsafe { copy::gather_line(&mut items, x.ptr, x.strides[0]) };
    items
}

/// One vector to draw: its row, the number of trials (0 where there is none), and a value for each place.
struct Line {
    at: usize,
    trials: i64,
    values: Vec<f64>,
}

/// The parameters of every row: `[values]` or `[trials, values]`, values [lines, d] and trials [lines].
fn lines<'a>(out: &'a Operand, params: &'a [Operand], count: usize) -> Result<impl Iterator<Item = Line> + 'a, crate::error::KernelError> {
    let name = "random_vectors";
    args::require(name, params.len() == count, "another number of parameters")?;
    let values = &params[count - 1];
    args::require_dtype(name, values, DType::F64)?;
    args::same_shape(name, out, values)?;
    let trials = (count == 2).then(|| &params[0]);
    if let Some(trials) = trials {
        args::require_dtype(name, trials, DType::F64)?;
        args::require(name, trials.shape == out.shape[..1], "one number of trials for each vector")?;
    }
    Ok((0..out.shape[0]).map(move |at| Line {
        at,
        trials: trials.map_or(0, |x| unsafe { read_at(x, &[at]) as i64 }),
        values: (0..out.shape[1]).map(|j| unsafe { read_at(values, &[at, j]) }).collect(),
    }))
}

unsafe fn read_at(x: &Operand, index: &[usize]) -> f64 {
    let offset: isize = index.iter().zip(&x.strides).map(|(&i, &stride)| i as isize * stride).sum();
    unsafe { copy::read(x.ptr.wrapping_offset(offset)) }
}

fn write_row<T: Copy>(out: &Operand, at: usize, row: &[T]) {
    let start = out.ptr.wrapping_offset(at as isize * out.strides[0]);
    unsafe { copy::scatter_line(start, out.strides[1], row) };
}

struct Vectors<'a> {
    out: &'a Operand,
    kind: Kind,
    params: &'a [Operand],
}

impl Work for Vectors<'_> {
    fn run<R: Bits + ?Sized + 'static>(self, g: &mut R) -> Done {
        let Vectors { out, kind, params } = self;
        let mut urn = None;
        for line in lines(out, params, if kind == Dirichlet { 1 } else { 2 })? {
            let Line { at, trials, values } = line;
            match kind {
                Multinomial => write_row(out, at, &multinomial(trials, &values, |n, p| d::binomial(g, n, p))),
                Marginals => write_row(out, at, &marginals(g, trials, &whole(&values))),
                Count => {
                    let colors = whole(&values);
                    let urn = match &mut urn {
                        Some(urn) => urn,
                        none => none.insert(filled_urn(&colors)?),
                    };
                    write_row(out, at, &count(g, urn, trials, &colors));
                }
                _ if values.iter().copied().fold(0.0, f64::max) < 0.1 => write_row(out, at, &broken_stick(g, &values)),
                _ => shares(out, at, &values, |alpha| c::gamma(g, alpha)),
            }
        }
        Ok(())
    }
}

fn whole(values: &[f64]) -> Vec<i64> {
    values.iter().map(|&x| x as i64).collect()
}

/// One outcome after the other, each binomial in what is left.
fn multinomial(trials: i64, chances: &[f64], mut binomial: impl FnMut(i64, f64) -> i64) -> Vec<i64> {
    let mut counts = vec![0; chances.len()];
    let (mut left, mut rest) = (trials, 1.0);
    for (j, &chance) in chances.iter().enumerate().take(chances.len().saturating_sub(1)) {
        counts[j] = binomial(left, chance / rest);
        left -= counts[j];
        if left <= 0 {
            break;
        }
        rest -= chance;
    }
    if left > 0
        && let Some(last) = counts.last_mut()
    {
        *last = left;
    }
    counts
}

/// Gamma numbers over their sum.
fn shares(out: &Operand, at: usize, alpha: &[f64], mut gamma: impl FnMut(f64) -> f64) {
    let mut row: Vec<f64> = alpha.iter().map(|&alpha| gamma(alpha)).collect();
    let inverse = 1.0 / row.iter().fold(0.0, |sum, x| sum + x);
    row.iter_mut().for_each(|x| *x *= inverse);
    write_row(out, at, &row);
}

/// Dirichlet numbers for small parameters, whose gamma numbers could all be 0: beta shares of what is left of a stick.
fn broken_stick<R: Bits + ?Sized>(g: &mut R, alpha: &[f64]) -> Vec<f64> {
    let k = alpha.len();
    let mut row = vec![0.0; k];
    let mut after = vec![0.0; k + 1];
    for j in (0..k).rev() {
        after[j] = after[j + 1] + alpha[j];
    }
    if k == 0 || after[0] <= 0.0 {
        return row;
    }
    let mut left = 1.0;
    for j in 0..k - 1 {
        let share = c::beta(g, alpha[j], after[j + 1]);
        row[j] = left * share;
        left *= 1.0 - share;
        if after[j + 1] == 0.0 {
            break;
        }
    }
    row[k - 1] = left;
    row
}

/// The colours one after the other, each hypergeometric in what is left.
fn marginals<R: Bits + ?Sized>(g: &mut R, sample: i64, colors: &[i64]) -> Vec<i64> {
    let total: i64 = colors.iter().sum();
    let mut counts = vec![0; colors.len()];
    if total == 0 || sample == 0 {
        return counts;
    }
    let most = sample > total / 2;
    let mut left = if most { total - sample } else { sample };
    let mut rest = total;
    for j in 0..colors.len().saturating_sub(1) {
        if left <= 0 {
            break;
        }
        rest -= colors[j];
        counts[j] = h::hypergeometric(g, colors[j], rest, left);
        left -= counts[j];
    }
    if left > 0 {
        counts[colors.len() - 1] = left;
    }
    complement(most, &mut counts, colors);
    counts
}

/// What was left in the urn, when that was drawn instead.
fn complement(most: bool, counts: &mut [i64], colors: &[i64]) {
    if most {
        counts.iter_mut().zip(colors).for_each(|(count, color)| *count = color - *count);
    }
}

/// The first places of an urn, shuffled so far. The urn stays shuffled from one vector to the next.
fn count<R: Bits + ?Sized>(g: &mut R, urn: &mut [u32], sample: i64, colors: &[i64]) -> Vec<i64> {
    let total = urn.len() as i64;
    let mut counts = vec![0; colors.len()];
    if total == 0 || sample == 0 {
        return counts;
    }
    let most = sample > total / 2;
    let draws = if most { total - sample } else { sample } as usize;
    for j in 0..draws {
        let k = j + interval(g, (urn.len() - j - 1) as u64) as usize;
        urn.swap(j, k);
    }
    urn[..draws].iter().for_each(|&color| counts[color as usize] += 1);
    complement(most, &mut counts, colors);
    counts
}

/// Every item's colour. It must fit in memory: four bytes an item.
fn filled_urn(colors: &[i64]) -> Result<Vec<u32>, crate::error::KernelError> {
    let total: i64 = colors.iter().sum();
    let mut urn = Vec::new();
    if !(0..1 << 32).contains(&total) || urn.try_reserve_exact(total as usize).is_err() {
        return refuse("random_vectors", format!("an urn of {total} items does not fit in memory"));
    }
    for (color, &n) in colors.iter().enumerate() {
        urn.resize(urn.len() + n as usize, color as u32);
    }
    Ok(urn)
}
