//! Storage dtypes and checked, strided operands: what the gate hands to kernels.

/// Storage dtypes, in the order of their codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum DType {
    Bool = 0,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F16,
    BF16,
    F32,
    F64,
    C64,
    C128,
}

/// All dtypes in the order of their codes.
pub const DTYPES: [DType; 15] = [
    DType::Bool,
    DType::I8,
    DType::I16,
    DType::I32,
    DType::I64,
    DType::U8,
    DType::U16,
    DType::U32,
    DType::U64,
    DType::F16,
    DType::BF16,
    DType::F32,
    DType::F64,
    DType::C64,
    DType::C128,
];

impl DType {
    /// The dtype of a code, if there is one.
    pub fn from_code(code: usize) -> Option<DType> {
        DTYPES.get(code).copied()
    }

    /// Bytes of one item.
    pub const fn size(self) -> usize {
        match self {
            DType::Bool | DType::I8 | DType::U8 => 1,
            DType::I16 | DType::U16 | DType::F16 | DType::BF16 => 2,
            DType::I32 | DType::U32 | DType::F32 => 4,
            DType::I64 | DType::U64 | DType::F64 | DType::C64 => 8,
            DType::C128 => 16,
        }
    }

    pub const fn is_complex(self) -> bool {
        matches!(self, DType::C64 | DType::C128)
    }
}

/// A strided array that the gate has checked: every element lies inside its block.
#[derive(Clone, Debug)]
pub struct Operand {
    /// Address of the element with all coordinates 0 (the offset is included).
    pub ptr: *mut u8,
    pub dtype: DType,
    pub shape: Vec<usize>,
    /// Bytes from one element to the next, per dimension; may be negative or 0.
    pub strides: Vec<isize>,
}

// Operands are shared with other threads for the length of one command; kernels write disjoint parts.
unsafe impl Send for Operand {}
unsafe impl Sync for Operand {}

impl Operand {
    /// Number of elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    pub fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }

    pub fn ndim(&self) -> usize {
        self.shape.len()
    }

    /// Whether the elements lie in C order without gaps.
    pub fn is_contiguous(&self) -> bool {
        let mut expected = self.dtype.size() as isize;
        for (&dim, &stride) in self.shape.iter().zip(&self.strides).rev() {
            if dim != 1 && stride != expected {
                return self.is_empty();
            }
            expected *= dim as isize;
        }
        true
    }
}
