//! Strict Ed25519 (RFC 8032): one signature is good for one key and one message, and every verifier
//! of ours says the same of it.

pub use ed25519_dalek::SigningKey;
use ed25519_dalek::{Signature, Signer, VerifyingKey};

/// Bytes of a seed, which RFC 8032 calls the private key.
pub const SEED_BYTES: usize = 32;

/// Bytes of a public key.
pub const PUBLIC_KEY_BYTES: usize = 32;

/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 64;

/// Why a public key is not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum BadKey {
    /// It is not the one encoding of a point (RFC 8032 section 5.1.3).
    Malformed,
    /// Its order is small: a signature of nothing at all would hold for most messages.
    Weak,
}

/// Takes a public key that is strict.
pub fn verifying_key(bytes: &[u8; PUBLIC_KEY_BYTES]) -> Result<VerifyingKey, BadKey> {
    if !is_canonical(bytes) {
        return Err(BadKey::Malformed);
    }
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| BadKey::Malformed)?;
    if key.is_weak() { Err(BadKey::Weak) } else { Ok(key) }
}

/// Whether `signature` is the signature of `message`: S below the order, R and the key canonical and
/// not of small order, and the equation without the cofactor.
pub fn verify(key: &VerifyingKey, message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
    key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
}

/// The signature of a message. The public key that goes into it is the one that `key` derived for
/// itself: signing with two different ones would give the secret away.
pub fn sign(key: &SigningKey, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
    key.sign(message).to_bytes()
}

/// RFC 8032 section 5.1.3: y is below p = 2^255 - 19. (The other encoding that decoders let pass,
/// x = 0 with the sign bit set, is of small order.)
fn is_canonical(bytes: &[u8; PUBLIC_KEY_BYTES]) -> bool {
    let [low, middle @ .., high] = bytes;
    *low < 0xed || high & 0x7f != 0x7f || middle.iter().any(|byte| *byte != 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        assert_eq!(hex.len(), 2 * N);
        core::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
    }

    #[test]
    fn rfc_8032_section_7_1_test_2_holds() {
        let seed = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        let public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        let expected = concat!(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        );
        let key = SigningKey::from_bytes(&seed);
        assert_eq!(key.verifying_key().to_bytes(), bytes(public));
        assert_eq!(sign(&key, &[0x72]), bytes(expected));
        let verifier = verifying_key(&bytes(public)).unwrap();
        assert!(verify(&verifier, &[0x72], &bytes(expected)));
        assert!(!verify(&verifier, &[0x73], &bytes(expected)));
    }

    #[test]
    fn keys_of_small_order_are_weak() {
        for hex in [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        ] {
            assert_eq!(verifying_key(&bytes(hex)), Err(BadKey::Weak), "{hex}");
        }
    }

    #[test]
    fn keys_that_are_not_the_one_encoding_of_a_point_are_malformed() {
        let mut key = [0xff; 32];
        for low in 0xed..=0xff {
            for high in [0x7f, 0xff] {
                (key[0], key[31]) = (low, high);
                assert_eq!(verifying_key(&key), Err(BadKey::Malformed));
            }
        }
        let no_point = "0200000000000000000000000000000000000000000000000000000000000000";
        assert_eq!(verifying_key(&bytes(no_point)), Err(BadKey::Malformed));
    }
}
