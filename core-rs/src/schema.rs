//! The shape of a manifest of version 1 (manifest.md, "Manifest"): which keys there are, and what
//! stands under them. What a manifest has beyond it is left out.

use alloc::vec::Vec;

use crate::cbor::{Item, Reader};
use crate::json::{write_item, write_text};
use crate::reason::{self, Reason};

/// What stands under a key.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Int,
    /// Any number.
    Number,
    /// `true` or `false`.
    Bool,
    /// Whatever JSON can carry.
    Any,
    /// A map of these fields.
    Map(&'static [Field]),
    /// A list, each item of this kind.
    List(&'static Kind),
}

/// One key of a map.
pub struct Field {
    name: &'static str,
    /// An older name of the key, read where the key itself is absent or null.
    old_name: &'static str,
    kind: Kind,
    /// Whether a manifest without it, or with null, is refused.
    required: bool,
}

const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, old_name: "", kind, required: true }
}

const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { name, old_name: "", kind, required: false }
}

use Kind::{Any, Bool, Int, List, Map, Number, Text};

const TEXTS: Kind = List(&Text);

/// The whole manifest.
pub const MANIFEST: Kind = Map(&[
    required("v", Int),
    required("id", Text),
    required("name", Text),
    required("persona", Text),
    required("system_prompt", Text),
    optional("model", Text),
    required("owner_pubkey", Text),
    required("transport", TRANSPORT),
    required("tools", List(&TOOL)),
    optional("events", EVENTS),
    optional("capabilities", List(&CAPABILITY)),
    optional("ui", UI),
]);

const TRANSPORT: Kind = Map(&[
    optional("preferred", TEXTS),
    Field { name: "dartc", old_name: "webrtc", kind: DARTC, required: false },
    optional("direct", Map(&[required("base_url", Text)])),
    optional("fallback", FALLBACK),
]);

const DARTC: Kind = Map(&[
    required("signal_url", Text),
    required("pod_id", Text),
    optional("require_proof", Bool),
    optional("relay", Bool),
]);

const FALLBACK: Kind = Map(&[
    optional("tier", Text),
    optional("model", Text),
    optional(
        "models",
        List(&Map(&[required("id", Text), required("label", Text), required("sizeMB", Number)])),
    ),
]);

const TOOL: Kind = Map(&[required("name", Text), required("description", Text)]);

const EVENTS: Kind = Map(&[
    optional("on_run_started", List(&EVENT)),
    optional("on_run_finished", List(&EVENT)),
    optional("enable_tools", TEXTS),
]);

const EVENT: Kind = Map(&[required("name", Text), optional("value", Any)]);

const CAPABILITY: Kind =
    Map(&[required("name", Text), optional("required", Bool), optional("risk", Text)]);

const UI: Kind = Map(&[
    optional("title", Text),
    optional("greeting", Text),
    optional("starters", TEXTS),
    optional("accent", Text),
    optional("launcher", Bool),
    optional("mode", Text),
    optional("entry", Text),
    optional("entry_sha256", Text),
]);

/// Where in the manifest a value stands, for the reason of its refusal.
#[derive(Clone, Copy)]
pub struct Place {
    parent: reason::Text,
    key: reason::Text,
}

impl Place {
    /// The manifest itself.
    pub const ROOT: Place = Place { parent: &"", key: &"" };
}

impl Kind {
    /// Appends the value at `reader` as JSON, its known keys in the order of the schema.
    pub fn write(
        &self,
        reader: &mut Reader,
        place: Place,
        out: &mut Vec<u8>,
    ) -> Result<(), Reason> {
        let mut inside = *reader;
        match (*self, inside.item()?) {
            (Any, _)
            | (Text, Item::Text(_))
            | (Int, Item::Int(_))
            | (Number, Item::Int(_) | Item::Float(_))
            | (Bool, Item::Bool(_)) => return write_item(reader, out),
            (List(kind), Item::Array(len)) => {
                *reader = inside;
                out.push(b'[');
                for index in 0..len {
                    if index > 0 {
                        out.push(b',');
                    }
                    kind.write(reader, place, out)?;
                }
                out.push(b']');
            }
            (Map(fields), Item::Map(len)) => {
                reader.skip()?;
                out.push(b'{');
                let start = out.len();
                for field in fields {
                    field.write(inside, len, place.key, start, out)?;
                }
                out.push(b'}');
            }
            _ => return Err(Reason::at(&"unexpected type of ", place.parent, place.key)),
        }
        Ok(())
    }
}

impl Field {
    /// Appends the key and its value out of the map of `len` pairs, where it is there.
    fn write(
        &'static self,
        map: Reader,
        len: usize,
        parent: reason::Text,
        start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), Reason> {
        let mut found = map.get(len, self.name)?;
        if !self.old_name.is_empty() && found.is_none_or(is_null) {
            found = map.get(len, self.old_name)?.or(found);
        }
        let mut reader = match found {
            Some(reader) if !(self.required && is_null(reader)) => reader,
            _ if self.required => return Err(Reason::at(&"missing ", parent, &self.name)),
            _ => return Ok(()),
        };
        if out.len() > start {
            out.push(b',');
        }
        write_text(self.name, out);
        out.push(b':');
        if is_null(reader) {
            return write_item(&mut reader, out);
        }
        self.kind.write(&mut reader, Place { parent, key: &self.name }, out)
    }
}

fn is_null(mut reader: Reader) -> bool {
    reader.item() == Ok(Item::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cbor::check;

    fn json(kind: &Kind, bytes: &[u8]) -> Result<String, String> {
        check(bytes).unwrap();
        let mut out = Vec::new();
        let result =
            kind.write(&mut Reader::new(bytes), Place { parent: &"", key: &"x" }, &mut out);
        result.map(|()| String::from_utf8(out).unwrap()).map_err(|reason| {
            let mut text = Vec::new();
            reason.write(&mut text);
            String::from_utf8(text).unwrap()
        })
    }

    #[test]
    fn known_keys_are_written_in_the_order_of_the_schema_and_others_left_out() {
        let bytes = b"\xa3\x6bdescription\x61d\x66future\x82\x01\xa1\x61a\x41\x00\x64name\x61n";
        assert_eq!(json(&TOOL, bytes).unwrap(), r#"{"name":"n","description":"d"}"#);
    }

    #[test]
    fn null_stands_where_a_key_is_optional_and_is_missing_where_it_is_not() {
        let bytes = b"\xa2\x64name\x61n\x65value\xf6";
        assert_eq!(json(&EVENT, bytes).unwrap(), r#"{"name":"n","value":null}"#);
        assert_eq!(json(&EVENT, b"\xa1\x64name\xf6").unwrap_err(), "missing x.name");
        assert_eq!(json(&EVENT, b"\xa0").unwrap_err(), "missing x.name");
    }

    #[test]
    fn a_wrong_type_names_its_key() {
        assert_eq!(json(&EVENT, b"\xa1\x64name\x01").unwrap_err(), "unexpected type of x.name");
        assert_eq!(json(&TEXTS, b"\x81\x01").unwrap_err(), "unexpected type of x");
        let deep = b"\xa1\x66models\x81\xa1\x62id\x01";
        assert_eq!(json(&FALLBACK, deep).unwrap_err(), "unexpected type of models.id");
    }

    #[test]
    fn webrtc_is_read_as_dartc_unless_dartc_has_a_value() {
        let block = b"\xa2\x6asignal_url\x61u\x66pod_id\x61p";
        let other = b"\xa2\x6asignal_url\x61v\x66pod_id\x61q";
        let of = |parts: &[&[u8]]| json(&TRANSPORT, &parts.concat()).unwrap();
        let written = r#"{"dartc":{"signal_url":"u","pod_id":"p"}}"#;
        assert_eq!(of(&[b"\xa1\x66webrtc", block]), written);
        assert_eq!(of(&[b"\xa2\x65dartc\xf6\x66webrtc", block]), written);
        assert_eq!(of(&[b"\xa2\x66webrtc", other, b"\x65dartc", block]), written);
        assert_eq!(of(&[b"\xa2\x66webrtc\xf6\x65dartc", block]), written);
        assert_eq!(of(&[b"\xa1\x66webrtc\xf6"]), r#"{"dartc":null}"#);
        assert_eq!(of(&[b"\xa1\x65dartc\xf6"]), r#"{"dartc":null}"#);
    }
}
