//! Walks over several strided operands of one shape in C order, line by line.

use std::ops::Range;

/// A shape with the byte strides of `N` operands; neighbouring dimensions that are one run in all operands are merged.
pub struct Walk<const N: usize> {
    shape: Vec<usize>,
    strides: Vec<[isize; N]>,
    /// Elements in a line: the innermost merged dimension.
    pub line: usize,
    /// Byte strides inside a line.
    pub step: [isize; N],
    /// Number of lines.
    pub lines: usize,
}

impl<const N: usize> Walk<N> {
    pub fn new(shape: &[usize], operands: [&[isize]; N]) -> Self {
        let mut merged: Vec<(usize, [isize; N])> = Vec::with_capacity(shape.len());
        for (i, &dim) in shape.iter().enumerate() {
            if dim == 1 {
                continue;
            }
            let stride: [isize; N] = std::array::from_fn(|n| operands[n][i]);
            if let Some((size, outer)) = merged.last_mut()
                && (0..N).all(|n| outer[n] == stride[n].wrapping_mul(dim as isize))
            {
                *size *= dim;
                *outer = stride;
                continue;
            }
            merged.push((dim, stride));
        }
        let (line, step) = merged.pop().unwrap_or((1, [0; N]));
        let lines = merged.iter().map(|(dim, _)| dim).product();
        let (shape, strides) = merged.into_iter().unzip();
        Walk { shape, strides, line, step, lines }
    }

    /// As `new`, but every element is a line of its own: for walks whose element is itself an axis or a matrix.
    pub fn items(shape: &[usize], operands: [&[isize]; N]) -> Self {
        let mut walk = Walk::new(shape, operands);
        if walk.line != 1 {
            walk.shape.push(walk.line);
            walk.strides.push(walk.step);
            walk.lines *= walk.line;
            walk.line = 1;
            walk.step = [0; N];
        }
        walk
    }

    pub fn len(&self) -> usize {
        self.lines * self.line
    }

    /// Calls `visit` with the operands' addresses at the start of each line of a range, in order.
    #[inline(always)]
    pub fn each(&self, range: Range<usize>, bases: [*mut u8; N], mut visit: impl FnMut([*mut u8; N])) {
        let _ = self.try_each(range, bases, |at| -> Result<(), std::convert::Infallible> {
            visit(at);
            Ok(())
        });
    }

    /// As `each`, until an error.
    #[inline(always)]
    pub fn try_each<E>(
        &self,
        range: Range<usize>,
        bases: [*mut u8; N],
        mut visit: impl FnMut([*mut u8; N]) -> Result<(), E>,
    ) -> Result<(), E> {
        if range.is_empty() {
            return Ok(());
        }
        let ndim = self.shape.len();
        let mut at = bases;
        let (mut few, mut many) = ([0usize; 8], Vec::new());
        let coords = if ndim <= 8 {
            &mut few[..ndim]
        } else {
            many.resize(ndim, 0usize);
            &mut many[..]
        };
        let mut rest = range.start;
        for d in (0..ndim).rev() {
            coords[d] = rest % self.shape[d];
            rest /= self.shape[d];
            for n in 0..N {
                at[n] = at[n].wrapping_offset(coords[d] as isize * self.strides[d][n]);
            }
        }
        for remaining in (0..range.len()).rev() {
            visit(at)?;
            if remaining == 0 {
                break;
            }
            for d in (0..ndim).rev() {
                coords[d] += 1;
                if coords[d] < self.shape[d] {
                    for n in 0..N {
                        at[n] = at[n].wrapping_offset(self.strides[d][n]);
                    }
                    break;
                }
                coords[d] = 0;
                for n in 0..N {
                    at[n] = at[n].wrapping_offset(-((self.shape[d] - 1) as isize) * self.strides[d][n]);
                }
            }
        }
        Ok(())
    }

    /// Calls `visit` for each run of a range of *elements*: the addresses of its first one, its length, and how many came before.
    #[inline(always)]
    pub fn spans(&self, range: Range<usize>, bases: [*mut u8; N], mut visit: impl FnMut([*mut u8; N], usize, usize)) {
        let _ = self.try_spans(range, bases, |at, n, before| -> Result<(), std::convert::Infallible> {
            visit(at, n, before);
            Ok(())
        });
    }

    /// As `spans`, until an error.
    #[inline(always)]
    pub fn try_spans<E>(
        &self,
        range: Range<usize>,
        bases: [*mut u8; N],
        mut visit: impl FnMut([*mut u8; N], usize, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        if range.is_empty() {
            return Ok(());
        }
        let mut skip = range.start % self.line;
        let mut before = 0;
        self.try_each(range.start / self.line..(range.end - 1) / self.line + 1, bases, |mut at| {
            for n in 0..N {
                at[n] = at[n].wrapping_offset(skip as isize * self.step[n]);
            }
            let n = (self.line - skip).min(range.len() - before);
            skip = 0;
            before += n;
            visit(at, n, before - n)
        })
    }
}
