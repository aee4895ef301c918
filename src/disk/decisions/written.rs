//! How a label and a path stand in the store: as words and text that a person can read there.
//!
//! A label is JSON without what is not set: `{"verdict":"keep","stars":3}`; nothing decided is
//! `{}`. A path is text where it is Unicode, which nearly all are; otherwise it is a blob: the
//! name's bytes on Unix, its UTF-16 in little-endian order on Windows.
//!
//! Nothing is lost on the way (`a_label_goes_there_and_back`, `any_path_goes_there_and_back`).

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::ToSql;
use rusqlite::types::FromSql;
use rusqlite::types::FromSqlError;
use rusqlite::types::FromSqlResult;
use rusqlite::types::ToSqlOutput;
use rusqlite::types::ValueRef;
use serde::Deserialize;
use serde::Serialize;

use crate::core::label::Colour;
use crate::core::label::Label;
use crate::core::label::Verdict;

/// A label in a column.
#[derive(Debug, PartialEq)]
pub(super) struct Written(pub(super) Label);

impl ToSql for Written {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let words = Words {
            verdict: self.0.verdict,
            stars: self.0.stars,
            colour: self.0.colour,
            quarter_turns: self.0.quarter_turns,
            tags: self.0.tags().iter().map(ToString::to_string).collect(),
        };
        let json = serde_json::to_string(&words)
            .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
        Ok(json.into())
    }
}

impl FromSql for Written {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let words: Words =
            serde_json::from_str(value.as_str()?).map_err(|e| FromSqlError::Other(Box::new(e)))?;
        let mut label = Label {
            verdict: words.verdict,
            stars: words.stars.min(5),
            colour: words.colour,
            quarter_turns: words.quarter_turns & 3,
            tags: None,
        };
        label.set_tags(words.tags.into_iter().map(Arc::from).collect());
        Ok(Self(label))
    }
}

/// A label's JSON.
#[derive(Serialize, Deserialize)]
#[serde(default)]
struct Words {
    #[serde(with = "VerdictWord", skip_serializing_if = "is_default")]
    verdict: Verdict,
    #[serde(skip_serializing_if = "is_default")]
    stars: u8,
    #[serde(with = "ColourWord", skip_serializing_if = "is_default")]
    colour: Colour,
    #[serde(skip_serializing_if = "is_default")]
    quarter_turns: u8,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

impl Default for Words {
    fn default() -> Self {
        let Label { verdict, stars, colour, quarter_turns, .. } = Label::default();
        Self { verdict, stars, colour, quarter_turns, tags: Vec::new() }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Verdict", rename_all = "lowercase")]
enum VerdictWord {
    Undecided,
    Keep,
    Trash,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Colour", rename_all = "lowercase")]
enum ColourWord {
    None,
    Red,
    Yellow,
    Green,
    Blue,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A path in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenPath(pub(super) PathBuf);

impl WrittenPath {
    /// The bytes that stand in the store, for hashing.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self.0.to_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => raw::bytes(&self.0),
        }
    }
}

impl ToSql for WrittenPath {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0.to_str() {
            Some(text) => text.into(),
            None => raw::bytes(&self.0).into(),
        })
    }
}

impl FromSql for WrittenPath {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Blob(bytes) => Ok(Self(raw::path(bytes))),
            other => Ok(Self(Path::new(other.as_str()?).to_owned())),
        }
    }
}

/// Paths that are not Unicode.
#[cfg(unix)]
mod raw {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;
    use std::path::PathBuf;

    pub(super) fn bytes(path: &Path) -> Vec<u8> {
        path.as_os_str().as_bytes().to_vec()
    }

    pub(super) fn path(bytes: &[u8]) -> PathBuf {
        OsStr::from_bytes(bytes).into()
    }
}

/// Paths that are not Unicode.
#[cfg(windows)]
mod raw {
    use std::ffi::OsString;
    use std::os::windows::ffi::OsStrExt;
    use std::os::windows::ffi::OsStringExt;
    use std::path::Path;
    use std::path::PathBuf;

    pub(super) fn bytes(path: &Path) -> Vec<u8> {
        path.as_os_str().encode_wide().flat_map(u16::to_le_bytes).collect()
    }

    pub(super) fn path(bytes: &[u8]) -> PathBuf {
        let (pairs, _) = bytes.as_chunks::<2>();
        let wide: Vec<u16> = pairs.iter().map(|&pair| u16::from_le_bytes(pair)).collect();
        OsString::from_wide(&wide).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    fn json(label: &Label) -> String {
        let db = Connection::open_in_memory().unwrap();
        let written = Written(label.clone());
        let json: String = db.query_row("SELECT ?1", [&written], |r| r.get(0)).unwrap();
        assert_eq!(
            db.query_row("SELECT ?1", [&json], |r| r.get::<_, Written>(0)).unwrap(),
            written
        );
        json
    }

    #[test]
    fn a_label_goes_there_and_back() {
        assert_eq!(json(&Label::default()), "{}");
        let mut label = Label {
            verdict: Verdict::Trash,
            stars: 3,
            colour: Colour::Red,
            quarter_turns: 1,
            tags: None,
        };
        label.set_tags(vec!["naïve \"x\"".into()]);
        let expect = r#"{"verdict":"trash","stars":3,"colour":"red","quarter_turns":1,"tags":["naïve \"x\""]}"#;
        assert_eq!(json(&label), expect);
    }

    #[test]
    fn a_word_that_is_not_known_is_refused() {
        let db = Connection::open_in_memory().unwrap();
        let sql = r#"SELECT '{"verdict":"maybe"}'"#;
        assert!(db.query_row(sql, [], |r| r.get::<_, Written>(0)).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn any_path_goes_there_and_back() {
        let db = Connection::open_in_memory().unwrap();
        for (path, kind) in [(&b"/a/b.jpg"[..], "text"), (b"/a/\xff\xfe.jpg", "blob")] {
            let path = WrittenPath(raw::path(path));
            let read = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, r.get(1)?));
            let (back, found): (WrittenPath, String) =
                db.query_row("SELECT ?1, typeof(?1)", [&path], read).unwrap();
            assert_eq!((back, found.as_str()), (path, kind));
        }
    }
}
