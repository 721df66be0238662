//! Runs one command: the programs and scratch storage of an environment, whatever host it lives in.

use crate::abi::{Launch, decode_call, decode_launch};
use crate::error::KernelError;
use crate::program::Program;
use crate::reduce::Spaces;
use crate::table::{Call, ROUTINES};
use crate::view::Space;
use crate::{map, reduce};

/// What one environment keeps between commands.
#[derive(Default)]
pub struct Engine {
    programs: Vec<Program>,
    launch: Launch,
    space: Space,
    spaces: Spaces,
}

impl Engine {
    /// Checks and stores a program; its id.
    pub fn register(&mut self, words: &[i32]) -> Result<usize, KernelError> {
        self.programs.push(Program::decode(words)?);
        Ok(self.programs.len() - 1)
    }

    /// Runs the command at the start of `words`.
    pub fn run(&mut self, words: &[f64]) -> Result<(), KernelError> {
        match words.first() {
            Some(&1.0) => {
                decode_launch(words, &self.programs, &mut self.launch)?;
                map::run(&self.programs[self.launch.program], &self.launch, &mut self.space)
            }
            Some(&2.0) => {
                decode_launch(words, &self.programs, &mut self.launch)?;
                reduce::run(&self.programs[self.launch.program], &self.launch, &mut self.spaces)
            }
            Some(&3.0) => {
                let call = decode_call(words, ROUTINES.len())?;
                ROUTINES[call.routine].1(&Call { operands: &call.operands, words: &call.words })
            }
            other => Err(KernelError::Message(format!("command: {other:?} is no kind of command"))),
        }
    }
}
