//! What a kernel can fail with; the boundary turns it into a code and words.

/// A failure of a command. It never leaves the crate as a panic.
#[derive(Clone, PartialEq, Debug)]
pub enum KernelError {
    /// A bad command, or a case a kernel does not support.
    Message(String),
    /// An index outside `-size..size` of an axis (-1: the flattened operand).
    Index { index: i64, axis: i64, size: i64 },
    /// A linear algebra routine failed on one item of its batch.
    Linalg { item: i64, what: &'static str },
}

impl KernelError {
    /// An error that says `text`.
    pub fn message(text: impl Into<String>) -> Self {
        KernelError::Message(text.into())
    }
}

impl std::fmt::Display for KernelError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            KernelError::Message(text) => f.write_str(text),
            KernelError::Index { index, axis, size } => {
                write!(f, "index {index} is out of bounds for axis {axis} with size {size}")
            }
            KernelError::Linalg { item, what } => write!(f, "{what} (batch item {item})"),
        }
    }
}

impl std::error::Error for KernelError {}
