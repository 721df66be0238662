//! Accumulators: one value at a time, and trees of partial results whose shape depends on the number of parts alone.

use crate::program::Fold;
use crate::simd::fold::Folder;

/// The value of a fold over some elements: bits, and the index of arg folds (-1: no element yet).
#[derive(Clone, Copy, Debug)]
pub struct Value {
    pub bits: u64,
    pub index: i64,
}

impl Value {
    pub fn neutral(folder: &Folder) -> Value {
        Value { bits: folder.identity, index: -1 }
    }

    /// Folds a packed tile whose first element has index `at`.
    ///
    /// # Safety
    /// `src` must point to `n` aligned items of the folder's type.
    pub unsafe fn tile(folder: &Folder, src: *const u8, n: usize, at: i64) -> Value {
        let mut value = Value::neutral(folder);
        let bits = &mut value.bits as *mut u64 as *mut u8;
        unsafe {
            match folder.arg {
                Some((tile, _)) => tile(bits, &mut value.index, src, at, n),
                None => (folder.tile)(src, n, bits),
            }
        }
        value
    }

    /// `self . other`, where other's elements come after self's.
    pub fn then(mut self, folder: &Folder, other: &Value) -> Value {
        let (mine, theirs) = (&mut self.bits as *mut u64 as *mut u8, &other.bits as *const u64 as *const u8);
        unsafe {
            match folder.arg {
                Some((_, rows)) if other.index >= 0 => rows(mine, &mut self.index, theirs, other.index, 1),
                Some(_) => {}
                None => (folder.rows)(mine, theirs, 1),
            }
        }
        self
    }

    /// The bits that the accumulator holds in the end.
    pub fn result(&self, folder: &Folder) -> u64 {
        if folder.arg.is_some() { self.index as u64 } else { self.bits }
    }
}

/// A sequence of partial values combined pairwise, as a binary counter does it.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    stack: Vec<Value>,
    count: usize,
}

impl Tree {
    pub fn clear(&mut self) {
        self.stack.clear();
        self.count = 0;
    }

    pub fn push(&mut self, folder: &Folder, mut value: Value) {
        let mut carry = self.count;
        self.count += 1;
        while carry & 1 == 1 {
            if let Some(before) = self.stack.pop() {
                value = before.then(folder, &value);
            }
            carry >>= 1;
        }
        self.stack.push(value);
    }

    pub fn total(&self, folder: &Folder) -> Value {
        let mut parts = self.stack.iter().rev();
        match parts.next() {
            None => Value::neutral(folder),
            Some(&last) => parts.fold(last, |sum, before| before.then(folder, &sum)),
        }
    }
}

/// What a fold over no elements leaves: a sum is +0, and an arg fold has no index.
pub fn empty_result(fold: &Fold) -> u64 {
    use crate::opcodes::{MONOID_SUM, REG_F32, REG_F64};
    match (&fold.folder, fold.monoid) {
        (Some(_), MONOID_SUM) if fold.ty == REG_F32 || fold.ty == REG_F64 => 0,
        (Some(folder), _) => Value::neutral(folder).result(folder),
        (None, _) => 0,
    }
}
