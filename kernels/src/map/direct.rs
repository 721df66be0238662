//! One computation (or none: a conversion) over packed runs, straight from memory to memory; what is not as the loop wants it passes
//! through a small buffer.

use super::{PARALLEL_WORK, exact, tile};
use crate::abi::Launch;
use crate::operand::DType;
use crate::parallel;
use crate::program::{Class, Program, REGISTER_DTYPE};
use crate::simd::{self, Kernel, stream};
use crate::view::Space;
use std::mem::MaybeUninit;
use std::ops::Range;

/// Elements of a buffer.
const CHUNK: usize = 1024;
/// Bytes that are written past the caches at a time: so few that the processor reads on meanwhile.
const STREAM: usize = 1024;

#[repr(align(64))]
struct Buffer(MaybeUninit<[u64; CHUNK]>);

impl Buffer {
    fn new() -> Buffer {
        Buffer(MaybeUninit::uninit())
    }

    fn ptr(&mut self) -> *mut u8 {
        self.0.as_mut_ptr() as *mut u8
    }
}

/// Where an argument of the computation comes from.
#[derive(Clone, Copy)]
enum Source {
    /// Items that the loop reads where they lie.
    Run { ptr: *mut u8, size: usize },
    /// Items that are converted first.
    Convert { ptr: *mut u8, size: usize, kernel: Kernel },
    /// One value for all elements, as `tile::fill` takes it.
    Value { dtype: DType, bits: u64 },
    /// One item of memory for all elements.
    Item { ptr: *mut u8, size: usize },
}

/// A launch of this kind.
pub struct Direct {
    kernel: Option<Kernel>,
    arity: usize,
    sources: [Source; 3],
    out: *mut u8,
    out_size: usize,
    /// From the register's dtype to the output's.
    convert: Option<Kernel>,
    /// Whether the result is written past the caches.
    streams: bool,
    len: usize,
    cost: usize,
}

// Addresses are checked by the gate; threads write disjoint parts.
unsafe impl Sync for Direct {}

impl Direct {
    /// The launch as one of this kind, if it is.
    pub fn new(program: &Program, launch: &Launch, space: &Space, narrow: Option<(Kernel, DType)>) -> Option<Direct> {
        if space.dims.len() != 1 || program.stores != 1 || program.computes > 1 || program.uses_coord {
            return None;
        }
        let store = program.insts.iter().find(|i| i.class == Class::Store)?;
        let result = &program.insts[store.c];
        let width = |ty: u32| match narrow {
            Some((_, dtype)) if ty != crate::opcodes::REG_B1 => dtype,
            _ => REGISTER_DTYPE[ty as usize],
        };
        let (out, out_dtype) = (space.ptrs[store.a], launch.dtypes[store.a]);
        let out_size = out_dtype.size();
        let packed = |o: usize| space.stride(o, 0) == launch.dtypes[o].size() as isize && !launch.dtypes[o].is_complex();
        let aligned = |ptr: *mut u8, dtype: DType| (ptr as usize).is_multiple_of(dtype.size());
        if !packed(store.a) || !aligned(out, out_dtype) {
            return None;
        }
        let computes = result.class == Class::Compute;
        let arity = if computes { result.arity } else { 1 };
        let mut sources = [Source::Value { dtype: DType::Bool, bits: 0 }; 3];
        let mut reads_output = false;
        let registers = if computes { [result.a, result.b, result.c] } else { [store.c; 3] };
        for (k, source) in sources.iter_mut().enumerate().take(arity) {
            let inst = &program.insts[registers[k]];
            let to = width(inst.ty);
            *source = match inst.class {
                Class::Const => Source::Value { dtype: to, bits: program.constants[inst.a].1 },
                Class::Param => Source::Value { dtype: to, bits: launch.params[inst.a] },
                Class::Load if inst.b == 0 => {
                    let (ptr, dtype) = (space.ptrs[inst.a], launch.dtypes[inst.a]);
                    if dtype.is_complex() || !aligned(ptr, dtype) {
                        return None;
                    }
                    // A bool may be any byte but 0; what asks only whether it is 0 takes it as it is.
                    let as_it_is = dtype == to && (dtype != DType::Bool || (computes && result.op == crate::opcodes::OP_SELECT && k == 0));
                    let size = dtype.size();
                    if space.stride(inst.a, 0) == 0 && dtype == to && dtype != DType::Bool {
                        Source::Item { ptr, size }
                    } else if !packed(inst.a) {
                        return None;
                    } else {
                        if ptr == out {
                            if !exact(launch, inst.a, store.a) {
                                return None;
                            }
                            reads_output = true;
                        }
                        if as_it_is { Source::Run { ptr, size } } else { Source::Convert { ptr, size, kernel: simd::convert(dtype, to)? } }
                    }
                }
                _ => return None,
            };
        }
        let made =
            if computes { if result.result == crate::opcodes::REG_B1 { DType::Bool } else { width(result.ty) } } else { width(store.ty) };
        let convert = if made == out_dtype { None } else { Some(simd::convert(made, out_dtype)?) };
        let kernel = if computes { narrow.map(|n| n.0).or(result.kernel) } else { None };
        let streams =
            !reads_output && launch.len.saturating_mul(out_size) >= stream::THRESHOLD && (out as usize).is_multiple_of(stream::LINE);
        Some(Direct { kernel, arity, sources, out, out_size, convert, streams, len: launch.len, cost: program.cost.max(1) })
    }

    pub fn run(&self) {
        if self.len.saturating_mul(self.cost) < PARALLEL_WORK {
            return self.part(0..self.len);
        }
        let grain = (PARALLEL_WORK / 2 / self.cost).next_multiple_of(CHUNK);
        parallel::for_each(self.len, grain, |range| self.part(range));
    }

    fn part(&self, range: Range<usize>) {
        let whole = !self.streams
            && self.convert.is_none()
            && self.kernel.is_some()
            && self.sources[..self.arity].iter().all(|s| matches!(s, Source::Run { .. }));
        if whole {
            return self.straight(range);
        }
        let mut buffers = [Buffer::new(), Buffer::new(), Buffer::new()];
        let (mut result, mut converted) = (Buffer::new(), Buffer::new());
        for (source, buffer) in self.sources[..self.arity].iter().zip(&mut buffers) {
            let n = CHUNK.min(range.len());
            match *source {
                Source::Value { dtype, bits } => unsafe { tile::fill(dtype, buffer.ptr(), bits, n) },
                Source::Item { ptr, size } => unsafe { repeat(size, buffer.ptr(), ptr, n) },
                _ => {}
            }
        }
        let chunk = if self.streams { STREAM / self.out_size } else { CHUNK };
        for first in range.clone().step_by(chunk) {
            let n = chunk.min(range.end - first);
            let mut args = [std::ptr::null::<u8>(); 3];
            for (k, (source, buffer)) in self.sources[..self.arity].iter().zip(&mut buffers).enumerate() {
                args[k] = match *source {
                    Source::Run { ptr, size } => ptr.wrapping_add(first * size),
                    Source::Convert { ptr, size, kernel } => unsafe {
                        let from = ptr.wrapping_add(first * size);
                        kernel(buffer.ptr(), from, from, from, n);
                        buffer.ptr()
                    },
                    _ => buffer.ptr(),
                };
            }
            let out = self.out.wrapping_add(first * self.out_size);
            if self.streams {
                self.prefetch(first + 2 * chunk, chunk);
            }
            // SAFETY: all runs are inside their blocks; the last step of the three is the one that writes to `out`.
            unsafe {
                let mut value = args[0];
                if let Some(kernel) = self.kernel {
                    let to = if self.streams || self.convert.is_some() { result.ptr() } else { out };
                    kernel(to, args[0], args[1], args[2], n);
                    value = to;
                }
                if let Some(convert) = self.convert {
                    let to = if self.streams { converted.ptr() } else { out };
                    convert(to, value, value, value, n);
                    value = to;
                }
                if self.streams {
                    stream::copy(out, value, n * self.out_size);
                } else if value != out {
                    std::ptr::copy_nonoverlapping(value, out, n * self.out_size);
                }
            }
        }
        if self.streams {
            stream::fence();
        }
    }

    /// Asks for the inputs of a later chunk, which the processor would not find in time while results leave past the caches.
    fn prefetch(&self, first: usize, chunk: usize) {
        for source in &self.sources[..self.arity] {
            if let Source::Run { ptr, size } | Source::Convert { ptr, size, .. } = *source {
                stream::prefetch(ptr.wrapping_add(first * size), chunk * size);
            }
        }
    }

    fn straight(&self, range: Range<usize>) {
        let at = |k: usize| match self.sources[k] {
            Source::Run { ptr, size } => ptr.wrapping_add(range.start * size) as *const u8,
            _ => std::ptr::null(),
        };
        if let Some(kernel) = self.kernel {
            unsafe { kernel(self.out.wrapping_add(range.start * self.out_size), at(0), at(1), at(2), range.len()) };
        }
    }
}

/// Writes `n` copies of an item.
unsafe fn repeat(size: usize, to: *mut u8, item: *const u8, n: usize) {
    unsafe {
        match size {
            1 => std::ptr::write_bytes(to, item.read(), n),
            2 => std::slice::from_raw_parts_mut(to as *mut u16, n).fill((item as *const u16).read()),
            4 => std::slice::from_raw_parts_mut(to as *mut u32, n).fill((item as *const u32).read()),
            _ => std::slice::from_raw_parts_mut(to as *mut u64, n).fill((item as *const u64).read()),
        }
    }
}
