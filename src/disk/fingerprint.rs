//! What a photo's decisions are bound to: the same for a renamed or moved file, another one for
//! another photo of the same name.
//!
//! BLAKE3 over a version, the capture time with its sub-second, the body's serial number, and the
//! first 60 KiB of the file, which the header pass has read anyway. They hold the EXIF block with
//! its maker note and, in most files, the beginning of the picture. Nothing of the file's name, place
//! or times enters.
//!
//! Fingerprints are kept in the decision store for good, so what is hashed must not change: the name
//! of the maker is trimmed elsewhere, but the time and the serial number enter as [`PhotoMeta`] has
//! them. Whoever must change it raises `VERSION` and binds old decisions by path.

use crate::core::photo::Fingerprint;
use crate::core::photo::PhotoMeta;

/// Changes when what is hashed changes: fingerprints of another version never agree by chance.
const VERSION: &[u8] = b"rushlight fingerprint 2";

/// The fingerprint of a photo with this header.
#[must_use]
pub fn of(meta: &PhotoMeta, header: &[u8]) -> Fingerprint {
    let mut hasher = blake3::Hasher::new();
    hasher.update(VERSION);
    let captured = meta.captured.map_or(i64::MIN, |at| at.0);
    hasher.update(&captured.to_le_bytes());
    let serial = meta.serial.as_deref().unwrap_or_default();
    hasher.update(&(serial.len() as u64).to_le_bytes());
    hasher.update(serial.as_bytes());
    hasher.update(header);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Fingerprint(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::photo::Timestamp;

    fn meta(second: i64, serial: &str) -> PhotoMeta {
        let captured = Some(Timestamp(second * Timestamp::SECOND));
        PhotoMeta { captured, serial: Some(serial.into()), ..PhotoMeta::default() }
    }

    #[test]
    fn what_is_not_known_is_told_from_what_is_empty_or_zero() {
        let nothing = of(&PhotoMeta::default(), b"header");
        assert_ne!(nothing, of(&meta(0, ""), b"header"));
    }

    #[test]
    fn a_fingerprint_stays_the_same_over_versions_of_the_program() {
        let Fingerprint(bytes) = of(&meta(1, "42"), b"header");
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "fc58fe41bb64e036d50d6822ae93bad9");
    }

    #[test]
    fn time_serial_and_header_each_make_another_photo() {
        let one = of(&meta(1, "42"), b"header");
        assert_ne!(one, of(&meta(2, "42"), b"header"));
        assert_ne!(one, of(&meta(1, "43"), b"header"));
        assert_ne!(one, of(&meta(1, "42"), b"heade"));
        assert_ne!(one, of(&meta(1, "42h"), b"eader"));
    }
}
