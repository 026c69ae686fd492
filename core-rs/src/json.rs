//! Writes JSON (RFC 8259) from CBOR that was checked.

use alloc::vec::Vec;

use crate::cbor::{Item, Reader};
use crate::decimal::{write_float, write_int};
use crate::reason::Reason;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends a string with its quotes.
pub fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            0..=0x1f => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

/// Appends the next item with everything in it. The recursion is as deep as the item, which
/// [`crate::cbor::check`] has bounded.
pub fn write_item(reader: &mut Reader, out: &mut Vec<u8>) -> Result<(), Reason> {
    match reader.item()? {
        Item::Null => out.extend_from_slice(b"null"),
        Item::Bool(true) => out.extend_from_slice(b"true"),
        Item::Bool(false) => out.extend_from_slice(b"false"),
        Item::Int(number) => write_int(number, out),
        Item::Float(number) => write_float(number, out),
        Item::Text(text) => write_text(text, out),
        Item::Bytes(_) => return Err(Reason::new(&"cbor value that JSON does not have")),
        Item::Array(len) => {
            out.push(b'[');
            for index in 0..len {
                if index > 0 {
                    out.push(b',');
                }
                write_item(reader, out)?;
            }
            out.push(b']');
        }
        Item::Map(len) => {
            out.push(b'{');
            for index in 0..len {
                if index > 0 {
                    out.push(b',');
                }
                write_text(reader.key()?, out);
                out.push(b':');
                write_item(reader, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(bytes: &[u8]) -> Result<String, Reason> {
        let mut out = Vec::new();
        write_item(&mut Reader::new(bytes), &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn every_kind_of_value_is_written() {
        let bytes = b"\xa3\x61a\x86\x01\x20\xf9\x3e\x00\xf4\xf5\xf6\x61b\xa0\x61c\x80";
        assert_eq!(json(bytes).unwrap(), r#"{"a":[1,-1,15e-1,false,true,null],"b":{},"c":[]}"#);
    }

    #[test]
    fn quotes_and_control_characters_are_escaped_and_the_rest_stays() {
        let mut out = Vec::new();
        write_text("\"\\\n\u{0}\u{1f}\u{7f}ñ\u{2028}🍕", &mut out);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\"\\\"\\\\\\u000a\\u0000\\u001f\u{7f}ñ\u{2028}🍕\"");
    }

    #[test]
    fn a_byte_string_is_not_json() {
        assert!(json(&[0x81, 0x41, 0x00]).is_err());
    }
}
