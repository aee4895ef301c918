//! What has been decided at the window, and what the photos' headers say, in words for scripts.

use std::path::Path;

use serde_json::Value;

use super::desktop;
use super::desktop::Desktop;
use super::photos;
use super::table::Table;

/// What a command prints, which must end well.
#[track_caller]
fn prints(home: &Path, words: &[&str], path: &Path) -> String {
    let output = desktop::rushlight(home).args(words).arg(path).output().expect("it starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{words:?}: {errors}");
    String::from_utf8(output.stdout).expect("the output is Unicode")
}

#[test]
fn what_was_decided_with_keys_is_printed_in_three_forms() {
    let Some(desktop) = Desktop::start() else { return };
    let folder = photos::write(&desktop.path("shoot"), 12);
    let table = Table::open(&desktop, &folder, 12);
    // Keep 1, trash 2, three stars on 3, red and a tag on 4; a decision on 5 that is taken back.
    desktop.keys(&["k", "t", "3", "6", "ctrl+t", "s", "e", "a", "Return", "Right", "k", "ctrl+z"]);
    table.wait_for_steps(7);
    table.leave();

    let home = desktop.path("");
    let json = prints(&home, &["decisions", "--json"], &folder);
    let rows: Vec<Value> =
        json.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let file = |number| folder.join(photos::name(number)).display().to_string();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (&row["file"], &row["verdict"], &row["stars"], &row["colour"], &row["tags"]))
        .map(|row| serde_json::to_string(&row).expect("it was JSON"))
        .collect();
    let expect = [
        format!(r#"["{}","keep",0,null,[]]"#, file(1)),
        format!(r#"["{}","trash",0,null,[]]"#, file(2)),
        format!(r#"["{}",null,3,null,[]]"#, file(3)),
        format!(r#"["{}",null,0,"red",["sea"]]"#, file(4)),
    ];
    assert_eq!(told, expect);
    assert!(rows.iter().all(|row| row["by"] == "person"), "{json}");
    let csv = prints(&home, &["decisions", "--csv"], &folder);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines.len(), lines[0]), (5, "file,verdict,stars,colour,tags,by,at"));
    assert!(lines[4].starts_with(&format!("{},,0,red,sea,person,20", file(4))), "{csv}");
    let words = prints(&home, &["decisions"], &folder);
    assert!(words.ends_with("4 of 12 photos decided on\n"), "{words}");
}

#[test]
fn headers_are_printed_and_a_file_without_one_has_its_reason() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let folder = photos::write(&home.path().join("shoot"), 1);
    let photo = folder.join(photos::name(1));
    let line = prints(home.path(), &["exif", "--json"], &photo);
    let row: Value = serde_json::from_str(&line).expect("a line is JSON");
    assert_eq!((&row["width"], &row["height"]), (&280.into(), &420.into()), "{line}");
    assert_eq!((&row["orientation"], &row["taken"]), (&1.into(), &Value::Null), "{line}");

    let letter = home.path().join("letter.txt");
    std::fs::write(&letter, "Dear Sir").expect("the letter is written");
    let mut command = desktop::rushlight(home.path());
    let output = command.args(["exif", "--json"]).args([&photo, &letter]).output();
    let output = output.expect("rushlight starts");
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8(output.stdout).expect("the output is Unicode");
    let last: Value = serde_json::from_str(text.lines().last().expect("two lines")).expect("JSON");
    let reason = last["error"].as_str().expect("there is a reason");
    assert!(reason.starts_with("not a picture"), "{reason}");
    assert_eq!(last["width"], Value::Null);
}
