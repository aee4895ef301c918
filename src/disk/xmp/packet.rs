//! XMP as a packet within a photo: a sidecar's text brought into the photo, with what the photo's own
//! packet says beyond it.
//!
//! The sidecar is the base, byte for byte. Of the packet, whatever the sidecar has no property for
//! comes along as descriptions of its own, as it stands there: RDF takes several descriptions of one
//! thing for one. What is to be said then goes over both, as into any sidecar.

use std::ops::Range;

use quick_xml::NsReader;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use quick_xml::name::PrefixDeclaration;
use quick_xml::name::ResolveResult;

use super::edit;
use super::text_of;
use super::unpadded;
use super::walk::Document;
use super::walk::RDF;
use crate::core::said::Said;

/// The longest packet that a JPEG's segment takes, in bytes (XMP specification part 3, 1.1.3).
pub const LONGEST_BYTES: usize = 65_502;

/// What begins a packet (XMP specification part 1, 7.3.2).
const HEAD: &str = "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n";
/// What ends one that may be changed.
const TAIL: &str = "\n<?xpacket end=\"w\"?>";

/// The packet for a photo that has the sidecar and the packet given, made to say what `say` makes of
/// what the two say together. `None` where the photo's own packet says all that already.
///
/// # Errors
/// What is wrong with either, in words, or that it would be longer than [`LONGEST_BYTES`].
pub fn packet(
    sidecar: Option<&[u8]>,
    inside: Option<&[u8]>,
    say: impl FnOnce(&Said) -> Said,
) -> Result<Option<Vec<u8>>, String> {
    let inside = inside.map(unpadded);
    let sidecar = sidecar.filter(|bytes| !bytes.trim_ascii().is_empty());
    let base = match (sidecar, inside) {
        (Some(sidecar), Some(inside)) => {
            let told = |which: &str, reason: String| format!("{which} {reason}");
            let base = text_of(sidecar).map_err(|e| told("the sidecar", e))?.1;
            let more = text_of(inside).map_err(|e| told("the packet in it", e))?.1;
            Some(merged(base, more)?.into_bytes())
        }
        (one, other) => one.or(other).map(<[u8]>::to_vec),
    };
    let now = base.as_deref().map_or(Ok(Said::default()), super::read)?;
    let want = say(&now);
    if sidecar.is_none() && want == now {
        return Ok(None);
    }
    let made = super::rewrite(base.as_deref(), &want)?;
    let made = wrapped(text_of(&made)?.1);
    match made.len() {
        0..=LONGEST_BYTES => Ok(Some(made.into_bytes())),
        bytes => Err(format!("the packet has {bytes} bytes, at most {LONGEST_BYTES} fit")),
    }
}

/// The text as a packet: without a declaration of XML, which has no place within one, in a wrapper
/// where it has none, and without its padding where it is too long with it.
fn wrapped(text: &str) -> String {
    let text = text.trim_start();
    let bare = match text.strip_prefix("<?xml ").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest.trim_start(),
        None => text,
    };
    let whole = match bare.starts_with("<?xpacket") {
        true => bare.to_owned(),
        false => [HEAD, bare.trim_end(), TAIL].concat(),
    };
    match whole.rfind("<?xpacket end") {
        Some(end) if whole.len() > LONGEST_BYTES => {
            [whole[..end].trim_end(), "\n", &whole[end..]].concat()
        }
        _ => whole,
    }
}

/// The first text with what the second says beyond it.
fn merged(base: &str, more: &str) -> Result<String, String> {
    let ours = descriptions(base).map_err(|e| format!("the sidecar {e}"))?;
    let theirs = descriptions(more).map_err(|e| format!("the packet in it {e}"))?;
    let is_said = |property: &Property<'_>| {
        let mut said = ours.iter().flat_map(|description| &description.properties);
        said.any(|known| known.name == property.name)
    };
    let about = ours.first().or(theirs.first()).map_or("", |description| description.about);
    let mut added = String::new();
    for description in &theirs {
        let (attributes, elements): (Vec<_>, Vec<_>) = description
            .properties
            .iter()
            .filter(|property| !is_said(property))
            .partition(|property| property.is_attribute);
        if attributes.is_empty() && elements.is_empty() {
            continue;
        }
        let in_scope = &description.prefixes;
        let rdf = in_scope.iter().rev().find(|(_, space)| space == RDF).map(|(p, _)| p.as_str());
        let Some(rdf) = rdf.filter(|rdf| !rdf.is_empty()) else {
            return Err("the packet in it has rdf:RDF without a prefix".to_owned());
        };
        added += &format!("<{rdf}:Description {rdf}:about=\"{about}\"");
        for (at, (prefix, space)) in in_scope.iter().enumerate() {
            // An inner declaration hides an outer one, and no attribute may stand twice.
            if in_scope[at + 1..].iter().all(|(later, _)| later != prefix) {
                let colon = if prefix.is_empty() { "" } else { ":" };
                added += &format!(" xmlns{colon}{prefix}=\"{}\"", quick_xml::escape::escape(space));
            }
        }
        attributes.iter().for_each(|property| added += &format!(" {}", property.text));
        added += ">";
        elements.iter().for_each(|property| added += property.text);
        added += &format!("</{rdf}:Description>\n ");
    }
    let document = Document::walk(base).map_err(|e| format!("the sidecar {e}"))?;
    if added.is_empty() { Ok(base.to_owned()) } else { edit::in_rdf(&document, |_| added) }
}

/// A namespace and a local name.
type Name = (Vec<u8>, Vec<u8>);

/// A property as it stands, an attribute or an element.
struct Property<'a> {
    name: Name,
    text: &'a str,
    is_attribute: bool,
}

/// An `rdf:Description` right in `rdf:RDF`.
struct Description<'a> {
    /// What it is about, as it stands.
    about: &'a str,
    /// The prefixes that hold in it with their namespaces, the innermost last.
    prefixes: Vec<(String, String)>,
    properties: Vec<Property<'a>>,
}

/// Reads all descriptions of a text.
fn descriptions(text: &str) -> Result<Vec<Description<'_>>, String> {
    let mut walk = Walk::new(text);
    let mut reader = NsReader::from_str(text);
    loop {
        let start = reader.buffer_position() as usize;
        let failed =
            |e: &dyn std::fmt::Display| format!("is not well-formed XML at byte {start}: {e}");
        let (space, event) = reader.read_resolved_event().map_err(|e| failed(&e))?;
        let space = match space {
            ResolveResult::Bound(space) => space.0.to_vec(),
            ResolveResult::Unbound => Vec::new(),
            ResolveResult::Unknown(_) => return Err(failed(&"a prefix without a meaning")),
        };
        let end = reader.buffer_position() as usize;
        match event {
            Event::Start(tag) => walk.open(&reader, &tag, space, start).map_err(|e| failed(&e))?,
            Event::Empty(tag) => {
                walk.open(&reader, &tag, space, start).map_err(|e| failed(&e))?;
                walk.close(end);
            }
            Event::End(_) => walk.close(end),
            Event::Eof if walk.depth == 0 => return Ok(walk.all),
            Event::Eof => return Err("is cut off".to_owned()),
            _ => {}
        }
    }
}

struct Walk<'a> {
    text: &'a str,
    depth: usize,
    /// How deep `rdf:RDF` is; descriptions are one deeper, their properties two.
    rdf: Option<usize>,
    /// What stands behind the RDF is no description of the photo.
    is_behind: bool,
    is_described: bool,
    /// Each with the depth of the element that declares it.
    prefixes: Vec<(usize, String, String)>,
    /// The property that is open: its name and where it begins.
    begun: Option<(Name, usize)>,
    all: Vec<Description<'a>>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Self {
        let (prefixes, all) = (Vec::new(), Vec::new());
        let (rdf, begun, is_behind, is_described) = (None, None, false, false);
        Self { text, depth: 0, rdf, is_behind, is_described, prefixes, begun, all }
    }

    fn open(
        &mut self,
        reader: &NsReader<&[u8]>,
        tag: &BytesStart<'_>,
        space: Vec<u8>,
        start: usize,
    ) -> Result<(), String> {
        self.depth += 1;
        let local = tag.local_name().as_ref().to_vec();
        let is_rdf = space == RDF.as_bytes();
        let below = self.below();
        if is_rdf && local == b"RDF" && self.rdf.is_none() {
            self.rdf = Some(self.depth);
        }
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| e.to_string())?;
            let place = |part: &[u8]| part.as_ptr().addr() - self.text.as_ptr().addr();
            if let Some(declared) = attribute.key.as_namespace_binding() {
                let prefix = match declared {
                    PrefixDeclaration::Named(prefix) => String::from_utf8_lossy(prefix),
                    PrefixDeclaration::Default => "".into(),
                };
                let at = place(&attribute.value);
                let space = quick_xml::escape::unescape(&self.text[at..at + attribute.value.len()]);
                let space = space.map_err(|e| e.to_string())?.into_owned();
                self.prefixes.push((self.depth, prefix.into_owned(), space));
            }
        }
        match below {
            Some(1) => {
                self.is_described = is_rdf && local == b"Description";
                if self.is_described {
                    self.describe(reader, tag)?;
                }
            }
            Some(2) if self.is_described => self.begun = Some(((space, local), start)),
            _ => {}
        }
        Ok(())
    }

    fn describe(&mut self, reader: &NsReader<&[u8]>, tag: &BytesStart<'_>) -> Result<(), String> {
        let text = self.text;
        let range = |part: &[u8]| -> Range<usize> {
            let at = part.as_ptr().addr() - text.as_ptr().addr();
            at..at + part.len()
        };
        let prefixes = self.prefixes.iter().map(|(_, p, space)| (p.clone(), space.clone()));
        let (prefixes, properties) = (prefixes.collect(), Vec::new());
        let mut description = Description { about: "", prefixes, properties };
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| e.to_string())?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (ResolveResult::Bound(space), local) =
                reader.resolver().resolve_attribute(attribute.key)
            else {
                continue;
            };
            let (key, value) = (range(attribute.key.as_ref()), range(&attribute.value));
            if space.0 == RDF.as_bytes() {
                if local.as_ref() == b"about" {
                    description.about = &text[value];
                }
                continue;
            }
            description.properties.push(Property {
                name: (space.0.to_vec(), local.as_ref().to_vec()),
                text: &text[key.start..value.end + 1],
                is_attribute: true,
            });
        }
        self.all.push(description);
        Ok(())
    }

    fn close(&mut self, end: usize) {
        if self.below() == Some(2)
            && let (Some((name, start)), Some(into)) = (self.begun.take(), self.all.last_mut())
        {
            let text = &self.text[start..end];
            into.properties.push(Property { name, text, is_attribute: false });
        }
        self.is_behind |= self.rdf == Some(self.depth);
        self.prefixes.retain(|(depth, ..)| *depth < self.depth);
        self.depth -= 1;
    }

    /// How many levels below the RDF.
    fn below(&self) -> Option<usize> {
        self.rdf.filter(|_| !self.is_behind).map(|rdf| self.depth.saturating_sub(rdf))
    }
}
