//! The command buffer decoded into checked operands: the one gate in front of every kernel (docs/internals/abi.md).

use crate::error::KernelError;
use crate::operand::{DType, Operand};
use crate::program::Program;

const MAX_DIMS: usize = 128;
const MAX_OPERANDS: usize = 64;
/// Element counts stay exact in a double, and fit a machine word.
const MAX_ELEMENTS: usize = if usize::BITS > 53 { (1u64 << 53) as usize } else { usize::MAX };
/// Integers among the words stay exact in a double.
const MAX_INTEGER: f64 = 9007199254740992.0;

/// A decoded map or reduce: dims, and for every operand its address (offset included), dtype and byte strides.
#[derive(Default, Clone, Debug)]
pub struct Launch {
    pub program: usize,
    pub dims: Vec<usize>,
    /// How many of the dims, the last ones, are reduced.
    pub reduced: usize,
    pub ptrs: Vec<*mut u8>,
    pub dtypes: Vec<DType>,
    /// Strides of all operands, `dims.len()` each.
    pub strides: Vec<isize>,
    /// Bits of the parameters: of an f64 for float types, of an i64 for the others.
    pub params: Vec<u64>,
    pub len: usize,
}

// As for operands: threads that share a launch write disjoint parts.
unsafe impl Send for Launch {}
unsafe impl Sync for Launch {}

impl Launch {
    pub fn stride(&self, operand: usize, dim: usize) -> isize {
        self.strides[operand * self.dims.len() + dim]
    }
}

fn fail<T>(text: String) -> Result<T, KernelError> {
    Err(KernelError::Message(format!("command: {text}")))
}

#[cold]
#[inline(never)]
fn too_long<T>() -> Result<T, KernelError> {
    fail("it is longer than the command buffer".into())
}

#[cold]
#[inline(never)]
fn no_integer<T>(word: f64, at: usize) -> Result<T, KernelError> {
    fail(format!("word {at} is {word}, not an integer"))
}

#[cold]
#[inline(never)]
fn no_count<T>(value: i64, what: &str) -> Result<T, KernelError> {
    fail(format!("{value} {what}"))
}

struct Reader<'a> {
    words: &'a [f64],
    at: usize,
}

impl Reader<'_> {
    #[inline(always)]
    fn raw(&mut self) -> Result<f64, KernelError> {
        match self.words.get(self.at) {
            Some(&word) => {
                self.at += 1;
                Ok(word)
            }
            None => too_long(),
        }
    }

    #[inline(always)]
    fn int(&mut self) -> Result<i64, KernelError> {
        let word = self.raw()?;
        // SAFETY: checked to be in range (NaN fails the comparison), where the plain conversion is defined.
        if word.abs() <= MAX_INTEGER {
            let value = unsafe { word.to_int_unchecked::<i64>() };
            if value as f64 == word {
                return Ok(value);
            }
        }
        no_integer(word, self.at - 1)
    }

    #[inline(always)]
    fn count(&mut self, what: &str, limit: usize) -> Result<usize, KernelError> {
        let value = self.int()?;
        if value >= 0 && value as u64 <= limit as u64 { Ok(value as usize) } else { no_count(value, what) }
    }

    #[inline(always)]
    fn stride(&mut self) -> Result<isize, KernelError> {
        let value = self.int()?;
        isize::try_from(value).or_else(|_| no_count(value, "as a stride"))
    }

    fn dtype(&mut self) -> Result<DType, KernelError> {
        let code = self.int()?;
        match usize::try_from(code).ok().and_then(DType::from_code) {
            Some(dtype) => Ok(dtype),
            None => fail(format!("{code} is no dtype")),
        }
    }
}

/// Address of the first element, after proof that every element lies inside its block.
#[inline]
fn gate(
    address: i64,
    bytes: i64,
    offset: i64,
    size: usize,
    dims: &[usize],
    stride: impl Fn(usize) -> isize,
    empty: bool,
) -> Result<*mut u8, KernelError> {
    if address < 0 || bytes < 0 || offset < 0 {
        return fail("a negative address, size or offset".into());
    }
    if empty {
        return Ok(std::ptr::null_mut());
    }
    // Products of two numbers below 2^53, summed over at most 128 dims, stay inside i128.
    let (mut low, mut high) = (offset as i128, offset as i128 + size as i128);
    for (d, &dim) in dims.iter().enumerate() {
        let reach = (dim as i128 - 1) * stride(d) as i128;
        if reach < 0 { low += reach } else { high += reach }
    }
    if low < 0 || high > bytes as i128 || address == 0 {
        return fail(format!("an operand reaches bytes {low}..{high} of a block of {bytes}"));
    }
    // The whole block lies in the address space, so that no walk inside it overflows.
    match (usize::try_from(address + offset), usize::try_from(address as i128 + bytes as i128)) {
        (Ok(at), Ok(_)) => Ok(at as *mut u8),
        _ => fail("an operand's address overflows".into()),
    }
}

fn product(dims: &[usize]) -> Result<usize, KernelError> {
    if dims.contains(&0) {
        return Ok(0);
    }
    let mut n: usize = 1;
    for &dim in dims {
        n = match n.checked_mul(dim) {
            Some(n) if n <= MAX_ELEMENTS => n,
            _ => return fail(format!("more than {MAX_ELEMENTS} elements")),
        };
    }
    Ok(n)
}

/// Reads a map or reduce command into `launch`, whose storage is used again.
pub fn decode_launch(words: &[f64], programs: &[Program], launch: &mut Launch) -> Result<(), KernelError> {
    let mut r = Reader { words, at: 0 };
    let kind = r.int()?;
    launch.program = r.count("as a program", MAX_ELEMENTS)?;
    let Some(program) = programs.get(launch.program) else {
        return fail(format!("program {} is not registered", launch.program));
    };
    if program.reduce != (kind == 2) {
        return fail("the program is of the other kind".into());
    }
    let ndim = r.count("dims", MAX_DIMS)?;
    let operands = r.count("operands", MAX_OPERANDS)?;
    let params = r.count("parameters", 256)?;
    launch.reduced = r.count("reduced dims", if kind == 2 { ndim } else { 0 })?;
    if operands != program.operands || params != program.params.len() {
        return fail(format!(
            "{operands} operands and {params} parameters for a program of {} and {}",
            program.operands,
            program.params.len()
        ));
    }
    if program.uses_coord && program.max_coord >= ndim {
        return fail("the program uses a coordinate beyond the dims".into());
    }
    launch.dims.clear();
    for _ in 0..ndim {
        launch.dims.push(r.count("as a dim", MAX_ELEMENTS)?);
    }
    launch.len = product(&launch.dims)?;
    launch.ptrs.clear();
    launch.dtypes.clear();
    launch.strides.clear();
    let outer = ndim - launch.reduced;
    for operand in 0..operands {
        let (address, bytes, offset, dtype) = (r.int()?, r.int()?, r.int()?, r.dtype()?);
        let first = launch.strides.len();
        for _ in 0..ndim {
            launch.strides.push(r.stride()?);
        }
        let strides = &launch.strides[first..];
        // What an outer stage touches is touched although the inner dims are empty, and must not move with them.
        let outer_used = program.outer_used[operand];
        if outer_used && strides[outer..].iter().any(|&s| s != 0) {
            return fail(format!("operand {operand} of an outer stage has strides over the reduced dims"));
        }
        let dims = if outer_used { &launch.dims[..outer] } else { &launch.dims[..] };
        launch.ptrs.push(gate(address, bytes, offset, dtype.size(), dims, |d| strides[d], dims.contains(&0))?);
        launch.dtypes.push(dtype);
    }
    launch.params.clear();
    for _ in 0..params {
        let word = r.raw()?;
        launch.params.push(word.to_bits());
    }
    Ok(())
}

/// A decoded call of a routine.
pub struct DecodedCall {
    pub routine: usize,
    pub operands: Vec<Operand>,
    pub words: Vec<f64>,
}

/// Reads a call command.
pub fn decode_call(words: &[f64], routines: usize) -> Result<DecodedCall, KernelError> {
    let mut r = Reader { words, at: 0 };
    r.int()?;
    let routine = r.count("as a routine", MAX_ELEMENTS)?;
    if routine >= routines {
        return fail(format!("routine {routine} does not exist"));
    }
    let n = r.count("operands", MAX_OPERANDS)?;
    let w = r.count("words", words.len())?;
    let mut operands = Vec::with_capacity(n);
    for _ in 0..n {
        let (address, bytes, offset, dtype) = (r.int()?, r.int()?, r.int()?, r.dtype()?);
        let ndim = r.count("dims", MAX_DIMS)?;
        let mut shape = Vec::with_capacity(ndim);
        for _ in 0..ndim {
            shape.push(r.count("as a dim", MAX_ELEMENTS)?);
        }
        let mut strides = Vec::with_capacity(ndim);
        for _ in 0..ndim {
            strides.push(r.stride()?);
        }
        let empty = product(&shape)? == 0;
        let mut ptr = gate(address, bytes, offset, dtype.size(), &shape, |d| strides[d], empty)?;
        if empty {
            // Never read, but slices of length 0 need an address that is not null.
            ptr = 64 as *mut u8;
        }
        operands.push(Operand { ptr, dtype, shape, strides });
    }
    let mut own = Vec::with_capacity(w);
    for _ in 0..w {
        own.push(r.raw()?);
    }
    Ok(DecodedCall { routine, operands, words: own })
}
