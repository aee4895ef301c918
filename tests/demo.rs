//! The demo shoot as a newcomer gets it: files that other programs read, and nothing lost to it.
//!
//! The EXIF is read by kamadak-exif, which shares no line with our writer, and the pictures by
//! `image`. The photos are as small as the plan allows: what is asked here does not need pixels.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use exif::In;
use exif::Tag;
use rushlight::core::photo::Turn;
use rushlight::core::scene::shoot::plan;
use rushlight::core::texels::Texels;
use rushlight::disk::DiskError;
use rushlight::jobs::demo::Plan;
use rushlight::jobs::demo::Summary;
use rushlight::jobs::demo::write;

type Outcome = Result<(), Box<dyn Error>>;

const PLAN: Plan = Plan { photos: 6, megapixels: 0.02, seed: 7 };

/// As many photos as it takes to meet every orientation and both bodies.
const WHOLE: Plan = Plan { photos: 40, ..PLAN };

fn make(folder: &Path, plan: Plan) -> Result<Summary, DiskError> {
    write(folder, &plan, &|_| {}, &AtomicBool::new(false))
}

/// Every file of a folder, by name.
fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Box<dyn Error>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.insert(entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?);
    }
    Ok(files)
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_does_not() -> Outcome {
    let (a, b, c) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
    make(a.path(), PLAN)?;
    make(b.path(), PLAN)?;
    make(c.path(), Plan { seed: 8, ..PLAN })?;
    assert!(files(a.path())? == files(b.path())?);
    assert!(files(a.path())? != files(c.path())?);
    Ok(())
}

#[test]
fn every_photo_has_the_exif_of_a_camera() -> Outcome {
    let folder = tempfile::tempdir()?;
    make(folder.path(), WHOLE)?;
    let (mut bodies, mut turns) = (BTreeSet::new(), BTreeSet::new());
    for (name, bytes) in files(folder.path())?.iter().filter(|(name, _)| name.ends_with(".JPG")) {
        let read = exif::Reader::new().read_from_container(&mut Cursor::new(bytes))?;
        let text = |tag| read.get_field(tag, In::PRIMARY).map(|f| f.display_value().to_string());
        for tag in [
            Tag::Make,
            Tag::Model,
            Tag::DateTimeOriginal,
            Tag::SubSecTimeOriginal,
            Tag::ExposureTime,
            Tag::FNumber,
            Tag::PhotographicSensitivity,
            Tag::FocalLength,
            Tag::LensModel,
            Tag::BodySerialNumber,
            Tag::Flash,
        ] {
            assert!(text(tag).is_some(), "no {tag} in {name}");
        }
        bodies.insert(text(Tag::Model));
        let number = |tag| read.get_field(tag, In::PRIMARY).and_then(|f| f.value.get_uint(0));
        turns.insert(number(Tag::Orientation));
        let main = image::load_from_memory(bytes)?;
        assert_eq!(number(Tag::PixelXDimension), Some(main.width()), "{name}");
        assert_eq!(number(Tag::PixelYDimension), Some(main.height()), "{name}");
        assert!(main.width() > main.height(), "a sensor lies on its long side: {name}");
    }
    assert_eq!(bodies.len(), 2, "{bodies:?}");
    assert_eq!(turns, (1..=8).map(Some).collect());
    Ok(())
}

/// Mean of the rows from `top` to `bottom` over all channels.
fn mean(picture: &image::RgbImage, top: u32, bottom: u32) -> f64 {
    let rows = picture.enumerate_pixels().filter(|p| (top..bottom).contains(&p.1));
    let (sum, count) = rows.fold((0_u64, 0_u64), |(sum, count), p| {
        (sum + p.2.0.iter().map(|&v| u64::from(v)).sum::<u64>(), count + 3)
    });
    sum as f64 / count as f64
}

#[test]
fn the_embedded_thumbnail_is_the_picture_between_black_bars() -> Outcome {
    let folder = tempfile::tempdir()?;
    make(folder.path(), PLAN)?;
    for (name, bytes) in files(folder.path())?.iter().filter(|(name, _)| name.ends_with(".JPG")) {
        let read = exif::Reader::new().read_from_container(&mut Cursor::new(bytes))?;
        let number = |tag| {
            let field = read.get_field(tag, In::THUMBNAIL)?;
            Some(field.value.get_uint(0)? as usize)
        };
        let from = number(Tag::JPEGInterchangeFormat).ok_or("no offset")?;
        let len = number(Tag::JPEGInterchangeFormatLength).ok_or("no length")?;
        let small = image::load_from_memory(&read.buf()[from..from + len])?.to_rgb8();
        assert_eq!(small.dimensions(), (160, 120), "{name}");
        assert!(mean(&small, 0, 4) < 8.0, "no bar above in {name}");
        assert!(mean(&small, 116, 120) < 8.0, "no bar below in {name}");
        let main = image::load_from_memory(bytes)?.to_rgb8();
        let (a, b) = (mean(&small, 8, 112), mean(&main, 0, main.height()));
        assert!((a - b).abs() < 8.0, "thumbnail {a}, picture {b}, {name}");
    }
    Ok(())
}

#[test]
fn every_photo_stands_upright_when_turned_as_its_exif_says() -> Outcome {
    let folder = tempfile::tempdir()?;
    make(folder.path(), WHOLE)?;
    let all = files(folder.path())?;
    for (index, shot) in plan(WHOLE.photos, WHOLE.seed).iter().enumerate() {
        let name = format!("DSC_{:04}.JPG", index + 1);
        let stored = image::load_from_memory(&all[&name])?.to_rgba8();
        let (width, height) = stored.dimensions();
        let turn = Turn::from_exif(u32::from(shot.orientation));
        let texels = Texels::new(width, height, stored.into_raw()).ok_or("no texels")?.turned(turn);
        let drawn = shot.scene.picture(&shot.view, texels.size_px());
        let pairs = texels.bytes().iter().zip(drawn.bytes());
        let sum: u64 = pairs.map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
        let difference = sum as f64 / drawn.bytes().len() as f64;
        assert!(
            difference < 8.0,
            "{difference} levels in {name}, orientation {}",
            shot.orientation
        );
    }
    Ok(())
}

#[test]
fn the_truth_names_every_photo() -> Outcome {
    let folder = tempfile::tempdir()?;
    make(folder.path(), PLAN)?;
    let all = files(folder.path())?;
    let truth: serde_json::Value = serde_json::from_slice(&all["truth.json"])?;
    let named: BTreeSet<&String> = truth.as_object().ok_or("no object")?.keys().collect();
    let there: BTreeSet<&String> = all.keys().filter(|name| name.ends_with(".JPG")).collect();
    assert_eq!(named, there);
    assert!(all.contains_key("DSC_0001.JPG"));
    Ok(())
}

#[test]
fn a_folder_with_other_files_is_refused_and_left_alone() -> Outcome {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("wedding.jpg"), b"mine")?;
    let Err(refusal) = make(folder.path(), PLAN) else { return Err("it was taken".into()) };
    assert!(refusal.to_string().contains("wedding.jpg"), "{refusal}");
    assert_eq!(files(folder.path())?.len(), 1);
    Ok(())
}

#[test]
fn a_file_that_came_into_a_demo_folder_is_not_written_over() -> Outcome {
    let folder = tempfile::tempdir()?;
    make(folder.path(), Plan { photos: 3, ..PLAN })?;
    fs::write(folder.path().join("DSC_0004.JPG"), b"mine")?;
    let outcome = make(folder.path(), PLAN);
    assert!(matches!(outcome, Err(DiskError::NotDemo { .. })), "{outcome:?}");
    assert_eq!(fs::read(folder.path().join("DSC_0004.JPG"))?, b"mine");
    // One that is in nobody's way may stay.
    fs::rename(folder.path().join("DSC_0004.JPG"), folder.path().join("notes.txt"))?;
    make(folder.path(), Plan { photos: 2, ..PLAN })?;
    let names: Vec<String> = files(folder.path())?.into_keys().collect();
    assert_eq!(names, ["DSC_0001.JPG", "DSC_0002.JPG", "demo.json", "notes.txt", "truth.json"]);
    Ok(())
}

#[test]
fn a_shoot_that_is_there_is_not_made_again() -> Outcome {
    let folder = tempfile::tempdir()?;
    assert_eq!(make(folder.path(), PLAN)?.written, PLAN.photos);
    assert_eq!(make(folder.path(), PLAN)?.written, 0);
    fs::remove_file(folder.path().join("DSC_0002.JPG"))?;
    assert_eq!(make(folder.path(), PLAN)?.written, PLAN.photos);
    Ok(())
}

#[test]
fn what_was_cancelled_is_made_whole_by_the_next_call() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (cancel, told) = (AtomicBool::new(false), AtomicU32::new(0));
    let progress = |count: u32| {
        told.fetch_max(count, Ordering::Relaxed);
        cancel.store(true, Ordering::Relaxed);
    };
    let stopped = write(folder.path(), &PLAN, &progress, &cancel)?;
    assert!(stopped.was_cancelled && stopped.written < PLAN.photos, "{stopped:?}");
    assert_eq!(told.into_inner(), stopped.written);
    let whole = make(folder.path(), PLAN)?;
    assert!(!whole.was_cancelled && whole.written == PLAN.photos, "{whole:?}");
    Ok(())
}
