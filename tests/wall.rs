//! One bad photo never stops the wall: a folder of good, broken and lying files is read to its end,
//! and each that fails is named.

use std::fs;
#[cfg(unix)]
use std::process::Command;
#[cfg(unix)]
use std::sync::mpsc;
#[cfg(unix)]
use std::thread;
#[cfg(unix)]
use std::time::Duration;

use rushlight::jobs::index;
use rushlight::jobs::index::Summary;

fn jpeg(side: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(side, side, |x, y| {
        image::Rgb([(x * 3) as u8, (y * 5) as u8, (x ^ y) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    let written = picture.write_to(&mut bytes, image::ImageFormat::Jpeg);
    written.expect("memory takes every write");
    bytes.into_inner()
}

fn failed(summary: &Summary) -> Vec<String> {
    let name = |path: &std::path::Path| {
        path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    summary.failed.iter().map(|(path, _)| name(path)).collect()
}

#[test]
fn one_bad_photo_never_stops_the_rest_of_the_shoot() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.path().join(name), bytes).expect("there is room for a file");
    };
    let whole = jpeg(200);
    write("1 whole.jpg", &whole);
    write("2 cut off.jpg", &whole[..whole.len() / 2]);
    write("3 empty.jpg", b"");
    write("4 text.jpg", b"not a picture");
    write("6 whole.jpg", &whole);
    fs::create_dir(folder.path().join("7 folder.jpg")).expect("there is room for a folder");
    let summary = index::index(&[folder.path().to_owned()], &|_, _| {});
    assert_eq!(failed(&summary), ["2 cut off.jpg", "3 empty.jpg", "4 text.jpg"]);
    assert_eq!((summary.photos, summary.opens), (5, 5), "{summary:?}");
    assert_eq!(summary.decodes, 3, "the empty file and the text are no pictures: {summary:?}");
    for (path, reason) in &summary.failed {
        let tail = format!("file: {}", path.display());
        assert!(reason.contains(&tail), "{reason} does not name {tail}");
    }
}

#[cfg(unix)]
#[test]
fn a_loop_of_links_is_cut_and_a_dangling_one_is_told() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    fs::write(folder.path().join("1 whole.jpg"), jpeg(50)).expect("there is room for a file");
    for (to, from) in [("", "2 loop"), ("gone.jpg", "3 dangling.jpg")] {
        let made = std::os::unix::fs::symlink(folder.path().join(to), folder.path().join(from));
        made.expect("there is room for a link");
    }
    let summary = index::index(&[folder.path().to_owned()], &|_, _| {});
    assert_eq!(failed(&summary), ["3 dangling.jpg"], "{summary:?}");
}

#[cfg(unix)]
#[test]
fn a_pipe_that_is_called_a_photo_does_not_hang() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let made = Command::new("mkfifo").arg(folder.path().join("pipe.jpg")).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: there is no mkfifo");
        return;
    }
    let (done, answer) = mpsc::channel();
    let root = folder.path().to_owned();
    thread::spawn(move || done.send(failed(&index::index(&[root], &|_, _| {}))));
    // Opening a pipe waits for a writer, and there is none.
    let failed = answer.recv_timeout(Duration::from_secs(20)).expect("the pipe is not waited for");
    assert!(failed.is_empty() || failed == ["pipe.jpg"], "{failed:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_unicode_is_read_like_any_other() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let name = std::ffi::OsStr::from_bytes(b"caf\xE9.jpg");
    fs::write(folder.path().join(name), jpeg(50)).expect("there is room for a file");
    let summary = index::index(&[folder.path().to_owned()], &|_, _| {});
    assert_eq!((summary.photos, summary.failed.len()), (1, 0), "{summary:?}");
}
