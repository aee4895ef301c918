//! The predecessor's list of decisions, `.ratings_tags.json` in a folder.
//!
//! ```text
//! {"IMG_1.jpg": {"state": "keep"|"trash", "label_source": "manual"|"auto", "rating": 4, "tags": ["x"]}}
//! ```
//!
//! A state that it set by itself (`auto`) was never a person's decision: it comes in as a proposal.
//! Stars and tags were always a person's. An entry with a mistake in it costs that entry alone.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;

use super::names::PREDECESSOR;
use crate::core::label::Verdict;
use crate::core::said::Said;
use crate::disk::DiskError;
use crate::disk::DiskResult;

/// What the list says of one photo.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// What a person decided.
    pub said: Said,
    /// What the predecessor would have decided; never `Undecided`.
    pub proposal: Option<Verdict>,
}

/// Reads the list in `folder`, by the photos' names.
///
/// # Errors
/// When there is none, or it cannot be read.
pub fn read(folder: &Path) -> DiskResult<HashMap<String, Entry>> {
    let path = folder.join(PREDECESSOR);
    let text = fs::read(&path).map_err(|source| DiskError::Read { path: path.clone(), source })?;
    let table: Map<String, Value> = serde_json::from_slice(&text)
        .map_err(|error| DiskError::Sidecar { reason: format!("is no list: {error}"), path })?;
    Ok(table.iter().map(|(name, entry)| (name.clone(), of(entry))).collect())
}

fn of(entry: &Value) -> Entry {
    let rating = entry["rating"].as_i64().filter(|stars| (0..=5).contains(stars));
    let state = match entry["state"].as_str() {
        Some("keep") => Some((Verdict::Keep, 3)),
        Some("trash") => Some((Verdict::Trash, 1)),
        _ => None,
    };
    let is_auto = entry["label_source"].as_str() == Some("auto");
    let words = entry["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut tags: Vec<Arc<str>> =
        words.map(str::trim).filter(|tag| !tag.is_empty()).map(Arc::from).collect();
    tags.sort();
    tags.dedup();
    let said = Said {
        rating: rating.map(|stars| stars as i8),
        pick: state.filter(|_| !is_auto).map(|(_, pick)| pick),
        tags,
        ..Said::default()
    };
    Entry { said, proposal: state.filter(|_| is_auto).map(|(verdict, _)| verdict) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::said::Convention;

    #[track_caller]
    fn check(entry: &str, label: (Verdict, u8, &[&str]), proposal: Option<Verdict>) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(PREDECESSOR), format!("{{\"a.jpg\": {entry}}}")).unwrap();
        let found = &read(dir.path()).unwrap()["a.jpg"];
        let said = found.said.label(Convention::Rating);
        let tags: Vec<&str> = said.tags().iter().map(AsRef::as_ref).collect();
        assert_eq!((said.verdict, said.stars, &tags[..]), label, "{entry}");
        assert_eq!(found.proposal, proposal, "{entry}");
    }

    #[test]
    fn what_a_person_decided_is_taken_as_that() {
        check(
            r#"{"state": "keep", "label_source": "manual", "rating": 4, "tags": ["b", "a", "b"], "objects": [1]}"#,
            (Verdict::Keep, 4, &["a", "b"]),
            None,
        );
        check(r#"{"state": "trash", "rating": 2}"#, (Verdict::Trash, 2, &[]), None);
    }

    #[test]
    fn what_it_set_by_itself_is_a_proposal() {
        check(
            r#"{"state": "trash", "label_source": "auto", "rating": 3, "tags": ["x"]}"#,
            (Verdict::Undecided, 3, &["x"]),
            Some(Verdict::Trash),
        );
    }

    #[test]
    fn a_mistake_costs_its_own_part() {
        let nothing = (Verdict::Undecided, 0, &[][..]);
        check("17", nothing, None);
        check(r#"{"state": "maybe", "rating": 9, "tags": "x"}"#, nothing, None);
        check(
            r#"{"state": null, "rating": null, "tags": [1, "", "t"]}"#,
            (Verdict::Undecided, 0, &["t"]),
            None,
        );
    }

    #[test]
    fn a_list_that_is_none_is_told() {
        let dir = tempfile::tempdir().unwrap();
        assert!(read(dir.path()).is_err());
        fs::write(dir.path().join(PREDECESSOR), "[1]").unwrap();
        assert!(matches!(read(dir.path()), Err(DiskError::Sidecar { .. })));
    }
}
