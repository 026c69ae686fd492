//! The boundary: the operations of [`Machine`] as exports of the WASM. Numbers go in and out, 1 is
//! yes and 0 is no; see `src/core/wasm_abi.ts` for the other side.

use core::cell::UnsafeCell;

use crate::machine::Machine;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Counts up when an export changes its meaning, so that a loader and a WASM that do not fit say so.
const ABI_VERSION: u32 = 1;

struct Shared(UnsafeCell<Machine>);

// SAFETY: a WASM instance without shared memory has one thread.
unsafe impl Sync for Shared {}

static MACHINE: Shared = Shared(UnsafeCell::new(Machine::new()));

fn machine() -> &'static mut Machine {
    // SAFETY: one thread; each export borrows it once and nothing that it calls comes back in,
    // because the module imports nothing.
    unsafe { &mut *MACHINE.0.get() }
}

#[unsafe(no_mangle)]
extern "C" fn abi_version() -> u32 {
    ABI_VERSION
}

#[unsafe(no_mangle)]
extern "C" fn input(len: usize) -> *mut u8 {
    machine().input(len).map_or(core::ptr::null_mut(), <[u8]>::as_mut_ptr)
}

#[unsafe(no_mangle)]
extern "C" fn output() -> *const u8 {
    machine().output().as_ptr()
}

#[unsafe(no_mangle)]
extern "C" fn output_len() -> usize {
    machine().output().len()
}

#[unsafe(no_mangle)]
extern "C" fn public_key() -> bool {
    machine().public_key()
}

#[unsafe(no_mangle)]
extern "C" fn sign() -> bool {
    machine().sign()
}

#[unsafe(no_mangle)]
extern "C" fn verify() -> bool {
    machine().verify()
}

#[unsafe(no_mangle)]
extern "C" fn open_key() -> u32 {
    machine().open_key()
}

#[unsafe(no_mangle)]
extern "C" fn sign_with(key: u32) -> bool {
    machine().sign_with(key)
}

#[unsafe(no_mangle)]
extern "C" fn close_key(key: u32) {
    machine().close_key(key);
}

#[unsafe(no_mangle)]
extern "C" fn open_manifest() -> bool {
    machine().open_manifest()
}

/// Nothing here panics; were it to, the instance stops with a trap, which the loader reports.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
