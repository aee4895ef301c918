//! What each text finds, and what is said about its mistakes.

use super::*;
use crate::core::label::Colour;
use crate::core::label::Decision;

struct Photo {
    name: &'static str,
    label: Label,
    meta: PhotoMeta,
    burst_len: usize,
    keep: Option<f32>,
}

impl Facts for Photo {
    fn file_name(&self) -> Cow<'_, str> {
        self.name.into()
    }
    fn label(&self) -> &Label {
        &self.label
    }
    fn meta(&self) -> Option<&PhotoMeta> {
        Some(&self.meta)
    }
    fn captured(&self) -> Option<Timestamp> {
        self.meta.captured
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
        self.keep.map(|keep| 1.0 - keep)
    }
}

/// A kept portrait `a`, a trashed blue one `b`, an undecided scan `c` without EXIF.
fn photos() -> [(char, Photo); 3] {
    let label = |decisions: &[Decision]| {
        decisions.iter().fold(Label::default(), |label, decision| label.with(decision))
    };
    let portrait = PhotoMeta {
        make: Some("Canon".into()),
        model: Some("Canon EOS R5".into()),
        lens: Some("RF85mm F1.2 L USM".into()),
        captured: Timestamp::from_civil([2026, 5, 3], [14, 5, 59], 0),
        iso: Some(1600),
        f_number: Some(2.83),
        exposure_seconds: Some(1.0 / 256.0),
        focal_mm: Some(85.0),
        ..PhotoMeta::default()
    };
    let sony = PhotoMeta {
        make: Some("SONY".into()),
        model: Some("ILCE-7M3".into()),
        lens: None,
        captured: Timestamp::from_civil([2026, 6, 1], [0, 0, 0], 0),
        iso: Some(100),
        f_number: Some(8.0),
        exposure_seconds: Some(0.5),
        focal_mm: Some(35.0),
        ..PhotoMeta::default()
    };
    let kept = label(&[Decision::Keep, Decision::Stars(3), Decision::Tag("Wedding cake".into())]);
    let trashed = label(&[Decision::Trash, Decision::Colour(Colour::Blue)]);
    [
        (
            'a',
            Photo {
                name: "IMG_0012.JPG",
                label: kept,
                meta: portrait,
                burst_len: 3,
                keep: Some(0.9),
            },
        ),
        (
            'b',
            Photo { name: "dsc 7.jpg", label: trashed, meta: sony, burst_len: 1, keep: Some(0.05) },
        ),
        (
            'c',
            Photo {
                name: "Scan-É.tif",
                label: Label::default(),
                meta: PhotoMeta::default(),
                burst_len: 1,
                keep: None,
            },
        ),
    ]
}

/// Which of the photos `text` finds, and how many mistakes it has.
#[track_caller]
fn check_with(text: &str, expect: &str, mistakes: usize) {
    let reading = Filter::read(text);
    let found: String =
        photos().iter().filter(|(_, p)| reading.filter.matches(p)).map(|(name, _)| name).collect();
    assert_eq!(found, expect, "{text:?}");
    assert_eq!(reading.diagnostics.len(), mistakes, "{text:?}: {:?}", reading.diagnostics);
}

#[track_caller]
fn check(text: &str, expect: &str) {
    check_with(text, expect, 0);
}

/// What is said about a text with one mistake, and about which part of it.
#[track_caller]
fn check_words(text: &str, part: &str, words: &str) {
    let diagnostics = Filter::read(text).diagnostics;
    assert_eq!(diagnostics.len(), 1, "{text:?}: {diagnostics:?}");
    assert_eq!(&text[diagnostics[0].range.clone()], part, "{text:?}");
    assert!(diagnostics[0].words.contains(words), "{text:?}: {:?}", diagnostics[0].words);
}

#[test]
fn what_a_learner_says_is_asked_for_by_probability_and_proposal() {
    check("p<0.2", "b");
    check("p>=90%", "a");
    check("p<=1", "ab");
    check("not p<0.2", "ac");
    check("proposed", "b");
    check("undecided not proposed", "c");
    assert!(Filter::read("keep or p>0.5").filter.reads_outlook());
    assert!(!Filter::read("keep").filter.reads_outlook());
}

#[test]
fn nothing_asked_is_everything() {
    check("", "abc");
    check("  ", "abc");
    assert!(Filter::read(" ").filter.is_everything() && !Filter::read("a").filter.is_everything());
}

#[test]
fn words_are_looked_for_in_name_camera_lens_and_tag() {
    check("img", "a");
    check("scan-é", "c");
    check("\"DSC 7\"", "b");
    check("\"canon eos\"", "a");
    check("\"sony ilce\"", "b");
    check("rf85", "a");
    check("CAKE", "a");
    check("raw", "");
    check(".jp", "ab");
}

#[test]
fn decisions_are_terms() {
    check("keep", "a");
    check("KEPT", "a");
    check("trash", "b");
    check("trashed", "b");
    check("undecided", "c");
    check("blue", "b");
    check("colour:blue", "b");
    check("color=none", "ac");
    check("tagged", "a");
    check("tag:cake", "a");
    check("tag=cake", "");
    check("tag=\"wedding CAKE\"", "a");
    check("tag:\"\"", "a");
    check("stars>=3", "a");
    check("stars<3", "bc");
    check("stars = 0", "bc");
}

#[test]
fn headers_are_terms() {
    check("camera:\"EOS R5\"", "a");
    check("camera=ilce-7m3", "b");
    check("camera=\"sony ilce-7m3\"", "b");
    check("lens:85", "a");
    check("name:7", "b");
    check("iso>=1600", "a");
    check("iso>1600", "");
    check("iso<1600", "b");
    check("f/2.8", "a");
    check("f:2.8", "a");
    check("f/<=2.8", "a");
    check("f>2.8", "b");
    check("f:f/8", "b");
    check("t:1/250", "a");
    check("t<1/250", "");
    check("t<=1/250s", "a");
    check("t>=0.5", "b");
    check("mm>=85", "a");
    check("mm:35mm", "b");
    check("burst", "a");
    check("burst>=4", "");
    check("burst:1", "bc");
}

#[test]
fn a_date_is_a_period() {
    check("date:2026", "ab");
    check("date:2026-05", "a");
    check("date=2026-05-03", "a");
    check("date:2026-05-03T14:05", "a");
    check("date>2026-05", "b");
    check("date>=2026-05-03", "ab");
    check("date<2026-06", "a");
    check("date<=2026-06-01", "ab");
}

#[test]
fn what_the_header_lacks_satisfies_no_comparison() {
    check("iso>=0", "ab");
    check("not iso>=0", "c");
    check("camera:\"\"", "ab");
}

#[test]
fn not_binds_tighter_than_and_tighter_than_or() {
    check("not keep", "bc");
    check("not not keep", "a");
    check("keep or trash", "ab");
    check("not keep trash", "b");
    check("keep trash or undecided", "c");
    check("undecided or keep trash", "c");
    check("(undecided or keep) iso>1", "a");
    check("not (keep or trash)", "c");
    check("keep AND stars:3 OR blue", "ab");
}

#[test]
fn quotes_make_words_of_everything() {
    check("\"keep\"", "");
    check("\"not\"", "");
    check("\"stars>=3\"", "");
}

#[test]
fn a_faulty_part_is_as_if_it_had_not_been_written() {
    check_with("keep stars>=", "a", 1);
    check_with("keep or stars>=9", "a", 1);
    check_with("not p<2", "abc", 1);
    check_with("keep or", "a", 1);
    check_with("or keep", "a", 1);
    check_with("keep not", "a", 1);
    check_with("(keep or trash", "ab", 1);
    check_with("keep)", "a", 1);
    check_with("keep () trash", "", 1);
    check_with("and keep", "a", 1);
    check_with("\"img", "a", 1);
    check_with("= 3 keep", "a", 1);
    check_with("or or", "abc", 3);
}

#[test]
fn mistakes_are_told_where_they_are() {
    check_words("keep stars>=9 iso>1", "stars>=9", "stars>=3, from 0 to 5");
    check_words("stars > ", "stars >", "stars needs a value, as in stars>=3");
    check_words("stars", "stars", "stars>=3");
    check_words("p<2", "p<2", "p is written as in p<0.2");
    check_words("sharp < 3 keep", "sharp < 3", "sharp is written as in sharp<0.3");
    check_words("sharp", "sharp", "sharp is compared, as in sharp<0.3");
    check_words("É hello:3", "hello:3", "hello cannot be compared");
    check_words("lens<3", "lens<3", "lens:70-200");
    check_words("date:2026-13", "date:2026-13", "date:2026-05-03");
    check_words("t:1/0", "t:1/0", "t<1/250");
    check_words("iso:1e3", "iso:1e3", "iso>1600");
    check_words("a (b", "(", "not closed");
    check_words("camera:\"EOS", "\"", "not closed");
}

#[test]
fn no_depth_overflows_the_stack() {
    for deep in ["(".repeat(100_000), "not ".repeat(100_000), "a or (".repeat(50_000)] {
        let reading = Filter::read(&deep);
        assert!(!reading.diagnostics.is_empty());
        photos().iter().for_each(|(_, photo)| _ = reading.filter.matches(photo));
    }
}

#[test]
fn a_filter_knows_what_it_reads() {
    let reads = |text: &str| {
        let filter = Filter::read(text).filter;
        (filter.reads_labels(), filter.reads_bursts())
    };
    assert_eq!(reads("iso>100 lens:85"), (false, false));
    assert_eq!(reads("iso>100 or not (burst)"), (false, true));
    assert_eq!(reads("mm:85 stars>2"), (true, false));
    assert_eq!(reads("cake"), (true, false), "a word may be a tag");
}
