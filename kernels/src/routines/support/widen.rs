//! Routines in double precision for operands of single precision: in WebAssembly, where size counts, decompositions and transforms are
//! compiled for double precision alone. Their results in single precision are then the exact ones rounded, nearly always.

use super::args::Done;
use super::walk::Walk;
use crate::operand::{DType, Operand};
use crate::table::{Call, Routine};

const fn wider(dtype: DType) -> DType {
    match dtype {
        DType::F32 => DType::F64,
        DType::C64 => DType::C128,
        other => other,
    }
}

/// A packed copy in double precision; dims that repeat one item are not repeated.
struct Wide {
    items: Vec<f64>,
    dtype: DType,
    /// Dims of length 1 where the operand repeats one item.
    shape: Vec<usize>,
    strides: Vec<isize>,
}

impl Wide {
    fn new(x: &Operand) -> Wide {
        let shape: Vec<usize> = x.shape.iter().zip(&x.strides).map(|(&n, &s)| if s == 0 { n.min(1) } else { n }).collect();
        let dtype = wider(x.dtype);
        let mut step = dtype.size() as isize;
        let mut strides = vec![0; shape.len()];
        for d in (0..shape.len()).rev() {
            if x.strides[d] != 0 {
                strides[d] = step;
            }
            step *= shape[d] as isize;
        }
        let parts = dtype.size() / 8;
        let mut wide = Wide { items: vec![0.0; shape.iter().product::<usize>() * parts], dtype, shape, strides };
        wide.exchange(x, |single, double| *double = *single as f64);
        wide
    }

    /// Calls `with` for each number of the operand and of the copy.
    fn exchange(&mut self, x: &Operand, with: impl Fn(&mut f32, &mut f64)) {
        if self.items.is_empty() {
            return;
        }
        let walk = Walk::items(&self.shape, [&x.strides]);
        let parts = self.dtype.size() / 8;
        let mut numbers = self.items.chunks_exact_mut(parts);
        walk.each(0..walk.lines, [x.ptr], |[at]| {
            let Some(numbers) = numbers.next() else { return };
            for (part, double) in numbers.iter_mut().enumerate() {
                let place = at.wrapping_add(4 * part) as *mut f32;
                // SAFETY: inside the operand, which the gate has checked.
                unsafe {
                    let mut single = place.read_unaligned();
                    with(&mut single, double);
                    place.write_unaligned(single);
                }
            }
        });
    }

    fn operand(&mut self, x: &Operand) -> Operand {
        let ptr = if self.items.is_empty() { x.ptr } else { self.items.as_mut_ptr() as *mut u8 };
        Operand { ptr, dtype: self.dtype, shape: x.shape.clone(), strides: self.strides.clone() }
    }
}

/// Runs a routine on copies in double precision of the operands of single precision, and brings their items back.
pub fn widened(call: &Call, routine: Routine) -> Done {
    let single = |x: &Operand| wider(x.dtype) != x.dtype;
    if !call.operands.iter().any(single) {
        return routine(call);
    }
    let mut copies: Vec<Option<Wide>> = call.operands.iter().map(|x| single(x).then(|| Wide::new(x))).collect();
    let operands: Vec<Operand> =
        call.operands.iter().zip(&mut copies).map(|(x, copy)| copy.as_mut().map_or_else(|| x.clone(), |wide| wide.operand(x))).collect();
    routine(&Call { operands: &operands, words: call.words })?;
    for (x, copy) in call.operands.iter().zip(&mut copies) {
        if let Some(wide) = copy {
            wide.exchange(x, |single, double| *single = *double as f32);
        }
    }
    Ok(())
}
