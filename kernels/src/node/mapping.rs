//! Files mapped into memory as external ArrayBuffers: `map_file` and `sync_file`.

use super::napi::{Fallible, Js};

/// How a file is mapped. Private pages may be written to, but the file never changes.
#[derive(Clone, Copy, PartialEq)]
pub enum Mode {
    Private,
    Shared,
}

#[cfg(unix)]
mod system {
    use super::{Fallible, Js, Mode};
    use napi_sys::*;
    use std::ffi::c_void;
    use std::ptr::null_mut;

    fn last_error(what: &str) -> String {
        format!("{what}: {}", std::io::Error::last_os_error())
    }

    /// The first `bytes` bytes of an open file as an ArrayBuffer, which unmaps them when it is collected.
    pub fn map(js: Js, fd: i32, bytes: usize, mode: Mode) -> Fallible<napi_value> {
        let mut info: libc::stat = unsafe { std::mem::zeroed() };
        if unsafe { libc::fstat(fd, &mut info) } != 0 {
            return Err(last_error("map_file()"));
        }
        if bytes == 0 || (info.st_size as u64) < bytes as u64 {
            return Err(format!("map_file(): {bytes} bytes of a file of {}", info.st_size));
        }
        let flags = if mode == Mode::Shared { libc::MAP_SHARED } else { libc::MAP_PRIVATE };
        let address = unsafe { libc::mmap(null_mut(), bytes, libc::PROT_READ | libc::PROT_WRITE, flags, fd, 0) };
        if address == libc::MAP_FAILED {
            return Err(last_error("map_file()"));
        }
        let hint = Box::into_raw(Box::new(bytes));
        let mut value = null_mut();
        let status = unsafe { napi_create_external_arraybuffer(js.env, address, bytes, Some(unmap), hint.cast(), &mut value) };
        if status != Status::napi_ok {
            drop(unsafe { Box::from_raw(hint) });
            unsafe { libc::munmap(address, bytes) };
            return Err("map_file(): this runtime takes no external buffers".into());
        }
        Ok(value)
    }

    unsafe extern "C" fn unmap(_env: napi_env, data: *mut c_void, hint: *mut c_void) {
        let bytes = unsafe { Box::from_raw(hint as *mut usize) };
        unsafe { libc::munmap(data, *bytes) };
    }

    /// Writes changed pages to the file now.
    pub fn sync(address: usize, bytes: usize) -> Fallible<()> {
        if unsafe { libc::msync(address as *mut c_void, bytes, libc::MS_SYNC) } != 0 {
            return Err(last_error("sync_file()"));
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod system {
    use super::{Fallible, Js, Mode};
    use napi_sys::*;

    pub fn map(_js: Js, _fd: i32, _bytes: usize, _mode: Mode) -> Fallible<napi_value> {
        Err("map_file(): files are mapped on Unix systems only".into())
    }

    pub fn sync(_address: usize, _bytes: usize) -> Fallible<()> {
        Err("sync_file(): files are mapped on Unix systems only".into())
    }
}

pub use system::{map, sync};
