//! A shoot in which half of the files cannot be shown: each is counted and told with its reason, and
//! the others are read.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use rushlight::core::coded::Coding;
use rushlight::core::photo::Timestamp;
use rushlight::jobs::cached::Cached;
use rushlight::jobs::index::Summary;
use rushlight::jobs::index::index;

/// A JPEG of soft colours, 64 x 48.
fn photo() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(64, 48, |x, y| {
        image::Rgb([(x * 4) as u8, (y * 5) as u8, (x * y) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a JPEG holds RGB");
    bytes.into_inner()
}

fn read(folder: &Path) -> Summary {
    index(&[folder.to_owned()], &Cached::none(Coding::Bc7), Timestamp(0), &|_, _| {})
}

/// What is told, without the folder: the name, and how the reason begins.
#[track_caller]
fn check_failed(summary: &Summary, folder: &Path, expect: &[(&str, &str)]) {
    let short = |path: &PathBuf| {
        path.strip_prefix(folder).expect("it is in the folder").display().to_string()
    };
    let found: Vec<_> = summary.failed.iter().map(|(p, why)| (short(p), why.as_str())).collect();
    assert_eq!(found.len(), expect.len(), "{found:#?}");
    for ((name, why), (expect_name, expect_why)) in found.iter().zip(expect) {
        assert_eq!(name, expect_name);
        assert!(why.starts_with(expect_why), "{name}: {why}");
        assert!(why.contains(name.as_str()), "it names the file: {why}");
    }
}

#[test]
fn one_bad_photo_never_stops_the_shoot() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let photo = photo();
    fs::create_dir(folder.path().join("folder.jpg")).unwrap();
    write("a.jpg", &photo);
    write("b_empty.jpg", b"");
    write("c_text.jpg", b"a shopping list");
    write("d_cut.jpg", &photo[..photo.len() * 2 / 3]);
    write("e_head.jpg", &photo[..2]);
    write("folder.jpg/f.jpg", &photo);
    write("notes.txt", b"no photo");
    write("z.JPG", &photo);
    let summary = read(folder.path());
    check_failed(
        &summary,
        folder.path(),
        &[
            ("b_empty.jpg", "the file is empty (0 bytes)"),
            ("c_text.jpg", "not a picture: begins with [61, 20, 73, 68]"),
            ("d_cut.jpg", "the picture is damaged: "),
            ("e_head.jpg", "the picture is damaged: "),
        ],
    );
    assert_eq!((summary.photos, summary.opens), (7, 7));
    assert_eq!(summary.decodes, 5, "what is empty or no picture is not decoded");
}

#[cfg(unix)]
#[test]
fn what_only_looks_like_a_photo_is_told_and_nothing_waits_for_it() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.jpg"), photo()).unwrap();
    symlink(folder.path(), path("again")).unwrap();
    symlink(path("gone"), path("dangling.jpg")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(path("pipe.jpg")).status().unwrap();
    assert!(made.success());
    let summary = read(folder.path());
    check_failed(
        &summary,
        folder.path(),
        &[("dangling.jpg", ""), ("pipe.jpg", "not a file but a pipe or a device")],
    );
    assert_eq!(summary.decodes, 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_read() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"\xFF\xFE.jpg");
    fs::write(folder.path().join(name), photo()).unwrap();
    let summary = read(folder.path());
    assert_eq!((summary.decodes, summary.failed.len()), (1, 0));
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::write(closed.join("b.jpg"), photo()).unwrap();
    fs::write(folder.path().join("a.jpg"), photo()).unwrap();
    let set = |mode| fs::set_permissions(&closed, fs::Permissions::from_mode(mode)).unwrap();
    set(0);
    let may_read_all = fs::read_dir(&closed).is_ok();
    let summary = read(folder.path());
    set(0o700);
    if may_read_all {
        println!("skipped: this user may read every folder");
        return;
    }
    check_failed(&summary, folder.path(), &[("closed", "cannot read the folder")]);
    assert_eq!(summary.decodes, 1);
}
