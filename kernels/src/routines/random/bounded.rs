//! Integers in a closed range, as NumPy draws them: Lemire's multiplication with rejection, at the width of the dtype.

use super::bits::Bits;

/// A buffer of 32 bits that narrow integers are cut from; it lives for one call.
#[derive(Default)]
pub(super) struct Pieces {
    bits: u32,
    left: u32,
}

impl Pieces {
    fn next<R: Bits + ?Sized>(&mut self, rng: &mut R, width: u32) -> u32 {
        if self.left == 0 {
            self.bits = rng.next_u32();
            self.left = 32 / width;
        } else {
            self.bits >>= width;
        }
        self.left -= 1;
        if width == 32 { self.bits } else { self.bits & ((1 << width) - 1) }
    }
}

/// A number of 0..=range by 64-bit draws, or 32-bit ones when the range fits them.
#[inline]
pub(super) fn u64_in<R: Bits + ?Sized>(rng: &mut R, range: u64) -> u64 {
    if range == 0 {
        return 0;
    }
    if range <= u32::MAX as u64 {
        return u32_in(rng, range as u32) as u64;
    }
    if range == u64::MAX {
        return rng.next_u64();
    }
    let size = range + 1;
    let mut product = rng.next_u64() as u128 * size as u128;
    if (product as u64) < size {
        let threshold = (u64::MAX - range) % size;
        while (product as u64) < threshold {
            product = rng.next_u64() as u128 * size as u128;
        }
    }
    (product >> 64) as u64
}

#[inline]
pub(super) fn u32_in<R: Bits + ?Sized>(rng: &mut R, range: u32) -> u32 {
    if range == 0 {
        return 0;
    }
    if range == u32::MAX {
        return rng.next_u32();
    }
    let size = range + 1;
    let mut product = rng.next_u32() as u64 * size as u64;
    if (product as u32) < size {
        let threshold = (u32::MAX - range) % size;
        while (product as u32) < threshold {
            product = rng.next_u32() as u64 * size as u64;
        }
    }
    (product >> 32) as u32
}

/// A number of 0..=range in `width` bits, 8 or 16, cut from the buffer.
#[inline]
pub(super) fn narrow_in<R: Bits + ?Sized>(rng: &mut R, pieces: &mut Pieces, range: u32, width: u32) -> u32 {
    let max = (1 << width) - 1;
    if range == 0 {
        return 0;
    }
    if range == max {
        return pieces.next(rng, width);
    }
    let size = range + 1;
    let mut product = pieces.next(rng, width) * size;
    if product & max < size {
        let threshold = (max - range) % size;
        while product & max < threshold {
            product = pieces.next(rng, width) * size;
        }
    }
    product >> width
}

/// As `narrow_in`, by masking and rejecting, as RandomState does.
#[inline]
pub(super) fn narrow_masked<R: Bits + ?Sized>(rng: &mut R, pieces: &mut Pieces, range: u32, width: u32) -> u32 {
    if range == 0 {
        return 0;
    }
    let mask = u32::MAX >> range.leading_zeros();
    loop {
        let value = pieces.next(rng, width) & mask;
        if value <= range {
            return value;
        }
    }
}

/// A boolean; nothing is drawn when the range is 0.
#[inline]
pub(super) fn flag_in<R: Bits + ?Sized>(rng: &mut R, pieces: &mut Pieces, range: u64) -> u8 {
    if range == 0 { 0 } else { pieces.next(rng, 1) as u8 }
}

/// A number of 0..=max by masking and rejecting: what shuffling uses, and RandomState for wide integers.
#[inline]
pub(super) fn interval<R: Bits + ?Sized>(rng: &mut R, max: u64) -> u64 {
    if max == 0 {
        return 0;
    }
    let mask = u64::MAX >> max.leading_zeros();
    loop {
        let value = if max <= u32::MAX as u64 { rng.next_u32() as u64 & mask } else { rng.next_u64() & mask };
        if value <= max {
            return value;
        }
    }
}
