//! Why a manifest is refused.

use alloc::vec::Vec;

/// A text of the program, behind a pointer of one word: a text itself is two, and reasons are passed
/// on by every function.
pub type Text = &'static &'static str;

/// A sentence made of fixed parts, so that nothing of the manifest can be in it: it is shown to
/// people before anything of the manifest may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    what: Text,
    /// The key that the sentence is about, as `parent` and `key`; both may be empty.
    parent: Text,
    key: Text,
}

impl Reason {
    /// A sentence that names no key.
    pub const fn new(what: Text) -> Self {
        Self::at(what, &"", &"")
    }

    /// A sentence that ends with `parent.key`, or `key` where `parent` is empty.
    pub const fn at(what: Text, parent: Text, key: Text) -> Self {
        Self { what, parent, key }
    }

    /// Appends the sentence.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.what.as_bytes());
        out.extend_from_slice(self.parent.as_bytes());
        if !self.parent.is_empty() {
            out.push(b'.');
        }
        out.extend_from_slice(self.key.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(reason: Reason) -> String {
        let mut out = Vec::new();
        reason.write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_reason_names_its_key_with_the_key_above_it() {
        assert_eq!(text(Reason::new(&"weak key")), "weak key");
        assert_eq!(text(Reason::at(&"missing ", &"", &"name")), "missing name");
        assert_eq!(text(Reason::at(&"missing ", &"dartc", &"pod_id")), "missing dartc.pod_id");
    }
}
