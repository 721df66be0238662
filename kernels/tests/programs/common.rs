//! Programs, arrays and commands for the tests: the TypeScript side of the ABI in small.
#![allow(dead_code)]

use numgrad_kernels::engine::Engine;
use numgrad_kernels::error::KernelError;
use numgrad_kernels::opcodes::*;
use numgrad_kernels::operand::DType;

/// `[op, type, a, b, c]`, with the source type of casts in bits 16..23 of `type`.
pub type Inst = [u32; 5];

#[derive(Default, Clone)]
pub struct Spec {
    pub reduce: bool,
    pub insts: Vec<Inst>,
    pub operands: usize,
    pub params: Vec<u32>,
    pub constants: Vec<(u32, u64)>,
    pub accs: usize,
    /// kind, first, end, folds of (monoid, register, type, accumulator)
    pub stages: Vec<(u32, u32, u32, Vec<[u32; 4]>)>,
}

impl Spec {
    pub fn words(&self) -> Vec<i32> {
        let mut w = vec![0x4e47, if self.reduce { 2 } else { 1 }];
        let counts = [self.insts.len(), self.constants.len(), self.stages.len(), self.operands, self.params.len(), self.accs];
        w.extend(counts.map(|n| n as i32));
        for [op, ty, a, b, c] in &self.insts {
            w.extend([(op | (ty & 0xff) << 8 | (ty >> 16) << 16) as i32, *a as i32, *b as i32, *c as i32]);
        }
        for (ty, bits) in &self.constants {
            w.extend([*ty as i32, *bits as i32, (*bits >> 32) as i32]);
        }
        w.extend(self.params.iter().map(|&p| p as i32));
        for (kind, first, end, folds) in &self.stages {
            w.extend([*kind, *first, *end, folds.len() as u32].map(|x| x as i32));
            folds.iter().for_each(|f| w.extend(f.map(|x| x as i32)));
        }
        w
    }
}

pub fn unary(op: u32, ty: u32) -> Spec {
    Spec { insts: vec![[OP_LOAD, ty, 1, 0, 0], [op, ty, 0, 0, 0], [OP_STORE, ty, 0, 0, 1]], operands: 2, ..Spec::default() }
}

/// A binary instruction; `out` is the type of its result.
pub fn binary(op: u32, ty: u32, out: u32) -> Spec {
    let insts = vec![[OP_LOAD, ty, 1, 0, 0], [OP_LOAD, ty, 2, 0, 0], [op, ty, 0, 1, 0], [OP_STORE, out, 0, 0, 2]];
    Spec { insts, operands: 3, ..Spec::default() }
}

/// Load in one register type, cast, store.
pub fn cast(from: u32, to: u32) -> Spec {
    let insts = vec![[OP_LOAD, from, 1, 0, 0], [OP_CAST, to | from << 16, 0, 0, 0], [OP_STORE, to, 0, 0, 1]];
    Spec { insts, operands: 2, ..Spec::default() }
}

/// One fold, and its accumulator stored.
pub fn fold(monoid: u32, ty: u32, acc: u32) -> Spec {
    Spec {
        reduce: true,
        insts: vec![[OP_LOAD, ty, 1, 0, 0], [OP_ACC, acc, 0, 0, 0], [OP_STORE, acc, 0, 0, 1]],
        operands: 2,
        accs: 1,
        stages: vec![(STAGE_REDUCE, 0, 1, vec![[monoid, 0, ty, 0]]), (STAGE_OUTER, 1, 3, vec![])],
        ..Spec::default()
    }
}

/// A block of memory seen as a strided array.
#[derive(Clone)]
pub struct Array {
    pub memory: Vec<u64>,
    pub bytes: usize,
    pub dtype: DType,
    pub strides: Vec<isize>,
    pub offset: usize,
}

impl Array {
    pub fn new<T: Copy>(dtype: DType, items: &[T], strides: &[isize]) -> Array {
        let bytes = size_of_val(items);
        let mut memory = vec![0u64; bytes.div_ceil(8) + 1];
        unsafe { std::ptr::copy_nonoverlapping(items.as_ptr() as *const u8, memory.as_mut_ptr() as *mut u8, bytes) };
        Array { memory, bytes, dtype, strides: strides.to_vec(), offset: 0 }
    }

    pub fn row<T: Copy>(dtype: DType, items: &[T]) -> Array {
        Array::new(dtype, items, &[size_of::<T>() as isize])
    }

    pub fn zeros(dtype: DType, n: usize, strides: &[isize]) -> Array {
        let bytes = n * dtype.size();
        Array { memory: vec![0; bytes.div_ceil(8) + 1], bytes, dtype, strides: strides.to_vec(), offset: 0 }
    }

    pub fn items<T: Copy>(&self) -> Vec<T> {
        let n = self.bytes / size_of::<T>();
        unsafe { std::slice::from_raw_parts(self.memory.as_ptr() as *const T, n).to_vec() }
    }

    fn words(&self) -> Vec<f64> {
        let mut w = vec![self.memory.as_ptr() as usize as f64, self.bytes as f64, self.offset as f64, self.dtype as u8 as f64];
        w.extend(self.strides.iter().map(|&s| s as f64));
        w
    }
}

pub fn command(spec: &Spec, id: usize, dims: &[usize], reduced: usize, operands: &[&Array], params: &[u64]) -> Vec<f64> {
    let head = [if spec.reduce { 2 } else { 1 }, id, dims.len(), operands.len(), params.len(), reduced];
    let mut w: Vec<f64> = head.iter().map(|&x| x as f64).collect();
    w.extend(dims.iter().map(|&d| d as f64));
    operands.iter().for_each(|o| w.extend(o.words()));
    w.extend(params.iter().map(|&p| f64::from_bits(p)));
    w
}

pub fn run_with(spec: &Spec, dims: &[usize], reduced: usize, operands: &[&Array], params: &[u64]) -> Result<(), KernelError> {
    let mut engine = Engine::default();
    let id = engine.register(&spec.words())?;
    engine.run(&command(spec, id, dims, reduced, operands, params))
}

pub fn run(spec: &Spec, dims: &[usize], reduced: usize, operands: &[&Array]) {
    run_with(spec, dims, reduced, operands, &[]).unwrap();
}

/// A repeatable stream of 64-bit numbers (xorshift).
pub struct Random(pub u64);

impl Random {
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Within -1..1.
    pub fn signed(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}
