//! Numbers from `numpy.random.default_rng(42)` and `torch.manual_seed(42)`.

use crate::common::{Array, Item, call};

/// The state of `default_rng(42)`.
fn pcg() -> Array<u64> {
    let state = Array::zeros(&[6]);
    call("pcg64_seed", &[state.view()], &[1.0, 42.0]).unwrap();
    state
}

fn drawn<T: Item>(n: usize, words: &[f64]) -> Vec<T> {
    let out = Array::<T>::zeros(&[n]);
    let words: Vec<f64> = [&[0.0], words].concat();
    call("random", &[out.view(), pcg().view()], &words).unwrap();
    out.items
}

fn bits(items: Vec<f64>) -> Vec<u64> {
    items.into_iter().map(f64::to_bits).collect()
}

fn bits32(items: Vec<f32>) -> Vec<u32> {
    items.into_iter().map(f32::to_bits).collect()
}

#[test]
fn seeds_of_any_length_and_spawn_keys_give_numpys_state() {
    let state = Array::<u64>::zeros(&[6]);
    // SeedSequence(2**70 + 5, spawn_key=(1,))
    call("pcg64_seed", &[state.view()], &[3.0, 5.0, 0.0, 64.0, 1.0]).unwrap();
    let expected = [0xbe2a74538b900e55, 0xe0b8d72327483181, 0xff1dc519270d2b8e, 0xe1524914d4077d21, 0, 0];
    assert_eq!(state.items, expected);
}

#[test]
fn floats_are_numpys_bit_for_bit() {
    let uniform = [0x3fe8c43f79a2db24, 0x3fdc16959869e47e, 0x3feb79a2584ddb42, 0x3fe650d6c1c2c011];
    assert_eq!(bits(drawn(4, &[0.0])), uniform);
    let normal = [0x3fd3807c1104fc6b, 0xbff0a3c65fca9a7e, 0x3fe803b239e77350, 0x3fee191b2d157f36];
    assert_eq!(bits(drawn(4, &[2.0])), normal);
    assert_eq!(bits(drawn(3, &[3.0])), [0x40033bd1b8765db9, 0x4002b08433c827fc, 0x400313fd9339e3b5]);
    assert_eq!(bits(drawn(3, &[9.0, 2.5, 2.0])), [0x40152cc55cf51c29, 0x401bc1dd8c2b34d1, 0x4012e1fb7a8745dd]);
    assert_eq!(bits32(drawn(4, &[0.0])), [0x3db6c930, 0x3f4621fb, 0x3f2791ff, 0x3ee0b4ac]);
    assert_eq!(bits32(drawn(3, &[2.0])), [0x3e11501d, 0xbfd591ab, 0xbfaa8284]);
    // Far enough for the tails.
    assert_eq!(drawn::<f64>(1_000_001, &[2.0])[1_000_000].to_bits(), 0xbfeaaa43175470c0);
}

/// The words of `integers(low, high)`.
fn integers(low: i64, high: i64) -> [f64; 5] {
    let halves = |x: u64| ((x >> 32) as f64, (x & 0xffff_ffff) as f64);
    let (low_high, low_low) = halves(low as u64);
    let (range_high, range_low) = halves((high - 1).wrapping_sub(low) as u64);
    [5.0, low_high, low_low, range_high, range_low]
}

#[test]
fn integers_are_numpys_at_every_width() {
    assert_eq!(drawn::<i64>(8, &integers(0, 10)), [0, 7, 6, 4, 4, 8, 0, 6]);
    assert_eq!(drawn::<i8>(8, &integers(-100, 101)), [6, -71, 70, -83, 60, -75, 55, 51]);
    assert_eq!(drawn::<u16>(6, &integers(0, 1000)), [150, 89, 983, 773, 999, 654]);
    let big = [2526798557578302276, -563746889639854112, 3307482026984934162];
    assert_eq!(drawn::<i64>(3, &integers(-(1 << 62), 1 << 62)), big);
    assert_eq!(drawn::<i64>(6, &[23.0, 30.5]), [35, 37, 35, 23, 28, 33]);
    assert_eq!(drawn::<i64>(6, &[25.0, 1000.0, 0.7]), [705, 724, 707, 711, 696, 688]);
}

#[test]
fn parameters_as_arrays_draw_the_same_stream() {
    let (loc, scale) = (Array::from_fn(&[50], |_| 3.0f64), Array::from_fn(&[50], |_| 2.0f64));
    let out = Array::<f64>::zeros(&[50]);
    call("random", &[out.view(), pcg().view(), loc.view(), scale.view()], &[0.0, 7.0]).unwrap();
    assert_eq!(out.items, drawn::<f64>(50, &[7.0, 3.0, 2.0]));
}

#[test]
fn shuffles_and_choices_are_numpys() {
    let x = Array::from_fn(&[8], |i| i as i32);
    call("random_shuffle", &[x.view(), pcg().view()], &[0.0, 1.0, 0.0]).unwrap();
    assert_eq!(x.items, [3, 4, 2, 7, 6, 1, 5, 0]);
    let picks = Array::<i64>::zeros(&[4]);
    call("random_choice", &[picks.view(), pcg().view()], &[0.0, 10.0, 1.0]).unwrap();
    assert_eq!(picks.items, [4, 0, 5, 6]);
}

#[test]
fn states_and_distributions_that_do_not_fit_are_errors() {
    let out = Array::<f64>::zeros(&[2]);
    assert!(call("random", &[out.view(), Array::<u64>::zeros(&[5]).view()], &[0.0, 0.0]).is_err());
    assert!(call("random", &[out.view(), pcg().view()], &[0.0, 99.0]).is_err());
    assert!(call("random", &[out.view(), pcg().view()], &[0.0, 7.0, 1.0]).is_err());
    assert!(call("random", &[Array::<i32>::zeros(&[2]).view(), pcg().view()], &[0.0, 2.0]).is_err());
}

fn torch<T: Item>(n: usize, words: &[f64]) -> Vec<T> {
    let state = Array::<u32>::zeros(&[632]);
    call("mt19937_seed", &[state.view()], &[42.0]).unwrap();
    let out = Array::<T>::zeros(&[n]);
    call("mt19937", &[out.view(), state.view()], words).unwrap();
    out.items
}

#[test]
fn uniform_and_normal_tensors_are_pytorchs_bit_for_bit() {
    assert_eq!(bits32(torch(4, &[0.0, 0.0, 1.0])), [0x3f61dc66, 0x3f6a3db3, 0x3ec406b8, 0x3f75950e]);
    assert_eq!(bits(torch(2, &[0.0, 0.0, 1.0])), [0x3fadc66cbea3db30, 0x3fb01ae177aca870]);
    assert_eq!(bits32(torch(3, &[1.0, 0.0, 1.0])), [0x3eac62ae, 0x3e03e69d, 0x3e7016e7]);
    // 20 items: one block of 16, then the last 16 again.
    let normal = [
        0x3ff6a529, 0x3fbe5f53, 0x3f669567, 0xc006c0db, 0xbf4214e2, 0x3f8a0650, 0x3f4d0144, 0x3fd71e93, 0x3eb63345, 0xbf2fc686, 0xbefc9934,
        0x3e774893, 0xbe6d2eed, 0x3d2b0c00, 0xbe80ce7a, 0x3f5c1fb0, 0xbe9e9482, 0xbeca9a91, 0x3f4dac3c, 0xbf1f20e0,
    ];
    assert_eq!(bits32(torch(20, &[1.0, 0.0, 1.0])), normal);
    assert_eq!(bits32(torch(3, &[5.0, 2.0])), [0x3cf56866, 0x3d051234, 0x3d871531]);
}

#[test]
fn integer_tensors_and_permutations_are_pytorchs() {
    assert_eq!(torch::<i64>(8, &[2.0, 0.0, 0.0, 0.0, 10.0]), [2, 7, 6, 4, 6, 5, 0, 4]);
    assert_eq!(torch::<i64>(3, &[2.0, 0.0, 0.0, 256.0, 0.0]), [441507790259, 395924837646, 458615280711]);
    assert_eq!(torch::<f32>(8, &[4.0, 0.3]), [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    let state = Array::<u32>::zeros(&[632]);
    call("mt19937_seed", &[state.view()], &[42.0]).unwrap();
    let out = Array::<i64>::zeros(&[8]);
    call("mt19937_permutation", &[out.view(), state.view()], &[]).unwrap();
    assert_eq!(out.items, [6, 3, 0, 7, 2, 1, 4, 5]);
}
