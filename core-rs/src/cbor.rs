//! A strict reader of CBOR (RFC 8949): exactly the values that JSON can carry, and byte strings.
//!
//! Nothing is allocated for what is read: a [`Reader`] is a position in bytes that [`check`] has
//! accepted, so hostile input costs no more memory than itself.

use alloc::vec::Vec;

use crate::reason::{Reason, Text};

/// How deep arrays and maps may nest; a manifest of ours has seven levels and its `events` a few.
pub const MAX_DEPTH: usize = 32;

/// The largest magnitude of an integer: 2^53, above which a JavaScript number is not exact.
pub const MAX_INTEGER: u64 = 1 << 53;

/// One item. What is in an array or a map follows in the reader that gave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Item<'a> {
    /// A whole number of at most [`MAX_INTEGER`] in magnitude.
    Int(i64),
    /// A finite number of any width.
    Float(f64),
    /// A byte string.
    Bytes(&'a [u8]),
    /// A text string.
    Text(&'a str),
    /// So many items follow.
    Array(usize),
    /// So many pairs of a text and an item follow.
    Map(usize),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

const fn cbor(what: Text) -> Reason {
    Reason::new(what)
}

const TOO_SHORT: Reason = cbor(&"not cbor: the input ends too early");

/// A position in some CBOR.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// At the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Reason> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(TOO_SHORT)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A big-endian number of 1, 2, 4 or 8 bytes.
    fn number(&mut self, len: usize) -> Result<u64, Reason> {
        Ok(self.take(len)?.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }

    /// The next item. Of an array or a map only its head is read.
    pub fn item(&mut self) -> Result<Item<'a>, Reason> {
        let initial = self.number(1)? as u8;
        let (major, info) = (initial >> 5, initial & 31);
        // RFC 8949 section 3: 24 to 27 say how many bytes of argument follow.
        let argument = match info {
            0..=23 => u64::from(info),
            24..=27 => self.number(1 << (info - 24))?,
            28..=30 => return Err(cbor(&"not cbor: a reserved length")),
            _ => return Err(cbor(&"cbor of indefinite length is not accepted")),
        };
        match major {
            0 if argument <= MAX_INTEGER => Ok(Item::Int(argument as i64)),
            1 if argument < MAX_INTEGER => Ok(Item::Int(-1 - argument as i64)),
            0 | 1 => Err(cbor(&"cbor integer beyond 2^53")),
            2 => Ok(Item::Bytes(self.take(self.length(argument)?)?)),
            3 => core::str::from_utf8(self.take(self.length(argument)?)?)
                .map(Item::Text)
                .map_err(|_| cbor(&"not cbor: a text that is not UTF-8")),
            4 => Ok(Item::Array(self.length(argument)?)),
            5 => Ok(Item::Map(self.length(argument)?)),
            6 => Err(cbor(&"cbor tags are not accepted")),
            _ => simple_or_float(info, argument),
        }
    }

    /// A length, which cannot be more than there are bytes left.
    fn length(&self, argument: u64) -> Result<usize, Reason> {
        usize::try_from(argument).ok().filter(|len| *len <= self.rest.len()).ok_or(TOO_SHORT)
    }

    /// Passes one item with everything in it.
    pub fn skip(&mut self) -> Result<(), Reason> {
        let mut open: usize = 1;
        while open > 0 {
            open -= 1;
            match self.item()? {
                // Each length is at most the number of bytes, which is far from overflowing.
                Item::Array(len) => open += len,
                Item::Map(len) => open += 2 * len,
                _ => {}
            }
        }
        Ok(())
    }

    /// The key of the next pair of a map.
    pub fn key(&mut self) -> Result<&'a str, Reason> {
        match self.item()? {
            Item::Text(key) => Ok(key),
            _ => Err(cbor(&"cbor map with a key that is not text")),
        }
    }

    /// The value under `key` in the map of `len` pairs that begins here, if there is one.
    pub fn get(mut self, len: usize, key: &str) -> Result<Option<Reader<'a>>, Reason> {
        for _ in 0..len {
            if self.key()? == key {
                return Ok(Some(self));
            }
            self.skip()?;
        }
        Ok(None)
    }

    fn check(&mut self, depth: usize) -> Result<(), Reason> {
        let item = self.item()?;
        if depth == 0 && matches!(item, Item::Array(_) | Item::Map(_)) {
            return Err(cbor(&"cbor nested deeper than 32 levels"));
        }
        match item {
            Item::Array(len) => {
                for _ in 0..len {
                    self.check(depth - 1)?;
                }
            }
            Item::Map(len) => {
                let mut keys = Vec::new();
                for _ in 0..len {
                    keys.push(self.key()?);
                    self.check(depth - 1)?;
                }
                keys.sort_unstable();
                if keys.windows(2).any(|pair| pair[0] == pair[1]) {
                    return Err(cbor(&"cbor map with a duplicate key"));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Accepts `bytes` when they are exactly one item that this reader takes, whole and to the end.
pub fn check(bytes: &[u8]) -> Result<(), Reason> {
    let mut reader = Reader::new(bytes);
    reader.check(MAX_DEPTH)?;
    if reader.rest.is_empty() { Ok(()) } else { Err(cbor(&"cbor with trailing bytes")) }
}

/// RFC 8949 section 3.3: major type 7.
fn simple_or_float<'a>(info: u8, argument: u64) -> Result<Item<'a>, Reason> {
    let float = match info {
        20 => return Ok(Item::Bool(false)),
        21 => return Ok(Item::Bool(true)),
        22 => return Ok(Item::Null),
        25 => half(argument as u16),
        26 => f64::from(f32::from_bits(argument as u32)),
        27 => f64::from_bits(argument),
        _ => return Err(cbor(&"cbor value that JSON does not have")),
    };
    if float.is_finite() {
        Ok(Item::Float(float))
    } else {
        Err(cbor(&"cbor number that is not finite"))
    }
}

/// IEEE 754 half precision (RFC 8949 appendix D). Every half is exactly a double.
fn half(bits: u16) -> f64 {
    let exponent = u64::from(bits >> 10) & 31;
    let fraction = u64::from(bits) & 0x3ff;
    let magnitude = match exponent {
        0 => fraction as f64 / 16_777_216.0, // fraction * 2^-24
        31 => f64::INFINITY,                 // or not a number; refused either way
        _ => f64::from_bits(((exponent + 1023 - 15) << 52) | (fraction << 42)),
    };
    if bits >> 15 == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        check(bytes).unwrap_err().write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_kind_of_json_value_is_read() {
        let read = |bytes: &'static [u8]| {
            check(bytes).unwrap();
            Reader::new(bytes).item().unwrap()
        };
        assert_eq!(read(&[0x17]), Item::Int(23));
        assert_eq!(read(&[0x18, 0x00]), Item::Int(0)); // longer than need be is still that number
        assert_eq!(read(&[0x38, 0xff]), Item::Int(-256));
        assert_eq!(read(&[0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0]), Item::Int(1 << 53));
        assert_eq!(read(&[0x3b, 0, 0x1f, 255, 255, 255, 255, 255, 255]), Item::Int(-(1 << 53)));
        assert_eq!(read(&[0x42, 1, 2]), Item::Bytes(&[1, 2]));
        assert_eq!(read(b"\x62hi"), Item::Text("hi"));
        assert_eq!(read(&[0x81, 0xf6]), Item::Array(1));
        assert_eq!(read(&[0xa1, 0x61, b'a', 0xf5]), Item::Map(1));
        assert_eq!(read(&[0xf4]), Item::Bool(false));
        assert_eq!(read(&[0xf6]), Item::Null);
        assert_eq!(read(&[0xf9, 0x3e, 0x00]), Item::Float(1.5));
        assert_eq!(read(&[0xf9, 0x00, 0x01]), Item::Float(5.960464477539063e-8));
        assert_eq!(read(&[0xf9, 0xfb, 0xff]), Item::Float(-65504.0));
        assert_eq!(read(&[0xfa, 0x3d, 0xcc, 0xcc, 0xcd]), Item::Float(f64::from(0.1_f32)));
        assert_eq!(read(&[0xfb, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a]), Item::Float(0.1));
    }

    #[test]
    fn every_half_is_the_number_that_its_bits_say() {
        for bits in 0..0x7c00_u16 {
            let (exponent, fraction) = (i32::from(bits >> 10), f64::from(bits & 0x3ff));
            let expected = match exponent {
                0 => fraction * 2f64.powi(-24),
                _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
            };
            assert_eq!(half(bits), expected);
            assert_eq!(half(bits | 0x8000), -expected);
        }
    }

    #[test]
    fn what_is_not_strict_is_refused_with_its_reason() {
        assert!(refusal(&[]).contains("ends too early"));
        assert!(refusal(&[0x19, 0x01]).contains("ends too early"));
        assert!(refusal(&[0x62, b'h']).contains("ends too early"));
        assert!(refusal(&[0x82, 0x01]).contains("ends too early"));
        assert!(refusal(&[0x9b, 255, 255, 255, 255, 255, 255, 255, 255]).contains("too early"));
        assert!(refusal(&[0x1c]).contains("reserved"));
        assert!(refusal(&[0x9f, 0xff]).contains("indefinite"));
        assert!(refusal(&[0x7f, 0x61, b'a', 0xff]).contains("indefinite"));
        assert!(refusal(&[0x1b, 0, 0x20, 0, 0, 0, 0, 0, 1]).contains("2^53"));
        assert!(refusal(&[0x3b, 0, 0x20, 0, 0, 0, 0, 0, 0]).contains("2^53"));
        assert!(refusal(&[0x61, 0xff]).contains("UTF-8"));
        assert!(refusal(&[0xc0, 0x00]).contains("tags"));
        assert!(refusal(&[0xf7]).contains("JSON does not have"));
        assert!(refusal(&[0xf8, 0x20]).contains("JSON does not have"));
        assert!(refusal(&[0xf9, 0x7c, 0x00]).contains("finite"));
        assert!(refusal(&[0xf9, 0x7e, 0x00]).contains("finite"));
        assert!(refusal(&[0x01, 0x02]).contains("trailing"));
        assert!(refusal(&[0xa1, 0x01, 0x02]).contains("not text"));
        assert!(refusal(b"\xa3\x61a\x01\x61b\x02\x61a\x03").contains("duplicate"));
        // the same key in two lengths of head
        assert!(refusal(b"\xa2\x61a\x01\x78\x01a\x02").contains("duplicate"));
    }

    #[test]
    fn thirty_two_levels_are_read_and_one_more_is_refused() {
        let nested = |levels: usize| [vec![0x81; levels], vec![0x00]].concat();
        assert_eq!(check(&nested(32)), Ok(()));
        assert!(refusal(&nested(33)).contains("deeper"));
        assert!(refusal(&nested(200_000)).contains("deeper"));
    }

    #[test]
    fn get_finds_a_key_behind_any_value_and_nothing_else() {
        let bytes = b"\xa3\x61a\x82\x01\xa1\x61z\x02\x61b\xf5\x61c\x03";
        check(bytes).unwrap();
        let mut map = Reader::new(bytes);
        assert_eq!(map.item(), Ok(Item::Map(3)));
        assert_eq!(map.get(3, "b").unwrap().unwrap().item(), Ok(Item::Bool(true)));
        assert_eq!(map.get(3, "c").unwrap().unwrap().item(), Ok(Item::Int(3)));
        assert!(map.get(3, "z").unwrap().is_none());
    }

    #[test]
    fn a_large_map_is_checked_quickly() {
        let mut bytes = vec![0xb9, 0xff, 0xff];
        for number in (0..=0xfffe_u16).rev() {
            bytes.extend_from_slice(&[0x64]);
            bytes.extend_from_slice(format!("{number:04x}").as_bytes());
            bytes.push(0x00);
        }
        assert_eq!(check(&bytes), Ok(()));
    }
}
