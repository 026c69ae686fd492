//! What is behind the boundary: an input, an output and the open keys.
//!
//! A caller never hands over a pointer. It asks for an input of some length, fills it, and calls an
//! operation, which reads that and no more; the answer is in the output until the next operation.

use alloc::vec::Vec;

use zeroize::{Zeroize, Zeroizing};

use crate::ed25519::{
    PUBLIC_KEY_BYTES, SEED_BYTES, SIGNATURE_BYTES, SigningKey, sign, verify, verifying_key,
};
use crate::manifest;

/// The longest input: four times the largest frame (dartc.md, "Sizes and backpressure"), so that a
/// mistake in a length cannot take all memory.
pub const MAX_INPUT_BYTES: usize = 1024 * 1024;

/// The most keys open at once. A page has one a session; a process that leaks them learns it here.
pub const MAX_KEYS: usize = 65_536;

/// The state of one instance.
#[derive(Default)]
pub struct Machine {
    input: Vec<u8>,
    output: Vec<u8>,
    keys: Vec<Option<SigningKey>>,
}

impl Machine {
    /// Nothing in it.
    pub const fn new() -> Self {
        Self { input: Vec::new(), output: Vec::new(), keys: Vec::new() }
    }

    /// Makes room for an input and returns where to write it; `None` when it is too long.
    pub fn input(&mut self, len: usize) -> Option<&mut [u8]> {
        if len > MAX_INPUT_BYTES {
            return None;
        }
        self.input = Vec::new(); // the old one first, so that both are never there
        self.input.resize(len, 0);
        Some(&mut self.input)
    }

    /// The answer of the last operation.
    pub fn output(&self) -> &[u8] {
        &self.output
    }

    /// Input: a seed. Output: its public key.
    pub fn public_key(&mut self) -> bool {
        let input = self.take_input();
        let Some((key, [])) = seed_of(&input) else { return false };
        self.output = Vec::from(key.verifying_key().as_bytes());
        true
    }

    /// Input: a seed, then the message. Output: the signature.
    pub fn sign(&mut self) -> bool {
        let input = self.take_input();
        let Some((key, message)) = seed_of(&input) else { return false };
        self.output = Vec::from(sign(&key, message));
        true
    }

    /// Input: a public key, a signature, then the message. Whether the signature holds.
    pub fn verify(&mut self) -> bool {
        let input = self.take_input();
        let Some((key, rest)) = input.split_first_chunk::<PUBLIC_KEY_BYTES>() else { return false };
        let Some((signature, message)) = rest.split_first_chunk::<SIGNATURE_BYTES>() else {
            return false;
        };
        verifying_key(key).is_ok_and(|key| verify(&key, message, signature))
    }

    /// Input: a seed. Output: its public key. The number of the key that is open from now on, or 0.
    pub fn open_key(&mut self) -> u32 {
        let input = self.take_input();
        let Some((key, [])) = seed_of(&input) else { return 0 };
        let slot = match self.keys.iter().position(Option::is_none) {
            Some(slot) => slot,
            None if self.keys.len() < MAX_KEYS => {
                self.keys.push(None);
                self.keys.len() - 1
            }
            None => return 0,
        };
        self.output = Vec::from(key.verifying_key().as_bytes());
        self.keys[slot] = Some(key);
        slot as u32 + 1
    }

    /// Input: the message. Output: its signature by an open key.
    pub fn sign_with(&mut self, key: u32) -> bool {
        let message = self.take_input();
        let Some(Some(key)) = self.keys.get((key as usize).wrapping_sub(1)) else { return false };
        self.output = Vec::from(sign(key, &message));
        true
    }

    /// Closes a key and wipes it.
    pub fn close_key(&mut self, key: u32) {
        if let Some(slot) = self.keys.get_mut((key as usize).wrapping_sub(1)) {
            *slot = None; // SigningKey wipes itself when dropped
        }
    }

    /// Input: a signed manifest. Output: its JSON, or why it is refused.
    pub fn open_manifest(&mut self) -> bool {
        let input = self.take_input();
        let (ok, output) = match manifest::open(&input) {
            Ok(json) => (true, json),
            Err(reason) => {
                let mut text = Vec::new();
                reason.write(&mut text);
                (false, text)
            }
        };
        self.output = output;
        ok
    }

    /// The input, wiped when its operation is over (it may hold a seed). The output of the operation
    /// before goes too, so that an answer is never taken for that of another question.
    fn take_input(&mut self) -> Zeroizing<Vec<u8>> {
        self.output.zeroize();
        self.output = Vec::new();
        Zeroizing::new(core::mem::take(&mut self.input))
    }
}

fn seed_of(input: &[u8]) -> Option<(SigningKey, &[u8])> {
    let (seed, rest) = input.split_first_chunk::<SEED_BYTES>()?;
    Some((SigningKey::from_bytes(seed), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(machine: &mut Machine, parts: &[&[u8]]) {
        let input = parts.concat();
        machine.input(input.len()).unwrap().copy_from_slice(&input);
    }

    #[test]
    fn a_key_signs_what_its_seed_signs_and_its_public_key_verifies() {
        let mut machine = Machine::new();
        feed(&mut machine, &[&[1; 32]]);
        assert!(machine.public_key());
        let public = machine.output().to_vec();
        feed(&mut machine, &[&[1; 32], b"hello"]);
        assert!(machine.sign());
        let signature = machine.output().to_vec();
        feed(&mut machine, &[&[1; 32]]);
        let key = machine.open_key();
        assert_eq!(machine.output(), public);
        feed(&mut machine, &[b"hello"]);
        assert!(machine.sign_with(key));
        assert_eq!(machine.output(), signature);
        feed(&mut machine, &[&public, &signature, b"hello"]);
        assert!(machine.verify());
        feed(&mut machine, &[&public, &signature, b"hellO"]);
        assert!(!machine.verify());
    }

    #[test]
    fn inputs_of_a_wrong_length_are_refused() {
        let mut machine = Machine::new();
        for len in [0, 31, 33] {
            machine.input(len).unwrap();
            assert!(!machine.public_key());
            machine.input(len).unwrap();
            assert_eq!(machine.open_key(), 0);
        }
        machine.input(31).unwrap();
        assert!(!machine.sign());
        machine.input(95).unwrap();
        assert!(!machine.verify());
        assert!(machine.input(MAX_INPUT_BYTES + 1).is_none());
        assert!(machine.input(MAX_INPUT_BYTES).is_some());
    }

    #[test]
    fn an_operation_takes_its_input_and_drops_the_answer_before() {
        let mut machine = Machine::new();
        feed(&mut machine, &[&[1; 32]]);
        assert!(machine.public_key());
        assert!(!machine.public_key());
        assert!(machine.output().is_empty());
    }

    #[test]
    fn a_closed_key_signs_nothing_and_its_number_is_used_again() {
        let mut machine = Machine::new();
        feed(&mut machine, &[&[1; 32]]);
        let first = machine.open_key();
        feed(&mut machine, &[&[2; 32]]);
        assert_ne!(machine.open_key(), first);
        machine.close_key(first);
        assert!(!machine.sign_with(first));
        for stranger in [0, 3, u32::MAX] {
            machine.close_key(stranger);
            assert!(!machine.sign_with(stranger));
        }
        feed(&mut machine, &[&[3; 32]]);
        assert_eq!(machine.open_key(), first);
    }

    #[test]
    fn a_refused_manifest_leaves_its_reason() {
        let mut machine = Machine::new();
        feed(&mut machine, &[b"<html>"]);
        assert!(!machine.open_manifest());
        assert!(String::from_utf8(machine.output().to_vec()).unwrap().contains("cbor"));
    }
}
