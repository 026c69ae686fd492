//! The part of gemmapod that must be the same everywhere: strict Ed25519 and the signed manifest.
//!
//! Compiled to WASM it checks the manifest in the packed page, the packer, the broker and the Host,
//! and signs frames where a browser has no Ed25519 of its own. It has no imports, so nothing
//! outside can be called, and the only pointers that cross its boundary are its own.

#![cfg_attr(not(test), no_std)]
#![deny(missing_docs)]

extern crate alloc;

pub mod cbor;
pub mod decimal;
pub mod ed25519;
pub mod json;
pub mod machine;
pub mod manifest;
pub mod reason;
pub mod schema;

#[cfg(target_family = "wasm")]
mod abi;
