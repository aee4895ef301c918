//! XMP as text: what it says of a photo, and how it is made to say something else.
//!
//! XMP is RDF in XML (ISO 16684-1): in `rdf:RDF` stand `rdf:Description`s, whose properties are
//! attributes or elements. `walk` finds where ours stand, `edit` changes those bytes and no other:
//! whatever another program wrote stays as it is, byte for byte, and so do its order, its prefixes
//! and its blanks (`tests/sidecar.rs`: `what_other_programs_wrote_stays`). Only text in UTF-8 is read;
//! all programs that we know of write sidecars so.
//!
//! What is not understood is never written over: XML that is cut off or not well formed, a property
//! in a form that no program here knows. Nothing here touches a file.

mod edit;
mod packet;
mod walk;

use std::sync::Arc;

pub use self::packet::LONGEST_BYTES;
pub use self::packet::packet;
use self::walk::Document;
use self::walk::Property;
use crate::core::said::Said;

/// The namespace of what no other program has a property for. Its name is kept in people's files, so
/// it must not change.
pub const OWN_SPACE: &str = "urn:rushlight:xmp:1.0/";

/// What a JPEG's APP1 segment of XMP begins with (XMP specification part 3, 1.1.3).
pub const SEGMENT_MARK: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// A sidecar in which nothing is said yet.
const BLANK: &str = "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>
<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"Rushlight\">
 <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">
  <rdf:Description rdf:about=\"\"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end=\"w\"?>
";

/// Reads what XMP says; `Err` has what is wrong with it, in words.
pub fn read(bytes: &[u8]) -> Result<Said, String> {
    let (_, text) = text_of(bytes)?;
    if text.trim().is_empty() {
        return Ok(Said::default());
    }
    said(&Document::walk(text)?)
}

/// What an XMP packet within a photo says; nothing where it cannot be read.
#[must_use]
pub fn read_packet(bytes: &[u8]) -> Said {
    // Most packets have none of it, and a search is far quicker than a walk.
    let is_worth_it = ["Rating", "PickLabel", "Label", "subject"]
        .iter()
        .any(|name| memchr::memmem::find(bytes, name.as_bytes()).is_some());
    if is_worth_it { read(unpadded(bytes)).unwrap_or_default() } else { Said::default() }
}

/// Without the NULs that some writers pad a packet with.
fn unpadded(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    &bytes[..end]
}

/// The bytes of a sidecar that says `want`: `bytes` but for what must change; `None` for a new one.
///
/// # Errors
/// What is wrong with `bytes`, in words: they are not to be written over.
pub fn rewrite(bytes: Option<&[u8]>, want: &Said) -> Result<Vec<u8>, String> {
    let (mark, text) = text_of(bytes.unwrap_or_default())?;
    let text = if text.trim().is_empty() { BLANK } else { text };
    let mut document = Document::walk(text)?;
    let whole;
    if document.description.is_none() {
        whole = edit::with_description(&document)?;
        document = Document::walk(&whole)?;
    }
    let now = said(&document)?;
    let written = edit::apply(&document, &now, want)?;
    // What was made is read once more: a slip here would cost another program's work.
    let found = said(&Document::walk(&written)?)?;
    if found != *want {
        return Err("says what is decided in a form that is not understood".to_owned());
    }
    Ok([mark, written.as_bytes()].concat())
}

/// The byte order mark, if there is one, and the text behind it.
fn text_of(bytes: &[u8]) -> Result<(&[u8], &str), String> {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    let (mark, rest) = bytes.split_at(if bytes.starts_with(MARK) { MARK.len() } else { 0 });
    match str::from_utf8(rest) {
        Ok(text) => Ok((mark, text)),
        Err(error) => Err(format!("is no text in UTF-8 at byte {}", error.valid_up_to())),
    }
}

fn said(document: &Document<'_>) -> Result<Said, String> {
    let text = |property: Property| {
        document.places(property).next().and_then(|place| place.text.as_deref()).map(str::trim)
    };
    // Ratings are real numbers by the specification, and some programs write them so.
    let number = |property: Property, most: f64| {
        let value: f64 = text(property)?.parse().ok()?;
        (-1.0..=most).contains(&value).then(|| value.round() as i8)
    };
    let count = |property, most| number(property, most).and_then(|n| u8::try_from(n).ok());
    let colour = text(Property::Colour).filter(|text| !text.is_empty());
    let mut tags: Vec<Arc<str>> = document.tags().map(Arc::from).collect();
    tags.sort();
    tags.dedup();
    Ok(Said {
        rating: number(Property::Rating, 5.0),
        stars: count(Property::Stars, 5.0),
        pick: count(Property::Pick, 3.0),
        colour: colour.map(Arc::from),
        tags,
    })
}

#[cfg(test)]
mod tests;
