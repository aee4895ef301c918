//! A disk that gets full while photos go to it.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::process::Output;

use super::person;
use super::person::Person;

/// Room for two photos with their twins and not for a third.
const ROOM: &str = "560k";

/// Runs the program in a shell that has a small file system at `out`, then `after` in the same shell;
/// `None` where none may be mounted.
fn on_small_disk(person: &Person, arguments: &str, after: &str) -> Option<Output> {
    let out = person.dir().join("out");
    fs::create_dir_all(&out).unwrap();
    let program = env!("CARGO_BIN_EXE_rushlight");
    let script = format!(
        "mount -t tmpfs -o size={ROOM} none out || exit 77; \
         '{program}' export {arguments}; echo \"code $?\"; {after}"
    );
    let mut shell = person.command(&[]);
    let environment: Vec<_> =
        shell.get_envs().filter_map(|(k, v)| Some((k.to_owned(), v?.to_owned()))).collect();
    let mut unshare = Command::new("unshare");
    unshare.args(["-rm", "sh", "-c", &script]).current_dir(person.dir()).envs(environment);
    shell.stdin(std::process::Stdio::null());
    let output = unshare.output().ok()?;
    if output.status.code() == Some(77) || !output.status.success() {
        println!("skipped: no file system of one's own may be mounted here");
        return None;
    }
    Some(output)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The names listed after the program's words, and whether it ended well.
fn listed(output: &Output) -> (BTreeSet<String>, bool) {
    let said = text(&output.stdout);
    let (_, rest) = said.split_once("code ").expect("the shell says how it ended");
    let (code, names) = rest.split_once('\n').expect("and lists the folder");
    (names.lines().map(str::to_owned).collect(), code == "0")
}

#[test]
fn what_fits_is_copied_whole_and_the_rest_is_told() {
    let person = Person::new(4);
    person.decide(&[0, 1, 2, 3], "keep");
    let before = person.files();
    let Some(output) = on_small_disk(&person, "copy --kept --to out photos", "ls -A out") else {
        return;
    };
    let (names, is_well) = listed(&output);
    assert!(!is_well, "{}", text(&output.stdout));
    let told = text(&output.stderr);
    assert!(told.contains("no space left") || told.contains("No space left"), "{told}");
    let whole = |number| person::names_of(&[number]).into_iter().all(|name| names.contains(&name));
    let some = |number| person::names_of(&[number]).into_iter().any(|name| names.contains(&name));
    assert!((0..4).all(|number| whole(number) || !some(number)), "twins stay together: {names:?}");
    assert!(names.iter().all(|name| name.starts_with('p')), "no draft is left: {names:?}");
    assert_eq!(person.files(), before, "no photo has been touched");
    // With room the same words copy the rest.
    assert_eq!(person.export(&["copy", "--kept", "--to", "out", "photos"]).0, 0);
    assert_eq!(person.names("out"), person::names_of(&[0, 1, 2, 3]));
}

#[test]
fn what_does_not_fit_is_not_moved() {
    let person = Person::new(4);
    person.decide(&[0, 1, 2, 3], "keep");
    let Some(output) = on_small_disk(&person, "move --kept --to out photos", "ls -A out") else {
        return;
    };
    let (moved, is_well) = listed(&output);
    assert!(!is_well, "{}", text(&output.stdout));
    let left: BTreeSet<String> = person.names("photos").into_iter().collect();
    let all: BTreeSet<String> = person::names_of(&[0, 1, 2, 3]).into_iter().collect();
    assert_eq!(&left | &moved, all, "none is lost");
    assert!(left.is_disjoint(&moved), "none is doubled: {left:?} {moved:?}");
    let is_whole = |names: &BTreeSet<String>, number| {
        let twins: BTreeSet<String> = person::names_of(&[number]).into_iter().collect();
        twins.is_subset(names) || twins.is_disjoint(names)
    };
    assert!((0..4).all(|number| is_whole(&left, number)), "{left:?}");
}
