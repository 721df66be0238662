//! Seeding: NumPy's SeedSequence for PCG64, and PyTorch's `manual_seed` for mt19937.

use super::super::support::args::{self, Done, refuse};
use super::mersenne::Mersenne;
use super::pcg64::Pcg64;
use crate::table::Call;

const POOL: usize = 4;

/// A multiplier that changes with every use (O'Neill's seed_seq_fe).
struct Hash {
    value: u32,
    factor: u32,
}

impl Hash {
    fn next(&mut self, word: u32) -> u32 {
        let word = word ^ self.value;
        self.value = self.value.wrapping_mul(self.factor);
        let word = word.wrapping_mul(self.value);
        word ^ word >> 16
    }
}

fn mix(x: u32, y: u32) -> u32 {
    let mixed = x.wrapping_mul(0xca01f9dd).wrapping_sub(y.wrapping_mul(0x4973f715));
    mixed ^ mixed >> 16
}

/// The entropy pool of some words.
fn pool(words: &[u32]) -> [u32; POOL] {
    let mut hash = Hash { value: 0x43b0d7e5, factor: 0x931e8875 };
    let mut pool: [u32; POOL] = std::array::from_fn(|i| hash.next(words.get(i).copied().unwrap_or(0)));
    for from in 0..POOL {
        for to in 0..POOL {
            if from != to {
                pool[to] = mix(pool[to], hash.next(pool[from]));
            }
        }
    }
    for &word in words.iter().skip(POOL) {
        for to in pool.iter_mut() {
            *to = mix(*to, hash.next(word));
        }
    }
    pool
}

/// state out uint64 [6]; words [n, n entropy words, the words of the spawn key]: all of 32 bits, least significant first, as NumPy takes big
/// integers apart (0 is one word). `default_rng(seed)` is this state.
pub fn pcg64_seed(call: &Call) -> Done {
    let [state] = args::operands(call, "pcg64_seed")?;
    Pcg64::load("pcg64_seed", state)?;
    let n = args::count(call, "pcg64_seed", 0)?;
    let mut words = Vec::new();
    for i in 1..call.words.len() {
        let word = args::count(call, "pcg64_seed", i)?;
        if word > u32::MAX as usize {
            return refuse("pcg64_seed", "entropy comes in words of 32 bits");
        }
        words.push(word as u32);
    }
    if n > words.len() {
        return refuse("pcg64_seed", format!("{n} words of entropy, but {} words", words.len()));
    }
    // A spawn key may not run together with short entropy.
    if words.len() > n && n < POOL {
        words.splice(n..n, vec![0; POOL - n]);
    }
    let pool = pool(&words);
    let mut hash = Hash { value: 0x8b51f9dd, factor: 0x58f38ded };
    let state_words: Vec<u32> = (0..8).map(|i| hash.next(pool[i % POOL])).collect();
    let long = |i: usize| (state_words[2 * i + 1] as u128) << 32 | state_words[2 * i] as u128;
    Pcg64::seeded(long(0) << 64 | long(1), long(2) << 64 | long(3)).store(state);
    Ok(())
}

/// state out uint32 [632]; words [the low 32 bits of the seed].
pub fn mt19937_seed(call: &Call) -> Done {
    let [state] = args::operands(call, "mt19937_seed")?;
    Mersenne::load("mt19937_seed", state)?;
    let seed = args::count(call, "mt19937_seed", 0)?;
    Mersenne::seeded(seed as u32).store(state);
    Ok(())
}
