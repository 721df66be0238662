//! Reduction across the outer dims: a tile of outer points at a time, one inner element after the other.

use super::{Spaces, still, work};
use crate::abi::Launch;
use crate::map::PARALLEL_WORK;
use crate::map::tile::{Binding, Frame, TILE};
use crate::opcodes::*;
use crate::operand::DType;
use crate::parallel;
use crate::program::{Class, Fold, Program, REGISTER_DTYPE, Stage};
use crate::view::{Cells, Space};
use std::ops::Range;

/// Inner elements that are summed one after the other before their sum joins a tree.
const LEAF: usize = 16;

struct Run<'a> {
    program: &'a Program,
    binding: Binding<'a>,
    outer: &'a Space,
    inner: &'a Space,
    shift: &'a [isize],
}

/// The accumulating tiles of one fold: the present leaf, and a tree of finished ones as a binary counter keeps it.
struct Lanes {
    bytes: usize,
    value: Vec<u128>,
    index: Vec<i64>,
    stack: Vec<Vec<u128>>,
    depth: usize,
    leaves: usize,
    in_leaf: usize,
}

impl Lanes {
    fn new(capacity: usize) -> Lanes {
        let bytes = capacity * 8;
        Lanes { bytes, value: vec![0; bytes.div_ceil(16)], index: vec![0; capacity], stack: vec![], depth: 0, leaves: 0, in_leaf: 0 }
    }

    fn ptr(&mut self) -> *mut u8 {
        self.value.as_mut_ptr() as *mut u8
    }

    fn neutral(&mut self, fold: &Fold, n: usize) {
        let Some(folder) = &fold.folder else { return };
        self.in_leaf = 0;
        let p = self.ptr();
        unsafe {
            match folder.size {
                1 => std::ptr::write_bytes(p, folder.identity as u8, n),
                4 => std::slice::from_raw_parts_mut(p as *mut u32, n).fill(folder.identity as u32),
                _ => std::slice::from_raw_parts_mut(p as *mut u64, n).fill(folder.identity),
            }
        }
    }

    fn open(&mut self, fold: &Fold, n: usize) {
        self.neutral(fold, n);
        self.index[..n].fill(-1);
        (self.depth, self.leaves) = (0, 0);
    }

    /// Adds the items of inner element `at`.
    #[inline]
    fn add(&mut self, fold: &Fold, src: *const u8, at: i64, n: usize) {
        let Some(folder) = &fold.folder else { return };
        let (p, index) = (self.value.as_mut_ptr() as *mut u8, self.index.as_mut_ptr());
        unsafe {
            match folder.arg {
                Some((_, rows)) => rows(p, index, src, at, n),
                None => (folder.rows)(p, src, n),
            }
        }
        if folder.tree {
            self.in_leaf += 1;
            if self.in_leaf == LEAF {
                self.push(fold, n);
                self.neutral(fold, n);
            }
        }
    }

    /// Adds up to `rows` rows that lie `stride` bytes apart; how many it took.
    fn add_rows(&mut self, fold: &Fold, src: *const u8, stride: isize, rows: usize, at: i64, n: usize) -> usize {
        let Some(folder) = &fold.folder else { return rows };
        if folder.arg.is_some() {
            self.add(fold, src, at, n);
            return 1;
        }
        let rows = rows.min(LEAF - self.in_leaf);
        unsafe { (folder.many)(self.ptr(), src, stride, rows, n) };
        if folder.tree {
            self.in_leaf += rows;
            if self.in_leaf == LEAF {
                self.push(fold, n);
                self.neutral(fold, n);
            }
        }
        rows
    }

    /// Puts the present leaf into the tree.
    fn push(&mut self, fold: &Fold, n: usize) {
        let Some(folder) = &fold.folder else { return };
        let mut carry = self.leaves;
        self.leaves += 1;
        while carry & 1 == 1 {
            self.depth -= 1;
            let (before, value) = (self.stack[self.depth].as_mut_ptr() as *mut u8, self.value.as_mut_ptr() as *mut u8);
            unsafe { (folder.rows)(before, value, n) };
            std::mem::swap(&mut self.stack[self.depth], &mut self.value);
            carry >>= 1;
        }
        if self.stack.len() == self.depth {
            self.stack.push(vec![0; self.bytes.div_ceil(16)]);
        }
        std::mem::swap(&mut self.stack[self.depth], &mut self.value);
        self.depth += 1;
    }

    /// Ends the fold; the result lies in `ptr()`, or in `index` for arg folds.
    fn close(&mut self, fold: &Fold, n: usize) {
        let Some(folder) = &fold.folder else { return };
        if !folder.tree {
            return;
        }
        if self.in_leaf > 0 || self.depth == 0 {
            self.push(fold, n);
        }
        self.depth -= 1;
        std::mem::swap(&mut self.stack[self.depth], &mut self.value);
        while self.depth > 0 {
            self.depth -= 1;
            let value = self.value.as_mut_ptr() as *mut u8;
            unsafe { (folder.rows)(self.stack[self.depth].as_mut_ptr() as *mut u8, value, n) };
            std::mem::swap(&mut self.stack[self.depth], &mut self.value);
        }
    }
}

pub fn run(program: &Program, launch: &Launch, spaces: &mut Spaces) {
    let work = work(program, spaces);
    let Spaces { outer, inner, shift } = spaces;
    let still = still(program, launch);
    // A lane's result does not depend on its tile, so tiles may be cut to suit the threads.
    let points = outer.len();
    let capacity = if work < PARALLEL_WORK { TILE } else { (points / (2 * parallel::threads())).clamp(64, TILE) };
    outer.cut(capacity, false);
    inner.cut(1, false);
    let binding = Binding::new(program, launch, outer, still);
    let run = Run { program, binding, outer, inner, shift };
    if work < PARALLEL_WORK {
        run.cells(0..run.outer.cells);
    } else {
        let per_cell = (work / run.outer.cells).max(1);
        parallel::for_each(run.outer.cells, (PARALLEL_WORK / 2 / per_cell).max(1), |range| run.cells(range));
    }
}

impl Run<'_> {
    fn cells(&self, range: Range<usize>) {
        Frame::with(|frame| {
            let (count, capacity) = (self.program.accs.len(), self.outer.capacity);
            frame.prepare(self.program, capacity);
            self.binding.preamble(frame, capacity, &self.outer.ptrs);
            let stride = (capacity * 8).div_ceil(64) * 64;
            let mut memory = vec![0u128; count * stride / 16 + 1];
            let base = memory.as_mut_ptr() as *mut u8;
            frame.accs = (0..count).map(|a| base.wrapping_add(a * stride)).collect();
            let folds = self.program.stages.iter().map(|s| s.folds.len()).max().unwrap_or(0);
            let mut lanes: Vec<Lanes> = (0..folds).map(|_| Lanes::new(capacity)).collect();
            let mut ptrs = self.outer.ptrs.clone();
            let mut cells = Cells::new(self.outer, range.start);
            for _ in range {
                cells.locate(&mut ptrs);
                if self.program.uses_coord {
                    frame.set_coords(self.outer, &cells);
                }
                for s in 0..self.program.stages.len() {
                    self.stage(s, frame, &ptrs, &cells, &mut lanes);
                }
                cells.advance();
            }
        });
    }

    fn stage(&self, s: usize, frame: &mut Frame, ptrs: &[*mut u8], cells: &Cells, lanes: &mut [Lanes]) {
        let stage = &self.program.stages[s];
        let (n, ext) = (cells.n, &cells.ext);
        if stage.kind == STAGE_OUTER {
            self.binding.run_stage(s, frame, ptrs, ext, n);
            for fold in &stage.folds {
                let bytes = n * REGISTER_DTYPE[fold.ty as usize].size();
                unsafe { std::ptr::copy_nonoverlapping(frame.regs[fold.register], frame.accs[fold.acc], bytes) };
            }
            return;
        }
        for (fold, lane) in stage.folds.iter().zip(lanes.iter_mut()) {
            lane.open(fold, n);
        }
        let straight = self.folds_straight(stage, ptrs, cells);
        let mut at = std::mem::take(&mut frame.ptrs);
        at.clear();
        at.extend(ptrs.iter().zip(self.shift).map(|(p, &shift)| p.wrapping_offset(shift)));
        let dims = &self.inner.dims;
        let mut coords = vec![0usize; dims.len()];
        if let Some(operand) = straight {
            self.fold_rows(operand, &mut at, &mut coords, &stage.folds[0], &mut lanes[0], n);
        } else {
            for k in 0..self.inner.len() {
                if self.program.uses_coord {
                    self.inner_coords(frame, &coords);
                }
                self.binding.run_stage(s, frame, &at, ext, n);
                for (fold, lane) in stage.folds.iter().zip(lanes.iter_mut()) {
                    lane.add(fold, frame.regs[fold.register], k as i64, n);
                }
                self.step(&mut coords, &mut at, 1);
            }
        }
        frame.ptrs = at;
        for (fold, lane) in stage.folds.iter().zip(lanes.iter_mut()) {
            lane.close(fold, n);
            let Some(folder) = &fold.folder else { continue };
            let to = frame.accs[fold.acc];
            unsafe {
                match folder.arg {
                    Some(_) => std::ptr::copy_nonoverlapping(lane.index.as_ptr() as *const u8, to, n * 8),
                    None => std::ptr::copy_nonoverlapping(lane.ptr(), to, n * folder.size),
                }
            }
        }
    }

    /// Folds rows straight from memory, as many at a time as a leaf and the last inner dim allow.
    fn fold_rows(&self, operand: usize, at: &mut [*mut u8], coords: &mut [usize], fold: &Fold, lane: &mut Lanes, n: usize) {
        let total = self.inner.len();
        let last = self.inner.dims.len().wrapping_sub(1);
        let mut k = 0;
        while k < total {
            let rows = if last == usize::MAX { 1 } else { self.inner.dims[last] - coords[last] };
            let stride = if last == usize::MAX { 0 } else { self.inner.stride(operand, last) };
            let rows = lane.add_rows(fold, at[operand], stride, rows, k as i64, n);
            self.step(coords, at, rows);
            k += rows;
        }
    }

    /// Moves on by `by` inner elements, at most to the end of the last inner dim.
    #[inline]
    fn step(&self, coords: &mut [usize], at: &mut [*mut u8], by: usize) {
        let dims = &self.inner.dims;
        let mut by = by;
        for d in (0..dims.len()).rev() {
            coords[d] += by;
            let wraps = coords[d] == dims[d];
            let moves = if wraps { by as isize - dims[d] as isize } else { by as isize };
            by = 1;
            for (o, p) in at.iter_mut().enumerate() {
                *p = p.wrapping_offset(self.inner.stride(o, d).wrapping_mul(moves));
            }
            if !wraps {
                return;
            }
            coords[d] = 0;
        }
    }

    fn inner_coords(&self, frame: &mut Frame, coords: &[usize]) {
        for (&name, &c) in self.inner.names.iter().zip(coords) {
            if frame.coords.len() <= name {
                frame.coords.resize(name + 1, (0, 4));
            }
            frame.coords[name] = (c as i64, 4);
        }
    }

    /// The operand of a stage that folds one packed load, straight from memory.
    fn folds_straight(&self, stage: &Stage, ptrs: &[*mut u8], cells: &Cells) -> Option<usize> {
        if stage.end - stage.first != 1 || stage.folds.len() != 1 {
            return None;
        }
        let inst = &self.program.insts[stage.first];
        if inst.class != Class::Load || self.binding.is_still(inst.a) {
            return None;
        }
        let dtype = self.binding.dtype(inst.a);
        let size = dtype.size();
        let aligned = (ptrs[inst.a] as usize).is_multiple_of(size)
            && (0..self.inner.dims.len()).all(|d| self.inner.stride(inst.a, d) % size as isize == 0);
        let packed = crate::simd::copy::is_packed(&cells.ext, &self.outer.boxes[inst.a], size);
        ((dtype != DType::Bool || !self.program.has_arg) && dtype == REGISTER_DTYPE[inst.ty as usize] && aligned && packed)
            .then_some(inst.a)
    }
}
