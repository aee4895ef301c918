//! Changes to an XMP text: the bytes of what changes, and no other.
//!
//! A new property is an attribute of the first `rdf:Description`, set off by the blanks that the
//! attributes there are set off by; new tags stand in `dc:subject`, an `rdf:Bag`. A prefix is
//! declared only where none that holds there means the same namespace.

use std::ops::Range;

use quick_xml::escape::escape;

use super::walk::Document;
use super::walk::Opening;
use super::walk::Place;
use super::walk::Property;
use super::walk::RDF;
use super::walk::SUBJECT;
use super::walk::Subject;
use crate::core::said::Said;

/// Bytes to be replaced, and by what.
type Edit = (Range<usize>, String);

struct Edits<'a, 'd> {
    document: &'d Document<'a>,
    description: &'d Opening,
    edits: Vec<Edit>,
    /// To be added to the description's tag.
    attributes: String,
    /// To be added to what is in the description.
    elements: String,
    declared: Vec<(String, &'static str)>,
}

/// The text of a document that says `now`, so that it says `want`.
pub(super) fn apply(document: &Document<'_>, now: &Said, want: &Said) -> Result<String, String> {
    let Some(description) = &document.description else { return Err("has no place".to_owned()) };
    let (edits, attributes, elements) = Default::default();
    let declared = Vec::new();
    let mut all = Edits { document, description, edits, attributes, elements, declared };
    for property in Property::ALL {
        let value = |said: &Said| match property {
            Property::Rating => said.rating.map(|n| n.to_string()),
            Property::Stars => said.stars.map(|n| n.to_string()),
            Property::Pick => said.pick.map(|n| n.to_string()),
            Property::Colour => said.colour.as_deref().map(str::to_owned),
        };
        let (now, want) = (value(now), value(want));
        if now != want {
            all.set(property, want.as_deref())?;
        }
    }
    if now.tags != want.tags {
        all.set_tags(want)?;
    }
    Ok(all.text())
}

/// The text with an empty description in its RDF.
pub(super) fn with_description(document: &Document<'_>) -> Result<String, String> {
    in_rdf(document, |prefix| format!("<{prefix}:Description {prefix}:about=\"\"/>"))
}

/// The text with more at the end of its RDF; `more` is told the prefix of `rdf:RDF`.
pub(super) fn in_rdf(
    document: &Document<'_>,
    more: impl FnOnce(&str) -> String,
) -> Result<String, String> {
    let rdf = &document.rdf;
    let name = &document.text[rdf.name.clone()];
    let prefix = name.strip_suffix(":RDF").ok_or("has rdf:RDF without a prefix")?;
    let more = more(prefix);
    let (range, text) = match rdf.is_empty {
        true => {
            let slash = document.text[..rdf.tag.end].trim_end_matches(['/', '>']).len();
            (slash..rdf.tag.end, format!(">{more}</{name}>"))
        }
        false => (rdf.content_end..rdf.content_end, more),
    };
    Ok(replaced(document.text, vec![(range, text)]))
}

impl Edits<'_, '_> {
    fn set(&mut self, property: Property, value: Option<&str>) -> Result<(), String> {
        let document = self.document;
        let mut places = document.places(property);
        let mut remove = |place: &Place| self.edits.push(self.document.removal(&place.whole));
        let Some(value) = value else {
            places.for_each(&mut remove);
            return Ok(());
        };
        let first = places.next();
        places.for_each(remove);
        let Some(first) = first else {
            let name = self.name(property.name());
            self.attribute(&format!("{name}=\"{}\"", escape(value)));
            return Ok(());
        };
        if first.text.is_none() {
            let [_, prefix, name] = property.name();
            return Err(format!("has {prefix}:{name} in a form that is not understood"));
        }
        let element = &document.text[first.element.clone()];
        self.edits.push(match &first.value {
            Some(range) => (range.clone(), escape(value).into_owned()),
            None => (first.whole.clone(), format!("<{element}>{}</{element}>", escape(value))),
        });
        Ok(())
    }

    fn set_tags(&mut self, want: &Said) -> Result<(), String> {
        let document = self.document;
        if want.tags.is_empty() {
            let removals = document.subjects.iter().map(|s| document.removal(&s.whole));
            self.edits.extend(removals);
            return Ok(());
        }
        if document.subjects.iter().any(|subject| subject.is_odd) {
            return Err("has dc:subject in a form that is not understood".to_owned());
        }
        let is_wanted = |tag: &str| want.tags.iter().any(|wanted| **wanted == *tag.trim());
        // The first list takes what is new; what is no list makes room for one.
        let list = document.subjects.iter().position(|subject| subject.list_end.is_some());
        let mut kept = Vec::new();
        for subject in &document.subjects {
            if subject.list_end.is_none() {
                self.edits.push(document.removal(&subject.whole));
            } else {
                let (stays, goes): (Vec<_>, Vec<_>) =
                    subject.items.iter().partition(|(_, tag)| is_wanted(tag));
                kept.extend(stays.iter().map(|(_, tag)| tag.trim()));
                self.edits.extend(goes.iter().map(|(range, _)| document.removal(range)));
            }
        }
        let missing = want.tags.iter().map(AsRef::as_ref).filter(|tag| !kept.contains(tag));
        let missing: Vec<&str> = missing.collect();
        match list.map(|at| &document.subjects[at]) {
            Some(subject) => self.add_items(subject, &missing),
            None => self.add_subject(&missing),
        }
        Ok(())
    }

    /// Adds tags to a list, each set off as the last one there is.
    fn add_items(&mut self, subject: &Subject, tags: &[&str]) {
        let text = self.document.text;
        let Some(end) = subject.list_end else { return };
        let rdf = self.name([RDF, "rdf", "li"]);
        let (at, blanks) = match subject.items.last() {
            Some((range, _)) => (range.end, blanks_before(text, range.start)),
            None => (end, ""),
        };
        let items: String =
            tags.iter().map(|tag| format!("{blanks}<{rdf}>{}</{rdf}>", escape(*tag))).collect();
        if !items.is_empty() {
            self.edits.push((at..at, items));
        }
    }

    fn add_subject(&mut self, tags: &[&str]) {
        let [subject, bag, item] =
            [SUBJECT, [RDF, "rdf", "Bag"], [RDF, "rdf", "li"]].map(|name| self.name(name));
        let items: String =
            tags.iter().map(|tag| format!("\n     <{item}>{}</{item}>", escape(*tag))).collect();
        let list = format!("<{bag}>{items}\n    </{bag}>");
        self.elements.push_str(&format!("\n   <{subject}>\n    {list}\n   </{subject}>"));
    }

    /// A name with a prefix that means the namespace; declares one where none does.
    fn name(&mut self, [space, usual, local]: [&'static str; 3]) -> String {
        let in_scope = &self.description.prefixes;
        let meaning = |prefix: &str| {
            let outer = in_scope.iter().rev().find(|(p, _)| p == prefix).map(|(_, s)| s.as_str());
            outer.or(self.declared.iter().find(|(p, _)| p == prefix).map(|(_, s)| *s))
        };
        let known = in_scope.iter().rev().map(|(p, _)| p);
        let mut known = known.chain(self.declared.iter().map(|(p, _)| p));
        if let Some(prefix) = known.find(|prefix| meaning(prefix) == Some(space)) {
            return format!("{prefix}:{local}");
        }
        let numbered = (1..).map(|number| format!("{usual}{number}"));
        let mut candidates = std::iter::once(usual.to_owned()).chain(numbered);
        let free = candidates.find(|prefix| meaning(prefix).is_none());
        let prefix = free.expect("there is no end of numbers");
        self.attribute(&format!("xmlns:{prefix}=\"{space}\""));
        let name = format!("{prefix}:{local}");
        self.declared.push((prefix, space));
        name
    }

    /// Adds an attribute to the description, set off as the last one there is.
    fn attribute(&mut self, attribute: &str) {
        let tag = &self.document.text[self.description.tag.clone()];
        // The last blanks outside of a value stand before the last attribute.
        let mut quote = None;
        let mut blanks = " ";
        let mut run = None;
        for (at, ch) in tag.char_indices() {
            match (quote, ch) {
                (Some(open), _) if open == ch => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(ch),
                (None, _) if ch.is_ascii_whitespace() => _ = run.get_or_insert(at),
                (None, '/' | '>') => run = None,
                (None, _) => {
                    if let Some(start) = run.take() {
                        blanks = &tag[start..at];
                    }
                }
            }
        }
        self.attributes.push_str(blanks);
        self.attributes.push_str(attribute);
    }

    fn text(mut self) -> String {
        let text = self.document.text;
        let Opening { tag, name, is_empty, content_end, .. } = self.description;
        let inner_end = tag.end - if *is_empty { 2 } else { 1 };
        let attributes_end = text[..inner_end].trim_end().len();
        if !self.attributes.is_empty() {
            self.edits.push((attributes_end..attributes_end, self.attributes));
        }
        if !self.elements.is_empty() {
            self.edits.push(match is_empty {
                true => {
                    let name = &text[name.clone()];
                    (inner_end..tag.end, format!(">{}\n  </{name}>", self.elements))
                }
                false => {
                    let at = text[..*content_end].trim_end().len();
                    (at..at, self.elements)
                }
            });
        }
        replaced(text, self.edits)
    }
}

impl Document<'_> {
    /// Takes something out, with the blanks before it.
    fn removal(&self, whole: &Range<usize>) -> Edit {
        let blanks = blanks_before(self.text, whole.start).len();
        (whole.start - blanks..whole.end, String::new())
    }
}

fn blanks_before(text: &str, at: usize) -> &str {
    let before = &text[..at];
    &before[before.trim_end_matches([' ', '\t', '\r', '\n']).len()..]
}

fn replaced(text: &str, mut edits: Vec<Edit>) -> String {
    // Stable: what is put in one place stands in the order in which it was added.
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len() + 512);
    let mut at = 0;
    for (range, new) in edits {
        out.push_str(&text[at..range.start.max(at)]);
        out.push_str(&new);
        at = range.end.max(at);
    }
    out.push_str(&text[at..]);
    out
}
