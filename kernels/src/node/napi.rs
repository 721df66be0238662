//! A thin layer over N-API: arguments, results and errors of one call.

use napi_sys::*;
use std::ffi::CString;
use std::ptr::{null, null_mut};

/// The environment of one call, with the few conversions that the module needs.
#[derive(Clone, Copy)]
pub struct Js {
    pub env: napi_env,
}

pub type Fallible<T> = Result<T, String>;

fn check(status: napi_status, what: &str) -> Fallible<()> {
    if status == Status::napi_ok { Ok(()) } else { Err(format!("{what} failed (N-API status {status})")) }
}

impl Js {
    /// The first `N` arguments of a call; missing ones are `undefined`.
    pub fn args<const N: usize>(self, info: napi_callback_info) -> Fallible<[napi_value; N]> {
        let (mut count, mut values) = (N, [null_mut(); N]);
        check(unsafe { napi_get_cb_info(self.env, info, &mut count, values.as_mut_ptr(), null_mut(), null_mut()) }, "reading arguments")?;
        Ok(values)
    }

    pub fn undefined(self) -> napi_value {
        let mut value = null_mut();
        unsafe { napi_get_undefined(self.env, &mut value) };
        value
    }

    pub fn number(self, x: f64) -> napi_value {
        let mut value = null_mut();
        unsafe { napi_create_double(self.env, x, &mut value) };
        value
    }

    pub fn string(self, text: &str) -> napi_value {
        let mut value = null_mut();
        unsafe { napi_create_string_utf8(self.env, text.as_ptr().cast(), text.len() as isize, &mut value) };
        value
    }

    pub fn strings<'a>(self, items: impl IntoIterator<Item = &'a str>) -> napi_value {
        let mut array = null_mut();
        unsafe { napi_create_array(self.env, &mut array) };
        for (i, item) in items.into_iter().enumerate() {
            unsafe { napi_set_element(self.env, array, i as u32, self.string(item)) };
        }
        array
    }

    pub fn object(self, fields: &[(&str, napi_value)]) -> napi_value {
        let mut object = null_mut();
        unsafe { napi_create_object(self.env, &mut object) };
        for (name, value) in fields {
            let name = CString::new(*name).unwrap_or_default();
            unsafe { napi_set_named_property(self.env, object, name.as_ptr(), *value) };
        }
        object
    }

    pub fn type_of(self, value: napi_value) -> napi_valuetype {
        let mut kind = ValueType::napi_undefined;
        unsafe { napi_typeof(self.env, value, &mut kind) };
        kind
    }

    pub fn to_number(self, value: napi_value, what: &str) -> Fallible<f64> {
        let mut x = 0.0;
        match unsafe { napi_get_value_double(self.env, value, &mut x) } {
            Status::napi_ok => Ok(x),
            _ => Err(format!("{what} must be a number")),
        }
    }

    /// An integer in `0..=2^53`.
    pub fn to_size(self, value: napi_value, what: &str) -> Fallible<usize> {
        let x = self.to_number(value, what)?;
        if x >= 0.0 && x <= (1u64 << 53) as f64 && x.fract() == 0.0 {
            Ok(x as usize)
        } else {
            Err(format!("{what} must be a size, got {x}"))
        }
    }

    pub fn to_bool(self, value: napi_value) -> bool {
        let mut b = false;
        unsafe { napi_get_value_bool(self.env, value, &mut b) };
        b
    }

    /// Address and byte length of an ArrayBuffer; a null address when it is empty or detached.
    pub fn buffer(self, value: napi_value) -> Fallible<(*mut u8, usize)> {
        let (mut data, mut bytes) = (null_mut(), 0);
        let mut is_buffer = false;
        unsafe { napi_is_arraybuffer(self.env, value, &mut is_buffer) };
        if !is_buffer {
            return self.shared_buffer(value);
        }
        check(unsafe { napi_get_arraybuffer_info(self.env, value, &mut data, &mut bytes) }, "reading an ArrayBuffer")?;
        Ok((if bytes == 0 { null_mut() } else { data.cast() }, bytes))
    }

    /// A SharedArrayBuffer has no call of its own in N-API: a Uint8Array over it tells its address.
    fn shared_buffer(self, value: napi_value) -> Fallible<(*mut u8, usize)> {
        let env = self.env;
        let (mut global, mut class, mut view, mut is_view) = (null_mut(), null_mut(), null_mut(), false);
        let (mut data, mut length, mut kind, mut buffer, mut offset) = (null_mut(), 0, 0, null_mut(), 0);
        unsafe {
            napi_get_global(env, &mut global);
            check(napi_get_named_property(env, global, c"SharedArrayBuffer".as_ptr(), &mut class), "finding SharedArrayBuffer")?;
            let mut is_shared = false;
            napi_instanceof(env, value, class, &mut is_shared);
            if !is_shared {
                return Err("an ArrayBuffer was expected".into());
            }
            check(napi_get_named_property(env, global, c"Uint8Array".as_ptr(), &mut class), "finding Uint8Array")?;
            check(napi_new_instance(env, class, 1, &value, &mut view), "making a Uint8Array")?;
            napi_is_typedarray(env, view, &mut is_view);
            if !is_view {
                return Err("an ArrayBuffer was expected".into());
            }
            check(napi_get_typedarray_info(env, view, &mut kind, &mut length, &mut data, &mut buffer, &mut offset), "reading a buffer")?;
        }
        Ok((if length == 0 { null_mut() } else { data.cast() }, length))
    }

    /// The words of an Int32Array.
    pub fn int32_array<'a>(self, value: napi_value) -> Fallible<&'a [i32]> {
        let (mut is_view, mut kind, mut length, mut data, mut buffer, mut offset) = (false, 0, 0, null_mut(), null_mut(), 0);
        unsafe { napi_is_typedarray(self.env, value, &mut is_view) };
        if is_view {
            unsafe { napi_get_typedarray_info(self.env, value, &mut kind, &mut length, &mut data, &mut buffer, &mut offset) };
        }
        if !is_view || kind != TypedarrayType::int32_array {
            return Err("an Int32Array was expected".into());
        }
        Ok(if length == 0 { &[] } else { unsafe { std::slice::from_raw_parts(data as *const i32, length) } })
    }

    pub fn throw(self, text: &str) {
        let text = CString::new(text.replace('\0', " ")).unwrap_or_default();
        unsafe { napi_throw_error(self.env, null(), text.as_ptr()) };
    }

    pub fn function(self, name: &str, callback: napi_callback) -> napi_value {
        let mut value = null_mut();
        unsafe { napi_create_function(self.env, name.as_ptr().cast(), name.len() as isize, callback, null_mut(), &mut value) };
        value
    }
}
