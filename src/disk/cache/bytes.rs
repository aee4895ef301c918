//! Values in a row of bytes, little-endian: written one after the other, read with every bound
//! checked. Knows nothing of what they mean.

/// Bytes not yet read. A read past the end is `None` and takes nothing.
#[derive(Debug)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn pair_u32(&mut self) -> Option<[u32; 2]> {
        Some([self.u32()?, self.u32()?])
    }

    /// A text behind its length as a `u16`.
    pub(super) fn text(&mut self) -> Option<Box<str>> {
        let count = usize::from(self.u16()?);
        let (text, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        std::str::from_utf8(text).ok().map(Box::from)
    }
}

/// Bytes written so far.
#[derive(Debug, Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_is_none() {
        let mut rest = Reader::new(&[1, 0, 0, 0, 2]);
        assert_eq!(rest.u32(), Some(1));
        assert_eq!(rest.u16(), None);
        assert_eq!(rest.u8(), Some(2));
        assert!(rest.is_empty());
        assert_eq!(Reader::new(&[3, 0, b'a', b'b']).text(), None);
        assert_eq!(Reader::new(&[1, 0, 0xFF]).text(), None);
    }
}
