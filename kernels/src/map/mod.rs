//! Executes map programs: plain copies, single instructions straight on memory, and tiles for everything else.

pub mod copy;
mod direct;
pub mod small;
pub mod tile;

use crate::abi::Launch;
use crate::error::KernelError;
use crate::operand::DType;
use crate::parallel;
use crate::program::{Class, Program};
use crate::simd::{self, Kernel};
use crate::view::{Cells, Space};
use direct::Direct;
use std::ops::Range;
use tile::{Binding, Frame, TILE};

/// Additions' worth of work below which one thread is faster.
pub const PARALLEL_WORK: usize = 128 * 1024;

/// Runs a map. `space` is storage that is used again from launch to launch.
pub fn run(program: &Program, launch: &Launch, space: &mut Space) -> Result<(), KernelError> {
    if launch.len == 0 {
        return Ok(());
    }
    if small::run(program, launch) {
        return Ok(());
    }
    space.fill(&launch.dims, 0, |o, d| launch.stride(o, d), &launch.ptrs, program.uses_coord);
    if !program.uses_coord {
        space.normalize();
    }
    if program.is_copy && launch.dtypes[0] == launch.dtypes[1] && (launch.dtypes[0].is_complex() == (program.insts.len() == 4)) {
        copy::run(space, launch.dtypes[0].size());
        return Ok(());
    }
    let narrow = narrow_kernel(program, launch);
    if let Some(direct) = Direct::new(program, launch, space, narrow) {
        direct.run();
        return Ok(());
    }
    space.cut(TILE, !program.uses_coord);
    let still = (0..program.operands).fold(0, |bits, o| bits | (is_still(space, o) as u64) << o);
    let mut binding = Binding::new(program, launch, space, still);
    binding.narrow = narrow;
    let space = &*space;
    let grain = grain(space.capacity, program.cost);
    let body = |range: Range<usize>| run_cells(program, space, &binding, range);
    if launch.len.saturating_mul(program.cost.max(1)) < PARALLEL_WORK {
        body(0..space.cells);
    } else {
        parallel::for_each(space.cells, grain, body);
    }
    Ok(())
}

/// Cells of a part of parallel work: enough to be worth a thread's while.
pub fn grain(capacity: usize, cost: usize) -> usize {
    ((PARALLEL_WORK / 2) / (capacity.max(1) * cost.max(1))).max(1)
}

/// Whether an operand is one element for the whole space.
fn is_still(space: &Space, o: usize) -> bool {
    (0..space.dims.len()).all(|d| space.stride(o, d) == 0)
}

fn run_cells(program: &Program, space: &Space, binding: &Binding, range: Range<usize>) {
    Frame::with(|frame| {
        let mut ptrs = std::mem::take(&mut frame.ptrs);
        ptrs.clear();
        ptrs.extend_from_slice(&space.ptrs);
        frame.prepare(program, space.capacity);
        binding.preamble(frame, space.capacity, &ptrs);
        let mut cells = Cells::new(space, range.start);
        for _ in range {
            cells.locate(&mut ptrs);
            if program.uses_coord {
                frame.set_coords(space, &cells);
            }
            binding.run_stage(0, frame, &ptrs, &cells.ext, cells.n);
            cells.advance();
        }
        frame.ptrs = ptrs;
    });
}

/// Whether two operands are the same elements of memory.
fn exact(launch: &Launch, a: usize, b: usize) -> bool {
    launch.ptrs[a] == launch.ptrs[b]
        && launch.dtypes[a] == launch.dtypes[b]
        && (0..launch.dims.len()).all(|d| launch.dims[d] == 1 || launch.stride(a, d) == launch.stride(b, d))
}

/// One computation on narrow integers, whose loop at their own width gives the same low bits.
fn narrow_kernel(program: &Program, launch: &Launch) -> Option<(Kernel, DType)> {
    if program.computes != 1 {
        return None;
    }
    let (last, store) = program.direct[0]?;
    let inst = &program.insts[last];
    let dtype = launch.dtypes[program.insts.iter().find(|i| i.class == Class::Load)?.a];
    if !matches!(dtype, DType::I8 | DType::I16 | DType::U8 | DType::U16) {
        return None;
    }
    let kernel = simd::narrow(inst.op, dtype)?;
    let result = if inst.result == inst.ty { dtype } else { DType::Bool };
    let fits = program.insts.iter().all(|i| match i.class {
        Class::Load => launch.dtypes[i.a] == dtype,
        Class::Store => launch.dtypes[i.a] == result && i.c == last,
        Class::Param => {
            let value = launch.params[i.a] as i64;
            match dtype {
                DType::I8 => i8::try_from(value).is_ok(),
                DType::I16 => i16::try_from(value).is_ok(),
                DType::U8 => u8::try_from(value).is_ok(),
                _ => u16::try_from(value).is_ok(),
            }
        }
        Class::Compute => true,
        _ => false,
    });
    (fits && program.insts[store].c == last).then_some((kernel, dtype))
}
