//! Starts that cannot go well say why, and a machine without a display gets a sheet.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::desktop;
use super::photos;

/// Exit code, standard output and standard error.
fn ends(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().expect("rushlight starts");
    let text = |bytes| String::from_utf8(bytes).expect("messages are Unicode");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn index(home: &Path, folder: &Path) -> (Option<i32>, String, String) {
    ends(desktop::rushlight(home).arg("index").arg(folder))
}

#[test]
fn without_a_display_a_sheet_is_written_and_named() {
    if let Some(missing) = desktop::missing_gpu() {
        assert!(!desktop::is_ci(), "{missing}");
        return println!("skipped: {missing}");
    }
    let home = tempfile::tempdir().expect("a folder can be made");
    let folder = photos::write(&home.path().join("shoot"), 3);
    let mut command = desktop::rushlight(home.path());
    let (code, _, errors) = ends(command.arg(&folder).current_dir(home.path()));
    assert_eq!(code, Some(0), "{errors}");
    let sheet = home.path().join("rushlight-sheet.png");
    assert!(errors.contains("no display was found"), "{errors}");
    assert!(errors.contains(&format!("file: {}", sheet.display())), "{errors}");
    let sheet = image::open(&sheet).expect("the sheet is a picture").to_rgb8();
    for number in 1..=3 {
        let colour = photos::colour(number);
        let is_shown =
            sheet.pixels().any(|p| p.0.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 6));
        assert!(is_shown, "photo {number} is not on the sheet");
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let gone = home.path().join("gone");
    let expect = format!("rushlight: there is no such file or folder; path: {}\n", gone.display());
    let (code, _, errors) = ends(desktop::rushlight(home.path()).arg(&gone));
    assert_eq!((code, errors), (Some(1), expect.clone()));
    let (code, _, errors) = index(home.path(), &gone);
    assert_eq!((code, errors), (Some(1), expect));
}

#[test]
fn a_missing_folder_among_others_is_named_and_the_others_are_read() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let folder = photos::write(&home.path().join("shoot"), 3);
    let gone = home.path().join("gone");
    for both in [[&gone, &folder], [&folder, &gone]] {
        let mut command = desktop::rushlight(home.path());
        let (code, out, errors) = ends(command.arg("index").args(both));
        assert_eq!(code, Some(3), "{out}{errors}");
        assert!(out.starts_with("3 photos in "), "{out}");
        assert!(out.contains(&format!("path: {}", gone.display())), "{out}");
    }
}

#[test]
fn a_clock_of_a_body_that_took_no_photo_is_told() {
    if let Some(missing) = desktop::missing_gpu() {
        assert!(!desktop::is_ci(), "{missing}");
        return println!("skipped: {missing}");
    }
    let home = tempfile::tempdir().expect("a folder can be made");
    let folder = photos::write(&home.path().join("shoot"), 1);
    // There is no display: a sheet is drawn by the same desk.
    let mut command = desktop::rushlight(home.path());
    command.args(["--clock", "Nosuch 12=+00:01:00"]).arg(&folder).current_dir(home.path());
    let (code, _, errors) = ends(&mut command);
    assert_eq!(code, Some(0), "{errors}");
    assert!(errors.contains("no photo here was taken with Nosuch 12"), "{errors}");
    let mut command = desktop::rushlight(home.path());
    let (code, _, errors) = ends(command.args(["--clock", "=+5"]).arg(&folder));
    assert_eq!(code, Some(2), "{errors}");
}

#[test]
fn a_photo_that_cannot_be_shown_shows_in_the_windows_exit_code() {
    let Some(desktop) = desktop::Desktop::start() else { return };
    let folder = photos::write(&desktop.path("shoot"), 2);
    fs::write(folder.join("IMG_9.jpg"), "no JPEG").expect("the file is written");
    let program = desktop.open(&folder);
    desktop.see("both photos", |shot| {
        let is_there = |number| shot.find(photos::colour(number)).is_some();
        (is_there(1) && is_there(2)).then_some(())
    });
    desktop.keys(&["ctrl+q"]);
    let (code, complaints) = program.wait();
    assert_eq!(code, Some(3), "{complaints}");
    assert!(complaints.contains("some photos cannot be shown"), "{complaints}");
}

#[test]
fn a_folder_without_photos_cannot_be_indexed() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let empty = home.path().join("empty");
    fs::create_dir(&empty).expect("a folder can be made");
    let (code, _, errors) = index(home.path(), &empty);
    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.starts_with("rushlight: no photos found ("), "{errors}");
    assert!(errors.ends_with(&format!("; path: {}\n", empty.display())), "{errors}");
}

#[test]
fn a_broken_photo_among_good_ones_is_named_and_the_rest_is_read() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let folder = photos::write(&home.path().join("shoot"), 3);
    let broken = folder.join(photos::name(2));
    // The header is whole, the picture is not there.
    let mut bytes = fs::read(&broken).expect("the photo is there");
    bytes.truncate(200);
    fs::write(&broken, bytes).expect("the photo is written");
    let (code, out, errors) = index(home.path(), &folder);
    assert_eq!(code, Some(3), "{out}{errors}");
    assert!(out.starts_with("3 photos in "), "{out}");
    let (_, failed) = out.split_once("1 failed:\n").expect("one failed");
    assert_eq!(failed.lines().count(), 1, "{out}");
    assert!(failed.trim_end().ends_with(&format!("file: {}", broken.display())), "{out}");
}

#[test]
fn a_sheet_of_a_shoot_with_a_file_that_is_no_photo_says_so() {
    if let Some(missing) = desktop::missing_gpu() {
        assert!(!desktop::is_ci(), "{missing}");
        return println!("skipped: {missing}");
    }
    let home = tempfile::tempdir().expect("a folder can be made");
    let folder = photos::write(&home.path().join("shoot"), 2);
    let letter = home.path().join("letter.txt");
    fs::write(&letter, "Dear Sir").expect("the letter is written");
    let sheet = home.path().join("sheet.png");
    let mut command = desktop::rushlight(home.path());
    command.arg("sheet").args([&folder, &letter]).args(["--size", "640x400", "-o"]).arg(&sheet);
    let (code, _, errors) = ends(&mut command);
    assert_eq!(code, Some(3), "{errors}");
    assert!(errors.contains(&format!("file: {}", letter.display())), "{errors}");
    assert!(sheet.is_file(), "the photos are drawn all the same");
}
