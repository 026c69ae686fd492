//! The signed manifest: `{sig, payload}` in, JSON out, and nothing out before the signature holds.

use alloc::vec::Vec;

use crate::cbor::{Item, Reader, check};
use crate::ed25519::{BadKey, PUBLIC_KEY_BYTES, SIGNATURE_BYTES, verify, verifying_key};
use crate::reason::{Reason, Text};
use crate::schema::{MANIFEST, Place};

/// The most bytes of a signed manifest that are read: eight times what our packer writes, and more
/// than any frame can carry.
pub const MAX_SIGNED_BYTES: usize = 256 * 1024;

/// The schema version that is read (manifest.md, "Manifest").
pub const VERSION: i64 = 1;

/// The JSON of a signed manifest, or why it is refused.
pub fn open(signed: &[u8]) -> Result<Vec<u8>, Reason> {
    let payload = checked_payload(signed)?;
    let (manifest, len) = map_of(&payload)?;
    if let Some(mut version) = manifest.get(len, "v")? {
        match version.item()? {
            Item::Int(VERSION) | Item::Null => {}
            Item::Int(newer) if newer > VERSION => {
                return Err(Reason::new(
                    &"unsupported manifest version: it is newer than this program, update gemmapod",
                ));
            }
            _ => return Err(Reason::new(&"unsupported manifest version")),
        }
    }
    let mut json = Vec::with_capacity(payload.len());
    MANIFEST.write(&mut Reader::new(&payload), Place::ROOT, &mut json)?;
    Ok(json)
}

/// The payload, once its signature was found to be its owner's.
fn checked_payload(signed: &[u8]) -> Result<Vec<u8>, Reason> {
    if signed.len() > MAX_SIGNED_BYTES {
        return Err(Reason::new(&"it is larger than 256 KiB"));
    }
    check(signed)?;
    let (envelope, len) = map_of(signed)?;
    let signature = bytes_under(envelope, len, &"sig")?.and_then(|bytes| bytes.try_into().ok());
    let signature: [u8; SIGNATURE_BYTES] =
        signature.ok_or(Reason::new(&"malformed signature: it is not 64 bytes"))?;
    let payload = bytes_under(envelope, len, &"payload")?
        .ok_or(Reason::new(&"malformed payload: it is not bytes"))?;
    check(&payload)?;
    let key = verifying_key(&owner_key(&payload)?).map_err(|bad| match bad {
        BadKey::Malformed => MALFORMED_KEY,
        BadKey::Weak => Reason::new(&"weak key: owner_pubkey is of small order"),
    })?;
    if verify(&key, &payload, &signature) {
        Ok(payload)
    } else {
        Err(Reason::new(&"the signature is not its owner's: the manifest was changed or forged"))
    }
}

const MALFORMED_KEY: Reason = Reason::new(&"malformed public key: owner_pubkey");

fn map_of(bytes: &[u8]) -> Result<(Reader<'_>, usize), Reason> {
    let mut reader = Reader::new(bytes);
    match reader.item()? {
        Item::Map(len) => Ok((reader, len)),
        _ => Err(Reason::new(&"not a cbor map")),
    }
}

/// A byte string, or the array of integers that older signers write for one.
fn bytes_under(map: Reader, len: usize, key: Text) -> Result<Option<Vec<u8>>, Reason> {
    let mut reader = map.get(len, key)?.ok_or(Reason::at(&"missing ", &"", key))?;
    Ok(match reader.item()? {
        Item::Bytes(bytes) => Some(Vec::from(bytes)),
        Item::Array(len) => {
            let mut bytes = Vec::with_capacity(len);
            for _ in 0..len {
                match reader.item()? {
                    Item::Int(byte @ 0..=255) => bytes.push(byte as u8),
                    _ => return Ok(None),
                }
            }
            Some(bytes)
        }
        _ => None,
    })
}

fn owner_key(payload: &[u8]) -> Result<[u8; PUBLIC_KEY_BYTES], Reason> {
    let (manifest, len) = map_of(payload)?;
    let missing = Reason::at(&"missing ", &"", &"owner_pubkey");
    match manifest.get(len, "owner_pubkey")?.ok_or(missing)?.item()? {
        Item::Text(hex) => key_of_hex(hex.as_bytes()).ok_or(MALFORMED_KEY),
        Item::Null => Err(missing),
        _ => Err(MALFORMED_KEY),
    }
}

fn key_of_hex(hex: &[u8]) -> Option<[u8; PUBLIC_KEY_BYTES]> {
    let mut key = [0; PUBLIC_KEY_BYTES];
    if hex.len() != 2 * key.len() {
        return None;
    }
    for (byte, digits) in key.iter_mut().zip(hex.chunks(2)) {
        for digit in digits {
            *byte = (*byte << 4) | char::from(*digit).to_digit(16)? as u8;
        }
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ed25519::{SigningKey, sign};

    const SEED: [u8; 32] = [7; 32];

    fn text(value: &str) -> Vec<u8> {
        let head = [&[0x79], &(value.len() as u16).to_be_bytes()[..]].concat();
        [head, value.as_bytes().to_vec()].concat()
    }

    fn bytes(value: &[u8]) -> Vec<u8> {
        [&[0x59], &(value.len() as u16).to_be_bytes()[..], value].concat()
    }

    fn map(pairs: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let pairs: Vec<_> = pairs.iter().map(|(k, v)| [text(k), v.clone()].concat()).collect();
        [vec![0xb8, pairs.len() as u8], pairs.concat()].concat()
    }

    fn manifest_with(key: &str, value: Vec<u8>) -> Vec<u8> {
        let public = SigningKey::from_bytes(&SEED).verifying_key().to_bytes();
        let hex: String = public.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut pairs = vec![
            ("v", vec![1]),
            ("id", text("pod")),
            ("name", text("Pod")),
            ("persona", text("")),
            ("system_prompt", text("Hi\n")),
            ("owner_pubkey", text(&hex)),
            ("transport", vec![0xa0]),
            ("tools", vec![0x80]),
        ];
        match pairs.iter_mut().find(|(name, _)| *name == key) {
            Some(pair) => pair.1 = value,
            None => pairs.push((key, value)),
        }
        map(&pairs)
    }

    fn signed(payload: &[u8]) -> Vec<u8> {
        let signature = sign(&SigningKey::from_bytes(&SEED), payload);
        map(&[("sig", bytes(&signature)), ("payload", bytes(payload))])
    }

    fn refusal(signed: &[u8]) -> String {
        let mut out = Vec::new();
        open(signed).unwrap_err().write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_manifest_comes_out_as_json_in_the_order_of_the_schema() {
        let json = open(&signed(&manifest_with("model", text("m")))).unwrap();
        let json = String::from_utf8(json).unwrap();
        assert!(json.starts_with(concat!(
            r#"{"v":1,"id":"pod","name":"Pod","persona":"","#,
            r#""system_prompt":"Hi\u000a","model":"m","owner_pubkey":""#,
        )));
        assert!(json.ends_with(r#"","transport":{},"tools":[]}"#));
    }

    #[test]
    fn nothing_is_read_before_the_signature_holds() {
        let mut changed = signed(&manifest_with("v", vec![0x18, 99]));
        assert!(refusal(&changed).contains("unsupported manifest version"));
        assert!(refusal(&changed).contains("update"));
        let prompt = changed.windows(2).position(|pair| pair == b"Hi").unwrap();
        changed[prompt] ^= 1;
        assert!(refusal(&changed).contains("signature"));
    }

    #[test]
    fn every_version_but_one_is_refused() {
        for version in [vec![0], vec![0x20], text("1"), vec![0xf9, 0x3c, 0x00]] {
            assert_eq!(
                refusal(&signed(&manifest_with("v", version))),
                "unsupported manifest version"
            );
        }
        assert_eq!(refusal(&signed(&manifest_with("v", vec![0xf6]))), "missing v");
    }

    #[test]
    fn an_envelope_without_its_parts_is_refused() {
        assert!(refusal(&[0x80]).contains("cbor"));
        assert_eq!(refusal(&map(&[("payload", bytes(&[0xa0]))])), "missing sig");
        assert_eq!(refusal(&map(&[("sig", bytes(&[0; 64]))])), "missing payload");
        let sig = ("sig", bytes(&[0; 64]));
        assert!(
            refusal(&map(&[sig.clone(), ("payload", text("{}"))])).contains("malformed payload")
        );
        let list = |items: &[u8]| [&[0x80 | (items.len() as u8)], items].concat();
        assert!(
            refusal(&map(&[sig.clone(), ("payload", list(&[0x20]))])).contains("malformed payload")
        );
        assert!(refusal(&map(&[sig.clone(), ("payload", bytes(&[]))])).contains("cbor"));
        assert_eq!(
            refusal(&map(&[sig.clone(), ("payload", bytes(&[0xa0]))])),
            "missing owner_pubkey"
        );
        assert!(refusal(&map(&[("sig", bytes(&[0; 65])), sig])).contains("duplicate"));
        assert!(refusal(&vec![0; MAX_SIGNED_BYTES + 1]).contains("256 KiB"));
    }

    #[test]
    fn no_cut_and_no_flipped_bit_is_accepted() {
        let good = signed(&manifest_with("ui", map(&[("title", text("T"))])));
        assert!(open(&good).is_ok());
        for len in 0..good.len() {
            assert!(open(&good[..len]).is_err());
        }
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1 << (at % 8);
            assert!(open(&bad).is_err());
        }
    }
}
