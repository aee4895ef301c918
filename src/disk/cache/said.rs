//! What a photo's own XMP says, as one text among the facts.
//!
//! `rating stars pick colour tag tag ...`, with U+001F between two, which no XML can hold; empty where
//! nothing is said. Each value has one text and each text at most one value.

use std::sync::Arc;

use crate::core::said::Said;

const BETWEEN: char = '\u{1f}';

/// The text of what is said; `None` where there is none that would be read again.
pub(super) fn to_text(said: &Said) -> Option<String> {
    let number = |n: Option<i16>| n.map(|n| n.to_string()).unwrap_or_default();
    let mut text = number(said.rating.map(i16::from));
    for count in [said.stars, said.pick] {
        text.push(BETWEEN);
        text.push_str(&number(count.map(i16::from)));
    }
    let colour = said.colour.as_deref().unwrap_or_default();
    for words in std::iter::once(colour).chain(said.tags.iter().map(AsRef::as_ref)) {
        text.push(BETWEEN);
        text.push_str(words);
    }
    (read(&text).as_ref() == Some(said)).then_some(text)
}

/// What a text says; `None` for one that [`to_text`] does not write.
pub(super) fn parse(text: &str) -> Option<Said> {
    read(text).filter(|said| to_text(said).as_deref() == Some(text))
}

fn read(text: &str) -> Option<Said> {
    let mut parts = text.split(BETWEEN);
    let rating = number(parts.next()?)?;
    let (stars, pick) = (number(parts.next()?)?, number(parts.next()?)?);
    let colour = Some(parts.next()?).filter(|colour| !colour.is_empty()).map(Arc::from);
    let tags: Vec<Arc<str>> = parts.map(Arc::from).collect();
    let is_sound = tags.is_sorted_by(|a, b| a < b) && tags.iter().all(|tag| !tag.is_empty());
    let said = Said { rating, stars, pick, colour, tags };
    (is_sound && !said.is_silent()).then_some(said)
}

/// `Some(None)` for an empty text, `None` for one that is no number.
fn number<T: std::str::FromStr>(text: &str) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_goes_there_and_back() {
        let tags = vec!["a".into(), "b c".into()];
        let said = Said { rating: Some(-1), stars: Some(3), pick: None, colour: None, tags };
        let text = to_text(&said).unwrap();
        assert_eq!(text, "-1\u{1f}3\u{1f}\u{1f}\u{1f}a\u{1f}b c");
        assert_eq!(parse(&text), Some(said));
    }

    #[test]
    fn a_value_has_one_text() {
        assert_eq!(to_text(&Said::default()), None);
        for text in [
            "",
            "1",
            "\u{1f}\u{1f}\u{1f}",
            "+1\u{1f}\u{1f}\u{1f}",
            "1\u{1f}\u{1f}\u{1f}\u{1f}b\u{1f}a",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
