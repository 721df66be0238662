//! What a checked program gains before it runs: stores last, results computed where they are stored, slots for registers.

use super::{Class, Inst, Program};

impl Program {
    /// Moves the stores of each stage behind its other instructions, so that an output may be an input too.
    pub(super) fn stores_last(&mut self) {
        for at in 0..self.stages.len() {
            let stage = self.stages[at].clone();
            let part = &self.insts[stage.first..stage.end];
            let mut order: Vec<usize> = (0..part.len()).filter(|&i| part[i].class != Class::Store).collect();
            order.extend((0..part.len()).filter(|&i| part[i].class == Class::Store));
            let mut place = vec![0; part.len()];
            for (new, &old) in order.iter().enumerate() {
                place[old] = stage.first + new;
            }
            let moved: Vec<Inst> = order
                .iter()
                .map(|&old| {
                    let mut inst = part[old].clone();
                    let fix = |r: usize| place[r - stage.first];
                    if inst.class == Class::Store {
                        inst.c = fix(inst.c);
                    } else if inst.class == Class::Compute {
                        inst.a = fix(inst.a);
                        inst.b = if inst.arity > 1 { fix(inst.b) } else { inst.a };
                        inst.c = if inst.arity > 2 { fix(inst.c) } else { inst.a };
                    }
                    inst
                })
                .collect();
            self.insts[stage.first..stage.end].clone_from_slice(&moved);
            for fold in &mut self.stages[at].folds {
                fold.register = place[fold.register - stage.first];
            }
        }
    }

    pub(super) fn find_direct(&mut self) {
        for stage in &self.stages {
            let last = (stage.first..stage.end).rev().find(|&i| self.insts[i].class != Class::Store);
            let store = last.and_then(|i| (i + 1..stage.end).find(|&s| self.insts[s].c == i).map(|s| (i, s)));
            self.direct.push(store.filter(|&(i, _)| self.insts[i].class == Class::Compute));
        }
        let pairs = self.insts.iter().filter(|i| i.class == Class::Store).count();
        self.is_copy = !self.reduce
            && self.operands == 2
            && pairs * 2 == self.insts.len()
            && (pairs == 1 || pairs == 2)
            && (0..pairs).all(|b| self.insts.iter().any(|i| i.class == Class::Store && i.b == b))
            && self.insts.iter().all(|i| match i.class {
                Class::Load => i.a == 1,
                Class::Store => i.a == 0 && self.insts[i.c].b == i.b,
                _ => false,
            });
    }

    /// Gives every register a slot of the frame; a slot is free again after the last use of its register. What is the same for
    /// every element of a launch (constants, parameters, broadcast scalars) keeps its slot.
    pub(super) fn allocate_slots(&mut self) {
        let mut slots = 0;
        for stage in &self.stages {
            let mut last = vec![0usize; self.insts.len()];
            for i in stage.first..stage.end {
                let inst = &self.insts[i];
                match inst.class {
                    Class::Store => last[inst.c] = i,
                    Class::Compute => [inst.a, inst.b, inst.c].iter().for_each(|&r| last[r] = i),
                    _ => {}
                }
            }
            for fold in &stage.folds {
                last[fold.register] = usize::MAX;
            }
            let mut free: Vec<usize> = vec![];
            for i in stage.first..stage.end {
                let (class, a, b, c) = { (self.insts[i].class, self.insts[i].a, self.insts[i].b, self.insts[i].c) };
                // The result gets its slot before its operands give theirs back: a kernel never writes over what it reads.
                if class != Class::Store {
                    let reusable = class == Class::Compute || class == Class::Coord;
                    self.insts[i].slot = if let (true, Some(slot)) = (reusable, free.pop()) {
                        slot
                    } else {
                        slots += 1;
                        slots - 1
                    };
                }
                if class == Class::Compute {
                    let mut ended: Vec<usize> =
                        [a, b, c].into_iter().filter(|&r| last[r] == i && self.insts[r].class == Class::Compute).collect();
                    ended.sort_unstable();
                    ended.dedup();
                    free.extend(ended.into_iter().map(|r| self.insts[r].slot));
                }
            }
        }
        self.slots = slots;
    }
}
