//! Executes reduce programs, either along the reduced dims (one outer point at a time) or across the outer dims (a tile of points).

mod across;
mod along;
mod state;

use crate::abi::Launch;
use crate::error::KernelError;
use crate::program::Program;
use crate::view::Space;

/// The two halves of a reduce's iteration space; storage that is used again from launch to launch.
#[derive(Default)]
pub struct Spaces {
    pub outer: Space,
    pub inner: Space,
    /// What reordering the inner dims added to each operand's address.
    pub shift: Vec<isize>,
}

/// Runs a reduce program.
pub fn run(program: &Program, launch: &Launch, spaces: &mut Spaces) -> Result<(), KernelError> {
    let split = launch.dims.len() - launch.reduced;
    if launch.dims[..split].contains(&0) {
        return Ok(());
    }
    let Spaces { outer, inner, shift } = spaces;
    let stride = |o, d| launch.stride(o, d);
    outer.fill(&launch.dims[..split], 0, stride, &launch.ptrs, program.uses_coord);
    inner.fill(&launch.dims[split..], split, stride, &launch.ptrs, program.uses_coord);
    if !program.uses_coord {
        outer.normalize();
        // An index counts in C order, so these dims keep theirs.
        if program.has_arg { inner.coalesce() } else { inner.normalize() }
    }
    shift.clear();
    shift.extend(inner.ptrs.iter().zip(&launch.ptrs).map(|(a, b)| (*a as isize).wrapping_sub(*b as isize)));
    if goes_across(program, spaces) {
        across::run(program, launch, spaces)
    } else {
        along::run(program, launch, spaces)
    }
    Ok(())
}

/// Whether tiles should lie across the outer dims: when those are the ones that run through memory, or the inner ones are short.
fn goes_across(program: &Program, spaces: &Spaces) -> bool {
    let (outer, inner) = (spaces.outer.len(), spaces.inner.len());
    if inner == 0 || outer < 16 {
        return false;
    }
    if inner < 32 {
        return true;
    }
    let smallest = |space: &Space, o: usize| (0..space.dims.len()).map(|d| space.stride(o, d).unsigned_abs()).filter(|&s| s != 0).min();
    let main = (0..program.operands).find(|&o| !program.stored[o] && smallest(&spaces.inner, o).is_some());
    let Some(main) = main else { return false };
    match (smallest(&spaces.outer, main), smallest(&spaces.inner, main)) {
        (Some(a), Some(b)) => a < b && outer >= 32,
        _ => false,
    }
}

/// Bits of the operands that are one element for the whole launch.
fn still(program: &Program, launch: &Launch) -> u64 {
    let still = |o: usize| (0..launch.dims.len()).all(|d| launch.stride(o, d) == 0 || launch.dims[d] == 1);
    (0..program.operands).fold(0, |bits, o| bits | (still(o) as u64) << o)
}

/// Work of a launch in additions.
fn work(program: &Program, spaces: &Spaces) -> usize {
    let per = program.cost + program.stages.len();
    spaces.outer.len().saturating_mul(spaces.inner.len().max(1)).saturating_mul(per)
}
