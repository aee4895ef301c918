//! Killed at random moments of moving, trashing and bringing back, and gone on with: no photo is
//! lost, torn, or doubled without its twin.
//!
//! `RUSHLIGHT_KILLS` says how many times (200 before a release); 16 without it.

use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use super::person;
use super::person::Person;

const PHOTOS: usize = 24;

/// Knuth's MMIX generator: the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, end: u64) -> u64 {
        const FACTOR: u64 = 6_364_136_223_846_793_005;
        self.0 = self.0.wrapping_mul(FACTOR).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Where the files of each photo are: by photo, the folders of its files.
struct Found(HashMap<Vec<u8>, Vec<PathBuf>>);

impl Found {
    fn look(roots: &[&Path]) -> Self {
        let mut found: HashMap<Vec<u8>, Vec<PathBuf>> = HashMap::new();
        for path in roots.iter().flat_map(|root| person::walk(root)) {
            let folder = path.parent().unwrap().to_owned();
            // A file that is being copied has another name, and need not be whole.
            if path.extension().is_none_or(|e| e != "partial") {
                found.entry(std::fs::read(&path).unwrap()).or_default().push(folder);
            }
        }
        Self(found)
    }

    /// No file is lost, and at most one photo is on its way.
    fn check_on_the_way(&self, photos: &[Vec<Vec<u8>>], round: &str) {
        let mut on_the_way = 0;
        for photo in photos {
            let places: Vec<_> = photo.iter().map(|bytes| self.0.get(bytes)).collect();
            assert!(places.iter().all(Option::is_some), "{round}: a file is lost");
            on_the_way += usize::from(places.windows(2).any(|pair| {
                let mut sorted = [pair[0], pair[1]].map(|p| p.unwrap().clone());
                sorted.iter_mut().for_each(|places| places.sort());
                sorted[0] != sorted[1]
            }));
        }
        assert!(on_the_way <= 1, "{round}: {on_the_way} photos are on their way");
    }

    /// Every file is there once, in `folder`.
    fn check_whole(&self, photos: &[Vec<Vec<u8>>], folder: &Path, round: &str) {
        for bytes in photos.iter().flatten() {
            let places = self.0.get(bytes).map(Vec::as_slice);
            assert_eq!(places, Some(&[folder.to_owned()][..]), "{round}");
        }
    }
}

/// A way out of the shoot and where it leads.
struct Way<'a> {
    arguments: Vec<&'a str>,
    folder: PathBuf,
}

struct Evening<'a> {
    person: &'a Person,
    photos: Vec<Vec<Vec<u8>>>,
    roots: Vec<&'a Path>,
    dice: Dice,
    kills: usize,
    hits: usize,
}

impl Evening<'_> {
    /// Runs the program until it ends or a random moment comes; gives whether it was killed.
    fn run(&mut self, arguments: &[&str], within: Duration) -> bool {
        let mut child = self.person.command(arguments).spawn().unwrap();
        let moment = Duration::from_micros(self.dice.throw(within.as_micros() as u64));
        let start = Instant::now();
        while start.elapsed() < moment {
            if child.try_wait().unwrap().is_some() {
                return false;
            }
            thread::sleep(Duration::from_micros(200));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        self.kills += 1;
        true
    }

    /// One way, killed, gone on with and killed again, until it is whole at `folder`.
    fn go(&mut self, arguments: &[&str], folder: &Path, within: Duration, round: &str) {
        let mut is_killed = self.run(arguments, within);
        let found = Found::look(&self.roots);
        found.check_on_the_way(&self.photos, round);
        self.hits += usize::from(is_killed && self.is_between(&found));
        for tries in 0.. {
            assert!(tries < 20, "{round}: it never ends");
            if !is_killed {
                break;
            }
            // The third time it may end.
            let within = if tries < 2 { within } else { Duration::from_secs(600) };
            is_killed = self.run(&["export", "resume"], within);
            let found = Found::look(&self.roots);
            found.check_on_the_way(&self.photos, round);
            self.hits += usize::from(is_killed && self.is_between(&found));
        }
        // Killed before the plan was whole, nothing was begun and there is nothing to go on with.
        let (code, _, err) = self.person.run(&["export", "resume"]);
        assert!(code == 0 || err.contains("nothing to resume"), "{round}: {err}");
        let (code, _, err) = self.person.run(arguments);
        let is_through = err.contains("nothing to undo") || err.contains("no photos found");
        assert!(code == 0 || is_through, "{round}: {err}");
        Found::look(&self.roots).check_whole(&self.photos, folder, round);
    }

    /// Whether some photos have gone and others not: the moments that matter.
    fn is_between(&self, found: &Found) -> bool {
        let first = |photo: &Vec<Vec<u8>>| found.0[&photo[0]].clone();
        self.photos.iter().any(|photo| first(photo) != first(&self.photos[0]))
    }
}

#[test]
fn random_kills_lose_no_photo_and_part_no_twins() {
    let wanted = std::env::var("RUSHLIGHT_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(16);
    let person = Person::new(PHOTOS);
    let other = person::other_volume();
    let all: Vec<usize> = (0..PHOTOS).collect();
    person.decide(&all, "trash");
    let home = person.dir().join("photos");
    let read = |number: &usize| {
        person.twins(*number).iter().map(|path| std::fs::read(path).unwrap()).collect()
    };
    let photos = all.iter().map(read).collect();
    let trash = person.dir().join("data/Trash/files");
    let mut ways = vec![
        Way { arguments: vec!["move", "--to", "out"], folder: person.dir().join("out") },
        Way { arguments: vec!["trash"], folder: trash },
        Way { arguments: vec!["trash", "--beside"], folder: home.join(".rushlight-trash") },
    ];
    let far = other.as_ref().map(|folder| folder.path().to_owned()).unwrap_or_default();
    if let Some(far) = far.to_str().filter(|far| !far.is_empty()) {
        ways.push(Way { arguments: vec!["move", "--to", far], folder: far.into() });
    }
    let dir = person.dir();
    let roots = vec![dir.as_path(), far.as_path()];
    let mut evening =
        Evening { person: &person, photos, roots, dice: Dice(2026), kills: 0, hits: 0 };
    for round in 0.. {
        if evening.kills >= wanted {
            break;
        }
        let Way { arguments, folder } = &ways[round % ways.len()];
        let arguments = [&["export"], &arguments[..], &["--trashed", "photos"]].concat();
        // As long as it takes without being killed, found anew each time: the machine is shared.
        let start = Instant::now();
        assert_eq!(person.run(&arguments).0, 0);
        let out = start.elapsed();
        let start = Instant::now();
        assert_eq!(person.run(&["export", "undo"]).0, 0);
        let back = start.elapsed();
        let words = format!("round {round}, {arguments:?}");
        evening.go(&arguments, folder, out, &words);
        evening.go(&["export", "undo"], &home, back, &format!("{words}, undone"));
    }
    let Evening { kills, hits, .. } = evening;
    println!("{kills} kills, {hits} of them while some photos had gone and others not");
    assert!(hits * 8 >= kills, "only {hits} of {kills} kills came between");
}
