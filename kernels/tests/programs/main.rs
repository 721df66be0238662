//! Tests of programs: each instruction, cast, reduce and launch against its definition, and bad commands. One binary, since linking takes longest.

mod casts;
mod common;
mod elementary;
mod gate;
mod in_place;
mod maps;
mod reduces;
