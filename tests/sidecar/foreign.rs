//! Sidecars by other programs' conventions: what they wrote stays when stars change.

use std::sync::Arc;

use proptest::prelude::*;
use rushlight::core::said::Said;
use rushlight::disk::xmp;

/// As Lightroom writes it: one description, properties as attributes.
pub const LIGHTROOM: &str = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0-c000 1.000000, 0000/00/00-00:00:00        ">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
    xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
   xmp:Rating="3"
   xmp:Label="Purple"
   xmp:MetadataDate="2026-05-03T12:00:00+02:00"
   xmpMM:DocumentID="xmp.did:1"
   crs:Version="15.0"
   crs:Exposure2012="+0.35"
   crs:ToneCurveName2012="Linear">
   <xmpMM:History>
    <rdf:Seq>
     <rdf:li
      stEvt:action="saved"
      stEvt:changed="/metadata"/>
    </rdf:Seq>
   </xmpMM:History>
   <dc:subject>
    <rdf:Bag>
     <rdf:li>wedding</rdf:li>
     <rdf:li>Anna &amp; Bo</rdf:li>
    </rdf:Bag>
   </dc:subject>
   <crs:ToneCurvePV2012>
    <rdf:Seq>
     <rdf:li>0, 0</rdf:li>
     <rdf:li>255, 255</rdf:li>
    </rdf:Seq>
   </crs:ToneCurvePV2012>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"#;

/// As darktable writes it: an XML declaration, its history as structures.
pub const DARKTABLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:darktable="http://darktable.sf.net/"
   exif:DateTimeOriginal="2026:05:03 12:00:00.000"
   xmp:Rating="-1"
   darktable:import_timestamp="63845000000000000"
   darktable:xmp_version="5"
   darktable:auto_presets_applied="1"
   darktable:history_end="1">
   <darktable:masks_history>
    <rdf:Seq/>
   </darktable:masks_history>
   <darktable:history>
    <rdf:Seq>
     <rdf:li
      darktable:num="0"
      darktable:operation="exposure"
      darktable:enabled="1"
      darktable:params="gz09eJxjYGBgYGYAgQ=="/>
    </rdf:Seq>
   </darktable:history>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"#;

/// As digiKam writes it: a packet, tags three times over, its own labels.
pub const DIGIKAM: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:digiKam="http://www.digikam.org/ns/1.0/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
   digiKam:PickLabel="2"
   digiKam:ColorLabel="0"
   xmp:Rating="4"
   MicrosoftPhoto:Rating="75">
   <digiKam:TagsList>
    <rdf:Seq>
     <rdf:li>People/Anna</rdf:li>
    </rdf:Seq>
   </digiKam:TagsList>
   <dc:subject>
    <rdf:Bag>
     <rdf:li>Anna</rdf:li>
    </rdf:Bag>
   </dc:subject>
   <dc:title>
    <rdf:Alt>
     <rdf:li xml:lang="x-default">At the &lt;lake&gt;</rdf:li>
    </rdf:Alt>
   </dc:title>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"#;

/// The lines of `after` that `before` lacks, and those that it has lost.
fn changed<'a>(before: &'a str, after: &'a str) -> (Vec<&'a str>, Vec<&'a str>) {
    let lost = before.lines().filter(|line| !after.lines().any(|other| other == *line));
    let new = after.lines().filter(|line| !before.lines().any(|other| other == *line));
    (lost.map(str::trim).collect(), new.map(str::trim).collect())
}

#[track_caller]
fn check(text: &str, want: impl Fn(&mut Said), lost: &[&str], new: &[&str]) {
    let mut said = xmp::read(text.as_bytes()).unwrap();
    want(&mut said);
    let written = String::from_utf8(xmp::rewrite(Some(text.as_bytes()), &said).unwrap()).unwrap();
    assert_eq!(changed(text, &written), (lost.to_vec(), new.to_vec()), "{written}");
    assert_eq!(xmp::read(written.as_bytes()), Ok(said));
}

#[test]
fn what_other_programs_wrote_stays() {
    let five = |said: &mut Said| said.rating = Some(5);
    check(LIGHTROOM, five, &["xmp:Rating=\"3\""], &["xmp:Rating=\"5\""]);
    check(DARKTABLE, five, &["xmp:Rating=\"-1\""], &["xmp:Rating=\"5\""]);
    check(DIGIKAM, five, &["xmp:Rating=\"4\""], &["xmp:Rating=\"5\""]);
    let trash = |said: &mut Said| {
        (said.rating, said.stars, said.pick) = (Some(-1), Some(3), Some(1));
    };
    check(
        LIGHTROOM,
        trash,
        &["xmp:Rating=\"3\"", "crs:ToneCurveName2012=\"Linear\">"],
        &[
            "xmp:Rating=\"-1\"",
            "crs:ToneCurveName2012=\"Linear\"",
            "xmlns:digiKam=\"http://www.digikam.org/ns/1.0/\"",
            "digiKam:PickLabel=\"1\"",
            "xmlns:rushlight=\"urn:rushlight:xmp:1.0/\"",
            "rushlight:Stars=\"3\">",
        ],
    );
    check(
        LIGHTROOM,
        |said| said.tags = vec![Arc::from("wedding"), Arc::from("x < y")],
        &["<rdf:li>Anna &amp; Bo</rdf:li>"],
        &["<rdf:li>x &lt; y</rdf:li>"],
    );
}

/// Something that another program writes.
fn foreign_attribute() -> impl Strategy<Value = String> {
    ("[a-z]{1,6}", "[ -~&&[^<&\"]]{0,20}", "[\n ]{1,6}", prop::bool::ANY).prop_map(
        |(name, value, blanks, is_single)| match is_single && !value.contains('\'') {
            true => format!("{blanks}f:{name}='{value}'"),
            false => format!("{blanks}f:{name}=\"{value}\""),
        },
    )
}

fn foreign_element() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-z é]{0,12}".prop_map(|text| format!("<f:t>{text}</f:t>")),
        Just("<!-- a comment: <xmp:Rating>5</xmp:Rating> -->".to_owned()),
        Just("<f:c><![CDATA[<xmp:Rating>1</xmp:Rating>]]></f:c>".to_owned()),
        Just("<f:s><rdf:Description xmp:Rating=\"2\" f:a=\"\"/></f:s>".to_owned()),
        Just("<f:r rdf:parseType=\"Resource\"><xmp:Label>Red</xmp:Label></f:r>".to_owned()),
        Just("<f:b><rdf:Bag><rdf:li>tag &amp; no tag</rdf:li><rdf:li/></rdf:Bag></f:b>".to_owned()),
    ];
    ("[\n ]{0,5}", leaf).prop_map(|(blanks, leaf)| format!("{blanks}{leaf}"))
}

fn said() -> impl Strategy<Value = Said> {
    use proptest::option::of;
    let colour = of(prop_oneof![Just("Red"), Just("Purple"), Just("a \"b\" & <c>")]);
    let tags = prop::collection::btree_set("[a-c]{1,2}|&<>|é", 0..4);
    (of(-1_i8..=5), of(0_u8..=5), of(0_u8..=3), colour, tags).prop_map(
        |(rating, stars, pick, colour, tags)| Said {
            rating,
            stars,
            pick,
            colour: colour.map(Arc::from),
            tags: tags.into_iter().map(Arc::from).collect(),
        },
    )
}

/// What is not ours of a text: every foreign piece, in its order.
#[track_caller]
fn assert_in_order(text: &str, pieces: &[String]) {
    let mut at = 0;
    for piece in pieces {
        let found = text[at..].find(piece.as_str());
        at += found.unwrap_or_else(|| panic!("{piece:?} is lost behind {at} of {text}"))
            + piece.len();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn foreign_properties_survive_any_change(
        attributes in prop::collection::vec(foreign_attribute(), 0..4),
        elements in prop::collection::vec(foreign_element(), 0..4),
        second in prop::collection::vec(foreign_element(), 0..3),
        steps in prop::collection::vec(said(), 1..6),
    ) {
        let mut seen = std::collections::HashSet::new();
        let name = |a: &String| a.trim_start().split('=').next().unwrap().to_owned();
        let attributes: Vec<_> = attributes.into_iter().filter(|a| seen.insert(name(a))).collect();
        let mut text = format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'>\n<rdf:RDF \
             xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:f='foreign:' \
             xmlns:xmp='http://ns.adobe.com/xap/1.0/'>\n<rdf:Description rdf:about=''{}>{}\n\
             </rdf:Description><rdf:Description>{}</rdf:Description></rdf:RDF></x:xmpmeta>\n<!-- end -->",
            attributes.concat(), elements.concat(), second.concat(),
        );
        let before = text.clone();
        let pieces = [attributes, elements, second, vec!["<!-- end -->".to_owned()]].concat();
        for want in &steps {
            let written = xmp::rewrite(Some(text.as_bytes()), want).unwrap();
            text = String::from_utf8(written).unwrap();
            prop_assert_eq!(&xmp::read(text.as_bytes()).unwrap(), want);
            assert_in_order(&text, &pieces);
            // Saying it once more changes nothing.
            prop_assert_eq!(xmp::rewrite(Some(text.as_bytes()), want).unwrap(), text.as_bytes());
        }
        let silent = xmp::rewrite(Some(text.as_bytes()), &Said::default()).unwrap();
        let silent = String::from_utf8(silent).unwrap();
        // Nothing of ours is left but the names of namespaces.
        let declared = [
            " xmlns:digiKam=\"http://www.digikam.org/ns/1.0/\"",
            " xmlns:rushlight=\"urn:rushlight:xmp:1.0/\"",
            " xmlns:dc=\"http://purl.org/dc/elements/1.1/\"",
        ];
        let bare = |text: &str| {
            let text = declared.iter().fold(text.to_owned(), |t, d| t.replace(d.trim(), ""));
            text.split_whitespace().collect::<String>()
        };
        prop_assert_eq!(bare(&silent), bare(&before));
    }

    #[test]
    fn any_text_is_no_panic(text in "[<>/a-z:=\"' &;!\\[\\]-]{0,80}") {
        _ = xmp::read(text.as_bytes());
        let wrapped = format!(
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">{text}</rdf:RDF>"
        );
        let want = Said { rating: Some(1), ..Said::default() };
        if let Ok(written) = xmp::rewrite(Some(wrapped.as_bytes()), &want) {
            prop_assert_eq!(xmp::read(&written).unwrap(), want);
        }
    }
}
