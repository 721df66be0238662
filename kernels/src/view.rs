//! Iteration spaces: dims sorted and coalesced for memory order, and cut into boxes that fit a tile.

use crate::simd::copy::{Extents, Strides};

/// A space of elements with, per operand, a base address and byte strides. Dims run from slowest to fastest.
#[derive(Default, Clone, Debug)]
pub struct Space {
    pub dims: Vec<usize>,
    /// The launch dim of each dim (meaningful when the space was not reordered).
    pub names: Vec<usize>,
    /// Strides of operand `o` over dim `d`: `strides[o * dims.len() + d]`.
    pub strides: Vec<isize>,
    pub ptrs: Vec<*mut u8>,
    /// Extent of a box along each dim.
    pub steps: Vec<usize>,
    /// Number of boxes along each dim.
    pub counts: Vec<usize>,
    /// Number of boxes in all.
    pub cells: usize,
    /// The dims (fastest last) whose boxes are longer than 1; unused places are `usize::MAX`.
    pub box_dims: [usize; 4],
    /// Most elements of a box.
    pub capacity: usize,
    /// Strides of each operand over the dims of a box.
    pub boxes: Vec<Strides>,
}

// Addresses in a space are checked by the gate; threads that share one write disjoint boxes.
unsafe impl Send for Space {}
unsafe impl Sync for Space {}

impl Space {
    /// The space of some dims of a launch, `ptrs` and strides copied, dims of size 1 dropped.
    pub fn fill(&mut self, dims: &[usize], first: usize, stride: impl Fn(usize, usize) -> isize, ptrs: &[*mut u8], keep_ones: bool) {
        self.dims.clear();
        self.names.clear();
        for (d, &dim) in dims.iter().enumerate() {
            if dim != 1 || keep_ones {
                self.dims.push(dim);
                self.names.push(first + d);
            }
        }
        self.ptrs.clear();
        self.ptrs.extend_from_slice(ptrs);
        self.strides.clear();
        for operand in 0..ptrs.len() {
            for &name in &self.names {
                self.strides.push(stride(operand, name));
            }
        }
    }

    pub fn len(&self) -> usize {
        self.dims.iter().product()
    }

    pub fn is_empty(&self) -> bool {
        self.dims.contains(&0)
    }

    #[inline]
    pub fn stride(&self, operand: usize, dim: usize) -> isize {
        self.strides[operand * self.dims.len() + dim]
    }

    fn swap_dims(&mut self, i: usize, j: usize) {
        self.dims.swap(i, j);
        self.names.swap(i, j);
        let d = self.dims.len();
        for o in 0..self.ptrs.len() {
            self.strides.swap(o * d + i, o * d + j);
        }
    }

    /// Whether dim `i` should run faster than dim `j`: the first operand that tells them apart decides.
    fn faster(&self, i: usize, j: usize) -> bool {
        for o in 0..self.ptrs.len() {
            let (a, b) = (self.stride(o, i).unsigned_abs(), self.stride(o, j).unsigned_abs());
            if a != b && a != 0 && b != 0 {
                return a < b;
            }
        }
        false
    }

    /// Sorts dims for memory order, turns dims that every operand runs backwards, and joins dims that are one run.
    pub fn normalize(&mut self) {
        let d = self.dims.len();
        if d == 0 || self.is_empty() {
            return;
        }
        for i in 1..d {
            let mut j = i;
            while j > 0 && self.faster(j - 1, j) {
                self.swap_dims(j - 1, j);
                j -= 1;
            }
        }
        for i in 0..d {
            let n = self.ptrs.len();
            if (0..n).all(|o| self.stride(o, i) <= 0) && (0..n).any(|o| self.stride(o, i) < 0) {
                for o in 0..n {
                    let s = &mut self.strides[o * d + i];
                    let reach = (self.dims[i] as isize - 1) * *s;
                    *s = -*s;
                    self.ptrs[o] = self.ptrs[o].wrapping_offset(reach);
                }
            }
        }
        self.coalesce();
    }

    /// Joins neighbouring dims that every operand walks as one run.
    pub fn coalesce(&mut self) {
        let d = self.dims.len();
        if d < 2 {
            return;
        }
        let n = self.ptrs.len();
        let mut kept = 0;
        for i in 1..d {
            let joins = (0..n).all(|o| self.strides[o * d + kept] == self.strides[o * d + i] * self.dims[i] as isize);
            if joins {
                self.dims[kept] *= self.dims[i];
            } else {
                kept += 1;
                self.dims[kept] = self.dims[i];
            }
            for o in 0..n {
                self.strides[o * d + kept] = self.strides[o * d + i];
            }
            self.names[kept] = self.names[i];
        }
        let new = kept + 1;
        for o in 0..n {
            for i in 0..new {
                self.strides[o * new + i] = self.strides[o * d + i];
            }
        }
        self.dims.truncate(new);
        self.names.truncate(new);
        self.strides.truncate(n * new);
    }

    /// Cuts the space into boxes of at most `capacity` elements. With `blocked`, operands whose fastest dim is not the last one
    /// get square boxes, so that each side uses whole cache lines.
    pub fn cut(&mut self, capacity: usize, blocked: bool) {
        let d = self.dims.len();
        self.steps.clear();
        self.steps.resize(d, 1);
        self.box_dims = [usize::MAX; 4];
        let mut cross = None;
        if blocked && d >= 2 {
            cross = (0..self.ptrs.len()).find_map(|o| self.crossing(o));
        }
        if let Some(k) = cross {
            let rows = self.dims[k].min(32);
            self.steps[d - 1] = self.dims[d - 1].min(capacity / rows);
            self.steps[k] = self.dims[k].min(capacity / self.steps[d - 1]);
            self.box_dims[3] = d - 1;
            self.box_dims[2] = k;
        } else {
            let (mut room, mut used) = (capacity, 4);
            for i in (0..d).rev() {
                if used == 0 {
                    break;
                }
                used -= 1;
                self.box_dims[used] = i;
                self.steps[i] = self.dims[i].min(room);
                if self.steps[i] < self.dims[i] || room / self.steps[i].max(1) < 2 {
                    break;
                }
                room /= self.steps[i].max(1);
            }
        }
        self.counts.clear();
        self.cells = 1;
        self.capacity = 1;
        for i in 0..d {
            let count = self.dims[i].div_ceil(self.steps[i].max(1));
            self.counts.push(count);
            self.cells *= count;
            self.capacity *= self.steps[i].max(1);
        }
        self.boxes.clear();
        for o in 0..self.ptrs.len() {
            let strides = self.box_strides(o);
            self.boxes.push(strides);
        }
    }

    /// The dim that operand `o` runs fastest along, when that is not the last one and the last one is far apart in memory.
    fn crossing(&self, o: usize) -> Option<usize> {
        let d = self.dims.len();
        let last = self.stride(o, d - 1).unsigned_abs();
        if last < 64 || self.dims[d - 1] < 8 {
            return None;
        }
        let k = (0..d - 1).filter(|&i| self.stride(o, i) != 0 && self.dims[i] >= 4).min_by_key(|&i| self.stride(o, i).unsigned_abs())?;
        (self.stride(o, k).unsigned_abs() < last).then_some(k)
    }

    /// Strides of an operand over the dims of a box.
    fn box_strides(&self, o: usize) -> Strides {
        let mut strides = [0; 4];
        for (s, &k) in strides.iter_mut().zip(&self.box_dims) {
            if k != usize::MAX {
                *s = self.stride(o, k);
            }
        }
        strides
    }
}

/// A walk over the boxes of a space from one cell to another.
pub struct Cells<'a> {
    space: &'a Space,
    /// Coordinates of the box among the boxes; on the heap only where there are many dims.
    inline: [usize; 6],
    heap: Vec<usize>,
    pub ext: Extents,
    pub n: usize,
}

impl<'a> Cells<'a> {
    pub fn new(space: &'a Space, mut cell: usize) -> Cells<'a> {
        let d = space.dims.len();
        let heap = if d > 6 { vec![0; d] } else { vec![] };
        let mut cells = Cells { space, inline: [0; 6], heap, ext: [1; 4], n: 0 };
        if cell != 0 {
            let coords = cells.coords_mut();
            for i in (0..d).rev() {
                coords[i] = cell % space.counts[i];
                cell /= space.counts[i];
            }
        }
        cells
    }

    #[inline]
    fn coords(&self) -> &[usize] {
        if self.heap.is_empty() { &self.inline[..self.space.dims.len()] } else { &self.heap }
    }

    #[inline]
    fn coords_mut(&mut self) -> &mut [usize] {
        if self.heap.is_empty() { &mut self.inline[..self.space.dims.len()] } else { &mut self.heap }
    }

    /// Writes each operand's address of the present box to `ptrs` and sets the box's extents.
    #[inline]
    pub fn locate(&mut self, ptrs: &mut [*mut u8]) {
        let s = self.space;
        let d = s.dims.len();
        for (o, p) in ptrs.iter_mut().enumerate() {
            let mut at = 0isize;
            for (i, &c) in self.coords().iter().enumerate() {
                at += (c * s.steps[i]) as isize * s.strides[o * d + i];
            }
            *p = s.ptrs[o].wrapping_offset(at);
        }
        self.n = 1;
        for k in 0..4 {
            let i = s.box_dims[k];
            self.ext[k] = if i == usize::MAX { 1 } else { s.steps[i].min(s.dims[i] - self.coords()[i] * s.steps[i]) };
            self.n *= self.ext[k];
        }
    }

    /// First coordinate of the box along a dim.
    pub fn start(&self, dim: usize) -> usize {
        self.coords()[dim] * self.space.steps[dim]
    }

    #[inline]
    pub fn advance(&mut self) {
        let space = self.space;
        let coords = self.coords_mut();
        for i in (0..coords.len()).rev() {
            coords[i] += 1;
            if coords[i] < space.counts[i] {
                return;
            }
            coords[i] = 0;
        }
    }
}
