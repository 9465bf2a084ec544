//! UUIDs made of what they name, so that the same material gives the same ones. They are made by SHA-256 and written as version 5
//! (RFC 9562: made of a name), since the shapes of UCO 1.4 know no later version.

use model::Hasher;

/// That of a thing, in the words by which it is known elsewhere in the package.
pub(crate) fn uuid(purpose: &str, of: &str) -> String {
    let mut hasher = Hasher::new("uuid");
    hasher.text(purpose).text(of);
    let mut bytes = hasher.finish();
    bytes[6] = bytes[6] & 0x0F | 0x50;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let digits = crate::bag::hex(&bytes);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_uuid_has_its_form() {
        let one = super::uuid("item", "a");
        assert_eq!(one.len(), 36);
        assert_eq!((one.chars().nth(14), one.split('-').count()), (Some('5'), 5));
        assert_ne!(one, super::uuid("entry", "a"));
    }
}
