//! Plans of Fourier transforms, kept between calls.

use rustfft::{Fft, FftNum};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

#[cfg(not(target_arch = "wasm32"))]
use rustfft::FftPlanner as Planner;
#[cfg(target_arch = "wasm32")]
use rustfft::FftPlannerWasmSimd as Planner;

#[cfg(not(target_arch = "wasm32"))]
fn planner<T: FftNum>() -> Planner<T> {
    Planner::new()
}

/// The one planner that WebAssembly is compiled with: the general one would bring all the others along.
#[cfg(target_arch = "wasm32")]
fn planner<T: FftNum>() -> Planner<T> {
    Planner::new().expect("WebAssembly's SIMD is compiled in")
}

/// Plans by length and direction; all go when there are too many.
struct Plans<T: FftNum> {
    planner: Planner<T>,
    kept: HashMap<(usize, bool), Arc<dyn Fft<T>>>,
}

const KEPT: usize = 64;

impl<T: FftNum> Plans<T> {
    fn new() -> Mutex<Self> {
        Mutex::new(Plans { planner: planner(), kept: HashMap::new() })
    }

    fn get(&mut self, n: usize, inverse: bool) -> Arc<dyn Fft<T>> {
        if let Some(plan) = self.kept.get(&(n, inverse)) {
            return plan.clone();
        }
        if self.kept.len() >= KEPT {
            self.kept.clear();
            self.planner = planner();
        }
        let plan = if inverse { self.planner.plan_fft_inverse(n) } else { self.planner.plan_fft_forward(n) };
        self.kept.insert((n, inverse), plan.clone());
        plan
    }
}

/// A real number whose complex lines are transformed.
pub trait Fourier: FftNum {
    /// The plan for lines of n items (unscaled both ways).
    fn plan(n: usize, inverse: bool) -> Arc<dyn Fft<Self>>;
}

macro_rules! fourier {
    ($($T:ty)*) => {$(
        impl Fourier for $T {
            fn plan(n: usize, inverse: bool) -> Arc<dyn Fft<Self>> {
                static PLANS: LazyLock<Mutex<Plans<$T>>> = LazyLock::new(Plans::new);
                // A poisoned lock only means that another call panicked; the plans themselves are whole.
                PLANS.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get(n, inverse)
            }
        }
    )*};
}
fourier!(f32 f64);
