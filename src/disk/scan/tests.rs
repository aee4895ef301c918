//! What is found in folders, and what is told of it.

use super::*;

/// Makes the files named and tells what is found under `roots`, without the folder.
#[track_caller]
fn check(files: &[&str], roots: &[&str], expect: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, [0xFF, 0xD8, 0xFF, 0xD9]).unwrap();
    }
    let roots: Vec<PathBuf> = roots.iter().map(|r| folder.path().join(r)).collect();
    let (mut found, mut photos) = (Vec::new(), Vec::new());
    scan(&roots, &mut |item| {
        found.push(match item {
            Found::Photo(path) => {
                let name = path.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned();
                photos.push(name.clone());
                name
            }
            Found::Trouble(error) => format!("trouble: {}", error.path().ends_with("gone")),
            Found::Twin(number, path) => {
                let raw = path.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned();
                format!("{} + {raw}", photos[number as usize])
            }
            Found::Other => return ControlFlow::Continue(()),
        });
        ControlFlow::Continue(())
    });
    found.sort();
    assert_eq!(found, expect);
}

#[test]
fn a_raw_file_beside_a_jpeg_is_its_twin() {
    check(
        &["a.CR2", "a.JPG", "b.nef", "c/a.jpg", "c/d.png", "c/d.dng", "z.jpg"],
        &[""],
        &["a.JPG", "a.JPG + a.CR2", "b.nef", "c/a.jpg", "c/d.dng", "c/d.png", "z.jpg"],
    );
    // Of two raw files one is the twin, and the other is seen too.
    check(&["a.jpg", "a.dng", "a.cr3"], &[""], &["a.dng", "a.jpg", "a.jpg + a.cr3"]);
    // Folders among the files of a folder.
    let files = ["x/a.arw", "x/b/a.jpg", "x/b/c/a.raf", "x/b/a.pef", "x/a.jpg", "y.jpg"];
    check(
        &files,
        &["", "x/b"],
        &[
            "x/a.jpg",
            "x/a.jpg + x/a.arw",
            "x/b/a.jpg",
            "x/b/a.jpg + x/b/a.pef",
            "x/b/c/a.raf",
            "y.jpg",
        ],
    );
}

#[test]
fn files_that_are_named_have_their_twins() {
    let files = ["a.jpg", "a.cr2", "b.jpg", "b.nef", "c.nef"];
    check(&files, &["a.jpg"], &["a.jpg", "a.jpg + a.cr2"]);
    check(&files, &["a.cr2", "a.jpg"], &["a.jpg", "a.jpg + a.cr2"]);
    check(&files, &["c.nef", "b.nef"], &["b.nef", "c.nef"]);
    let pairs = ["a.jpg", "a.jpg + a.cr2", "b.jpg", "b.jpg + b.nef", "c.nef"];
    check(&files, &["", "a.cr2", "b.jpg", ""], &pairs);
    check(&["a.jpg", "a.cr2", "a.dng"], &["", ""], &["a.dng", "a.jpg", "a.jpg + a.cr2"]);
}

#[test]
fn folders_are_searched_with_all_that_is_in_them() {
    check(
        &["a.jpg", "b/c.JPEG", "b/d/e.tif", "b/notes.txt", "b/f.cr2"],
        &[""],
        &["a.jpg", "b/c.JPEG", "b/d/e.tif", "b/f.cr2"],
    );
}

#[test]
fn hidden_files_and_folders_are_passed_over() {
    check(&["._a.jpg", ".thumbs/a.jpg", "a.jpg"], &[""], &["a.jpg"]);
}

#[test]
fn overlapping_folders_tell_a_photo_once() {
    check(&["a/b.jpg"], &["", "a", "a/b.jpg"], &["a/b.jpg"]);
    check(&["a/b.jpg", "c/d.jpg"], &["a/../c", "c/d.jpg", "c"], &["a/../c/d.jpg"]);
}

#[test]
fn a_named_file_is_looked_into_whatever_its_name() {
    check(&["picture"], &["picture"], &["picture"]);
}

#[test]
fn a_folder_that_is_named_like_a_photo_is_searched() {
    check(&["x.jpg/a.jpg"], &[""], &["x.jpg/a.jpg"]);
    check(&["x.jpg/a.jpg"], &["x.jpg"], &["x.jpg/a.jpg"]);
}

#[test]
fn a_named_file_that_is_no_picture_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    fs::write(&path, "no picture").unwrap();
    let mut told = Vec::new();
    scan(&[path], &mut |found| {
        told.push(matches!(found, Found::Trouble(DiskError::NotPicture { .. })));
        ControlFlow::Continue(())
    });
    assert_eq!(told, [true]);
}

#[test]
fn a_scan_ends_when_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
        fs::write(folder.path().join(name), [0xFF]).unwrap();
    }
    let mut count = 0;
    scan(&[folder.path().to_owned(), folder.path().to_owned()], &mut |_| {
        count += 1;
        ControlFlow::Break(())
    });
    assert_eq!(count, 1);
}

#[test]
fn what_is_not_there_is_told_and_the_rest_is_found() {
    check(&["a.jpg"], &["gone", "a.jpg"], &["a.jpg", "trouble: true"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_loops_among_them_are_cut() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("shoot")).unwrap();
    fs::write(path("a.jpg"), [0xFF]).unwrap();
    symlink(path("a.jpg"), path("shoot/link.jpg")).unwrap();
    symlink(path("shoot"), path("shoot/again")).unwrap();
    symlink(path("gone"), path("shoot/dangling.jpg")).unwrap();
    symlink(path("gone"), path("shoot/dangling.txt")).unwrap();
    let mut found = Vec::new();
    let roots = [path("shoot"), path("a.jpg")];
    scan(&roots, &mut |item| {
        found.push(match item {
            Found::Photo(path) => path,
            Found::Trouble(error) => error.path().to_owned(),
            Found::Twin(..) | Found::Other => return ControlFlow::Continue(()),
        });
        ControlFlow::Continue(())
    });
    found.sort();
    // The link and the file that it leads to are one photo.
    assert_eq!(found, [path("shoot/dangling.jpg"), path("shoot/link.jpg")]);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_found() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(OsStr::from_bytes(b"\xFF\xFE.jpg"));
    fs::write(&path, [0xFF]).unwrap();
    let mut found = Vec::new();
    scan(&[folder.path().to_owned()], &mut |item| {
        found.extend(match item {
            Found::Photo(path) => Some(path),
            Found::Trouble(_) | Found::Twin(..) | Found::Other => None,
        });
        ControlFlow::Continue(())
    });
    assert_eq!(found, [path]);
}
