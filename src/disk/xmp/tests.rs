//! XMP in the forms in which programs write it, and in forms that are refused.

use super::*;

/// `inner` within an RDF that declares the usual prefixes.
fn xmp(inner: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:digiKam=\"http://www.digikam.org/ns/1.0/\" \
         xmlns:rushlight=\"urn:rushlight:xmp:1.0/\" xmlns:o=\"other:\">{inner}</rdf:RDF></x:xmpmeta>"
    )
}

fn rated(stars: i8) -> Said {
    Said { rating: Some(stars), ..Said::default() }
}

fn tagged(tags: &[&str]) -> Said {
    Said { tags: tags.iter().copied().map(Arc::from).collect(), ..Said::default() }
}

/// `inner`, rewritten to say `want`, is `expect`; and `inner` says `now`.
#[track_caller]
fn check(inner: &str, now: &Said, want: &Said, expect: &str) {
    let text = xmp(inner);
    assert_eq!(read(text.as_bytes()).as_ref(), Ok(now), "{inner}");
    let written = rewrite(Some(text.as_bytes()), want).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), xmp(expect));
}

#[test]
fn only_the_value_changes() {
    check(
        r#"<rdf:Description o:a='1' xmp:Rating = '3' o:b="2"/>"#,
        &rated(3),
        &rated(-1),
        r#"<rdf:Description o:a='1' xmp:Rating = '-1' o:b="2"/>"#,
    );
    check(
        "<rdf:Description>\n <xmp:Rating>3.0</xmp:Rating>\n</rdf:Description>",
        &rated(3),
        &rated(4),
        "<rdf:Description>\n <xmp:Rating>4</xmp:Rating>\n</rdf:Description>",
    );
}

#[test]
fn what_is_said_already_is_not_touched() {
    let inner = r#"<rdf:Description xmp:Rating="3.0" xmp:Label="a &amp; b"/>"#;
    let said = Said { rating: Some(3), colour: Some("a & b".into()), ..Said::default() };
    check(inner, &said, &said, inner);
}

#[test]
fn a_new_property_is_set_off_as_the_others_are() {
    check(
        "<rdf:Description rdf:about=\"\"\n    o:a=\"b > c\">\n  <o:c/>\n</rdf:Description>",
        &Said::default(),
        &rated(2),
        "<rdf:Description rdf:about=\"\"\n    o:a=\"b > c\"\n    xmp:Rating=\"2\">\n  <o:c/>\n</rdf:Description>",
    );
    check("<rdf:Description/>", &Said::default(), &rated(2), "<rdf:Description xmp:Rating=\"2\"/>");
    let said = rewrite(Some(xmp("").as_bytes()), &rated(1)).unwrap();
    assert_eq!(read(&said), Ok(rated(1)));
}

#[test]
fn a_property_that_is_gone_takes_its_blanks_along() {
    check(
        "<rdf:Description\n  xmp:Label=\"Red\"\n  o:a=\"\"><xmp:Rating>1</xmp:Rating></rdf:Description>",
        &Said { colour: Some("Red".into()), ..rated(1) },
        &Said::default(),
        "<rdf:Description\n  o:a=\"\"></rdf:Description>",
    );
}

#[test]
fn a_property_that_stands_twice_is_said_once() {
    check(
        r#"<rdf:Description xmp:Rating="3"/><rdf:Description><xmp:Rating>5</xmp:Rating></rdf:Description>"#,
        &rated(3),
        &rated(4),
        r#"<rdf:Description xmp:Rating="4"/><rdf:Description></rdf:Description>"#,
    );
}

#[test]
fn properties_of_other_things_are_not_ours() {
    let inner = r#"<rdf:Description><o:from><rdf:Description xmp:Rating="5"/></o:from><o:l rdf:parseType="Resource"><xmp:Rating>4</xmp:Rating></o:l></rdf:Description>"#;
    check(inner, &Said::default(), &Said::default(), inner);
    let other =
        r#"<rdf:Description><xmp:Rating xmlns:xmp="other:">3</xmp:Rating></rdf:Description>"#;
    check(other, &Said::default(), &Said::default(), other);
}

#[test]
fn tags_are_added_and_taken_from_the_list_that_is_there() {
    let list = |items: &str| {
        format!(
            "<rdf:Description>\n<dc:subject>\n<rdf:Bag>{items}\n</rdf:Bag>\n</dc:subject>\n</rdf:Description>"
        )
    };
    check(
        &list("\n <rdf:li>b</rdf:li>\n <rdf:li xml:lang=\"x\">a &lt; b</rdf:li>"),
        &tagged(&["a < b", "b"]),
        &tagged(&["a < b", "c&d"]),
        &list("\n <rdf:li xml:lang=\"x\">a &lt; b</rdf:li>\n <rdf:li>c&amp;d</rdf:li>"),
    );
    check(
        &format!("{}<rdf:Description o:a=''/>", list("\n<rdf:li>b</rdf:li>")),
        &tagged(&["b"]),
        &Said::default(),
        "<rdf:Description>\n</rdf:Description><rdf:Description o:a=''/>",
    );
}

#[test]
fn tags_in_every_form_are_read_and_replaced_by_a_list() {
    for inner in [
        r#"<rdf:Description dc:subject="a"/>"#,
        "<rdf:Description><dc:subject>a</dc:subject></rdf:Description>",
        "<rdf:Description><dc:subject><rdf:Seq><rdf:li> a </rdf:li></rdf:Seq></dc:subject></rdf:Description>",
        "<rdf:Description><dc:subject><rdf:Bag><rdf:li/><rdf:li>a</rdf:li></rdf:Bag></dc:subject></rdf:Description>",
    ] {
        let text = xmp(inner);
        assert_eq!(read(text.as_bytes()), Ok(tagged(&["a"])), "{inner}");
        let written = rewrite(Some(text.as_bytes()), &tagged(&["a", "b"])).unwrap();
        assert_eq!(read(&written), Ok(tagged(&["a", "b"])), "{inner}");
    }
    for empty in ["<dc:subject/>", "<dc:subject><rdf:Bag/></dc:subject>"] {
        let text = xmp(&format!("<rdf:Description>{empty}</rdf:Description>"));
        let written = rewrite(Some(text.as_bytes()), &tagged(&["b"])).unwrap();
        assert_eq!(read(&written), Ok(tagged(&["b"])), "{empty}");
    }
}

#[test]
fn a_prefix_that_means_something_else_is_left_alone() {
    let text = "<r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:xmp=\"other:\">\
                <r:Description xmp:Rating=\"9\"></r:Description></r:RDF>";
    let want = Said { pick: Some(3), ..tagged(&["a"]) };
    let want = Said { rating: Some(2), stars: Some(1), ..want };
    let written = String::from_utf8(rewrite(Some(text.as_bytes()), &want).unwrap()).unwrap();
    assert_eq!(read(written.as_bytes()), Ok(want));
    assert!(
        written.contains(r#"xmp:Rating="9" xmlns:xmp1="http://ns.adobe.com/xap/1.0/""#),
        "{written}"
    );
    assert!(written.contains("<r:Bag>"), "{written}");
}

#[test]
fn a_new_sidecar_says_what_it_should() {
    let want =
        Said { rating: Some(-1), stars: Some(4), pick: Some(1), ..tagged(&["\"é\" & <x>"]) };
    let want = Said { colour: Some("Red".into()), ..want };
    for nothing in [None, Some(&b""[..]), Some(b"\n")] {
        let written = rewrite(nothing, &want).unwrap();
        assert_eq!(read(&written), Ok(want.clone()));
        assert!(written.starts_with(b"<?xpacket begin=\"\xEF\xBB\xBF\""));
    }
}

#[test]
fn a_byte_order_mark_stays() {
    let text = format!("\u{feff}{}", xmp("<rdf:Description/>"));
    let written = rewrite(Some(text.as_bytes()), &rated(1)).unwrap();
    assert!(written.starts_with("\u{feff}<x:xmpmeta".as_bytes()));
}

#[test]
fn what_is_not_understood_is_refused() {
    #[track_caller]
    fn refuse(bytes: &[u8], expect: &str) {
        let found = rewrite(Some(bytes), &rated(1)).unwrap_err();
        assert!(found.contains(expect), "{found}");
    }
    let whole = xmp("<rdf:Description o:a=\"1\"/>");
    for end in 1..whole.len() - 1 {
        assert!(rewrite(Some(&whole.as_bytes()[..end]), &rated(1)).is_err(), "cut off at {end}");
    }
    refuse(b"<html></html>", "has no rdf:RDF");
    refuse(b"\xFF\xFE<\0", "no text in UTF-8 at byte 0");
    refuse(xmp("<rdf:Description p:a=\"1\"").as_bytes(), "not well-formed");
    refuse(
        xmp("<rdf:Description><xmp:Rating><o:a/></xmp:Rating></rdf:Description>").as_bytes(),
        "xmp:Rating in a form that is not understood",
    );
}

#[test]
fn values_out_of_range_are_not_said() {
    let text =
        xmp(r#"<rdf:Description xmp:Rating="99" digiKam:PickLabel="-1" rushlight:Stars="many"/>"#);
    assert_eq!(read(text.as_bytes()), Ok(Said::default()));
}

#[test]
fn a_packet_in_a_photo_is_read_with_its_padding() {
    let packet = [xmp(r#"<rdf:Description xmp:Rating="5"/>"#).as_bytes(), b"  \n\0\0"].concat();
    assert_eq!(read_packet(&packet), rated(5));
    assert_eq!(read_packet(&packet[..60]), Said::default());
}

/// A packet's text for a photo that is kept with three stars.
fn packed(sidecar: Option<&str>, inside: Option<&str>) -> Result<Option<String>, String> {
    let say = |now: &Said| Said { rating: Some(3), pick: Some(3), ..now.clone() };
    let made = packet(sidecar.map(str::as_bytes), inside.map(str::as_bytes), say);
    made.map(|made| made.map(|bytes| String::from_utf8(bytes).unwrap()))
}

#[test]
fn a_packet_has_its_wrapper_and_no_declaration() {
    let made = packed(None, None).unwrap().unwrap();
    assert!(
        made.starts_with("<?xpacket begin=\"\u{feff}\"")
            && made.trim_end().ends_with("end=\"w\"?>")
    );
    let sidecar = format!("<?xml version=\"1.0\"?>\n{}", xmp("<rdf:Description o:a='1'/>"));
    let made = packed(Some(&sidecar), None).unwrap().unwrap();
    assert!(made.starts_with("<?xpacket begin") && !made.contains("<?xml "), "{made}");
    assert_eq!(made.matches("<?xpacket").count(), 2);
    assert!(made.contains(r#"<rdf:Description o:a='1' xmp:Rating="3" digiKam:PickLabel="3"/>"#));
}

#[test]
fn a_packet_that_says_it_already_stays() {
    let inside = xmp(r#"<rdf:Description xmp:Rating="3" digiKam:PickLabel="3"/>"#);
    assert_eq!(packed(None, Some(&inside)), Ok(None));
    assert_eq!(packet(None, None, Said::clone), Ok(None), "nothing is decided");
}

#[test]
fn the_sidecar_wins_and_what_it_has_no_word_for_comes_along() {
    let sidecar = xmp(
        "<rdf:Description rdf:about='u' o:a='sidecar' xmp:Rating='1'>\n<o:b>2</o:b></rdf:Description>",
    );
    let inside = r#"<m xmlns="n"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description
        r:about="" xmlns:p="other:" xmlns:c="crs:" p:a="inside" c:d="&lt;4"><p:b>inside</p:b><c:e r:parseType="Resource"><c:f>5</c:f></c:e
        ></r:Description></r:RDF></m>"#;
    let made = packed(Some(&sidecar), Some(&format!("{inside}\0\0"))).unwrap().unwrap();
    assert!(
        made.contains("o:a='sidecar' xmp:Rating='3'") && made.contains("<o:b>2</o:b>"),
        "{made}"
    );
    let added = r#"<r:Description r:about="u" xmlns="n" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="other:" xmlns:c="crs:" c:d="&lt;4"><c:e r:parseType="Resource"><c:f>5</c:f></c:e
        ></r:Description>"#;
    assert!(made.contains(added) && !made.contains("inside"), "{made}");
    // It can be read by whoever reads RDF, and merged once more to the same.
    let again = packed(Some(&made), Some(inside)).unwrap().unwrap();
    assert_eq!(again, made);
}

#[test]
fn stars_within_are_not_lost_where_the_sidecar_has_none() {
    let (sidecar, inside) = (xmp("<rdf:Description/>"), xmp("<rdf:Description xmp:Rating='4'/>"));
    let made = packet(Some(sidecar.as_bytes()), Some(inside.as_bytes()), Said::clone).unwrap();
    assert_eq!(read(&made.unwrap()), Ok(rated(4)));
}

#[test]
fn what_is_not_understood_makes_no_packet_and_one_too_long_neither() {
    let good = xmp("<rdf:Description/>");
    assert!(packed(Some("<x"), Some(&good)).unwrap_err().starts_with("the sidecar "));
    assert!(packed(Some(&good), Some("<x")).unwrap_err().starts_with("the packet in it "));
    let long = |count| xmp(&format!("<rdf:Description o:a='{}'/>", "x".repeat(count)));
    let told = packed(Some(&long(LONGEST_BYTES)), None).unwrap_err();
    assert!(told.ends_with("at most 65502 fit"), "{told}");
    let room = LONGEST_BYTES - packed(Some(&long(0)), None).unwrap().unwrap().len();
    assert!(
        packed(Some(&long(room)), None).is_ok() && packed(Some(&long(room + 1)), None).is_err()
    );
    // Padding is for whoever comes later, not worth a photo without.
    let [head, tail] =
        ["<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>", "<?xpacket end='w'?>"];
    let padded = format!("{head}{}{}{tail}", long(100), " ".repeat(LONGEST_BYTES));
    assert!(packed(None, Some(&padded)).unwrap().unwrap().len() < 1500);
}
