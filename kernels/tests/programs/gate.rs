//! Bad commands and bad programs are refused before anything is touched.

use crate::common::*;
use numgrad_kernels::engine::Engine;
use numgrad_kernels::opcodes::*;
use numgrad_kernels::operand::DType;

fn refused(dims: &[usize], change: impl Fn(&mut Array)) -> String {
    let spec = unary(OP_NEG, REG_F64);
    let out = Array::zeros(DType::F64, 10, &[8]);
    let mut input = Array::zeros(DType::F64, 10, &[8]);
    change(&mut input);
    run_with(&spec, dims, 0, &[&out, &input], &[]).unwrap_err().to_string()
}

#[test]
fn an_operand_that_reaches_outside_its_block_is_refused() {
    assert!(refused(&[11], |_| {}).contains("reaches bytes"));
    assert!(refused(&[10], |a| a.offset = 1).contains("reaches bytes"));
    assert!(refused(&[10], |a| a.strides = vec![-8]).contains("reaches bytes -72"));
    assert!(refused(&[10], |a| a.strides = vec![9]).contains("reaches bytes"));
    assert!(refused(&[2], |a| a.strides = vec![1 << 50]).contains("reaches bytes"));
    assert!(refused(&[1 << 53], |a| a.strides = vec![(1 << 53) - 1]).contains("reaches bytes"));
}

#[test]
fn nothing_is_touched_when_a_dim_is_zero() {
    let out = Array { bytes: 0, ..Array::zeros(DType::F64, 0, &[8]) };
    run(&unary(OP_NEG, REG_F64), &[0], 0, &[&out, &out]);
}

#[test]
fn every_word_of_a_command_may_be_anything() {
    let spec = binary(OP_ADD, REG_F64, REG_F64);
    let mut engine = Engine::default();
    let id = engine.register(&spec.words()).unwrap();
    let a = Array::zeros(DType::F64, 12, &[32, 8]);
    let good = command(&spec, id, &[3, 4], 0, &[&a, &a, &a], &[]);
    engine.run(&good).unwrap();
    let address = |i: usize| i >= 8 && (i - 8) % 6 == 0;
    for i in 0..good.len() {
        for value in [-1.0, 0.0, 0.5, 1e9, 9e15, -9e15, 1e300, f64::NAN, f64::INFINITY] {
            // an address cannot be checked: TypeScript alone makes it. A block size larger than the block is the same lie.
            if address(i) && value > 0.0 || i >= 8 && (i - 8) % 6 == 1 && value > 96.0 {
                continue;
            }
            let mut bad = good.clone();
            bad[i] = value;
            let _ = engine.run(&bad);
        }
        assert!(engine.run(&good[..i]).is_err());
    }
}

#[test]
fn malformed_programs_are_refused() {
    let good = binary(OP_ADD, REG_F64, REG_F64).words();
    let mut engine = Engine::default();
    engine.register(&good).unwrap();
    for i in 0..good.len() {
        assert!(engine.register(&good[..i]).is_err());
        for value in [-1, 7, 83, 255, 1 << 20, i32::MAX, i32::MIN] {
            let mut bad = good.clone();
            bad[i] = value;
            let _ = engine.register(&bad);
        }
    }
    let forward = Spec { insts: vec![[OP_ADD, REG_F64, 1, 1, 0], [OP_LOAD, REG_F64, 0, 0, 0]], operands: 1, ..Spec::default() };
    assert!(engine.register(&forward.words()).is_err());
    let mixed = Spec { insts: vec![[OP_LOAD, REG_F64, 0, 0, 0], [OP_NEG, REG_F32, 0, 0, 0]], operands: 1, ..Spec::default() };
    assert!(engine.register(&mixed.words()).unwrap_err().to_string().contains("register 0 is not a f32"));
}

#[test]
fn an_outer_operand_must_not_move_with_the_reduced_dims() {
    let out = Array::zeros(DType::F64, 10, &[8]);
    let error = run_with(&fold(MONOID_SUM, REG_F64, REG_F64), &[10], 1, &[&out, &out], &[]).unwrap_err();
    assert!(error.to_string().contains("outer stage"));
}
