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

    /// Eight bytes at a time are looked at for the first letter: a word is looked for in tens of
    /// millions of them.
    fn is_in_ascii(&self, hay: &[u8]) -> bool {
        let needle = self.text.as_bytes();
        let Some((first, rest)) = needle.split_first() else { return true };
        if hay.len() < needle.len() {
            return false;
        }
        let is_at = |at: usize| {
            hay[at].to_ascii_lowercase() == *first
                && hay
                    .get(at + 1..at + needle.len())
                    .is_some_and(|part| part.eq_ignore_ascii_case(rest))
        };
        let (words, tail) = hay.as_chunks::<8>();
        let found = words.iter().enumerate().any(|(number, word)| {
            let mut marks = candidates(*word, *first);
            while marks != 0 {
                if is_at(number * 8 + marks.trailing_zeros() as usize / 8) {
                    return true;
                }
                marks &= marks - 1;
            }
            false
        });
        found || (hay.len() - tail.len()..hay.len()).any(is_at)
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

/// The highest bit of every byte that may be `letter` in either case, and of few others: bit 5 is
/// what the cases of a letter differ in, and the rest is the test for a byte of zero in a word
/// (Warren, "Hacker's Delight", 6-1).
const fn candidates(word: [u8; 8], letter: u8) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let difference = (u64::from_le_bytes(word) | (ONES << 5)) ^ ((letter | 1 << 5) as u64 * ONES);
    difference.wrapping_sub(ONES) & !difference & (ONES << 7)
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
    fn a_word_is_found_wherever_it_stands() {
        for length in 0..40 {
            for at in 0..=length {
                let hay = format!("{}Ab@[{}", "a".repeat(at), "B`{".repeat(length - at));
                for needle in ["ab@[", "aB@", "b@[", "@[", "[b", "@{", "`[", "a@"] {
                    let expect = hay.to_lowercase().contains(&needle.to_lowercase());
                    assert_eq!(Fold::new(needle).is_in(&hay), expect, "{needle} in {hay}");
                }
            }
        }
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
