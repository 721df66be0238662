//! The Node add-on: the module's functions (docs/internals/abi.md) over an engine and a pool per environment.

mod mapping;
mod memory;
mod napi;
mod pool;

use crate::engine::Engine;
use crate::error::KernelError;
use crate::opcodes::{MONOIDS, OPCODES, REGISTERS, STAGES};
use crate::table::ROUTINES;
use crate::{parallel, simd};
use napi::{Fallible, Js};
use napi_sys::*;
use pool::{Pool, Shared};
use std::any::Any;
use std::cell::RefCell;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;
use std::rc::Rc;
use std::sync::Once;

/// What one environment (the main thread or a worker) owns.
struct Environment {
    engine: Engine,
    command: *mut f64,
    words: usize,
    /// Keeps the command buffer alive.
    buffer: napi_ref,
    error: String,
    pool: Shared,
}

fn environment<'a>(env: napi_env) -> Option<&'a mut Environment> {
    let mut data = null_mut();
    unsafe {
        napi_get_instance_data(env, &mut data);
        (data as *mut Environment).as_mut()
    }
}

fn panic_text(payload: Box<dyn Any + Send>) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| s.to_string()).or_else(|| payload.downcast_ref::<String>().cloned());
    format!("a kernel panicked: {}", text.unwrap_or_else(|| "no message".into()))
}

/// Runs the body of a function; an error or a panic becomes a thrown Error.
fn guarded(env: napi_env, body: impl FnOnce(Js, &mut Environment) -> Fallible<napi_value>) -> napi_value {
    let js = Js { env };
    let result = catch_unwind(AssertUnwindSafe(|| match environment(env) {
        Some(environment) => body(js, environment),
        None => Err("the environment has ended".into()),
    }));
    match result.unwrap_or_else(|payload| Err(panic_text(payload))) {
        Ok(value) => value,
        Err(text) => {
            js.throw(&text);
            null_mut()
        }
    }
}

unsafe extern "C" fn run(env: napi_env, _info: napi_callback_info) -> napi_value {
    let js = Js { env };
    let Some(own) = environment(env) else { return js.number(1.0) };
    let words = unsafe { std::slice::from_raw_parts(own.command, own.words) };
    let engine = &mut own.engine;
    let result = catch_unwind(AssertUnwindSafe(|| engine.run(words)));
    let error = match result {
        Ok(Ok(())) => return js.number(0.0),
        Ok(Err(error)) => error,
        Err(payload) => KernelError::Message(panic_text(payload)),
    };
    let answer = |words: &[i64]| {
        for (i, &word) in words.iter().enumerate().take(own.words) {
            unsafe { own.command.add(i).write(word as f64) };
        }
    };
    own.error = error.to_string();
    let code = match error {
        KernelError::Message(_) => 1.0,
        KernelError::Index { index, axis, size } => {
            answer(&[index, axis, size]);
            2.0
        }
        KernelError::Linalg { item, .. } => {
            answer(&[item]);
            3.0
        }
    };
    js.number(code)
}

unsafe extern "C" fn error(env: napi_env, _info: napi_callback_info) -> napi_value {
    guarded(env, |js, own| Ok(js.string(&own.error)))
}

unsafe extern "C" fn table(env: napi_env, _info: napi_callback_info) -> napi_value {
    guarded(env, |js, _| {
        Ok(js.object(&[
            ("opcodes", js.strings(OPCODES)),
            ("registers", js.strings(REGISTERS)),
            ("stages", js.strings(STAGES)),
            ("monoids", js.strings(MONOIDS)),
            ("routines", js.strings(ROUTINES.iter().map(|r| r.0))),
        ]))
    })
}

unsafe extern "C" fn init(env: napi_env, info: napi_callback_info) -> napi_value {
    guarded(env, |js, own| {
        let [buffer] = js.args::<1>(info)?;
        let (data, bytes) = js.buffer(buffer)?;
        if bytes < 8 * 64 || !(data as usize).is_multiple_of(8) {
            return Err("init(): the command buffer is too small".into());
        }
        let mut reference = null_mut();
        if unsafe { napi_create_reference(env, buffer, 1, &mut reference) } != Status::napi_ok {
            return Err("init(): the command buffer cannot be kept".into());
        }
        if !own.buffer.is_null() {
            unsafe { napi_delete_reference(env, own.buffer) };
        }
        (own.buffer, own.command, own.words) = (reference, data.cast(), bytes / 8);
        Ok(js.undefined())
    })
}

unsafe extern "C" fn register(env: napi_env, info: napi_callback_info) -> napi_value {
    guarded(env, |js, own| {
        let [words] = js.args::<1>(info)?;
        let id = own.engine.register(js.int32_array(words)?).map_err(|e| e.to_string())?;
        Ok(js.number(id as f64))
    })
}

unsafe extern "C" fn address(env: napi_env, info: napi_callback_info) -> napi_value {
    guarded(env, |js, _| {
        let [buffer] = js.args::<1>(info)?;
        Ok(js.number(js.buffer(buffer)?.0 as usize as f64))
    })
}

unsafe extern "C" fn allocate(env: napi_env, info: napi_callback_info) -> napi_value {
    guarded(env, |js, own| {
        let [owner, bytes, zeroed] = js.args::<3>(info)?;
        let bytes = js.to_size(bytes, "allocate(): bytes")?;
        let address = own.pool.borrow_mut().allocate(js, owner, bytes, js.to_bool(zeroed))?;
        Ok(js.number(address as f64))
    })
}

unsafe extern "C" fn release(env: napi_env, info: napi_callback_info) -> napi_value {
    guarded(env, |js, own| {
        let [address] = js.args::<1>(info)?;
        own.pool.borrow_mut().release(js, js.to_size(address, "release(): address")?)?;
        Ok(js.undefined())
    })
}

unsafe extern "C" fn escape(env: napi_env, info: napi_callback_info) -> napi_value {
    guarded(env, |js, own| {
        let [address] = js.args::<1>(info)?;
        Pool::escape(&own.pool, js, js.to_size(address, "escape(): address")?)
    })
}

unsafe extern "C" fn copy_out(env: napi_env, info: napi_callback_info) -> napi_value {
    guarded(env, |js, _| {
        let [address, bytes] = js.args::<2>(info)?;
        let (address, bytes) = (js.to_size(address, "copy_out(): address")?, js.to_size(bytes, "copy_out(): bytes")?);
        pool::copy_out(js, address, bytes)
    })
}

unsafe extern "C" fn map_file(env: napi_env, info: napi_callback_info) -> napi_value {
    guarded(env, |js, _| {
        let [fd, bytes, shared] = js.args::<3>(info)?;
        let fd = js.to_size(fd, "map_file(): file descriptor")?;
        let bytes = js.to_size(bytes, "map_file(): bytes")?;
        let mode = if js.to_size(shared, "map_file(): mode")? == 1 { mapping::Mode::Shared } else { mapping::Mode::Private };
        mapping::map(js, fd as i32, bytes, mode)
    })
}

unsafe extern "C" fn sync_file(env: napi_env, info: napi_callback_info) -> napi_value {
    guarded(env, |js, _| {
        let [address, bytes] = js.args::<2>(info)?;
        mapping::sync(js.to_size(address, "sync_file(): address")?, js.to_size(bytes, "sync_file(): bytes")?)?;
        Ok(null_mut())
    })
}

unsafe extern "C" fn stats(env: napi_env, _info: napi_callback_info) -> napi_value {
    guarded(env, |js, own| {
        // What the collector has freed since the last poll is not live.
        own.pool.borrow_mut().poll(js);
        let (live, live_bytes, free) = own.pool.borrow().stats();
        Ok(js.object(&[
            ("live", js.number(live as f64)),
            ("liveBytes", js.number(live_bytes as f64)),
            ("freeBytes", js.number(free as f64)),
            ("reserved", js.number((live_bytes + free) as f64)),
        ]))
    })
}

unsafe extern "C" fn settle(env: napi_env, _info: napi_callback_info) -> napi_value {
    guarded(env, |js, own| {
        let live = own.pool.borrow_mut().settle(js);
        Ok(js.number(live as f64))
    })
}

unsafe extern "C" fn trim(env: napi_env, _info: napi_callback_info) -> napi_value {
    guarded(env, |js, own| {
        let mut pool = own.pool.borrow_mut();
        pool.poll(js);
        pool.trim();
        Ok(js.undefined())
    })
}

unsafe extern "C" fn threads(env: napi_env, info: napi_callback_info) -> napi_value {
    guarded(env, |js, _| {
        let [n] = js.args::<1>(info)?;
        if js.type_of(n) != ValueType::napi_undefined {
            let n = js.to_size(n, "threads()")?;
            if n < 1 {
                return Err("threads(): expected a positive number of threads".into());
            }
            parallel::set_threads(n);
        }
        Ok(js.number(parallel::threads() as f64))
    })
}

unsafe extern "C" fn info(env: napi_env, _info: napi_callback_info) -> napi_value {
    guarded(env, |js, _| {
        Ok(js.object(&[
            ("simd", js.string(simd::isa_name())),
            ("threads", js.number(parallel::threads() as f64)),
            ("version", js.string(env!("CARGO_PKG_VERSION"))),
        ]))
    })
}

unsafe extern "C" fn end_environment(_env: napi_env, data: *mut c_void, _hint: *mut c_void) {
    let own = unsafe { Box::from_raw(data as *mut Environment) };
    own.pool.borrow_mut().close();
}

/// Rayon's threads outlive a worker, so the add-on's image must never be unloaded.
#[cfg(unix)]
fn stay_loaded() {
    unsafe {
        let mut found: libc::Dl_info = std::mem::zeroed();
        if libc::dladdr(stay_loaded as *const c_void, &mut found) != 0 {
            libc::dlopen(found.dli_fname, libc::RTLD_NOW | libc::RTLD_NODELETE);
        }
    }
}

#[cfg(not(unix))]
fn stay_loaded() {}

fn start_process() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // The symbols of the host; the library handle must live as long as the process.
        std::mem::forget(unsafe { setup() });
        stay_loaded();
        // Panics become errors in TypeScript; they print nothing here.
        std::panic::set_hook(Box::new(|_| {}));
    });
}

#[unsafe(no_mangle)]
unsafe extern "C" fn node_api_module_get_api_version_v1() -> i32 {
    8
}

#[unsafe(no_mangle)]
unsafe extern "C" fn napi_register_module_v1(env: napi_env, exports: napi_value) -> napi_value {
    start_process();
    let own = Environment {
        engine: Engine::default(),
        command: std::ptr::NonNull::dangling().as_ptr(),
        words: 0,
        buffer: null_mut(),
        error: String::new(),
        pool: Rc::new(RefCell::new(Pool::new())),
    };
    let js = Js { env };
    unsafe { napi_set_instance_data(env, Box::into_raw(Box::new(own)).cast(), Some(end_environment), null_mut()) };
    let functions: [(&str, napi_callback); 17] = [
        ("table", Some(table)),
        ("init", Some(init)),
        ("register", Some(register)),
        ("run", Some(run)),
        ("error", Some(error)),
        ("address", Some(address)),
        ("allocate", Some(allocate)),
        ("release", Some(release)),
        ("escape", Some(escape)),
        ("copy_out", Some(copy_out)),
        ("map_file", Some(map_file)),
        ("sync_file", Some(sync_file)),
        ("stats", Some(stats)),
        ("settle", Some(settle)),
        ("trim", Some(trim)),
        ("threads", Some(threads)),
        ("info", Some(info)),
    ];
    for (name, callback) in functions {
        let name_c = std::ffi::CString::new(name).unwrap_or_default();
        unsafe { napi_set_named_property(env, exports, name_c.as_ptr(), js.function(name, callback)) };
    }
    exports
}
