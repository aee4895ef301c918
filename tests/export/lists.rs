//! Lists for scripts.

use std::fs;

use super::person::Person;

#[test]
fn paths_come_one_a_line_and_with_companions_on_request() {
    let person = Person::new(3);
    person.decide(&[0, 2], "keep");
    let path = |name| person.dir().join("photos").join(name).display().to_string();
    let (code, out, _) = person.export(&["list", "--kept", "photos"]);
    assert_eq!((code, out), (0, format!("{}\n{}\n", path("p000.jpg"), path("p002.jpg"))));
    let (_, out, _) = person.export(&["list", "--undecided", "--companions", "-0", "photos"]);
    let expect = ["p001.jpg", "p001.CR2", "p001.xmp"].map(|name| path(name) + "\0");
    assert_eq!(out, expect.concat());
}

#[test]
fn json_and_csv_tell_what_is_decided_and_a_file_is_written_whole() {
    let person = Person::new(2);
    person.decide(&[1], "trash");
    let arguments = ["list", "--all", "--format", "json", "-o", "lists/all.json", "photos"];
    assert_eq!(person.export(&arguments), (0, String::new(), String::new()));
    let text = fs::read_to_string(person.dir().join("lists/all.json")).unwrap();
    let rows: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&rows[0]["verdict"], &rows[1]["verdict"]), (&().into(), &"trash".into()));
    let raw = person.dir().join("photos/p001.CR2").display().to_string();
    assert_eq!(rows[1]["companions"][0], raw);
    let (_, csv, _) = person.export(&["list", "--all", "--format", "csv", "photos"]);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "file,verdict,stars,colour,tags,by,at");
    assert!(lines[1].ends_with("p000.jpg,,0,,,,"), "{csv}");
    assert!(lines[2].ends_with("p001.jpg,trash,0,,,person,1970-01-01T00:00:00.000001Z"), "{csv}");
}
