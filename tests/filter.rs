//! Random texts of filters against a second reading that works by rewriting instead of by descent.
//!
//! The naive reading knows no tree: for one photo it puts a truth value in the place of every term,
//! then rewrites the innermost parentheses to one value until none is left. What a term means is
//! written down beside it, as a closure over plain values.

use std::borrow::Cow;
use std::sync::Arc;

use proptest::prelude::*;
use rushlight::core::filter::Facts;
use rushlight::core::filter::Filter;
use rushlight::core::label::Colour;
use rushlight::core::label::Label;
use rushlight::core::label::Verdict;
use rushlight::core::photo::PhotoMeta;
use rushlight::core::photo::Timestamp;

#[derive(Debug, Clone)]
struct Photo {
    name: String,
    label: Label,
    meta: Option<PhotoMeta>,
    burst_len: usize,
    keep: Option<f32>,
    sharp: Option<f32>,
}

impl Facts for Photo {
    fn file_name(&self) -> Cow<'_, str> {
        self.name.as_str().into()
    }
    fn label(&self) -> &Label {
        &self.label
    }
    fn meta(&self) -> Option<&PhotoMeta> {
        self.meta.as_ref()
    }
    fn captured(&self) -> Option<Timestamp> {
        self.meta.as_ref()?.captured
    }
    fn burst_len(&self) -> usize {
        self.burst_len
    }
    fn keep(&self) -> Option<f32> {
        self.keep
    }
    fn is_proposed(&self) -> bool {
        self.keep.is_some_and(|keep| keep < 0.1)
    }
    fn sharp(&self) -> Option<f32> {
        self.sharp
    }
}

impl Photo {
    /// Every text of the photo, each on a line of its own, in lower case.
    fn texts(&self) -> String {
        let mut lines = vec![self.name.clone()];
        if let Some(meta) = &self.meta {
            let part = |p: &Option<Box<str>>| p.as_deref().unwrap_or_default().to_owned();
            lines.push(format!("{} {}", part(&meta.make), part(&meta.model)));
            lines.push(part(&meta.lens));
        }
        lines.extend(self.label.tags().iter().map(ToString::to_string));
        lines.join("\n").to_lowercase()
    }

    /// The capture time as ISO 8601 writes it, which compares as text.
    fn taken(&self) -> Option<String> {
        self.captured().map(|at| at.to_string())
    }

    fn iso(&self) -> Option<u32> {
        self.meta.as_ref()?.iso
    }
}

/// What a term says of a photo.
type Meaning = fn(&Photo) -> bool;

/// Terms with what they mean; those without a meaning are mistakes, which are left out.
const TERMS: &[(&str, Option<Meaning>)] = &[
    ("keep", Some(|p| p.label.verdict == Verdict::Keep)),
    ("Trashed", Some(|p| p.label.verdict == Verdict::Trash)),
    ("undecided", Some(|p| p.label.verdict == Verdict::Undecided)),
    ("red", Some(|p| p.label.colour == Colour::Red)),
    ("colour : none", Some(|p| p.label.colour == Colour::None)),
    ("tagged", Some(|p| !p.label.tags().is_empty())),
    ("burst", Some(|p| p.burst_len > 1)),
    ("burst<=2", Some(|p| p.burst_len <= 2)),
    ("stars>=3", Some(|p| p.label.stars >= 3)),
    ("stars < 2", Some(|p| p.label.stars < 2)),
    ("stars=4", Some(|p| p.label.stars == 4)),
    ("iso>800", Some(|p| p.iso().is_some_and(|iso| iso > 800))),
    ("iso:100", Some(|p| p.iso() == Some(100))),
    ("date:2026-05", Some(|p| p.taken().is_some_and(|t| t.starts_with("2026-05")))),
    ("date<2026", Some(|p| p.taken().is_some_and(|t| *t < *"2026"))),
    ("date>2026-05-03", Some(|p| p.taken().is_some_and(|t| *t >= *"2026-05-04"))),
    ("eos", Some(|p| p.texts().contains("eos"))),
    ("IMG_1", Some(|p| p.texts().contains("img_1"))),
    ("\"canon eos\"", Some(|p| p.texts().contains("canon eos"))),
    ("\"or\"", Some(|p| p.texts().contains("or"))),
    ("caké", Some(|p| p.texts().contains("caké"))),
    ("tag:ca", Some(|p| p.label.tags().iter().any(|t| t.to_lowercase().contains("ca")))),
    ("name:É", Some(|p| p.name.to_lowercase().contains('é'))),
    ("stars>9", None),
    ("p<0.2", Some(|p| p.keep.is_some_and(|keep| keep < 0.2))),
    ("p>=60%", Some(|p| p.keep.is_some_and(|keep| keep > 0.6))),
    ("proposed", Some(|p| p.keep.is_some_and(|keep| keep < 0.1))),
    ("p<2", None),
    ("sharp<0.3", Some(|p| p.sharp.is_some_and(|sharp| sharp < 0.3))),
    ("Sharp >= 30%", Some(|p| p.sharp.is_some_and(|sharp| sharp >= 0.3))),
    ("sharp<1.3", None),
    ("hello=3", None),
    ("lens>3", None),
    ("date:soon", None),
    ("iso", None),
];

/// A piece of the line.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Piece {
    Term(usize),
    Not,
    And,
    Or,
    Open,
    Close,
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        10 => (0..TERMS.len()).prop_map(Piece::Term),
        3 => Just(Piece::Not),
        1 => Just(Piece::And),
        4 => Just(Piece::Or),
        3 => Just(Piece::Open),
        3 => Just(Piece::Close),
    ]
}

fn text(pieces: &[Piece]) -> String {
    let words = pieces.iter().map(|piece| match piece {
        Piece::Term(at) => TERMS[*at].0,
        Piece::Not => "not",
        Piece::And => "And",
        Piece::Or => "OR",
        Piece::Open => "(",
        Piece::Close => ")",
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What a piece has become for one photo; a value that is `None` is as if it were not there.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mark {
    Value(Option<bool>),
    Not,
    And,
    Or,
    Open,
    Close,
}

fn naive(pieces: &[Piece], photo: &Photo) -> bool {
    let marks = pieces.iter().map(|piece| match *piece {
        Piece::Term(at) => Mark::Value(TERMS[at].1.map(|holds| holds(photo))),
        Piece::Not => Mark::Not,
        Piece::And => Mark::And,
        Piece::Or => Mark::Or,
        Piece::Open => Mark::Open,
        Piece::Close => Mark::Close,
    });
    let mut marks: Vec<Mark> = marks.collect();
    loop {
        let close = marks.iter().position(|m| *m == Mark::Close);
        let open = marks[..close.unwrap_or(marks.len())].iter().rposition(|m| *m == Mark::Open);
        match (open, close) {
            (Some(open), close) => {
                let end = close.unwrap_or(marks.len());
                let value = flat(&marks[open + 1..end]);
                marks.splice(open..(end + 1).min(marks.len()), [Mark::Value(value)]);
            }
            // It closes nothing.
            (None, Some(close)) => _ = marks.remove(close),
            (None, None) => return flat(&marks).unwrap_or(true),
        }
    }
}

/// The value of marks without parentheses: `or` over `and` over `not`.
fn flat(marks: &[Mark]) -> Option<bool> {
    let groups = marks.split(|m| *m == Mark::Or).map(|group| {
        let mut values = Vec::new();
        let mut not_count = 0;
        for mark in group {
            match mark {
                Mark::Value(value) => {
                    values.extend(value.map(|v| v != (not_count % 2 == 1)));
                    not_count = 0;
                }
                Mark::Not => not_count += 1,
                // A "not" that nothing follows is left out.
                _ => not_count = 0,
            }
        }
        (!values.is_empty()).then(|| values.iter().all(|v| *v))
    });
    let values: Vec<bool> = groups.flatten().collect();
    (!values.is_empty()).then(|| values.contains(&true))
}

fn meta() -> impl Strategy<Value = PhotoMeta> {
    let cameras = [(Some("Canon"), Some("Canon EOS R5")), (Some("SONY"), None), (None, None)];
    (
        prop::sample::select(cameras.to_vec()),
        prop::option::of(prop::sample::select(vec![100_u32, 800, 801, 6400])),
        prop::option::of(prop::sample::select(vec![
            (2025, 12, 31),
            (2026, 5, 3),
            (2026, 5, 4),
            (2026, 6, 1),
        ])),
        prop::option::of(Just("Distagon or so")),
    )
        .prop_map(|((make, model), iso, day, lens)| PhotoMeta {
            make: make.map(Into::into),
            model: model.map(Into::into),
            lens: lens.map(Into::into),
            iso,
            captured: day.and_then(|(y, m, d)| Timestamp::from_civil([y, m, d], [0, 0, 0], 0)),
            ..PhotoMeta::default()
        })
}

fn photo() -> impl Strategy<Value = Photo> {
    let verdicts = [Verdict::Keep, Verdict::Trash, Verdict::Undecided];
    let names = ["IMG_1.JPG", "img_2.jpg", "É.tif", "sports.png"];
    let tags = ["Caké", "cat", "bride or groom"];
    (
        prop::sample::select(names.to_vec()),
        prop::sample::select(verdicts.to_vec()),
        0_u8..=5,
        prop::sample::select(vec![Colour::None, Colour::Red, Colour::Blue]),
        prop::sample::subsequence(tags.to_vec(), 0..3),
        prop::option::of(meta()),
        1_usize..4,
        prop::option::of(prop::sample::select(vec![0.05_f32, 0.15, 0.7])),
        prop::option::of(prop::sample::select(vec![0.0_f32, 0.299, 0.3, 0.99])),
    )
        .prop_map(|(name, verdict, stars, colour, tags, meta, burst_len, keep, sharp)| {
            let mut label = Label { verdict, stars, colour, ..Label::default() };
            label.set_tags(tags.into_iter().map(Arc::from).collect());
            Photo { name: name.into(), label, meta, burst_len, keep, sharp }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_is_what_a_naive_reading_makes_of_its_text(
        pieces in prop::collection::vec(piece(), 0..16),
        photos in prop::collection::vec(photo(), 8),
    ) {
        let text = text(&pieces);
        let reading = Filter::read(&text);
        for photo in &photos {
            let expect = naive(&pieces, photo);
            prop_assert_eq!(reading.filter.matches(photo), expect, "{:?} on {:?}", text, photo);
        }
        let has_mistake = pieces.iter().any(|p| matches!(p, Piece::Term(at) if TERMS[*at].1.is_none()));
        prop_assert!(!has_mistake || !reading.diagnostics.is_empty(), "{:?}", text);
    }

    #[test]
    fn no_text_panics_and_every_mistake_lies_within_it(
        text in prop_oneof![
            any::<String>(),
            "[a-zé()\":<>=≤≥ 0-9./T-]{0,60}",
            r#"((stars|iso|date|t|f/|mm|camera|not|or|p)[ :<>="()]{0,3}[0-9/.é-]{0,4} ?){0,9}"#,
        ],
        photo in photo(),
    ) {
        let reading = Filter::read(&text);
        _ = reading.filter.matches(&photo);
        let mut before = 0;
        for diagnostic in &reading.diagnostics {
            prop_assert!(text.get(diagnostic.range.clone()).is_some_and(|part| !part.is_empty()));
            prop_assert!(!diagnostic.words.is_empty());
            prop_assert!(diagnostic.range.start >= before, "in the order of the text");
            before = diagnostic.range.start;
        }
    }
}
