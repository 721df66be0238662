//! The pool of one environment: blocks whose owners are JS objects, found dead by polling weak references.

use super::memory::{class_of, forbid, free, reserve, starts_zeroed};
use super::napi::{Fallible, Js};
use napi_sys::*;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ptr::{null_mut, write_bytes};
use std::rc::Rc;

/// A block that some JS object owns.
struct Live {
    class: usize,
    bytes: usize,
    owner: napi_ref,
    /// Weak reference to the external ArrayBuffer over the block, once it has escaped.
    escaped: Option<napi_ref>,
    place: usize,
}

/// Free memory kept for use again, at most: this and as much as is live.
const KEEP: usize = 256 << 20;

#[derive(Default)]
pub struct Pool {
    live: HashMap<usize, Live>,
    /// Addresses of live blocks in any order, to poll them a part at a time.
    order: Vec<usize>,
    /// Free blocks by size class, the last returned on top: what the caches may still hold.
    idle: BTreeMap<usize, Vec<usize>>,
    live_bytes: usize,
    idle_bytes: usize,
    /// Bytes handed out since every owner was last asked.
    since_poll: usize,
    /// Bytes that V8 was told of.
    reported: usize,
    /// The host collects owners itself and calls `settle` afterwards: V8 is told nothing.
    collected: bool,
    poison: bool,
    closed: bool,
}

pub type Shared = Rc<RefCell<Pool>>;

impl Pool {
    pub fn new() -> Pool {
        Pool { poison: std::env::var("NUMGRAD_POISON").is_ok_and(|v| v == "1"), ..Pool::default() }
    }

    /// A block for `owner`; it comes back when the owner is collected.
    pub fn allocate(&mut self, js: Js, owner: napi_value, bytes: usize, zeroed: bool) -> Fallible<usize> {
        let class = class_of(bytes).ok_or_else(|| format!("cannot allocate {bytes} bytes"))?;
        let mut found = self.take_idle(class);
        if found.is_none() && self.since_poll >= self.poll_interval() {
            self.poll(js);
            found = self.take_idle(class);
        }
        let fresh = found.is_none();
        let (address, class) = match found.or_else(|| reserve(class).map(|p| (p as usize, class))) {
            Some(block) => block,
            None => (self.last_resort(js, class).ok_or_else(|| format!("cannot allocate {bytes} bytes"))?, class),
        };
        forbid(address, class, false);
        if zeroed && !(fresh && starts_zeroed(class)) {
            unsafe { write_bytes(address as *mut u8, 0, bytes) };
        }
        let mut reference = null_mut();
        let status = unsafe { napi_create_reference(js.env, owner, 0, &mut reference) };
        if status != Status::napi_ok {
            self.keep_or_free(address, class);
            return Err("the owner of a block must be an object".into());
        }
        forbid(address + bytes, class - bytes, true);
        self.live.insert(address, Live { class, bytes, owner: reference, escaped: None, place: self.order.len() });
        self.order.push(address);
        self.live_bytes += class;
        self.since_poll += class;
        if !self.collected {
            self.reported += class;
            adjust(js, class as i64);
        }
        Ok(address)
    }

    /// An idle block of the class, or of one at most twice as large; with the class that it has.
    fn take_idle(&mut self, class: usize) -> Option<(usize, usize)> {
        let (&found, blocks) = self.idle.range_mut(class..=2 * class).find(|(_, blocks)| !blocks.is_empty())?;
        let address = blocks.pop()?;
        self.idle_bytes -= found;
        Some((address, found))
    }

    /// Frees idle blocks of other classes until there is room for one of this class; whether there is.
    fn make_room(&mut self, class: usize) -> bool {
        let limit = KEEP.max(self.live_bytes);
        let others: Vec<usize> = self.idle.keys().copied().filter(|&c| c != class).collect();
        for other in others {
            while self.idle_bytes + class > limit {
                let Some(address) = self.idle.get_mut(&other).and_then(|blocks| (!blocks.is_empty()).then(|| blocks.remove(0))) else {
                    break;
                };
                self.idle_bytes -= other;
                free(address as *mut u8, other);
            }
        }
        self.idle_bytes + class <= limit
    }

    /// Asking costs some 50 ns a block, so it waits until enough was handed out since the last time.
    fn poll_interval(&self) -> usize {
        (32 << 20).max(self.live_bytes / 8).max(self.live.len() * 256)
    }

    /// Takes back the blocks whose owners are gone.
    pub fn poll(&mut self, js: Js) {
        self.since_poll = 0;
        let mut scope = null_mut();
        unsafe { napi_open_handle_scope(js.env, &mut scope) };
        let mut dead = vec![];
        for (i, &address) in self.order.iter().enumerate() {
            let block = &self.live[&address];
            if block.escaped.is_none() && is_dead(js, block.owner) {
                dead.push(address);
            }
            if i % 1024 == 1023 {
                unsafe {
                    napi_close_handle_scope(js.env, scope);
                    napi_open_handle_scope(js.env, &mut scope);
                }
            }
        }
        unsafe { napi_close_handle_scope(js.env, scope) };
        for address in dead {
            self.retire(js, address);
        }
        self.report_less(js);
    }

    /// Tells V8 of blocks that are gone.
    fn report_less(&mut self, js: Js) {
        if self.reported > self.live_bytes {
            adjust(js, self.live_bytes as i64 - self.reported as i64);
            self.reported = self.live_bytes;
        }
    }

    /// After a collection by the host: takes back what it freed, and gives the live bytes. From then on V8 is not told of blocks.
    pub fn settle(&mut self, js: Js) -> usize {
        self.collected = true;
        self.poll(js);
        adjust(js, -(self.reported as i64));
        self.reported = 0;
        self.live_bytes
    }

    /// Ends a live block.
    fn retire(&mut self, js: Js, address: usize) {
        let Some(block) = self.live.remove(&address) else { return };
        self.order.swap_remove(block.place);
        if let Some(moved) = self.order.get(block.place) {
            if let Some(other) = self.live.get_mut(moved) {
                other.place = block.place;
            }
        }
        unsafe {
            napi_delete_reference(js.env, block.owner);
            if let Some(reference) = block.escaped {
                napi_delete_reference(js.env, reference);
            }
        }
        self.live_bytes -= block.class;
        self.keep_or_free(address, block.class);
    }

    fn keep_or_free(&mut self, address: usize, class: usize) {
        if self.poison {
            forbid(address, class, false);
            unsafe { write_bytes(address as *mut u8, 0xa5, class) };
        }
        if self.closed || !self.make_room(class) {
            free(address as *mut u8, class);
        } else {
            forbid(address, class, true);
            self.idle_bytes += class;
            self.idle.entry(class).or_default().push(address);
        }
    }

    /// The system refused: everything idle goes back to it before the last try.
    fn last_resort(&mut self, js: Js, class: usize) -> Option<usize> {
        self.poll(js);
        self.trim();
        reserve(class).map(|p| p as usize)
    }

    /// Gives a block back before its owner is collected.
    pub fn release(&mut self, js: Js, address: usize) -> Fallible<()> {
        match self.live.get(&address) {
            None => Err(format!("release(): no live block at {address}")),
            Some(block) if block.escaped.is_some() => Err("release(): the block has escaped into an ArrayBuffer".into()),
            Some(_) => {
                self.retire(js, address);
                self.report_less(js);
                Ok(())
            }
        }
    }

    /// The one external ArrayBuffer over a block; from then on its finalizer returns the block.
    pub fn escape(shared: &Shared, js: Js, address: usize) -> Fallible<napi_value> {
        let bytes = {
            let pool = shared.borrow();
            let block = pool.live.get(&address).ok_or_else(|| format!("escape(): no live block at {address}"))?;
            if let Some(reference) = block.escaped {
                let mut value = null_mut();
                unsafe { napi_get_reference_value(js.env, reference, &mut value) };
                return if value.is_null() { Err("escape(): the block's ArrayBuffer is gone".into()) } else { Ok(value) };
            }
            block.bytes
        };
        let hint = Box::into_raw(Box::new(shared.clone()));
        let mut value = null_mut();
        let status =
            unsafe { napi_create_external_arraybuffer(js.env, address as *mut _, bytes, Some(return_block), hint.cast(), &mut value) };
        if status != Status::napi_ok {
            drop(unsafe { Box::from_raw(hint) });
            // Hosts without external buffers (Electron) get a copy; the block stays its owner's.
            return copy_out(js, address, bytes);
        }
        let mut reference = null_mut();
        unsafe { napi_create_reference(js.env, value, 0, &mut reference) };
        if let Some(block) = shared.borrow_mut().live.get_mut(&address) {
            block.escaped = Some(reference);
        }
        Ok(value)
    }

    pub fn trim(&mut self) {
        for (class, blocks) in std::mem::take(&mut self.idle) {
            blocks.into_iter().for_each(|address| free(address as *mut u8, class));
        }
        self.idle_bytes = 0;
    }

    /// Blocks and bytes: live, live bytes, free bytes.
    pub fn stats(&self) -> (usize, usize, usize) {
        (self.live.len(), self.live_bytes, self.idle_bytes)
    }

    /// The environment ends: blocks go back to the system, but for escaped ones, whose finalizers may still come.
    pub fn close(&mut self) {
        self.closed = true;
        self.trim();
        let gone: Vec<usize> = self.live.iter().filter(|(_, b)| b.escaped.is_none()).map(|(&a, _)| a).collect();
        for address in gone {
            if let Some(block) = self.live.remove(&address) {
                free(address as *mut u8, block.class);
            }
        }
        self.order.clear();
        super::memory::trim();
    }
}

/// Finalizer of an escaped block's ArrayBuffer.
unsafe extern "C" fn return_block(env: napi_env, data: *mut std::ffi::c_void, hint: *mut std::ffi::c_void) {
    let shared = unsafe { Box::from_raw(hint as *mut Shared) };
    let Ok(mut pool) = shared.try_borrow_mut() else { return };
    if pool.closed {
        if let Some(block) = pool.live.remove(&(data as usize)) {
            free(data.cast(), block.class);
        }
        return;
    }
    pool.retire(Js { env }, data as usize);
    pool.report_less(Js { env });
}

fn is_dead(js: Js, reference: napi_ref) -> bool {
    let mut value = null_mut();
    unsafe { napi_get_reference_value(js.env, reference, &mut value) == Status::napi_ok && value.is_null() }
}

/// Tells V8 how much memory hangs on its objects, which makes it collect in time.
fn adjust(js: Js, bytes: i64) {
    let mut total = 0;
    unsafe { napi_adjust_external_memory(js.env, bytes, &mut total) };
}

/// An ordinary ArrayBuffer with a copy of `bytes` bytes.
pub fn copy_out(js: Js, address: usize, bytes: usize) -> Fallible<napi_value> {
    let (mut data, mut value) = (null_mut(), null_mut());
    let status = unsafe { napi_create_arraybuffer(js.env, bytes, &mut data, &mut value) };
    if status != Status::napi_ok {
        return Err(format!("cannot allocate {bytes} bytes"));
    }
    if bytes > 0 {
        unsafe { std::ptr::copy_nonoverlapping(address as *const u8, data.cast(), bytes) };
    }
    Ok(value)
}
