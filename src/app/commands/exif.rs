//! `rushlight exif`: what the headers of photos say.

use std::io;
use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::AppResult;
use super::Outcome;
use super::written;
use crate::app::cli::Exif;
use crate::app::compose::words;
use crate::core::photo::PhotoMeta;
use crate::jobs::exif;

/// Files read at a time: their answers are printed before the next are read.
const BATCH: usize = 1024;

/// A file as it is printed. The names are an interface and stay.
#[derive(Debug, Default, PartialEq, Serialize)]
struct Row<'a> {
    file: String,
    width: Option<u32>,
    height: Option<u32>,
    make: Option<&'a str>,
    model: Option<&'a str>,
    lens: Option<&'a str>,
    serial: Option<&'a str>,
    orientation: Option<u32>,
    taken: Option<String>,
    iso: Option<u32>,
    f_number: Option<f32>,
    exposure_s: Option<f64>,
    focal_mm: Option<f32>,
    focal_35mm: Option<u32>,
    flash: Option<bool>,
    bias_ev: Option<f32>,
    error: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn new(file: &Path, read: &'a Result<PhotoMeta, String>) -> Self {
        let file = file.display().to_string();
        let meta = match read {
            Ok(meta) => meta,
            Err(error) => return Self { file, error: Some(error), ..Self::default() },
        };
        Self {
            file,
            width: meta.size_px.map(|size| size[0]),
            height: meta.size_px.map(|size| size[1]),
            make: meta.make.as_deref(),
            model: meta.model.as_deref(),
            lens: meta.lens.as_deref(),
            serial: meta.serial.as_deref(),
            orientation: Some(meta.turn.to_exif()),
            taken: meta.captured.map(|at| at.to_string()),
            iso: meta.iso,
            f_number: meta.f_number,
            exposure_s: meta.exposure_seconds,
            focal_mm: meta.focal_mm,
            focal_35mm: meta.focal_35mm,
            flash: meta.flash_fired,
            bias_ev: meta.bias_ev,
            error: None,
        }
    }
}

/// Reads the headers of files and writes what they say to `out`.
///
/// # Errors
/// When nothing can be written.
pub fn run(task: &Exif, out: &mut dyn Write) -> AppResult<Outcome> {
    let mut outcome = Outcome::Done;
    for files in task.files.chunks(BATCH) {
        let headers = exif::read(files);
        for (file, read) in files.iter().zip(&headers) {
            if read.is_err() {
                outcome = Outcome::Partly;
            }
            written(match task.json {
                true => write_json(&Row::new(file, read), out),
                false => write_words(file, read, out),
            })?;
        }
    }
    Ok(outcome)
}

fn write_json(row: &Row<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, row)?;
    writeln!(out)
}

fn write_words(
    file: &Path,
    read: &Result<PhotoMeta, String>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}", file.display())?;
    let meta = match read {
        Ok(meta) => meta,
        Err(error) => return writeln!(out, "  {error}"),
    };
    let mut row = |name: &str, value: Option<&str>| match value.filter(|value| !value.is_empty()) {
        Some(value) => writeln!(out, "  {name:<12}{value}"),
        None => Ok(()),
    };
    let mut camera = String::new();
    words::camera(&mut camera, meta);
    row("camera", Some(camera.trim()))?;
    row("body", meta.serial.as_deref())?;
    row("lens", meta.lens.as_deref())?;
    row("taken", meta.captured.map(|at| at.to_string()).as_deref())?;
    let mut settings = String::new();
    words::settings(&mut settings, meta);
    row("exposure", Some(&settings))?;
    row("full frame", meta.focal_35mm.map(|mm| format!("like {mm} mm")).as_deref())?;
    row("bias", meta.bias_ev.map(|ev| format!("{ev:+.1} EV")).as_deref())?;
    let flash = meta.flash_fired.map(|fired| if fired { "fired" } else { "did not fire" });
    row("flash", flash)?;
    row("size", meta.size_px.map(|[width, height]| format!("{width} x {height}")).as_deref())?;
    row("orientation", Some(&meta.turn.to_exif().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::photo::Timestamp;
    use crate::core::photo::Turn;

    #[test]
    fn json_has_the_names_that_scripts_read() {
        let meta = PhotoMeta {
            make: Some("Canon".into()),
            model: Some("EOS R5".into()),
            captured: Timestamp::from_civil([2026, 5, 3], [12, 0, 1], 250_000),
            turn: Turn::from_exif(6),
            size_px: Some([8192, 5464]),
            iso: Some(400),
            f_number: Some(2.8),
            exposure_seconds: Some(0.004),
            flash_fired: Some(false),
            ..PhotoMeta::default()
        };
        let mut out = Vec::new();
        write_json(&Row::new(Path::new("a.jpg"), &Ok(meta)), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            concat!(
                r#"{"file":"a.jpg","width":8192,"height":5464,"make":"Canon","model":"EOS R5","#,
                r#""lens":null,"serial":null,"orientation":6,"taken":"2026-05-03T12:00:01.25","#,
                r#""iso":400,"f_number":2.8,"exposure_s":0.004,"focal_mm":null,"focal_35mm":null,"#,
                r#""flash":false,"bias_ev":null,"error":null}"#,
                "\n"
            )
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_has_its_reason_and_nothing_else() {
        let refused = Err("the file is empty (0 bytes); file: b.jpg".to_owned());
        let row = Row::new(Path::new("b.jpg"), &refused);
        assert_eq!(row.error, Some("the file is empty (0 bytes); file: b.jpg"));
        assert_eq!((row.width, row.orientation, row.taken), (None, None, None));
    }
}
