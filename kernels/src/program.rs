//! Element programs: decoded from words and checked once, when they are registered.

mod arrange;

use crate::error::KernelError;
use crate::opcodes::*;
use crate::operand::DType;
use crate::simd::fold::Folder;
use crate::simd::{self, Kernel};

pub const MAGIC: i32 = 0x4e47;
const REGISTER_LIMIT: usize = 4096;

/// Register types are storage types; this is the one of each register code.
pub const REGISTER_DTYPE: [DType; 7] = [DType::Bool, DType::I32, DType::U32, DType::I64, DType::U64, DType::F32, DType::F64];

/// What the executor does for an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    Load,
    Store,
    Const,
    Param,
    Coord,
    Acc,
    Compute,
}

/// One instruction; its register is a slot of the frame.
#[derive(Clone, Debug)]
pub struct Inst {
    pub class: Class,
    pub op: u32,
    pub ty: u32,
    /// Type of the result (b1 for comparisons and predicates).
    pub result: u32,
    pub a: usize,
    pub b: usize,
    pub c: usize,
    pub arity: usize,
    pub kernel: Option<Kernel>,
    pub slot: usize,
}

/// A fold of a register into an accumulator.
#[derive(Clone, Debug)]
pub struct Fold {
    pub monoid: u32,
    pub register: usize,
    pub ty: u32,
    pub acc: usize,
    /// The monoid's loops; none for `set`.
    pub folder: Option<Folder>,
}

#[derive(Clone, Debug)]
pub struct Stage {
    pub kind: u32,
    pub first: usize,
    pub end: usize,
    pub folds: Vec<Fold>,
}

/// A checked program.
#[derive(Clone, Debug)]
pub struct Program {
    pub reduce: bool,
    pub insts: Vec<Inst>,
    /// Constants as bits: of an f64 for float types, of an i64 for the others.
    pub constants: Vec<(u32, u64)>,
    pub stages: Vec<Stage>,
    pub operands: usize,
    pub params: Vec<u32>,
    /// Register type of each accumulator.
    pub accs: Vec<u32>,
    pub slots: usize,
    pub uses_coord: bool,
    pub max_coord: usize,
    pub has_arg: bool,
    pub computes: usize,
    /// Rough cost of an element, in additions.
    pub cost: usize,
    /// Whether each operand is stored to.
    pub stored: Vec<bool>,
    pub stored_bits: u64,
    /// Number of store instructions.
    pub stores: usize,
    /// Whether each operand is read or stored in an outer stage; such an operand does not move with the reduced dims.
    pub outer_used: Vec<bool>,
    /// Whether each accumulator is read for every inner element.
    pub acc_inner: Vec<bool>,
    /// Per stage: the last computation and the store of its result, which may then be computed in place.
    pub direct: Vec<Option<(usize, usize)>>,
    /// The program copies operand 1 to operand 0, all components.
    pub is_copy: bool,
}

fn fail<T>(text: String) -> Result<T, KernelError> {
    Err(KernelError::Message(format!("program: {text}")))
}

struct Reader<'a> {
    words: &'a [i32],
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Result<i32, KernelError> {
        let word = self.words.get(self.at).copied();
        self.at += 1;
        word.map_or_else(|| fail("its words end too early".into()), Ok)
    }

    fn count(&mut self, what: &str, limit: usize) -> Result<usize, KernelError> {
        let n = self.next()?;
        if n < 0 || n as usize > limit { fail(format!("{n} {what}")) } else { Ok(n as usize) }
    }

    fn ty(&mut self) -> Result<u32, KernelError> {
        let t = self.next()?;
        if (0..7).contains(&t) { Ok(t as u32) } else { fail(format!("{t} is no register type")) }
    }
}

/// Whether an instruction's result is b1 whatever its type is.
fn is_predicate(op: u32) -> bool {
    matches!(op, OP_EQ | OP_NE | OP_LT | OP_LE | OP_GT | OP_GE | OP_ISNAN | OP_ISINF | OP_ISFINITE | OP_SIGNBIT)
}

/// Number of registers that an instruction reads.
fn arity(op: u32) -> usize {
    match op {
        OP_SELECT => 3,
        OP_ADD..=OP_POW | OP_MIN..=OP_GE | OP_AND..=OP_XOR | OP_SHL | OP_SHR | OP_GCD | OP_LCM => 2,
        OP_COPYSIGN | OP_NEXTAFTER | OP_ATAN2 | OP_HYPOT | OP_POLYGAMMA | OP_ZETA | OP_IGAMMA..=OP_LEGENDRE_P => 2,
        OP_LOAD..=OP_ACC => 0,
        _ => 1,
    }
}

fn cost(op: u32) -> usize {
    match op {
        OP_POW | OP_FLOORDIV | OP_REM | OP_FMOD | OP_GCD | OP_LCM => 16,
        OP_SQRT | OP_CBRT | OP_DIV => 4,
        OP_EXP..=OP_TANH => 8,
        OP_ASINH..=OP_LEGENDRE_P => 24,
        _ => 1,
    }
}

impl Program {
    /// Decodes and checks the words of a program (docs/internals/abi.md).
    pub fn decode(words: &[i32]) -> Result<Program, KernelError> {
        let mut r = Reader { words, at: 0 };
        if r.next()? != MAGIC {
            return fail("the magic word is missing".into());
        }
        let kind = r.next()?;
        if kind != 1 && kind != 2 {
            return fail(format!("kind {kind} is neither map nor reduce"));
        }
        let reduce = kind == 2;
        let n_insts = r.count("instructions", REGISTER_LIMIT)?;
        let n_consts = r.count("constants", REGISTER_LIMIT)?;
        let n_stages = r.count("stages", 64)?;
        let operands = r.count("operands", 64)?;
        let n_params = r.count("parameters", 256)?;
        let n_accs = r.count("accumulators", 64)?;
        let mut raw = Vec::with_capacity(n_insts);
        for _ in 0..n_insts {
            raw.push([r.next()? as u32, r.next()? as u32, r.next()? as u32, r.next()? as u32]);
        }
        let mut constants = Vec::with_capacity(n_consts);
        for _ in 0..n_consts {
            let ty = r.ty()?;
            let low = r.next()? as u32 as u64;
            constants.push((ty, (r.next()? as u32 as u64) << 32 | low));
        }
        let params = (0..n_params).map(|_| r.ty()).collect::<Result<Vec<_>, _>>()?;
        let mut stages = Vec::with_capacity(n_stages);
        for _ in 0..n_stages {
            stages.push(read_stage(&mut r)?);
        }
        if r.at != words.len() {
            return fail(format!("{} words, expected {}", words.len(), r.at));
        }
        if !reduce {
            if n_stages != 0 || n_accs != 0 {
                return fail("a map has no stages and no accumulators".into());
            }
            stages.push(Stage { kind: STAGE_MAP, first: 0, end: n_insts, folds: vec![] });
        }
        let mut p = Program {
            reduce,
            insts: Vec::with_capacity(n_insts),
            constants,
            stages,
            operands,
            params,
            accs: vec![u32::MAX; n_accs],
            slots: 0,
            uses_coord: false,
            max_coord: 0,
            has_arg: false,
            computes: 0,
            cost: 0,
            stored: vec![false; operands],
            stored_bits: 0,
            stores: 0,
            outer_used: vec![false; operands],
            acc_inner: vec![false; n_accs],
            direct: vec![],
            is_copy: false,
        };
        p.check_stages(&raw)?;
        p.stores_last();
        p.allocate_slots();
        p.find_direct();
        Ok(p)
    }

    fn check_stages(&mut self, raw: &[[u32; 4]]) -> Result<(), KernelError> {
        let mut next = 0;
        for s in 0..self.stages.len() {
            let stage = self.stages[s].clone();
            if stage.first != next || stage.end < next || stage.end > raw.len() {
                return fail(format!("stage {s} does not follow the one before it"));
            }
            for (i, words) in raw[..stage.end].iter().enumerate().skip(next) {
                let inst = self.check_inst(i, words, &stage)?;
                self.insts.push(inst);
            }
            next = stage.end;
            for fold in &stage.folds {
                self.check_fold(fold, &stage)?;
            }
        }
        if next != raw.len() { fail("instructions outside every stage".into()) } else { Ok(()) }
    }

    fn check_inst(&mut self, i: usize, w: &[u32; 4], stage: &Stage) -> Result<Inst, KernelError> {
        let (op, ty, source) = (w[0] & 0xff, w[0] >> 8 & 0xff, w[0] >> 16 & 0xff);
        if op as usize >= OPCODES.len() || ty > 6 || source > 6 {
            return fail(format!("instruction {i} is malformed"));
        }
        let name = OPCODES[op as usize];
        let bad = |what: &str| KernelError::Message(format!("program: instruction {i} ({name}): {what}"));
        let (a, b, c) = (w[1] as usize, w[2] as usize, w[3] as usize);
        let read = |reg: usize, ty: u32| match self.insts.get(reg) {
            Some(x) if reg >= stage.first && x.class != Class::Store && x.result == ty => Ok(()),
            _ => Err(bad(&format!("register {reg} is not a {} of this stage", REGISTERS[ty as usize]))),
        };
        let mut inst = Inst {
            class: Class::Compute,
            op,
            ty,
            result: if is_predicate(op) { REG_B1 } else { ty },
            a,
            b,
            c,
            arity: arity(op),
            kernel: None,
            slot: 0,
        };
        match op {
            OP_LOAD | OP_STORE => {
                if a >= self.operands || b > 1 {
                    return Err(bad("no such operand"));
                }
                self.outer_used[a] |= stage.kind == STAGE_OUTER;
                inst.class = if op == OP_LOAD { Class::Load } else { Class::Store };
                if op == OP_STORE {
                    read(c, ty)?;
                    if stage.kind == STAGE_REDUCE {
                        return Err(bad("a reduce stage stores nothing"));
                    }
                    self.stored[a] = true;
                    self.stored_bits |= 1 << a;
                    self.stores += 1;
                }
            }
            OP_CONST => {
                if self.constants.get(a).is_none_or(|k| k.0 != ty) {
                    return Err(bad("no such constant"));
                }
                inst.class = Class::Const;
            }
            OP_PARAM => {
                if self.params.get(a) != Some(&ty) {
                    return Err(bad("no such parameter"));
                }
                inst.class = Class::Param;
            }
            OP_COORD => {
                if ty != REG_I64 || a >= 128 {
                    return Err(bad("a coordinate is an i64 of a dimension"));
                }
                inst.class = Class::Coord;
                self.uses_coord = true;
                self.max_coord = self.max_coord.max(a);
            }
            OP_ACC => {
                if self.accs.get(a) != Some(&ty) {
                    return Err(bad("the accumulator was not set by an earlier stage"));
                }
                self.acc_inner[a] |= stage.kind != STAGE_OUTER;
                inst.class = Class::Acc;
            }
            OP_SELECT => {
                read(a, REG_B1)?;
                read(b, ty)?;
                read(c, ty)?;
            }
            OP_CAST | OP_BITCAST => read(a, source)?,
            _ => {
                read(a, ty)?;
                if inst.arity == 2 {
                    read(b, ty)?;
                }
            }
        }
        if inst.class == Class::Compute {
            inst.kernel = match op {
                OP_CAST => simd::convert(REGISTER_DTYPE[source as usize], REGISTER_DTYPE[ty as usize]),
                OP_BITCAST => simd::bitcast(source, ty),
                _ => simd::kernel(op, ty),
            };
            if inst.kernel.is_none() {
                return Err(bad(&format!("it is not supported for {}", REGISTERS[ty as usize])));
            }
            self.computes += 1;
            self.cost += cost(op);
        }
        Ok(inst)
    }

    fn check_fold(&mut self, fold: &Fold, stage: &Stage) -> Result<(), KernelError> {
        let bad = |what: &str| KernelError::Message(format!("program: fold {}: {what}", MONOIDS.get(fold.monoid as usize).unwrap_or(&"?")));
        match self.insts.get(fold.register) {
            Some(x) if fold.register >= stage.first && x.class != Class::Store && x.result == fold.ty => {}
            _ => return Err(bad("its register is not of this stage and type")),
        }
        if fold.acc >= self.accs.len() {
            return Err(bad("no such accumulator"));
        }
        if (fold.monoid == MONOID_SET) != (stage.kind == STAGE_OUTER) {
            return Err(bad("set belongs to outer stages, the others to reduce stages"));
        }
        if stage.kind == STAGE_MAP {
            return Err(bad("a map stage folds nothing"));
        }
        let arg = fold.monoid == MONOID_ARGMIN || fold.monoid == MONOID_ARGMAX;
        self.has_arg |= arg;
        if fold.monoid != MONOID_SET && fold.folder.is_none() {
            return Err(bad(&format!("it is not supported for {}", REGISTERS[fold.ty as usize])));
        }
        self.accs[fold.acc] = if arg { REG_I64 } else { fold.ty };
        Ok(())
    }
}

fn read_stage(r: &mut Reader) -> Result<Stage, KernelError> {
    let kind = r.count("as a stage kind", STAGES.len() - 1)? as u32;
    let first = r.count("as a first instruction", REGISTER_LIMIT)?;
    let end = r.count("as an end instruction", REGISTER_LIMIT)?;
    let n = r.count("folds", 16)?;
    let mut folds = Vec::with_capacity(n);
    for _ in 0..n {
        let monoid = r.count("as a monoid", MONOIDS.len() - 1)? as u32;
        let register = r.count("as a register", REGISTER_LIMIT)?;
        let ty = r.ty()?;
        let folder = if monoid == MONOID_SET { None } else { simd::fold::find(monoid, ty) };
        folds.push(Fold { monoid, register, ty, acc: r.count("as an accumulator", 64)?, folder });
    }
    Ok(Stage { kind, first, end, folds })
}
