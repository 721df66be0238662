//! A routine's operands and words, checked.

use crate::error::KernelError;
use crate::operand::{DType, Operand};
use crate::table::Call;

pub type Done = Result<(), KernelError>;

/// An error that names the routine.
pub fn refuse<T>(routine: &str, what: impl std::fmt::Display) -> Result<T, KernelError> {
    Err(KernelError::Message(format!("{routine}: {what}")))
}

/// Exactly `N` operands.
pub fn operands<'a, const N: usize>(call: &Call<'a>, routine: &str) -> Result<&'a [Operand; N], KernelError> {
    match call.operands.try_into() {
        Ok(operands) => Ok(operands),
        Err(_) => refuse(routine, format!("takes {N} operands, not {}", call.operands.len())),
    }
}

/// Word `i`, an integer of 0 or more.
pub fn count(call: &Call, routine: &str, i: usize) -> Result<usize, KernelError> {
    match call.words.get(i) {
        Some(&word) if word >= 0.0 && word.fract() == 0.0 && word < 9007199254740992.0 => Ok(word as usize),
        word => refuse(routine, format!("word {i} must be a whole number, not {word:?}")),
    }
}

/// Word `i` as a number.
pub fn number(call: &Call, routine: &str, i: usize) -> Result<f64, KernelError> {
    call.words.get(i).copied().map_or_else(|| refuse(routine, format!("word {i} is missing")), Ok)
}

/// Word `i` as a flag; false when it is left out.
pub fn flag(call: &Call, i: usize) -> bool {
    call.words.get(i).is_some_and(|&word| word != 0.0)
}

/// Word `i`, one of the axes of an operand.
pub fn axis(call: &Call, routine: &str, i: usize, x: &Operand) -> Result<usize, KernelError> {
    let axis = count(call, routine, i)?;
    if axis >= x.ndim() {
        return refuse(routine, format!("axis {axis} of an operand with {} dimensions", x.ndim()));
    }
    Ok(axis)
}

pub fn require(routine: &str, holds: bool, what: &str) -> Done {
    if holds { Ok(()) } else { refuse(routine, what) }
}

pub fn require_dtype(routine: &str, x: &Operand, dtype: DType) -> Done {
    if x.dtype == dtype { Ok(()) } else { refuse(routine, format!("takes dtype {dtype:?} here, not {:?}", x.dtype)) }
}

pub fn same_dtype(routine: &str, a: &Operand, b: &Operand) -> Done {
    if a.dtype == b.dtype { Ok(()) } else { refuse(routine, format!("dtypes differ: {:?} and {:?}", a.dtype, b.dtype)) }
}

pub fn same_shape(routine: &str, a: &Operand, b: &Operand) -> Done {
    if a.shape == b.shape { Ok(()) } else { refuse(routine, format!("shapes differ: {:?} and {:?}", a.shape, b.shape)) }
}

/// The operand's shape and strides without one axis.
pub fn without_axis(x: &Operand, axis: usize) -> (Vec<usize>, Vec<isize>) {
    let drop = |i: &usize| *i != axis;
    let keep: Vec<usize> = (0..x.ndim()).filter(drop).collect();
    (keep.iter().map(|&i| x.shape[i]).collect(), keep.iter().map(|&i| x.strides[i]).collect())
}
