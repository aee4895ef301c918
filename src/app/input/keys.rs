//! Keys as a person maps them: names for everything in the table, names for chords, and the map that
//! follows from both.
//!
//! A mistake costs its own line: that thing keeps the keys that it has by default.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use super::Binding;
use super::Chord;
use super::Intent;
use super::Key;
use super::SECTIONS;
use super::write_name;
use crate::disk::config;

/// The map in use: set once, before the window opens.
static IN_USE: OnceLock<KeyMap> = OnceLock::new();

/// Which chords ask for what.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyMap {
    /// In the order of the table.
    chords: Vec<Vec<Chord>>,
}

/// A line that means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The key of the line.
    pub id: String,
    /// What is wrong with it.
    pub words: String,
}

impl Mistake {
    /// The mistake in words, with its line in the file.
    #[must_use]
    pub fn told(&self, path: &Path) -> String {
        let line = config::line_in(path, "keys", &self.id);
        let line = line.map_or_else(String::new, |line| format!("line {line}: "));
        let (id, words, path) = (&self.id, &self.words, path.display());
        format!("the settings cannot be understood: {line}keys.{id} {words}; file: {path}")
    }
}

impl Default for KeyMap {
    fn default() -> Self {
        Self { chords: bindings().map(|binding| binding.chords.to_vec()).collect() }
    }
}

impl KeyMap {
    /// The defaults, changed as the person says, and what of that means nothing.
    #[must_use]
    pub fn new(set: &BTreeMap<String, Vec<String>>) -> (Self, Vec<Mistake>) {
        let (mut map, mut mistakes) = (Self::default(), Vec::new());
        let mut given = Vec::new();
        for (id_set, names) in set {
            let mut wrong = |words: String| mistakes.push(Mistake { id: id_set.clone(), words });
            let at = bindings().position(|binding| binding.id == id_set);
            let Some(at) = at else {
                wrong(
                    "is nothing that can be done: rushlight settings --defaults lists all".into(),
                );
                continue;
            };
            let bad = names.iter().find(|name| chord(name).is_none());
            let taken = names.iter().filter_map(|name| chord(name));
            let twice = taken.clone().find(|chord| given.iter().any(|(_, c)| c == chord));
            match (bad, twice) {
                (Some(bad), _) => {
                    wrong(format!("names {bad:?}, expected a key like \"K\" or \"Ctrl Shift Z\""));
                }
                (_, Some(twice)) => wrong(format!("wants {}, which another line has", name(twice))),
                _ => given.extend(taken.map(|chord| (at, chord)).chain([(at, NOTHING)])),
            }
        }
        for &(at, _) in &given {
            map.chords[at].clear();
        }
        for (at, chord) in given.into_iter().filter(|(_, chord)| *chord != NOTHING) {
            map.chords.iter_mut().for_each(|chords| chords.retain(|c| *c != chord));
            map.chords[at].push(chord);
        }
        (map, mistakes)
    }

    /// Makes this the map in use. The first one stays.
    pub fn use_it(self) {
        _ = IN_USE.set(self);
    }

    /// The map in use.
    #[must_use]
    pub fn in_use() -> &'static Self {
        IN_USE.get_or_init(Self::default)
    }

    /// What a chord asks for.
    #[must_use]
    pub fn intent(&self, chord: Chord) -> Option<&'static Intent> {
        let at = self.chords.iter().position(|chords| chords.contains(&chord))?;
        bindings().nth(at).map(|binding| &binding.intent)
    }

    /// The chords of a line of the table.
    #[must_use]
    pub fn chords(&self, binding: &Binding) -> &[Chord] {
        let at = bindings().position(|other| std::ptr::eq(other, binding));
        at.map_or(binding.chords, |at| &self.chords[at])
    }
}

/// Stands for no chord: no keyboard gives it.
const NOTHING: Chord = Chord { key: Key::Char('\0'), ctrl: false, shift: false };

fn bindings() -> impl Iterator<Item = &'static Binding> {
    SECTIONS.iter().flat_map(|section| section.bindings)
}

/// A chord as the help and the settings name it.
#[must_use]
pub fn name(chord: Chord) -> String {
    let mut name = String::new();
    write_name(chord, &mut name);
    name
}

/// The chord of a name; `None` where it names none.
#[must_use]
pub fn chord(name: &str) -> Option<Chord> {
    const NAMED: [(&str, Key); 21] = [
        ("left", Key::Left),
        ("right", Key::Right),
        ("up", Key::Up),
        ("down", Key::Down),
        ("←", Key::Left),
        ("→", Key::Right),
        ("↑", Key::Up),
        ("↓", Key::Down),
        ("pgup", Key::PageUp),
        ("pgdn", Key::PageDown),
        ("home", Key::Home),
        ("end", Key::End),
        ("enter", Key::Enter),
        ("space", Key::Space),
        ("esc", Key::Escape),
        ("backspace", Key::Backspace),
        ("tab", Key::Tab),
        ("f5", Key::F5),
        ("f1", Key::F1),
        ("f11", Key::F11),
        ("plus", Key::Char('+')),
    ];
    let (mut ctrl, mut shift, mut key) = (false, false, None);
    for word in name.split_whitespace() {
        let word = word.to_lowercase();
        let mut letters = word.chars();
        match (word.as_str(), letters.next(), letters.next()) {
            _ if key.is_some() => return None,
            ("ctrl", ..) => ctrl = true,
            ("shift", ..) => shift = true,
            (_, Some(letter), None) if !"←→↑↓".contains(letter) => {
                key = Some(Key::Char(letter));
            }
            _ => key = Some(NAMED.iter().find(|(name, _)| *name == word)?.1),
        }
    }
    Some(Chord { key: key?, ctrl, shift })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn set(lines: &[(&str, &[&str])]) -> (KeyMap, Vec<String>) {
        let lines = lines.iter().map(|(id, names)| {
            ((*id).to_owned(), names.iter().map(|name| (*name).to_owned()).collect())
        });
        let (map, mistakes) = KeyMap::new(&lines.collect());
        (map, mistakes.into_iter().map(|m| format!("{} {}", m.id, m.words)).collect())
    }

    fn asks(map: &KeyMap, name: &str) -> &'static str {
        let intent = chord(name).and_then(|chord| map.intent(chord));
        let found = bindings().find(|b| intent.is_some_and(|i| std::ptr::eq(i, &b.intent)));
        found.map_or("-", |binding| binding.id)
    }

    #[test]
    fn everything_has_a_name_of_its_own_and_every_chord_reads_as_it_is_written() {
        let mut seen = BTreeSet::new();
        for id in bindings().map(|binding| binding.id) {
            assert!(seen.insert(id), "{id} stands twice");
            // What TOML takes without quotes, and a person types without a doubt.
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(id.chars().all(is_plain) && (2..=16).contains(&id.len()), "{id}");
        }
        for given in bindings().flat_map(|binding| binding.chords) {
            assert_eq!(chord(&name(*given)), Some(*given), "{}", name(*given));
        }
    }

    /// People have these in their settings: a new name for one of them would take their key away.
    #[test]
    fn what_people_have_in_their_settings_is_still_called_so() {
        let ids: BTreeSet<&str> = bindings().map(|binding| binding.id).collect();
        for id in NAMES.split_whitespace() {
            assert!(ids.contains(id), "{id} is gone");
        }
    }

    const NAMES: &str = "left right up down screen-up screen-down first last next-undecided \
        undecided-before next-burst previous-burst select-left select-right select-up select-down select-to-first \
        select-to-last select-all loupe back actual-size larger smaller turn-right turn-left info learned why audit \
        peaking clipping detail thirds histogram only-photos second-window full-screen keep trash undecided stars-0 \
        stars-1 stars-2 stars-3 stars-4 stars-5 \
        red yellow green blue tags undo redo auto-advance filter only-kept only-trashed \
        only-undecided all accept accept-selected ask fast-travel filter-again sort turn-sort export open-folder help leave";

    #[test]
    fn a_key_that_is_given_away_is_taken_from_what_had_it() {
        let (map, mistakes) = set(&[("keep", &["Ctrl Shift K", "j"])]);
        assert_eq!(mistakes, [""; 0]);
        let asked = ["Ctrl Shift K", "J", "K", "P", "T"].map(|name| asks(&map, name));
        assert_eq!(asked, ["keep", "keep", "-", "-", "trash"]);
    }

    #[test]
    fn two_things_can_change_places() {
        let (map, mistakes) = set(&[("keep", &["T"]), ("trash", &["K"])]);
        assert_eq!(mistakes, [""; 0]);
        assert_eq!([asks(&map, "T"), asks(&map, "K")], ["keep", "trash"]);
    }

    #[test]
    fn a_mistake_costs_its_own_line() {
        let (map, mistakes) = set(&[
            ("keep", &["Hyper K"]),
            ("trash", &["D"]),
            ("undecided", &["D"]),
            ("dance", &["Q"]),
        ]);
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
        assert!(mistakes[1].starts_with("keep names \"Hyper K\""), "{mistakes:?}");
        let asked = ["K", "D", "T", "U"].map(|name| asks(&map, name));
        assert_eq!(asked, ["keep", "trash", "-", "undecided"]);
    }

    #[test]
    fn an_empty_list_leaves_a_thing_without_a_key() {
        let (map, _) = set(&[("leave", &[])]);
        assert_eq!(asks(&map, "Ctrl Q"), "-");
    }
}
