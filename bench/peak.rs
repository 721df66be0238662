//! The machine's own limits: bytes a second of reading and of a triad, floating-point operations a second, with one thread and with n.
//! Prints one line of JSON. `bench/roofline.ts` compiles and runs it; it knows nothing of the library.

use std::hint::black_box;
use std::time::Instant;

/// Items of each array of the triad (128 MiB of f64): more than any cache holds.
const ITEMS: usize = 1 << 24;
const ROUNDS: usize = 5;

/// The least seconds that `work(thread)` takes on all threads at once.
fn timed(threads: usize, mut parts: Vec<Box<dyn FnMut() + Send>>) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        if threads == 1 {
            parts[0]();
        } else {
            std::thread::scope(|scope| {
                for part in &mut parts {
                    scope.spawn(move || part());
                }
            });
        }
        least = least.min(begun.elapsed().as_secs_f64());
    }
    least
}

fn triad(a: &mut [f64], b: &[f64], c: &[f64]) {
    for ((x, y), z) in a.iter_mut().zip(b).zip(c) {
        *x = y + 2.5 * z;
    }
}

/// The triad with stores that pass the caches by.
#[cfg(target_arch = "x86_64")]
fn triad_past_caches(a: &mut [f64], b: &[f64], c: &[f64]) {
    use std::arch::x86_64::*;
    let from = a.as_ptr().align_offset(16).min(a.len());
    let n = (a.len() - from) / 2 * 2;
    for i in (from..from + n).step_by(2) {
        // SAFETY: i + 1 lies below the length of all three, and a + i is aligned to 16 bytes.
        unsafe {
            let sum = _mm_add_pd(_mm_loadu_pd(&b[i]), _mm_mul_pd(_mm_loadu_pd(&c[i]), _mm_set1_pd(2.5)));
            _mm_stream_pd(a.as_mut_ptr().add(i), sum);
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn triad_past_caches(a: &mut [f64], b: &[f64], c: &[f64]) {
    triad(a, b, c)
}

fn read(a: &[f64]) -> f64 {
    let mut lanes = [0.0; 64];
    for chunk in a.chunks_exact(64) {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane += x;
        }
    }
    lanes.iter().sum()
}

type Three = (Vec<f64>, Vec<f64>, Vec<f64>);

/// Gigabytes a second of `work` over thirds of memory split among the threads.
fn bandwidth(threads: usize, arrays: usize, work: fn(&mut Three)) -> f64 {
    let n = ITEMS / threads;
    let parts = (0..threads).map(|_| {
        let mut three = (vec![1.0; n], vec![2.0; n], vec![3.0; n]);
        Box::new(move || work(&mut three)) as Box<dyn FnMut() + Send>
    });
    (n * threads * 8 * arrays) as f64 / timed(threads, parts.collect()) / 1e9
}

macro_rules! multiply_add {
    ($name:ident, $type:ty) => {
        /// `steps` times sixteen fused multiply-adds of each number of a block that stays in the first cache; the floating-point operations done.
        fn $name(steps: usize) -> f64 {
            let mut block = [1.0 as $type; 1024];
            let (x, y) = (black_box(0.999), black_box(0.001));
            for _ in 0..steps {
                for item in &mut block {
                    let mut sum = *item;
                    for _ in 0..16 {
                        sum = <$type>::mul_add(sum, x, y);
                    }
                    *item = sum;
                }
                black_box(&mut block);
            }
            (steps * 1024 * 16 * 2) as f64
        }
    };
}

multiply_add!(doubles, f64);
multiply_add!(singles, f32);

/// Gigaflops of a loop on all threads.
fn flops(threads: usize, work: fn(usize) -> f64) -> f64 {
    const STEPS: usize = 50_000;
    let parts = (0..threads).map(|_| Box::new(move || _ = black_box(work(STEPS))) as Box<dyn FnMut() + Send>);
    let done = work(1) * STEPS as f64 * threads as f64;
    done / timed(threads, parts.collect()) / 1e9
}

fn limits(threads: usize) -> String {
    let plain = bandwidth(threads, 3, |(a, b, c)| triad(black_box(a), b, c));
    let past = bandwidth(threads, 3, |(a, b, c)| triad_past_caches(black_box(a), b, c));
    let reading = bandwidth(threads, 1, |(a, _, _)| {
        black_box(read(black_box(a)));
    });
    format!(
        "{{\"threads\":{threads},\"triad\":{:.2},\"read\":{reading:.2},\"float64\":{:.1},\"float32\":{:.1}}}",
        plain.max(past),
        flops(threads, doubles),
        flops(threads, singles)
    )
}

fn main() {
    let threads = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1);
    println!("[{},{}]", limits(1), limits(threads));
}
