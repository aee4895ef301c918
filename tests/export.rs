//! `rushlight export`, the program itself: photos leave the shoot with all their files, none is
//! lost, none takes another's place, and they come back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "export/embed.rs"]
mod embed;
#[path = "export/full.rs"]
mod full;
#[path = "export/kill.rs"]
mod kill;
#[path = "export/lists.rs"]
mod lists;
#[path = "export/person.rs"]
mod person;
#[expect(dead_code, reason = "other tests use the rest")]
#[path = "support/shoot.rs"]
mod shoot;

use std::fs;

use person::Person;

#[test]
fn a_dry_run_says_what_would_happen_and_does_nothing() {
    let person = Person::new(6);
    person.decide(&[0, 1, 2], "keep");
    let before = person.files();
    let (code, out, err) = person.export(&["move", "--kept", "--to", "out", "--dry-run", "photos"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let bytes: u64 =
        (0..3).flat_map(|n| person.twins(n)).map(|p| p.metadata().unwrap().len()).sum();
    assert_eq!(bytes, 3 * (person::RAW_BYTES + person::XMP_BYTES) as u64 + person.jpeg_bytes(0..3));
    let size = rushlight::app::words::size(bytes);
    let target = person.dir().join("out");
    assert_eq!(out, format!("move 3 photos, 9 files, {size} to {}\n", target.display()));
    assert_eq!(person.files(), before);
}

#[test]
fn what_is_moved_takes_its_twins_and_its_decisions_along_and_comes_back() {
    let person = Person::new(6);
    person.decide(&[1, 4], "trash");
    person.decide(&[0], "keep");
    let before = person.files();
    let (code, out, _) = person.export(&["move", "--trashed", "--to", "out", "photos"]);
    assert!(code == 0 && out.ends_with("moved 2 photos\n"), "{out}");
    assert_eq!(person.names("out"), person::names_of(&[1, 4]));
    assert_eq!(person.names("photos"), person::names_of(&[0, 2, 3, 5]));
    let (_, decided, _) = person.run(&["decisions", "out", "--json"]);
    assert_eq!(decided.matches(r#""verdict":"trash""#).count(), 2, "{decided}");
    // Another program run, and so after a restart.
    let (code, out, _) = person.export(&["undo"]);
    assert_eq!((code, out.as_str()), (0, "brought back 2 photos\n"));
    assert_eq!(person.files(), before);
    let (_, decided, _) = person.run(&["decisions", "photos", "--json"]);
    assert_eq!(decided.matches(r#""verdict":"trash""#).count(), 2, "{decided}");
    let (code, _, err) = person.export(&["undo"]);
    assert!(code == 1 && err.starts_with("rushlight: there is nothing to undo"), "{err}");
    let (_, log, _) = person.export(&["log"]);
    assert!(log.contains("of 2 photos: undone"), "{log}");
}

#[test]
fn a_move_to_another_volume_is_verified_and_comes_back() {
    let Some(volume) = person::other_volume() else { return };
    let person = Person::new(4);
    person.decide(&[0, 1, 2, 3], "keep");
    let before = person.files();
    let out = volume.path().join("deep/out");
    let to = out.to_str().unwrap();
    let (code, said, err) = person.export(&["move", "--kept", "--to", to, "photos"]);
    assert_eq!((code, err.as_str()), (0, ""), "{said}");
    assert_eq!(person.names("photos"), Vec::<String>::new());
    assert_eq!(person::names_in(&out), person::names_of(&[0, 1, 2, 3]));
    assert_eq!(person.export(&["undo"]).0, 0);
    assert_eq!((person.files(), person::names_in(&out)), (before, vec![]));
}

#[test]
fn no_file_takes_the_place_of_another_and_twins_stay_together() {
    let person = Person::new(2);
    person.decide(&[0, 1], "keep");
    let out = person.dir().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("P000.cr2"), b"somebody else's").unwrap();
    let (code, said, _) = person.export(&["move", "--kept", "--to", "out", "photos"]);
    assert!(
        code == 0 && said.contains("; 1 photo under another name, as theirs is taken"),
        "{said}"
    );
    let expect = [
        "P000.cr2",
        "p000 (2).CR2",
        "p000 (2).jpg",
        "p000 (2).xmp",
        "p001.CR2",
        "p001.jpg",
        "p001.xmp",
    ];
    assert_eq!(person.names("out"), expect);
    assert_eq!(fs::read(out.join("P000.cr2")).unwrap(), b"somebody else's");
}

#[test]
fn a_copy_made_twice_is_one_copy() {
    let person = Person::new(3);
    person.decide(&[0, 1], "keep");
    for kept in 2..4 {
        let (code, _, err) = person.export(&["copy", "--kept", "--to", "out", "photos"]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert_eq!(person.names("out").len(), 3 * kept);
        person.decide(&[2], "keep");
    }
    assert_eq!(person.names("photos").len(), 9);
    for (name, bytes) in person.files().iter().filter(|(name, _)| name.starts_with("out/")) {
        let original = name.replacen("out/", "photos/", 1);
        assert!(person.files().contains(&(original, bytes.clone())), "{name}");
    }
    let (code, _, _) = person.export(&["undo"]);
    assert_eq!(code, 1, "copies are not taken away");
}

#[test]
fn the_system_trash_takes_photos_with_their_twins_and_gives_them_back() {
    let person = Person::new(4);
    person.decide(&[1, 2], "trash");
    let before = person.files();
    let (code, out, err) = person.export(&["trash", "--trashed", "photos"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.starts_with("trash 2 photos, 6 files, ") && out.ends_with("trashed 2 photos\n"),
        "{out}"
    );
    assert_eq!(person.names("photos"), person::names_of(&[0, 3]));
    assert_eq!(person.names("data/Trash/files"), person::names_of(&[1, 2]));
    let (code, out, err) = person.export(&["undo"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "brought back 2 photos\n", ""));
    assert_eq!(person.files(), before);
}

#[test]
fn without_a_system_trash_photos_lie_in_a_folder_beside_and_come_back() {
    let person = Person::new(4);
    person.decide(&[1, 2], "trash");
    let before = person.files();
    // A file where the trash would be: as good as no trash.
    fs::create_dir_all(person.dir().join("data")).unwrap();
    fs::write(person.dir().join("data/Trash"), b"").unwrap();
    let (code, out, err) = person.export(&["trash", "--trashed", "photos"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert_eq!(person.names("photos/.rushlight-trash"), person::names_of(&[1, 2]));
    let (_, listed, _) = person.export(&["list", "--all", "photos"]);
    assert_eq!(listed.lines().count(), 2, "the scan passes the trash over");
    assert_eq!(person.export(&["undo"]).0, 0);
    assert_eq!(person.files(), before);
    assert!(!person.dir().join("photos/.rushlight-trash").exists());
}

#[test]
fn what_cannot_go_back_stays_and_is_told() {
    let person = Person::new(2);
    person.decide(&[0, 1], "keep");
    assert_eq!(person.export(&["move", "--kept", "--to", "out", "photos"]).0, 0);
    fs::write(person.dir().join("photos/p000.CR2"), b"new").unwrap();
    let (code, out, err) = person.export(&["undo"]);
    assert_eq!((code, out.as_str()), (3, "brought back 1 photo; 1 could not be\n"));
    assert!(err.contains("p000.CR2"), "{err}");
    assert_eq!(person.names("out"), person::names_of(&[0]));
    assert_eq!(fs::read(person.dir().join("photos/p000.CR2")).unwrap(), b"new");
    // The way is free again: the same undo goes on.
    fs::remove_file(person.dir().join("photos/p000.CR2")).unwrap();
    assert_eq!(person.export(&["undo"]).0, 0);
    assert_eq!(person.names("photos"), person::names_of(&[0, 1]));
}

#[test]
fn a_filter_chooses_and_one_with_a_mistake_touches_nothing() {
    let person = Person::new(3);
    person.decide(&[2], "keep");
    let (code, _, err) = person.export(&["move", "--filter", "stars>=", "--to", "out", "photos"]);
    assert!(code == 1 && err.contains("the filter cannot be understood"), "{err}");
    assert_eq!(
        person.export(&["move", "--to", "out", "photos"]).0,
        2,
        "all is never meant by chance"
    );
    let filter = ["move", "--filter", "not keep name:p00", "--to", "out", "photos"];
    assert_eq!(person.export(&filter).0, 0);
    assert_eq!(person.names("out"), person::names_of(&[0, 1]));
}

#[test]
fn a_target_that_is_no_folder_is_refused_before_anything_is_touched() {
    let person = Person::new(2);
    person.decide(&[0, 1], "keep");
    fs::write(person.dir().join("out"), b"a file").unwrap();
    let before = person.files();
    let (code, _, err) = person.export(&["move", "--kept", "--to", "out", "photos"]);
    assert!(code == 1 && err.contains("cannot read the folder; path: "), "{err}");
    assert_eq!(person.files(), before);
    assert_eq!(person.export(&["log"]), (0, String::new(), String::new()));
}
