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
use super::Section;
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
        Self { chords: bindings().map(|(_, binding)| binding.chords.to_vec()).collect() }
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
            let at = bindings().position(|(section, binding)| id(section, binding) == *id_set);
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
        bindings().nth(at).map(|(_, binding)| &binding.intent)
    }

    /// The chords of a line of the table.
    #[must_use]
    pub fn chords(&self, binding: &Binding) -> &[Chord] {
        let at = bindings().position(|(_, other)| std::ptr::eq(other, binding));
        at.map_or(binding.chords, |at| &self.chords[at])
    }
}

/// Stands for no chord: no keyboard gives it.
const NOTHING: Chord = Chord { key: Key::Char('\0'), ctrl: false, shift: false };

fn bindings() -> impl Iterator<Item = (&'static Section, &'static Binding)> {
    SECTIONS.iter().flat_map(|section| section.bindings.iter().map(move |b| (section, b)))
}

/// What a line of the table is called in the settings: its section and its help, in small letters.
#[must_use]
pub fn id(section: &Section, binding: &Binding) -> String {
    let words = format!("{} {}", section.title, binding.help);
    let letters = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    letters.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
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
    const NAMED: [(&str, Key); 20] = [
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

    fn asks(map: &KeyMap, name: &str) -> String {
        let intent = chord(name).and_then(|chord| map.intent(chord));
        let found = bindings().find(|(_, b)| intent.is_some_and(|i| std::ptr::eq(i, &b.intent)));
        found.map_or("-".to_owned(), |(section, binding)| id(section, binding))
    }

    #[test]
    fn everything_has_a_name_of_its_own_and_every_chord_reads_as_it_is_written() {
        let ids: Vec<String> = bindings().map(|(s, b)| id(s, b)).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        for given in bindings().flat_map(|(_, b)| b.chords) {
            assert_eq!(chord(&name(*given)), Some(*given), "{}", name(*given));
        }
    }

    #[test]
    fn a_key_that_is_given_away_is_taken_from_what_had_it() {
        let (map, mistakes) = set(&[("decide-keep", &["Ctrl Shift K", "j"])]);
        assert_eq!(mistakes, [""; 0]);
        let asked = ["Ctrl Shift K", "J", "K", "P", "T"].map(|name| asks(&map, name));
        assert_eq!(asked, ["decide-keep", "decide-keep", "-", "-", "decide-trash"]);
    }

    #[test]
    fn two_things_can_change_places() {
        let (map, mistakes) = set(&[("decide-keep", &["T"]), ("decide-trash", &["K"])]);
        assert_eq!(mistakes, [""; 0]);
        assert_eq!([asks(&map, "T"), asks(&map, "K")], ["decide-keep", "decide-trash"]);
    }

    #[test]
    fn a_mistake_costs_its_own_line() {
        let (map, mistakes) = set(&[
            ("decide-keep", &["Hyper K"]),
            ("decide-trash", &["D"]),
            ("decide-undecided-again", &["D"]),
            ("dance", &["Q"]),
        ]);
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
        assert!(mistakes[1].starts_with("decide-keep names \"Hyper K\""), "{mistakes:?}");
        let asked = ["K", "D", "T", "U"].map(|name| asks(&map, name));
        assert_eq!(asked, ["decide-keep", "decide-trash", "-", "decide-undecided-again"]);
    }

    #[test]
    fn an_empty_list_leaves_a_thing_without_a_key() {
        let (map, _) = set(&[("program-leave", &[])]);
        assert_eq!(asks(&map, "Ctrl Q"), "-");
    }
}
