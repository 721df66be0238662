//! Arrays that own their memory, calls by name, and repeatable data.

use numgrad_kernels::error::KernelError;
use numgrad_kernels::operand::{DType, Operand};
use numgrad_kernels::table::{Call, ROUTINES};

/// A type of items with its dtype.
pub trait Item: Copy + Default + PartialEq + std::fmt::Debug {
    const DTYPE: DType;
}
macro_rules! items {
    ($($T:ty => $dtype:ident,)*) => {$(impl Item for $T { const DTYPE: DType = DType::$dtype; })*};
}
items! {
    bool => Bool, i8 => I8, i16 => I16, i32 => I32, i64 => I64, u8 => U8, u16 => U16, u32 => U32, u64 => U64,
    half::f16 => F16, half::bf16 => BF16, f32 => F32, f64 => F64,
    num_complex::Complex<f32> => C64, num_complex::Complex<f64> => C128,
}

/// An array in C order.
#[derive(Clone, Debug)]
pub struct Array<T> {
    pub items: Vec<T>,
    pub shape: Vec<usize>,
}

impl<T: Item> Array<T> {
    pub fn new(shape: &[usize], items: Vec<T>) -> Self {
        assert_eq!(shape.iter().product::<usize>(), items.len());
        Array { items, shape: shape.to_vec() }
    }

    pub fn zeros(shape: &[usize]) -> Self {
        Array::new(shape, vec![T::default(); shape.iter().product()])
    }

    pub fn from_fn(shape: &[usize], item: impl FnMut(usize) -> T) -> Self {
        Array::new(shape, (0..shape.iter().product()).map(item).collect())
    }

    /// The operand of the whole array. It may be written through, so the array must outlive the call.
    pub fn view(&self) -> Operand {
        let size = size_of::<T>() as isize;
        let mut strides = vec![size; self.shape.len()];
        for d in (1..self.shape.len()).rev() {
            strides[d - 1] = strides[d] * self.shape[d] as isize;
        }
        Operand { ptr: self.items.as_ptr() as *mut u8, dtype: T::DTYPE, shape: self.shape.clone(), strides }
    }

    /// The last two axes swapped.
    pub fn transposed(&self) -> Operand {
        let mut view = self.view();
        let d = view.shape.len();
        view.shape.swap(d - 1, d - 2);
        view.strides.swap(d - 1, d - 2);
        view
    }
}

pub fn call(name: &str, operands: &[Operand], words: &[f64]) -> Result<(), KernelError> {
    let routine = ROUTINES.iter().find(|row| row.0 == name).unwrap_or_else(|| panic!("no routine {name}")).1;
    routine(&Call { operands, words })
}

/// A small linear congruential generator: data that is the same in every run.
pub struct Noise(pub u64);

impl Noise {
    pub fn whole(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % below
    }

    /// In [-1, 1).
    pub fn real(&mut self) -> f64 {
        self.whole(1 << 30) as f64 / (1 << 29) as f64 - 1.0
    }
}

pub fn assert_close(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "item {i}: {a} is not {b}");
    }
}
