//! The k largest or smallest, and partitions, without sorting everything.

use super::super::support::args::{self, Done, refuse};
use super::key::Key;
use super::{Lines, compare_sort, direct, indirect};
use crate::operand::DType;
use crate::table::Call;

/// values, indices (int64), in; words [axis, k, largest, sorted]: both outputs have length k along the axis. Of equal items the first comes first.
pub fn topk(call: &Call) -> Done {
    let [values, indices, x] = args::operands(call, "topk")?;
    args::same_dtype("topk", values, x)?;
    args::same_shape("topk", values, indices)?;
    args::require_dtype("topk", indices, DType::I64)?;
    let axis = args::axis(call, "topk", 0, x)?;
    let k = args::count(call, "topk", 1)?;
    // (The word `sorted` asks for nothing that is not done anyway.)
    let largest = args::flag(call, 2);
    if k > x.shape[axis] || values.ndim() != x.ndim() || values.shape[axis] != k {
        return refuse("topk", format!("k {k} for shapes {:?} and {:?}", values.shape, x.shape));
    }
    if k == 0 {
        return Ok(());
    }
    let lines = Lines::apart("topk", axis, [values, indices, x])?;
    with_real!(x.dtype, T => lines.each(|[values, indices, x], _, best: &mut Vec<i64>| {
        indirect::first::<T>(x, k, largest, best);
        for (i, &place) in best.iter().enumerate() {
            values.set(i, x.get::<T>(place as usize));
            indices.set(i, place);
        }
    }), complex T => lines.each(|[values, indices, x], _, pairs: &mut Vec<(T, u32)>| {
        compare_sort(pairs, x, largest);
        for (i, pair) in pairs[..k].iter().enumerate() {
            values.set(i, pair.0);
            indices.set(i, pair.1 as i64);
        }
    }));
    Ok(())
}

/// The places that a partition puts right, ascending.
fn places(call: &Call, routine: &str, n: usize) -> Result<Vec<usize>, crate::error::KernelError> {
    let mut places = Vec::new();
    for i in 1..call.words.len() {
        let kth = args::count(call, routine, i)?;
        if kth >= n {
            return refuse(routine, format!("kth {kth} of {n} items"));
        }
        places.push(kth);
    }
    places.sort_unstable();
    Ok(places)
}

/// out, in; words [axis, kth ...].
pub fn partition(call: &Call) -> Done {
    let [out, x] = args::operands(call, "partition")?;
    args::same_dtype("partition", out, x)?;
    let axis = args::axis(call, "partition", 0, x)?;
    let places = places(call, "partition", x.shape[axis])?;
    let lines = Lines::new("partition", axis, [out, x])?;
    with_real!(x.dtype, T => lines.each(|[out, x], _, spare: &mut Vec<<T as Key>::Bits>| {
        direct::select::<T>(out, x, &places, spare);
    }), complex T => lines.each(|[out, x], _, pairs: &mut Vec<(T, u32)>| {
        compare_sort(pairs, x, false);
        pairs.iter().enumerate().for_each(|(i, pair)| out.set(i, pair.0));
    }));
    Ok(())
}

/// out int64, in; words [axis, kth ...].
pub fn argpartition(call: &Call) -> Done {
    let [out, x] = args::operands(call, "argpartition")?;
    args::require_dtype("argpartition", out, DType::I64)?;
    let axis = args::axis(call, "argpartition", 0, x)?;
    let places = places(call, "argpartition", x.shape[axis])?;
    let lines = Lines::new("argpartition", axis, [out, x])?;
    with_real!(x.dtype, T => lines.each(|[out, x], _, order: &mut Vec<i64>| {
        indirect::argpartition::<T>(x, &places, order);
        order.iter().enumerate().for_each(|(i, &place)| out.set(i, place));
    }), complex T => lines.each(|[out, x], _, pairs: &mut Vec<(T, u32)>| {
        compare_sort(pairs, x, false);
        pairs.iter().enumerate().for_each(|(i, pair)| out.set(i, pair.1 as i64));
    }));
    Ok(())
}
