//! Where in an XMP text the properties stand that are ours to read and to write.
//!
//! One pass over the text, which is not changed and of which nothing is copied but the values. Only
//! properties of the photo itself count: those of an `rdf:Description` right in `rdf:RDF`, not those
//! of a structure deeper down (a `stRef` of another picture may have a rating too).

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::NsReader;
use quick_xml::escape;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use quick_xml::name::PrefixDeclaration;
use quick_xml::name::ResolveResult;

use super::OWN_SPACE;

pub(super) const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const DC: &str = "http://purl.org/dc/elements/1.1/";

/// A property of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Property {
    Rating,
    Colour,
    Pick,
    Stars,
}

impl Property {
    pub(super) const ALL: [Self; 4] = [Self::Rating, Self::Colour, Self::Pick, Self::Stars];

    /// Namespace, usual prefix, name.
    pub(super) const fn name(self) -> [&'static str; 3] {
        const XMP: &str = "http://ns.adobe.com/xap/1.0/";
        match self {
            Self::Rating => [XMP, "xmp", "Rating"],
            Self::Colour => [XMP, "xmp", "Label"],
            Self::Pick => ["http://www.digikam.org/ns/1.0/", "digiKam", "PickLabel"],
            Self::Stars => [OWN_SPACE, "rushlight", "Stars"],
        }
    }

    fn of(space: &[u8], local: &[u8]) -> Option<Self> {
        let is_it = |property: &Self| {
            let [s, _, name] = property.name();
            s.as_bytes() == space && name.as_bytes() == local
        };
        Self::ALL.into_iter().find(is_it)
    }
}

/// `dc:subject`: namespace, usual prefix, name.
pub(super) const SUBJECT: [&str; 3] = [DC, "dc", "subject"];

/// Where a value stands.
#[derive(Debug)]
pub(super) struct Place {
    property: Property,
    /// The attribute or the element as a whole.
    pub(super) whole: Range<usize>,
    /// Its value; `None` for an element without one, `<a:b/>`.
    pub(super) value: Option<Range<usize>>,
    /// An element's name, as written; empty for an attribute.
    pub(super) element: Range<usize>,
    /// The value in plain text; `None` where it is no plain text.
    pub(super) text: Option<String>,
}

/// One `dc:subject`.
#[derive(Debug, Default)]
pub(super) struct Subject {
    pub(super) whole: Range<usize>,
    /// Where the list's end tag begins; `None` where there is none.
    pub(super) list_end: Option<usize>,
    /// The tags with their elements.
    pub(super) items: Vec<(Range<usize>, String)>,
    /// A tag without a list.
    bare: Option<String>,
    /// Whether something stands in it that is no tag.
    pub(super) is_odd: bool,
}

/// A start tag that can be added to.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) tag: Range<usize>,
    pub(super) name: Range<usize>,
    /// Whether it is `<a:b/>`.
    pub(super) is_empty: bool,
    /// Where its end tag begins; the tag's own end where it has none.
    pub(super) content_end: usize,
    /// The prefixes that hold in it, the innermost last, each with its namespace.
    pub(super) prefixes: Vec<(String, String)>,
}

/// What the walk found.
#[derive(Debug)]
pub(super) struct Document<'a> {
    pub(super) text: &'a str,
    places: Vec<Place>,
    pub(super) subjects: Vec<Subject>,
    pub(super) rdf: Opening,
    /// The first one.
    pub(super) description: Option<Opening>,
}

/// What an open element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rdf,
    Description,
    Value(Property),
    Subject,
    List,
    Item,
    Other,
}

struct Open {
    kind: Kind,
    start: usize,
    tag_end: usize,
    name: Range<usize>,
    has_children: bool,
    prefix_count: usize,
}

struct Walk<'a> {
    text: &'a str,
    open: Vec<Open>,
    prefixes: Vec<(String, String)>,
    places: Vec<Place>,
    subjects: Vec<Subject>,
    rdf: Option<Opening>,
    description: Option<Opening>,
}

impl<'a> Document<'a> {
    /// Walks a text; `Err` has what is wrong with it.
    pub(super) fn walk(text: &'a str) -> Result<Self, String> {
        let mut walk = Walk {
            text,
            open: Vec::new(),
            prefixes: Vec::new(),
            places: Vec::new(),
            subjects: Vec::new(),
            rdf: None,
            description: None,
        };
        let mut reader = NsReader::from_str(text);
        loop {
            let start = reader.buffer_position() as usize;
            let (space, event) = reader.read_resolved_event().map_err(|e| bad(start, &e))?;
            let space = match space {
                ResolveResult::Bound(space) => space.0.to_vec(),
                ResolveResult::Unbound => Vec::new(),
                ResolveResult::Unknown(_) => return Err(bad(start, &"a prefix without a meaning")),
            };
            let end = reader.buffer_position() as usize;
            match event {
                Event::Start(tag) => walk.start(&reader, &tag, &space, start..end, false)?,
                Event::Empty(tag) => {
                    walk.start(&reader, &tag, &space, start..end, true)?;
                    walk.end(end, end);
                }
                Event::End(_) => walk.end(start, end),
                Event::Eof => break,
                _ => {}
            }
        }
        if !walk.open.is_empty() {
            return Err("is cut off".to_owned());
        }
        let Some(rdf) = walk.rdf else { return Err("is no XMP: it has no rdf:RDF".to_owned()) };
        let Walk { places, subjects, description, .. } = walk;
        Ok(Self { text, places, subjects, rdf, description })
    }

    /// Every place of a property, the first one first.
    pub(super) fn places(&self, property: Property) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| place.property == property)
    }

    /// The tags as they stand.
    pub(super) fn tags(&self) -> impl Iterator<Item = &str> {
        let all = self.subjects.iter().flat_map(|s| s.items.iter().map(|(_, t)| t).chain(&s.bare));
        all.map(|text| text.trim()).filter(|text| !text.is_empty())
    }
}

impl Walk<'_> {
    fn start(
        &mut self,
        reader: &NsReader<&[u8]>,
        tag: &BytesStart<'_>,
        space: &[u8],
        range: Range<usize>,
        is_empty: bool,
    ) -> Result<(), String> {
        let local = tag.local_name();
        let parent = self.open.last_mut().map(|open| {
            open.has_children = true;
            open.kind
        });
        let is_rdf = space == RDF.as_bytes();
        let kind = match (parent, local.as_ref()) {
            (None | Some(Kind::Other), b"RDF") if is_rdf && self.rdf.is_none() => Kind::Rdf,
            (Some(Kind::Rdf), b"Description") if is_rdf => Kind::Description,
            (Some(Kind::Description), name) => match Property::of(space, name) {
                Some(property) => Kind::Value(property),
                None if space == DC.as_bytes() && name == b"subject" => Kind::Subject,
                None => Kind::Other,
            },
            (Some(Kind::Subject), b"Bag" | b"Seq" | b"Alt") if is_rdf => Kind::List,
            (Some(Kind::List), b"li") if is_rdf => Kind::Item,
            _ => Kind::Other,
        };
        if kind == Kind::Other && matches!(parent, Some(Kind::Subject | Kind::List | Kind::Item)) {
            self.subjects.iter_mut().rev().take(1).for_each(|subject| subject.is_odd = true);
        }
        let prefix_count = self.prefixes.len();
        self.read_attributes(reader, tag, kind)?;
        let name = range.start + 1..range.start + 1 + tag.name().as_ref().len();
        let opening = || Opening {
            tag: range.clone(),
            name: name.clone(),
            is_empty,
            content_end: range.end,
            prefixes: self.prefixes.clone(),
        };
        match kind {
            Kind::Rdf => self.rdf = Some(opening()),
            Kind::Description if self.description.is_none() => self.description = Some(opening()),
            Kind::Subject => self.subjects.push(Subject::default()),
            _ => {}
        }
        let (start, tag_end) = (range.start, range.end);
        self.open.push(Open { kind, start, tag_end, name, has_children: false, prefix_count });
        Ok(())
    }

    /// Notes prefixes, and a description's properties.
    fn read_attributes(
        &mut self,
        reader: &NsReader<&[u8]>,
        tag: &BytesStart<'_>,
        kind: Kind,
    ) -> Result<(), String> {
        let origin = self.text.as_ptr().addr();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| bad(tag.as_ptr().addr() - origin, &e))?;
            let key = attribute.key;
            let start = key.as_ref().as_ptr().addr() - origin;
            let value = attribute.value.as_ptr().addr() - origin;
            let value = value..value + attribute.value.len();
            let text = escape::unescape(&self.text[value.clone()]);
            if let Some(PrefixDeclaration::Named(prefix)) = key.as_namespace_binding() {
                let space = text.map_err(|e| bad(start, &e))?.into_owned();
                self.prefixes.push((String::from_utf8_lossy(prefix).into_owned(), space));
                continue;
            }
            if kind != Kind::Description {
                continue;
            }
            let (ResolveResult::Bound(space), local) = reader.resolver().resolve_attribute(key)
            else {
                continue;
            };
            let text = text.ok().map(Cow::into_owned);
            let whole = start..value.end + 1;
            if let Some(property) = Property::of(space.0, local.as_ref()) {
                let (value, element) = (Some(value), 0..0);
                self.places.push(Place { property, whole, value, element, text });
            } else if space.0 == DC.as_bytes() && local.as_ref() == b"subject" {
                self.subjects.push(Subject { whole, bare: text, ..Subject::default() });
            }
        }
        Ok(())
    }

    /// Ends the innermost element, whose end tag is from `start` to `end`.
    fn end(&mut self, start: usize, end: usize) {
        let Some(Open { kind, start: begin, tag_end, name, has_children, prefix_count }) =
            self.open.pop()
        else {
            return;
        };
        self.prefixes.truncate(prefix_count);
        let whole = begin..end;
        let content = (start < end).then_some(tag_end..start);
        let raw = content.clone().filter(|_| !has_children).map(|range| &self.text[range]);
        // Comments and CDATA are no plain text.
        let plain = raw.filter(|raw| !raw.contains('<')).and_then(|raw| escape::unescape(raw).ok());
        let text = plain.map(Cow::into_owned).or((content.is_none()).then(String::new));
        let subject = self.subjects.last_mut();
        match (kind, subject) {
            (Kind::Value(property), _) => {
                let value = content.filter(|_| text.is_some());
                self.places.push(Place { property, whole, value, element: name, text });
            }
            (Kind::Item, Some(subject)) => match text {
                Some(text) => subject.items.push((whole, text)),
                None => subject.is_odd = true,
            },
            (Kind::List, Some(subject)) if content.is_some() => {
                subject.list_end.get_or_insert(start);
            }
            (Kind::Subject, Some(subject)) => {
                subject.whole = whole;
                subject.bare = if has_children { None } else { text };
            }
            (Kind::Rdf, _) => set_content_end(&mut self.rdf, begin, start),
            (Kind::Description, _) => set_content_end(&mut self.description, begin, start),
            _ => {}
        }
    }
}

/// Says where the content of the element that began at `begin` ends.
fn set_content_end(opening: &mut Option<Opening>, begin: usize, end: usize) {
    if let Some(opening) = opening.as_mut().filter(|opening| opening.tag.start == begin) {
        opening.content_end = end;
    }
}

fn bad(at: usize, what: &dyn std::fmt::Display) -> String {
    format!("is not well-formed XML at byte {at}: {what}")
}
