//! Where a convolution reads: the source laid out in padded planes, one a phase of the stride, so that every tap of every position is a fixed distance away.

/// One spatial dimension: x[q stride + k dilation - padding] goes with y[q] under tap k.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dim {
    pub stride: usize,
    pub padding: isize,
    pub dilation: usize,
    pub x: usize,
    pub y: usize,
    pub k: usize,
}

/// Which side is read and which is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Way {
    /// From x to y (and to the weight).
    Forth,
    /// From y to x.
    Back,
}

/// Along one dimension: a tap that reaches a phase of the target, from a phase of the source, so many positions on.
#[derive(Clone, Copy)]
struct Reach {
    tap: usize,
    phase: usize,
    shift: isize,
}

impl Dim {
    fn source_len(&self, way: Way) -> usize {
        if way == Way::Forth { self.x } else { self.y }
    }
    /// Source phases: x is read in steps of the stride.
    fn source_phases(&self, way: Way) -> usize {
        if way == Way::Forth { self.stride } else { 1 }
    }
    fn target_phases(&self, way: Way) -> usize {
        if way == Way::Forth { 1 } else { self.stride.min(self.x) }
    }
    /// Positions of the target in one of its phases.
    fn positions(&self, way: Way, phase: usize) -> usize {
        if way == Way::Forth { self.y } else { (self.x - phase).div_ceil(self.stride) }
    }
    fn reaches(&self, way: Way, phase: usize) -> Vec<Reach> {
        let stride = self.stride as isize;
        let reach = |tap: usize| {
            let step = (tap * self.dilation) as isize - self.padding;
            match way {
                Way::Forth => Some(Reach { tap, phase: step.rem_euclid(stride) as usize, shift: step.div_euclid(stride) }),
                Way::Back => {
                    let from = phase as isize - step;
                    (from.rem_euclid(stride) == 0).then_some(Reach { tap, phase: 0, shift: from / stride })
                }
            }
        };
        (0..self.k).filter_map(reach).collect()
    }
}

/// One phase of the target: every `stride`-th position from `start` on.
pub(super) struct Phase {
    pub start: Vec<usize>,
    /// Its taps by their coordinates in the weight, and how far from a position (in items of the padded source) each one looks.
    pub taps: Vec<Vec<usize>>,
    pub offsets: Vec<u32>,
    /// Valid rows of positions: their place in the padded plane, and their coordinates but the last.
    pub rows: Vec<(usize, Vec<usize>)>,
    /// Positions of a row.
    pub width: usize,
}

/// Items of a row of the source that go into the padded channel at `to`; `from` and `step` are in bytes of the source.
pub(super) struct Run {
    pub to: usize,
    pub from: isize,
    pub step: isize,
    pub count: usize,
}

/// The padded source of one channel and where each phase of the target reads in it.
pub(super) struct Plan {
    pub way: Way,
    pub dims: Vec<Dim>,
    /// Zeros before the first item, per dimension, and the padded lengths.
    before: Vec<usize>,
    padded: Vec<usize>,
    /// Items of one source phase, and of a channel: all its phases.
    plane: usize,
    pub channel: usize,
    pub phases: Vec<Phase>,
}

/// Every combination of one number below each count, the last one fastest.
fn combinations(counts: &[usize]) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for &count in counts {
        all = all.iter().flat_map(|start| (0..count).map(|i| [start.as_slice(), &[i]].concat())).collect();
    }
    all
}

impl Plan {
    /// None when the padded source has more items than 32 bits count.
    pub fn new(way: Way, dims: Vec<Dim>) -> Option<Plan> {
        let starts = combinations(&dims.iter().map(|d| d.target_phases(way)).collect::<Vec<_>>());
        let (mut before, mut padded) = (Vec::new(), Vec::new());
        for dim in &dims {
            let (mut low, mut high) = (0, 1);
            for phase in 0..dim.target_phases(way) {
                for reach in dim.reaches(way, phase) {
                    low = low.min(reach.shift);
                    high = high.max(reach.shift + dim.positions(way, phase) as isize);
                }
                high = high.max(dim.positions(way, phase) as isize);
            }
            before.push(-low as usize);
            padded.push((high - low) as usize);
        }
        let items: u128 = padded.iter().map(|&n| n as u128).product();
        let phases: u128 = dims.iter().map(|d| d.source_phases(way) as u128).product();
        if (items + 64) * phases >= 1 << 31 {
            return None;
        }
        // planes that lie a power of two apart would fall on the same lines of the cache
        let plane = items as usize + if items % 256 == 0 { 16 } else { 0 };
        let mut plan = Plan { way, dims, before, padded, plane, channel: plane * phases as usize, phases: Vec::new() };
        plan.phases = starts.into_iter().map(|start| plan.phase(start)).collect();
        Some(plan)
    }

    /// Items from one position to the next along a dimension.
    fn pitch(&self, d: usize) -> usize {
        self.padded[d + 1..].iter().product()
    }

    fn phase(&self, start: Vec<usize>) -> Phase {
        let last = self.dims.len() - 1;
        let mut taps = vec![(Vec::new(), 0usize, 0usize)];
        for (d, dim) in self.dims.iter().enumerate() {
            let reaches = dim.reaches(self.way, start[d]);
            let pitch = self.pitch(d);
            taps = taps
                .iter()
                .flat_map(|(tap, source, offset)| {
                    reaches.iter().map(move |r| {
                        let shift = (r.shift + self.before[d] as isize) as usize;
                        ([tap.as_slice(), &[r.tap]].concat(), source * dim.source_phases(self.way) + r.phase, offset + shift * pitch)
                    })
                })
                .collect();
        }
        let counts: Vec<usize> = self.dims.iter().zip(&start).map(|(d, &phase)| d.positions(self.way, phase)).collect();
        let rows = combinations(&counts[..last])
            .into_iter()
            .map(|row| (row.iter().enumerate().map(|(d, &q)| q * self.pitch(d)).sum(), row))
            .collect();
        let offsets = taps.iter().map(|(_, source, offset)| (source * self.plane + offset) as u32).collect();
        Phase { start, taps: taps.into_iter().map(|tap| tap.0).collect(), offsets, rows, width: counts[last] }
    }

    /// Positions of the padded plane from the first valid one to the last.
    pub fn length(&self, phase: &Phase) -> usize {
        phase.rows.last().map_or(0, |row| row.0 + phase.width)
    }

    /// How one channel is laid out, row by row.
    pub fn runs(&self, strides: &[isize]) -> Vec<Run> {
        let mut runs = Vec::new();
        let counts: Vec<usize> = self.dims.iter().map(|d| d.source_phases(self.way)).collect();
        let last = self.dims.len() - 1;
        for (index, phase) in combinations(&counts).iter().enumerate() {
            // positions of this phase, no more than the padded lengths hold
            let there = |d: usize| {
                let count = (self.dims[d].source_len(self.way) + counts[d] - 1 - phase[d]) / counts[d];
                count.min(self.padded[d] - self.before[d])
            };
            if there(last) == 0 {
                continue;
            }
            for row in combinations(&(0..last).map(there).collect::<Vec<_>>()) {
                let mut to = index * self.plane + self.before[last];
                let mut from = phase[last] as isize * strides[last];
                for (d, &q) in row.iter().enumerate() {
                    to += (q + self.before[d]) * self.pitch(d);
                    from += (q * counts[d] + phase[d]) as isize * strides[d];
                }
                runs.push(Run { to, from, step: counts[last] as isize * strides[last], count: there(last) });
            }
        }
        runs
    }
}
