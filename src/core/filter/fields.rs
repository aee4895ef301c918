//! What the words of a filter mean: flags, fields and their values.

use super::fold::Fold;
use super::period::Period;
use super::term::Quantity;
use super::term::Relation;
use super::term::Term;
use super::term::Text;
use crate::core::label::Colour;
use crate::core::label::Verdict;

/// What came of a word or a comparison.
pub(super) enum Made {
    Term(Term),
    /// What is wrong with it, for the person.
    Mistake(String),
}

/// What stands before a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Text(Text),
    Number(Quantity),
    Colour,
    Date,
}

const FIELDS: [(&str, Field); 16] = [
    ("name", Field::Text(Text::Name)),
    ("camera", Field::Text(Text::Camera)),
    ("lens", Field::Text(Text::Lens)),
    ("tag", Field::Text(Text::Tag)),
    ("colour", Field::Colour),
    ("color", Field::Colour),
    ("stars", Field::Number(Quantity::Stars)),
    ("iso", Field::Number(Quantity::Iso)),
    ("f", Field::Number(Quantity::Aperture)),
    ("f/", Field::Number(Quantity::Aperture)),
    ("t", Field::Number(Quantity::Exposure)),
    ("mm", Field::Number(Quantity::Focal)),
    ("burst", Field::Number(Quantity::Burst)),
    ("date", Field::Date),
    ("p", Field::Number(Quantity::Keep)),
    ("sharp", Field::Number(Quantity::Sharp)),
];

const COLOURS: [(&str, Colour); 4] = [
    ("red", Colour::Red),
    ("yellow", Colour::Yellow),
    ("green", Colour::Green),
    ("blue", Colour::Blue),
];

const VERDICTS: [(&str, Verdict); 5] = [
    ("keep", Verdict::Keep),
    ("kept", Verdict::Keep),
    ("trash", Verdict::Trash),
    ("trashed", Verdict::Trash),
    ("undecided", Verdict::Undecided),
];

fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

/// A word in quotes.
pub(super) fn quoted(word: &str) -> Made {
    Made::Term(Term::Word(Fold::new(word)))
}

/// A word that nothing is compared with.
pub(super) fn bare(word: &str) -> Made {
    if let Some(verdict) = find(&VERDICTS, word) {
        return Made::Term(Term::Verdict(verdict));
    }
    if let Some(colour) = find(&COLOURS, word) {
        return Made::Term(Term::Colour(colour));
    }
    let lower = word.to_ascii_lowercase();
    match lower.as_str() {
        "tagged" => return Made::Term(Term::Tagged),
        "burst" => return Made::Term(Term::Number(Quantity::Burst, Relation::Above, 1.0)),
        "proposed" => return Made::Term(Term::Proposed),
        // On the way to a comparison: as words they would empty the view for a moment.
        "stars" => return Made::Mistake("stars is compared, as in stars>=3".into()),
        "iso" => return Made::Mistake("iso is compared, as in iso>1600".into()),
        "sharp" => return Made::Mistake("sharp is compared, as in sharp<0.3".into()),
        "date" => return Made::Mistake("date is compared, as in date:2026-05-03".into()),
        _ => {}
    }
    // An aperture as it is written: f/2.8.
    let aperture = lower.strip_prefix("f/").and_then(number);
    match aperture {
        Some(value) => Made::Term(Term::Number(Quantity::Aperture, Relation::Is, value)),
        None => quoted(word),
    }
}

/// A field, a relation, and the value after it where there is one.
pub(super) fn compared(name: &str, relation: Relation, value: Option<&str>) -> Made {
    let lower = name.to_lowercase();
    let Some(field) = find(&FIELDS, name) else {
        return Made::Mistake(format!("{lower} cannot be compared; in quotes it is looked for"));
    };
    let Some(value) = value else {
        return Made::Mistake(format!("{lower} needs a value, as in {}", example(field)));
    };
    let term = match field {
        Field::Text(text) => match relation {
            Relation::Has => Some(Term::Has(text, Fold::new(value))),
            Relation::Is => Some(Term::Is(text, Fold::new(value))),
            _ => None,
        },
        Field::Colour => match relation {
            Relation::Has | Relation::Is => colour(value).map(Term::Colour),
            _ => None,
        },
        Field::Date => Period::read(value).map(|period| Term::Date(relation, period)),
        Field::Number(quantity) => {
            typed(quantity, value).map(|value| Term::Number(quantity, relation, value))
        }
    };
    match term {
        Some(term) => Made::Term(term),
        None => Made::Mistake(format!("{lower} is written as in {}", example(field))),
    }
}

const fn example(field: Field) -> &'static str {
    match field {
        Field::Text(Text::Name) => "name:IMG_12",
        Field::Text(Text::Camera) => "camera:\"EOS R5\"",
        Field::Text(Text::Lens) => "lens:70-200",
        Field::Text(Text::Tag) => "tag:cake",
        Field::Colour => "colour:red or colour:none",
        Field::Date => "date:2026-05-03, date>=2026-05 or date:2026-05-03T14",
        Field::Number(Quantity::Stars) => "stars>=3, from 0 to 5",
        Field::Number(Quantity::Iso) => "iso>1600",
        Field::Number(Quantity::Aperture) => "f<2.8",
        Field::Number(Quantity::Exposure) => "t<1/250",
        Field::Number(Quantity::Focal) => "mm>=85",
        Field::Number(Quantity::Burst) => "burst>=5",
        Field::Number(Quantity::Keep) => "p<0.2 or p>=80%",
        Field::Number(Quantity::Sharp) => "sharp<0.3 or sharp>=80%",
    }
}

fn colour(value: &str) -> Option<Colour> {
    let is_none = value.eq_ignore_ascii_case("none");
    find(&COLOURS, value).or_else(|| is_none.then_some(Colour::None))
}

/// A value of a quantity, with its unit or without.
fn typed(quantity: Quantity, value: &str) -> Option<f64> {
    let lower = value.to_ascii_lowercase();
    match quantity {
        Quantity::Stars => whole(&lower).filter(|&count| count <= 5.0),
        Quantity::Iso | Quantity::Burst => whole(&lower),
        Quantity::Keep | Quantity::Sharp => match lower.strip_suffix('%') {
            Some(percent) => number(percent).map(|percent| percent / 100.0),
            None => number(&lower),
        }
        .filter(|&share| share <= 1.0),
        Quantity::Aperture => number(lower.strip_prefix("f/").unwrap_or(&lower)),
        Quantity::Focal => number(lower.strip_suffix("mm").unwrap_or(&lower)),
        Quantity::Exposure => {
            let seconds = lower.strip_suffix('s').unwrap_or(&lower);
            match seconds.split_once('/') {
                Some((above, below)) => {
                    let below = number(below).filter(|&below| below > 0.0)?;
                    Some(number(above)? / below)
                }
                None => number(seconds),
            }
        }
    }
}

fn whole(text: &str) -> Option<f64> {
    let is_whole = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    is_whole.then(|| text.parse().ok())?
}

/// Digits with at most one point among them: no sign, no exponent, no infinity.
fn number(text: &str) -> Option<f64> {
    let is_plain = text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    is_plain.then(|| text.parse().ok())?
}
