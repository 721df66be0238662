//! The tile machine: runs the instructions of a stage over one box of elements, each as a loop over registers in L1.

use super::exact;
use crate::abi::Launch;
use crate::opcodes::*;
use crate::operand::DType;
use crate::program::{Class, Inst, Program, REGISTER_DTYPE};
use crate::simd::copy::{Extents, Strides, gather, is_packed, scatter};
use crate::simd::{self, Kernel};
use crate::view::{Cells, Space};
use std::cell::Cell;

/// Elements of a tile.
pub const TILE: usize = 1024;

/// The registers of one thread. A register is a pointer: to a buffer of the frame, or straight into an operand.
#[derive(Default)]
pub struct Frame {
    arena: Vec<u128>,
    capacity: usize,
    pub regs: Vec<*mut u8>,
    slots: Vec<*mut u8>,
    temp: *mut u8,
    pub ptrs: Vec<*mut u8>,
    /// Memory of each accumulator, for `acc`.
    pub accs: Vec<*mut u8>,
    /// Per launch dim: its first coordinate in this box, and the place among the box's dims (4: constant).
    pub coords: Vec<(i64, usize)>,
}

thread_local! {
    static FRAME: Cell<Option<Box<Frame>>> = const { Cell::new(None) };
}

impl Frame {
    /// Lends this thread's frame.
    pub fn with<R>(f: impl FnOnce(&mut Frame) -> R) -> R {
        let mut frame = FRAME.take().unwrap_or_default();
        let result = f(&mut frame);
        FRAME.set(Some(frame));
        result
    }

    /// Makes room for a program's registers of `capacity` elements.
    pub fn prepare(&mut self, program: &Program, capacity: usize) {
        // 16 spare items of 16 bytes between slots keep them from falling into the same cache sets.
        let slot = (capacity * 8).div_ceil(64) * 64 + 64;
        let needed = (program.slots * slot + capacity * 16 + 128) / 16;
        if self.arena.len() < needed {
            self.arena.resize(needed, 0);
        }
        let mut at = (self.arena.as_mut_ptr() as usize).next_multiple_of(64) as *mut u8;
        self.capacity = capacity;
        self.slots.clear();
        for _ in 0..program.slots {
            self.slots.push(at);
            at = at.wrapping_add(slot);
        }
        self.temp = at;
        self.regs.clear();
        self.regs.resize(program.insts.len(), std::ptr::null_mut());
    }

    /// Notes where the present box lies, for `coord`.
    pub fn set_coords(&mut self, space: &Space, cells: &Cells) {
        for (d, &name) in space.names.iter().enumerate() {
            if self.coords.len() <= name {
                self.coords.resize(name + 1, (0, 4));
            }
            let axis = space.box_dims.iter().position(|&k| k == d).unwrap_or(4);
            self.coords[name] = (cells.start(d) as i64, axis);
        }
    }
}

/// Bits of the operands that must be copied before anything is stored, since an output begins where they do. An exact image of a map's
/// only output is left in place: kernels write an item after they have read it.
fn aliased(program: &Program, launch: &Launch) -> u64 {
    let mut bits = 0;
    for (s, _) in program.stored.iter().enumerate().filter(|(_, stored)| **stored) {
        for (o, &ptr) in launch.ptrs.iter().enumerate() {
            let in_place = program.stores == 1 && !program.reduce && exact(launch, o, s);
            bits |= ((ptr == launch.ptrs[s] && !in_place) as u64) << o;
        }
    }
    bits
}

/// A program bound to the operands of one launch.
pub struct Binding<'a> {
    program: &'a Program,
    dtypes: &'a [DType],
    params: &'a [u64],
    /// Strides of every operand over the dims of a box.
    boxes: &'a [Strides],
    /// Bits of the operands that are one element for the whole launch: loaded once.
    still: u64,
    /// Bits of the inputs whose memory is an output's too: copied before anything is stored.
    aliased: u64,
    /// A loop at the width of narrow integers instead of the one computation.
    pub narrow: Option<(Kernel, DType)>,
    /// Bools may be read where they lie, whatever their true bytes are.
    pub bools_as_they_are: bool,
}

impl<'a> Binding<'a> {
    pub fn new(program: &'a Program, launch: &'a Launch, space: &'a Space, still: u64) -> Binding<'a> {
        let aliased = aliased(program, launch);
        let still = still & !program.stored_bits;
        Binding {
            program,
            dtypes: &launch.dtypes,
            params: &launch.params,
            boxes: &space.boxes,
            still,
            aliased,
            narrow: None,
            bools_as_they_are: false,
        }
    }

    pub fn is_still(&self, operand: usize) -> bool {
        self.still >> operand & 1 == 1
    }

    pub fn dtype(&self, operand: usize) -> DType {
        self.dtypes[operand]
    }

    /// The dtype that registers of an instruction have in memory.
    fn width(&self, ty: u32) -> DType {
        match self.narrow {
            Some((_, dtype)) if ty != REG_B1 => dtype,
            _ => REGISTER_DTYPE[ty as usize],
        }
    }

    /// Fills the registers that are the same for every element of the launch. Run once per frame.
    pub fn preamble(&self, frame: &mut Frame, capacity: usize, ptrs: &[*mut u8]) {
        for (i, inst) in self.program.insts.iter().enumerate() {
            let bits = match inst.class {
                Class::Const => self.program.constants[inst.a].1,
                Class::Param => self.params[inst.a],
                Class::Load if self.is_still(inst.a) && !ptrs[inst.a].is_null() => {
                    let n = capacity;
                    let slot = frame.slots[inst.slot];
                    // One element may be read where it lies, so the register is what `load` says, not always the slot.
                    frame.regs[i] = unsafe { self.load(inst, frame.temp, slot, ptrs[inst.a], &[1, 1, 1, n], &[0; 4], n) };
                    continue;
                }
                _ => continue,
            };
            let slot = frame.slots[inst.slot];
            frame.regs[i] = slot;
            unsafe { fill(self.width(inst.ty), slot, bits, capacity) };
        }
    }

    /// Runs the instructions of a stage over one box: `ptrs` are the operands' addresses, `n` the elements of the box.
    pub fn run_stage(&self, stage: usize, frame: &mut Frame, ptrs: &[*mut u8], ext: &Extents, n: usize) {
        let direct = self.program.direct[stage];
        let stage = &self.program.stages[stage];
        let mut skip = usize::MAX;
        for i in stage.first..stage.end {
            let inst = &self.program.insts[i];
            match inst.class {
                Class::Compute => unsafe {
                    let mut dst = frame.slots[inst.slot];
                    if let Some((last, store)) = direct {
                        if last == i && self.stores_straight(store, ptrs, ext) {
                            dst = ptrs[self.program.insts[store].a];
                            skip = store;
                        }
                    }
                    frame.regs[i] = dst;
                    let kernel = match self.narrow {
                        Some((kernel, _)) => kernel,
                        None => inst.kernel.unwrap_unchecked(),
                    };
                    kernel(dst, frame.regs[inst.a], frame.regs[inst.b], frame.regs[inst.c], n);
                },
                Class::Load => {
                    if !self.is_still(inst.a) {
                        let slot = frame.slots[inst.slot];
                        frame.regs[i] = unsafe { self.load(inst, frame.temp, slot, ptrs[inst.a], ext, &self.boxes[inst.a], n) };
                    }
                }
                Class::Store => {
                    if i != skip {
                        unsafe { self.store(inst, frame.temp, frame.regs[inst.c], ptrs[inst.a], ext, n) };
                    }
                }
                Class::Acc => frame.regs[i] = frame.accs[inst.a],
                Class::Coord => {
                    let slot = frame.slots[inst.slot];
                    frame.regs[i] = slot;
                    unsafe { coordinate(slot as *mut i64, frame.coords[inst.a], ext) };
                }
                Class::Const | Class::Param => {}
            }
        }
    }

    /// Whether a register can be computed right where it is stored.
    fn stores_straight(&self, store: usize, ptrs: &[*mut u8], ext: &Extents) -> bool {
        let inst = &self.program.insts[store];
        let dtype = self.dtypes[inst.a];
        dtype == self.width(inst.ty)
            && (ptrs[inst.a] as usize).is_multiple_of(dtype.size())
            && is_packed(ext, &self.boxes[inst.a], dtype.size())
    }

    #[allow(clippy::too_many_arguments)]
    unsafe fn load(&self, inst: &Inst, temp: *mut u8, slot: *mut u8, ptr: *mut u8, ext: &Extents, strides: &Strides, n: usize) -> *mut u8 {
        let width = self.width(inst.ty);
        let (dtype, ptr) = match component(self.dtypes[inst.a], inst.b, ptr) {
            Some(part) => part,
            None => {
                unsafe { std::ptr::write_bytes(slot, 0, n * width.size()) };
                return slot;
            }
        };
        let size = dtype.size();
        let packed = is_packed(ext, strides, size);
        unsafe {
            if dtype == width && (dtype != DType::Bool || self.bools_as_they_are) {
                if packed && self.aliased >> inst.a & 1 == 0 && (ptr as usize).is_multiple_of(size) {
                    return ptr;
                }
                gather(size, slot, ptr, ext, strides);
                return slot;
            }
            let convert = simd::convert(dtype, width).unwrap_unchecked();
            if packed {
                convert(slot, ptr, ptr, ptr, n);
            } else {
                gather(size, temp, ptr, ext, strides);
                convert(slot, temp, temp, temp, n);
            }
        }
        slot
    }

    unsafe fn store(&self, inst: &Inst, temp: *mut u8, reg: *mut u8, ptr: *mut u8, ext: &Extents, n: usize) {
        // Component 1 of a real operand has nowhere to go.
        let Some((dtype, ptr)) = component(self.dtypes[inst.a], inst.b, ptr) else {
            return;
        };
        let (size, strides) = (dtype.size(), &self.boxes[inst.a]);
        let width = self.width(inst.ty);
        unsafe {
            let mut reg = reg;
            let packed = is_packed(ext, strides, size);
            if dtype != width {
                let convert = simd::convert(width, dtype).unwrap_unchecked();
                if packed {
                    return convert(ptr, reg, reg, reg, n);
                }
                convert(temp, reg, reg, reg, n);
                reg = temp;
            } else if packed && reg == ptr {
                return;
            }
            scatter(size, ptr, reg, ext, strides);
        }
    }
}

/// The real dtype and the address of a component of an operand; none for the imaginary part of a real one.
#[inline]
fn component(dtype: DType, b: usize, ptr: *mut u8) -> Option<(DType, *mut u8)> {
    match (dtype, b) {
        (DType::C64, _) => Some((DType::F32, ptr.wrapping_add(b * 4))),
        (DType::C128, _) => Some((DType::F64, ptr.wrapping_add(b * 8))),
        (_, 0) => Some((dtype, ptr)),
        _ => None,
    }
}

/// Fills a register with one value, given as the bits of an f64 for floats and of an i64 for the others.
pub unsafe fn fill(dtype: DType, slot: *mut u8, bits: u64, n: usize) {
    unsafe {
        match dtype {
            DType::Bool => std::ptr::write_bytes(slot, (bits != 0) as u8, n),
            DType::I8 | DType::U8 => std::ptr::write_bytes(slot, bits as u8, n),
            DType::I16 | DType::U16 => std::slice::from_raw_parts_mut(slot as *mut u16, n).fill(bits as u16),
            DType::F32 => std::slice::from_raw_parts_mut(slot as *mut f32, n).fill(f64::from_bits(bits) as f32),
            DType::I32 | DType::U32 => std::slice::from_raw_parts_mut(slot as *mut u32, n).fill(bits as u32),
            _ => std::slice::from_raw_parts_mut(slot as *mut u64, n).fill(bits),
        }
    }
}

unsafe fn coordinate(dst: *mut i64, (start, axis): (i64, usize), ext: &Extents) {
    let mut at = 0;
    let mut index = [0usize; 4];
    for i in 0..ext[0] {
        for j in 0..ext[1] {
            for k in 0..ext[2] {
                index[0] = i;
                index[1] = j;
                index[2] = k;
                for l in 0..ext[3] {
                    index[3] = l;
                    let along = if axis < 4 { index[axis] as i64 } else { 0 };
                    unsafe { dst.add(at).write(start + along) };
                    at += 1;
                }
            }
        }
    }
}
