//! Words that are looked for without regard to upper and lower case.
//!
//! Letters are compared one by one in lower case, so that nothing is allocated a photo. File names
//! and camera names are ASCII nearly always and are looked through as bytes.

/// A text in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fold {
    text: String,
}

impl Fold {
    pub(super) fn new(text: &str) -> Self {
        Self { text: folded(text).collect() }
    }

    /// Whether `other` is this text.
    pub(super) fn is(&self, other: &str) -> bool {
        folded(other).eq(self.text.chars())
    }

    /// Whether the parts one after another are this text.
    pub(super) fn is_joined(&self, parts: [&str; 3]) -> bool {
        parts.into_iter().flat_map(folded).eq(self.text.chars())
    }

    /// Whether `hay` has this text in it.
    pub(super) fn is_in(&self, hay: &str) -> bool {
        if hay.is_ascii() { self.is_in_ascii(hay.as_bytes()) } else { self.is_in_letters(hay) }
    }

    /// Whether `a` and `b`, with a space between them, have this text in them.
    pub(super) fn is_in_pair(&self, a: &str, b: &str) -> bool {
        let spans = |(at, _): (usize, &str)| {
            let (before, after) = (&self.text[..at], &self.text[at + 1..]);
            ends_with(a, before) && starts_with(folded(b), after)
        };
        self.is_in(a) || self.is_in(b) || self.text.match_indices(' ').any(spans)
    }

    fn is_in_ascii(&self, hay: &[u8]) -> bool {
        let needle = self.text.as_bytes();
        let Some((first, rest)) = needle.split_first() else { return true };
        let Some(last_start) = hay.len().checked_sub(needle.len()) else { return false };
        (0..=last_start).any(|at| {
            hay[at].to_ascii_lowercase() == *first
                && hay[at + 1..at + needle.len()].eq_ignore_ascii_case(rest)
        })
    }

    fn is_in_letters(&self, hay: &str) -> bool {
        let mut letters = folded(hay);
        loop {
            if starts_with(letters.clone(), &self.text) {
                return true;
            }
            if letters.next().is_none() {
                return false;
            }
        }
    }
}

fn folded(text: &str) -> impl Iterator<Item = char> + Clone {
    text.chars().flat_map(char::to_lowercase)
}

fn starts_with(mut letters: impl Iterator<Item = char>, begin: &str) -> bool {
    begin.chars().all(|letter| letters.next() == Some(letter))
}

fn ends_with(text: &str, end: &str) -> bool {
    let length = folded(text).count();
    let end_length = end.chars().count();
    end_length <= length && folded(text).skip(length - end_length).eq(end.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count_in_any_alphabet() {
        for (needle, hay) in [("img_1", "IMG_12.JPG"), ("É", "caFé.jpg"), ("мор", "МОРЕ"), ("", "")]
        {
            assert!(Fold::new(needle).is_in(hay), "{needle:?} in {hay:?}");
        }
        assert!(!Fold::new("img_2").is_in("IMG_12.JPG"));
        assert!(!Fold::new("longer").is_in("long"));
        assert!(Fold::new("Eos r5").is("EOS R5") && !Fold::new("EOS R").is("EOS R5"));
    }

    #[test]
    fn a_pair_is_looked_through_as_if_joined() {
        assert!(Fold::new("sony ilce-7m3").is_in_pair("SONY", "ILCE-7M3"));
        assert!(Fold::new("y i").is_in_pair("SONY", "ILCE-7M3"));
        assert!(Fold::new("eos r5").is_in_pair("Canon", "Canon EOS R5"));
        assert!(!Fold::new("sonyilce").is_in_pair("SONY", "ILCE-7M3"));
        assert!(!Fold::new("ny x").is_in_pair("SONY", "ILCE-7M3"));
    }
}
