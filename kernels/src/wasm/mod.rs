//! The WebAssembly host: one instance is one environment. Its functions are told apart from the add-on's in docs/internals/abi.md;
//! TypeScript writes the command and copies operands into the scratch block, both in linear memory.

use crate::engine::Engine;
use crate::error::KernelError;
use crate::opcodes::{MONOIDS, OPCODES, REGISTERS, STAGES};
use crate::simd;
use crate::table::ROUTINES;
use std::alloc::{Layout, alloc, dealloc};
use std::cell::RefCell;

/// Words of the command buffer.
const WORDS: usize = 16384;
const ALIGN: usize = 64;

struct Environment {
    engine: Engine,
    command: Vec<f64>,
    /// The scratch block's address and size; 0, 0 while there is none.
    scratch: (usize, usize),
    /// What the last failure, or `table` or `info`, has to say.
    text: String,
}

thread_local! {
    static ENVIRONMENT: RefCell<Environment> = RefCell::new(Environment {
        engine: Engine::default(),
        command: vec![0.0; WORDS],
        scratch: (0, 0),
        text: String::new(),
    });
    /// What a panic said: the instance ends with it, but its memory can still be read.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

fn with<R>(body: impl FnOnce(&mut Environment) -> R) -> R {
    ENVIRONMENT.with(|own| body(&mut own.borrow_mut()))
}

/// To be called once, first; the address of the command buffer.
#[unsafe(no_mangle)]
extern "C" fn init() -> usize {
    std::panic::set_hook(Box::new(|what| {
        let text = format!("a kernel panicked: {what}");
        PANIC.with(|own| {
            if let Ok(mut own) = own.try_borrow_mut() {
                *own = text;
            }
        });
    }));
    with(|own| own.command.as_ptr() as usize)
}

/// Number of words of the command buffer.
#[unsafe(no_mangle)]
extern "C" fn command_words() -> usize {
    WORDS
}

/// A block for an array, aligned to 64 bytes and undefined; 0 when there is no memory.
#[unsafe(no_mangle)]
extern "C" fn allocate(bytes: usize) -> usize {
    match Layout::from_size_align(bytes.max(ALIGN), ALIGN) {
        // SAFETY: the size is not 0.
        Ok(layout) => unsafe { alloc(layout) as usize },
        Err(_) => 0,
    }
}

/// Gives back a block of `allocate`, of the same size.
#[unsafe(no_mangle)]
extern "C" fn release(at: usize, bytes: usize) {
    if let Ok(layout) = Layout::from_size_align(bytes.max(ALIGN), ALIGN) {
        // SAFETY: TypeScript gives back what it was given, once.
        unsafe { dealloc(at as *mut u8, layout) };
    }
}

/// A scratch block of at least so many bytes, in place of the one before, whose content is lost; 0 when there is no memory.
#[unsafe(no_mangle)]
extern "C" fn reserve(bytes: usize) -> usize {
    with(|own| {
        let (before, size) = std::mem::take(&mut own.scratch);
        if before != 0 {
            release(before, size);
        }
        let at = allocate(bytes);
        if at != 0 {
            own.scratch = (at, bytes);
        }
        at
    })
}

/// Checks and stores the program whose words begin the scratch block; its id, or -1 and a text.
#[unsafe(no_mangle)]
extern "C" fn register(count: usize) -> i32 {
    with(|own| {
        let (at, size) = own.scratch;
        if count.saturating_mul(4) > size {
            own.text = "register(): the program is longer than the scratch block".into();
            return -1;
        }
        // SAFETY: inside the scratch block, which is aligned and which TypeScript has written.
        let words = unsafe { std::slice::from_raw_parts(at as *const i32, count) };
        match own.engine.register(words) {
            Ok(id) => id as i32,
            Err(error) => {
                own.text = error.to_string();
                -1
            }
        }
    })
}

/// Runs the command; the codes and words of an error are those of the add-on's `run`.
#[unsafe(no_mangle)]
extern "C" fn run() -> i32 {
    with(|own| {
        let Err(error) = own.engine.run(&own.command) else { return 0 };
        own.text = error.to_string();
        match error {
            KernelError::Message(_) => 1,
            KernelError::Index { index, axis, size } => {
                for (word, value) in own.command.iter_mut().zip([index, axis, size]) {
                    *word = value as f64;
                }
                2
            }
            KernelError::Linalg { item, .. } => {
                own.command[0] = item as f64;
                3
            }
        }
    })
}

/// Makes the table the present text: a line each of opcodes, registers, stages, monoids and routines.
#[unsafe(no_mangle)]
extern "C" fn table() {
    let routines: Vec<_> = ROUTINES.iter().map(|routine| routine.0).collect();
    let lines = [&OPCODES[..], &REGISTERS[..], &STAGES[..], &MONOIDS[..], &routines[..]].map(|names| names.join(" "));
    with(|own| own.text = lines.join("\n"));
}

/// Makes the instruction set and the version the present text, a line each.
#[unsafe(no_mangle)]
extern "C" fn info() {
    with(|own| own.text = format!("{}\n{}", simd::isa_name(), env!("CARGO_PKG_VERSION")));
}

/// Address of the present text.
#[unsafe(no_mangle)]
extern "C" fn text() -> usize {
    with(|own| own.text.as_ptr() as usize)
}

/// Bytes of the present text.
#[unsafe(no_mangle)]
extern "C" fn text_length() -> usize {
    with(|own| own.text.len())
}

/// Address of what a panic said.
#[unsafe(no_mangle)]
extern "C" fn panic_text() -> usize {
    PANIC.with(|own| own.borrow().as_ptr() as usize)
}

/// Bytes of what a panic said; 0 without one.
#[unsafe(no_mangle)]
extern "C" fn panic_length() -> usize {
    PANIC.with(|own| own.borrow().len())
}
