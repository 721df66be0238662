//! Reduction along the inner dims: for each outer point, tiles of inner elements fold into single values.

use super::state::{Tree, Value, empty_result};
use super::{Spaces, still, work};
use crate::abi::Launch;
use crate::map::PARALLEL_WORK;
use crate::map::tile::{Binding, Frame, TILE};
use crate::opcodes::*;
use crate::operand::DType;
use crate::parallel;
use crate::program::{Class, Fold, Program, REGISTER_DTYPE, Stage};
use crate::simd::fold::Folder;
use crate::view::{Cells, Space};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Tiles of a chunk: chunks are combined pairwise, and are what threads share.
const CHUNK: usize = 64;
/// Elements of a tile that is folded straight from memory.
const DIRECT_TILE: usize = 8 * 1024;

struct Run<'a> {
    program: &'a Program,
    binding: Binding<'a>,
    outer: &'a Space,
    inner: &'a Space,
    shift: &'a [isize],
    /// Elements of a frame's registers.
    capacity: usize,
    inner_len: usize,
}

/// Accumulators of one thread: memory that `acc` reads, each `capacity` items long.
struct Accumulators {
    memory: Vec<u128>,
    stride: usize,
}

impl Accumulators {
    fn new(count: usize, capacity: usize) -> Accumulators {
        let stride = (capacity * 8).div_ceil(64) * 64 / 16;
        Accumulators { memory: vec![0; count * stride], stride }
    }

    fn pointers(&mut self, count: usize) -> Vec<*mut u8> {
        let base = self.memory.as_mut_ptr();
        (0..count).map(|a| base.wrapping_add(a * self.stride) as *mut u8).collect()
    }
}

pub fn run(program: &Program, launch: &Launch, spaces: &mut Spaces) {
    let work = work(program, spaces);
    let Spaces { outer, inner, shift } = spaces;
    let still = still(program, launch);
    let direct = folds_straight(program, launch, inner);
    inner.cut(if direct { DIRECT_TILE } else { TILE }, !program.has_arg && !program.uses_coord);
    outer.cut(1, false);
    let capacity = if direct { 1 } else { inner.capacity.max(1) };
    let inner_len = inner.len();
    let points = outer.len();
    let mut binding = Binding::new(program, launch, inner, still);
    binding.bools_as_they_are = direct;
    let run = Run { program, binding, outer, inner, shift, capacity, inner_len };
    let share_points = work >= PARALLEL_WORK && (points >= 4 * parallel::threads() || run.inner.cells <= CHUNK);
    let share_chunks = work >= PARALLEL_WORK && !share_points;
    if share_points {
        let per_point = (work / points.max(1)).max(1);
        parallel::for_each(points, (PARALLEL_WORK / 2 / per_point).max(1), |range| run.points(range, false));
    } else {
        run.points(0..points, share_chunks);
    }
}

/// Whether every fold reads its operand straight from memory, so that tiles need no registers.
fn folds_straight(program: &Program, launch: &Launch, inner: &Space) -> bool {
    inner.dims.len() == 1
        && program.stages.iter().all(|stage| match stage.kind {
            STAGE_OUTER => true,
            STAGE_REDUCE => program.insts[stage.first..stage.end].iter().all(|inst| {
                let dtype = launch.dtypes[inst.a.min(launch.dtypes.len() - 1)];
                let size = dtype.size() as isize;
                inst.class == Class::Load
                    && (dtype != DType::Bool || !program.has_arg)
                    && dtype == REGISTER_DTYPE[inst.ty as usize]
                    && inner.stride(inst.a, 0) == size
                    && (launch.ptrs[inst.a] as isize) % size == 0
                    && (0..launch.dims.len()).all(|d| launch.stride(inst.a, d) % size == 0)
            }),
            _ => false,
        })
}

impl Run<'_> {
    /// All stages of some outer points; with `share`, each stage's chunks are shared among threads.
    fn points(&self, range: Range<usize>, share: bool) {
        Frame::with(|frame| {
            let count = self.program.accs.len();
            let mut accs = Accumulators::new(count, self.capacity);
            self.open(frame);
            let memory = accs.pointers(count);
            frame.accs.clone_from(&memory);
            let mut ptrs = self.outer.ptrs.clone();
            let mut cells = Cells::new(self.outer, range.start);
            let mut trees: Vec<Tree> = vec![];
            for _ in range {
                cells.locate(&mut ptrs);
                if self.program.uses_coord {
                    frame.set_coords(self.outer, &cells);
                }
                for s in 0..self.program.stages.len() {
                    self.stage(s, frame, &memory, &ptrs, &mut trees, share);
                }
                cells.advance();
            }
        });
    }

    fn open(&self, frame: &mut Frame) {
        frame.prepare(self.program, self.capacity);
        self.binding.preamble(frame, self.capacity, &self.outer.ptrs);
    }

    fn stage(&self, s: usize, frame: &mut Frame, memory: &[*mut u8], ptrs: &[*mut u8], trees: &mut Vec<Tree>, share: bool) {
        let stage = &self.program.stages[s];
        if stage.kind == STAGE_OUTER {
            self.binding.run_stage(s, frame, ptrs, &[1; 4], 1);
            for fold in &stage.folds {
                let size = REGISTER_DTYPE[fold.ty as usize].size();
                let mut bits = 0u64;
                unsafe { std::ptr::copy_nonoverlapping(frame.regs[fold.register], &mut bits as *mut u64 as *mut u8, size) };
                self.publish(fold.acc, bits, size, memory);
            }
            return;
        }
        if self.inner_len == 0 {
            for fold in &stage.folds {
                let size = REGISTER_DTYPE[self.program.accs[fold.acc] as usize].size();
                self.publish(fold.acc, empty_result(fold), size, memory);
            }
            return;
        }
        let chunks = self.inner.cells.div_ceil(CHUNK);
        if chunks == 1 {
            let mut values = [Value { bits: 0, index: -1 }; 16];
            self.chunk(s, frame, ptrs, 0, &mut values);
            self.finish(stage, |f, _| values[f], memory);
        } else if !share {
            trees.resize(16, Tree::default());
            trees.iter_mut().for_each(Tree::clear);
            let mut values = [Value { bits: 0, index: -1 }; 16];
            for chunk in 0..chunks {
                self.chunk(s, frame, ptrs, chunk, &mut values);
                for (f, fold) in stage.folds.iter().enumerate() {
                    if let Some(folder) = &fold.folder {
                        trees[f].push(folder, values[f]);
                    }
                }
                if is_last(stage, &values[0]) {
                    break;
                }
            }
            self.finish(stage, |f, folder| trees[f].total(folder), memory);
        } else {
            self.shared_stage(s, frame, memory, ptrs, trees, chunks);
        }
    }

    /// A stage whose chunks are shared: their values meet in chunk order, whoever made them.
    fn shared_stage(&self, s: usize, frame: &Frame, memory: &[*mut u8], ptrs: &[*mut u8], trees: &mut Vec<Tree>, chunks: usize) {
        let stage = &self.program.stages[s];
        let neutral = std::array::from_fn(|f| match stage.folds.get(f).and_then(|fold| fold.folder.as_ref()) {
            Some(folder) => Value::neutral(folder),
            None => Value { bits: 0, index: -1 },
        });
        let results = Mutex::new(vec![neutral; chunks]);
        // The first chunk that ends the fold: what comes after it changes nothing.
        let ended = AtomicUsize::new(usize::MAX);
        let shared = Shared { ptrs, memory };
        let coords = &frame.coords;
        parallel::for_each(chunks, 1, |range| {
            let shared = &shared;
            Frame::with(|frame| {
                self.open(frame);
                frame.accs.clear();
                frame.accs.extend_from_slice(shared.memory);
                frame.coords.clone_from(coords);
                for chunk in range.take_while(|&chunk| chunk < ended.load(Ordering::Relaxed)) {
                    let mut values = [Value { bits: 0, index: -1 }; 16];
                    self.chunk(s, frame, shared.ptrs, chunk, &mut values);
                    results.lock().unwrap_or_else(|e| e.into_inner())[chunk] = values;
                    if is_last(stage, &values[0]) {
                        ended.fetch_min(chunk, Ordering::Relaxed);
                    }
                }
            });
        });
        trees.resize(16, Tree::default());
        trees.iter_mut().for_each(Tree::clear);
        for values in results.into_inner().unwrap_or_else(|e| e.into_inner()) {
            for (f, fold) in stage.folds.iter().enumerate() {
                if let Some(folder) = &fold.folder {
                    trees[f].push(folder, values[f]);
                }
            }
        }
        self.finish(stage, |f, folder| trees[f].total(folder), memory);
    }

    /// Runs the tiles of one chunk and folds them pairwise.
    fn chunk(&self, s: usize, frame: &mut Frame, ptrs: &[*mut u8], chunk: usize, values: &mut [Value; 16]) {
        let stage = &self.program.stages[s];
        let first = chunk * CHUNK;
        let end = (first + CHUNK).min(self.inner.cells);
        let mut cells = Cells::new(self.inner, first);
        let mut at = std::mem::take(&mut frame.ptrs);
        at.clear();
        at.extend_from_slice(ptrs);
        let mut trees: [Tree; 4] = Default::default();
        let mut more = if stage.folds.len() > 4 { vec![Tree::default(); stage.folds.len() - 4] } else { vec![] };
        let single = end - first == 1;
        // Tiles before this one are full but in dims whose last box is short; only arg folds ask, and theirs are in C order.
        let mut index = self.first_index(&cells);
        for _ in first..end {
            cells.locate(&mut at);
            for (o, p) in at.iter_mut().enumerate() {
                let base = (ptrs[o] as isize).wrapping_sub(self.inner.ptrs[o] as isize).wrapping_add(self.shift[o]);
                *p = p.wrapping_offset(base);
            }
            if self.program.uses_coord {
                frame.set_coords(self.inner, &cells);
            }
            self.binding.run_stage(s, frame, &at, &cells.ext, cells.n);
            for (f, fold) in stage.folds.iter().enumerate() {
                let Some(folder) = &fold.folder else { continue };
                let value = unsafe { Value::tile(folder, frame.regs[fold.register], cells.n, index) };
                if single {
                    values[f] = value;
                } else if is_last(stage, &value) {
                    values[f] = value;
                    frame.ptrs = at;
                    return;
                } else if f < 4 {
                    trees[f].push(folder, value);
                } else {
                    more[f - 4].push(folder, value);
                }
            }
            index += cells.n as i64;
            cells.advance();
        }
        if !single {
            for (f, fold) in stage.folds.iter().enumerate() {
                if let Some(folder) = &fold.folder {
                    values[f] = if f < 4 { trees[f].total(folder) } else { more[f - 4].total(folder) };
                }
            }
        }
        frame.ptrs = at;
    }

    /// C-order index of the first element of a cell.
    fn first_index(&self, cells: &Cells) -> i64 {
        let dims = &self.inner.dims;
        (0..dims.len()).fold(0, |index, d| index * dims[d] as i64 + cells.start(d) as i64)
    }

    fn finish(&self, stage: &Stage, total: impl Fn(usize, &Folder) -> Value, memory: &[*mut u8]) {
        for (f, fold) in stage.folds.iter().enumerate() {
            if let Some(folder) = &fold.folder {
                let size = if folder.arg.is_some() { 8 } else { folder.size };
                self.publish(fold.acc, total(f, folder).result(folder), size, memory);
            }
        }
    }

    /// Writes an accumulator where later stages read it.
    fn publish(&self, acc: usize, bits: u64, size: usize, memory: &[*mut u8]) {
        let n = if self.program.acc_inner[acc] { self.capacity.min(self.inner_len.max(1)) } else { 1 };
        unsafe {
            match size {
                1 => std::ptr::write_bytes(memory[acc], bits as u8, n),
                4 => std::slice::from_raw_parts_mut(memory[acc] as *mut u32, n).fill(bits as u32),
                _ => std::slice::from_raw_parts_mut(memory[acc] as *mut u64, n).fill(bits),
            }
        }
    }
}

/// Whether the one fold of a stage has a value that what follows cannot change.
fn is_last(stage: &Stage, value: &Value) -> bool {
    match &stage.folds[..] {
        [Fold { folder: Some(folder), .. }] => folder.last == Some(value.bits) && (folder.arg.is_none() || value.index >= 0),
        _ => false,
    }
}

/// Addresses that threads share while they run a stage.
struct Shared<'a> {
    ptrs: &'a [*mut u8],
    memory: &'a [*mut u8],
}
unsafe impl Sync for Shared<'_> {}
