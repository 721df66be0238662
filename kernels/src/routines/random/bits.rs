//! What every sampler draws from: NumPy's bit generators behind one trait.

use super::super::support::args::{self, Done, refuse};
use super::mersenne::Mersenne;
use super::pcg64::{Dxsm, Pcg64};
use super::philox::Philox;
use super::sfc64::Sfc64;
use crate::operand::Operand;
use crate::table::Call;

/// A stream of random bits.
pub(super) trait Bits {
    fn next_u64(&mut self) -> u64;

    fn next_u32(&mut self) -> u32;

    /// 53 bits in [0, 1).
    #[inline(always)]
    fn double(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9007199254740992.0)
    }

    /// 24 bits in [0, 1).
    #[inline(always)]
    fn single(&mut self) -> f32 {
        (self.next_u32() >> 8) as f32 * (1.0 / 16777216.0)
    }

    /// What the generator makes in one step.
    fn raw(&mut self) -> u64 {
        self.next_u64()
    }

    /// Writes the state back to its operand.
    fn store(&self, operand: &Operand);
}

/// The low half of a 64-bit number, then its high half, which is kept in `half`.
macro_rules! split {
    ($self:ident) => {
        match $self.half.take() {
            Some(half) => half,
            None => {
                let next = $self.next_u64();
                $self.half = Some((next >> 32) as u32);
                next as u32
            }
        }
    };
}
pub(super) use split;

/// Work that is the same for every generator.
pub(super) trait Work {
    fn run<R: Bits + ?Sized + 'static>(self, bits: &mut R) -> Done;
}

/// Word 0 of a call names the generator whose state an operand holds: 0 PCG64, 1 PCG64DXSM, 2 MT19937, 3 Philox, 4 SFC64. PCG64, the usual one, has
/// samplers of its own; the others share theirs through the trait. The state is written back when the work was done.
pub(super) fn with_bits(call: &Call, routine: &str, state: &Operand, work: impl Work) -> Done {
    let kind = args::count(call, routine, 0)?;
    if kind == 0 {
        let mut bits = Pcg64::load(routine, state)?;
        work.run(&mut bits)?;
        bits.store(state);
        return Ok(());
    }
    let mut bits = load(kind, routine, state)?;
    work.run(&mut *bits)?;
    bits.store(state);
    Ok(())
}

/// The generator of word 0, whichever it is.
pub(super) fn load_any(call: &Call, routine: &str, state: &Operand) -> Result<Box<dyn Bits>, crate::error::KernelError> {
    load(args::count(call, routine, 0)?, routine, state)
}

fn load(kind: usize, routine: &str, state: &Operand) -> Result<Box<dyn Bits>, crate::error::KernelError> {
    Ok(match kind {
        0 => Box::new(Pcg64::load(routine, state)?),
        1 => Box::new(Dxsm::load(routine, state)?),
        2 => Box::new(Mersenne::load(routine, state)?),
        3 => Box::new(Philox::load(routine, state)?),
        4 => Box::new(Sfc64::load(routine, state)?),
        _ => return refuse(routine, format!("no bit generator {kind}")),
    })
}
