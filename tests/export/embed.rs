//! Copies of JPEGs that carry what is decided: read by a program that no one here wrote, and the
//! original to the byte but for the packet.

use std::fs;
use std::path::Path;
use std::process::Command;

use rushlight::core::label::Colour;
use rushlight::core::label::Decision;
use serde_json::Value;

use super::person::Person;

/// What the marker segment of an XMP packet begins with.
const MARK: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// A packet or a sidecar with properties of another program's.
fn xmp(inner: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
         xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
         xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/' \
         xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' {inner}/></rdf:RDF></x:xmpmeta>"
    )
}

/// The JPEG with a packet behind its first marker, as a camera writes it.
fn put_packet(path: &Path, packet: &str) {
    let bytes = fs::read(path).unwrap();
    let length = (2 + MARK.len() + packet.len()) as u16;
    let segment = [&[0xFF, 0xE1], &length.to_be_bytes()[..], MARK, packet.as_bytes()].concat();
    fs::write(path, [&bytes[..2], &segment, &bytes[2..]].concat()).unwrap();
}

/// A JPEG without its segments of XMP, and these. Knows nothing of how the program looks for them.
fn parted(bytes: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let (mut rest, mut packets, mut at) = (bytes[..2].to_vec(), Vec::new(), 2);
    while bytes[at] == 0xFF && bytes[at + 1] != 0xDA {
        let end = at + 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
        let segment = &bytes[at..end];
        if segment[4..].starts_with(MARK) {
            packets.push(segment[4 + MARK.len()..].to_vec());
        } else {
            rest.extend(segment);
        }
        at = end;
    }
    rest.extend(&bytes[at..]);
    (rest, packets)
}

/// What exiftool finds wrong with a file.
fn faults(path: &Path) -> Vec<String> {
    let args = ["-validate", "-warning", "-error", "-a", "-s3"];
    let output = Command::new("exiftool").args(args).arg(path).output().unwrap();
    // The first line counts those that follow.
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

/// What exiftool reads of a file's XMP; nothing where it is not installed.
fn exiftool(path: &Path) -> Option<Value> {
    let args = ["-json", "-G1", "-XMP:all"];
    let Ok(output) = Command::new("exiftool").args(args).arg(path).output() else {
        println!("skipped: exiftool is not installed");
        return None;
    };
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    Some(all[0].clone())
}

/// The copy of a photo, which but for its packet is the original; gives the packet.
#[track_caller]
fn check_copy(person: &Person, number: usize) -> String {
    let name = format!("p{number:03}.jpg");
    let [original, copy] =
        ["photos", "out"].map(|folder| fs::read(person.dir().join(folder).join(&name)).unwrap());
    let (copy, packets) = parted(&copy);
    assert!(copy == parted(&original).0, "{name} is the original but for its packet");
    assert_eq!(packets.len(), 1, "{name}");
    String::from_utf8(packets.concat()).unwrap()
}

/// Three photos: one with nothing, one with a packet and a sidecar, one with a raw file whose sidecar
/// tells how it is developed.
fn person() -> Person {
    let person = Person::new(3);
    let path = |name| person.dir().join("photos").join(name);
    for name in ["p000.CR2", "p000.xmp", "p001.CR2"] {
        fs::remove_file(path(name)).unwrap();
    }
    put_packet(
        &path("p001.jpg"),
        &xmp("photoshop:City='Ghent' photoshop:Country='here' xmp:Rating='2'"),
    );
    fs::write(path("p001.xmp"), xmp("photoshop:Country='Belgium' xmp:Rating='1'")).unwrap();
    fs::write(path("p002.xmp"), xmp("photoshop:State='for the raw file'")).unwrap();
    person.decide_all(0, &[Decision::Keep, Decision::Stars(4), Decision::Colour(Colour::Green)]);
    person.decide_all(1, &[Decision::Trash, Decision::Stars(3), Decision::Tag("Anna & Bo".into())]);
    person.decide_all(2, &[Decision::Keep]);
    person
}

const COPY: [&str; 6] = ["copy", "--all", "--embed-xmp", "--to", "out", "photos"];

#[test]
fn copies_carry_what_is_decided_and_what_others_wrote() {
    let person = person();
    let before = person.files();
    let (code, said, err) = person.export(&COPY);
    assert_eq!((code, err.as_str()), (0, ""), "{said}");
    assert!(said.contains("; JPEGs with what is decided in them"), "{said}");
    assert!(before.is_subset(&person.files()), "originals and sidecars stay as they are");
    let packets = [0, 1, 2].map(|number| check_copy(&person, number));
    assert!(packets.iter().all(|text| text.starts_with("<?xpacket begin")));
    assert!(!packets[2].contains("for the raw file"), "{}", packets[2]);
    for number in 0..3 {
        let path = person.dir().join(format!("out/p{number:03}.jpg"));
        let Some(read) = exiftool(&path) else { return };
        let original = person.dir().join(format!("photos/p{number:03}.jpg"));
        let (before, after) = (faults(&original), faults(&path));
        assert!(!after.is_empty() && after.iter().all(|fault| before.contains(fault)), "{after:?}");
        let expect = [
            serde_json::json!([4, null, 3, "Green", null, null, null]),
            serde_json::json!([-1, 3, 1, null, "Ghent", "Belgium", "Anna & Bo"]),
            serde_json::json!([null, null, 3, null, null, null, null]),
        ];
        let found = [
            "XMP-xmp:Rating",
            "XMP-rushlight:Stars",
            "XMP-digiKam:PickLabel",
            "XMP-xmp:Label",
            "XMP-photoshop:City",
            "XMP-photoshop:Country",
            "XMP-dc:Subject",
        ];
        let found: Vec<Value> = found.iter().map(|name| read[*name].clone()).collect();
        assert_eq!(Value::from(found), expect[number], "{read:#}");
    }
}

#[test]
fn the_same_copy_is_made_once_and_a_later_decision_makes_another() {
    let person = person();
    assert_eq!(person.export(&COPY).0, 0);
    let first = person.files();
    assert_eq!(person.export(&COPY).0, 0);
    assert_eq!(person.files(), first);
    person.decide_all(0, &[Decision::Stars(5)]);
    assert_eq!(person.export(&COPY).0, 0);
    let second = person.files();
    assert!(first.is_subset(&second), "no copy takes another's place");
    let new: Vec<_> = second.difference(&first).map(|(name, _)| name.as_str()).collect();
    assert_eq!(new, ["out/p000 (2).jpg"]);
}

#[test]
fn what_cannot_carry_it_is_copied_without_and_named() {
    let person = person();
    let photos = person.dir().join("photos");
    let long = format!("photoshop:Instructions='{}'", "x".repeat(65_503));
    fs::write(photos.join("p001.xmp"), xmp(&long)).unwrap();
    fs::write(photos.join("p000.xmp"), "<no XMP").unwrap();
    let (code, said, err) = person.export(&COPY);
    assert_eq!(code, 3, "{err}");
    assert!(said.ends_with("copied 3 photos; 2 without what is decided in them\n"), "{said}");
    for (name, reason) in
        [("p000.jpg", "is not well-formed XML"), ("p001.jpg", "at most 65502 fit")]
    {
        let bytes = |folder: &str| fs::read(person.dir().join(folder).join(name)).unwrap();
        assert!(bytes("out") == bytes("photos"), "{name}");
        assert!(err.lines().any(|line| line.contains(reason) && line.contains(name)), "{err}");
    }
    check_copy(&person, 2);
}

#[test]
fn only_what_is_asked_for_and_only_copies_carry_it() {
    let person = person();
    let before = person.files();
    assert_eq!(person.export(&["copy", "--all", "--to", "out", "photos"]).0, 0);
    for (name, bytes) in &before {
        let copy = fs::read(person.dir().join(name.replacen("photos/", "out/", 1))).unwrap();
        assert!(&copy == bytes, "{name}");
    }
    let moved = ["move", "--all", "--embed-xmp", "--to", "out", "photos"];
    assert_eq!(person.export(&moved).0, 2, "an original is never changed");
}
