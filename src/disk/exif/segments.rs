//! A JPEG's segments up to its first scan (ITU-T T.81, B.1.1), and what they say: where the EXIF
//! blocks and the list of pictures lie, how large the picture is, and how it is coded.
//!
//! Never looks past the first SOS: the scans are all the rest of the file. Never reads beyond the
//! bytes given; a length that leads out of them ends the walk.

use std::ops::Range;

use super::mpf;
use crate::disk::xmp;

/// The mark of a part of a colour profile.
const PROFILE_MARK: &[u8] = b"ICC_PROFILE\0";

/// What the walk found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The EXIF blocks, each beginning with its TIFF header. One, in all but odd files.
    pub exif: Vec<Range<usize>>,
    /// The list of a file's pictures (CIPA DC-007), behind its mark.
    pub pictures: Option<Range<usize>>,
    /// The XMP packet, behind its mark; the first one. What is extended into further segments (XMP
    /// specification part 3, 1.1.3.1) is never what is said of a photo in a few words.
    pub xmp: Option<Range<usize>>,
    /// The parts of a colour profile, in the order of the file, each behind its mark: a byte with its
    /// number from 1, a byte with the number of parts, data (ICC.1:2022, annex B.4).
    pub profile: Vec<Range<usize>>,
    /// Width and height of the stored picture.
    pub size_px: Option<[u32; 2]>,
    /// The walk ran out of bytes: with more of them it may find more.
    pub is_cut_off: bool,
}

/// How a JPEG's picture is coded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// Whether it comes in scans that refine one another.
    pub is_progressive: bool,
    /// Number of colours.
    pub component_count: u8,
    /// How many of the colours the first scan holds.
    pub scan_count: u8,
    /// Where the first SOS's body begins, in bytes.
    pub scan_start: usize,
}

/// Walks a file's first bytes for what a header says.
#[must_use]
pub fn find(bytes: &[u8]) -> Found {
    let mut found = Found::default();
    let mut walk = Walk { bytes, at: 2 };
    loop {
        match walk.next() {
            Step::Segment(kind, body) => note(kind, bytes, body, &mut found),
            Step::Picture(_) => return found,
            Step::CutOff => return Found { is_cut_off: true, ..found },
        }
    }
}

/// How the picture is coded; `None` where no scan, or no frame before it, is found.
#[must_use]
pub fn frame_of(bytes: &[u8]) -> Option<Frame> {
    let mut frame = None;
    let mut walk = Walk { bytes, at: 2 };
    loop {
        match walk.next() {
            Step::Segment(kind, body) if is_frame(kind) => {
                let component_count = *bytes.get(body.start + 5)?;
                // SOF2, SOF6, SOF10 and SOF14 are the progressive ones.
                let is_progressive = kind & 3 == 2;
                frame = Some(Frame { is_progressive, component_count, ..Frame::default() });
            }
            Step::Segment(..) => {}
            Step::Picture(scan_start) => {
                let scan_count = *bytes.get(scan_start)?;
                return frame.map(|frame| Frame { scan_count, scan_start, ..frame });
            }
            Step::CutOff => return None,
        }
    }
}

/// Where a file's XMP packet is, or where one belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PacketPlace {
    /// Its segment as a whole; where there is none, the empty place behind the segments of JFIF and
    /// EXIF, which must come first (XMP specification part 3, 1.1.3; CIPA DC-008, 4.7.2).
    pub segment: Range<usize>,
    /// The packet in it.
    pub packet: Option<Range<usize>>,
}

/// Where the XMP packet of a whole JPEG is, or where one belongs; `Err` has why none can be put there,
/// in words.
///
/// # Errors
/// When it is no JPEG, has no picture, has two packets, or has its list of pictures, which counts
/// bytes from where it stands, before its packet.
pub fn packet_place(bytes: &[u8]) -> Result<PacketPlace, &'static str> {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return Err("is no JPEG");
    }
    let (mut free, mut is_leading, mut has_pictures) = (2, true, false);
    let mut found: Option<PacketPlace> = None;
    let mut walk = Walk { bytes, at: 2 };
    loop {
        match walk.next() {
            Step::Segment(kind, body) => {
                let Some(segment) = bytes.get(body.clone()) else { return Err("is cut off") };
                is_leading &= kind == 0xE0 || (kind == 0xE1 && segment.starts_with(b"Exif\0"));
                if is_leading {
                    free = body.end;
                }
                has_pictures |= kind == 0xE2 && segment.starts_with(mpf::MARK);
                if kind == 0xE1 && segment.starts_with(xmp::SEGMENT_MARK) {
                    if found.is_some() {
                        return Err("has two packets of XMP");
                    }
                    if has_pictures {
                        return Err("has a list of its pictures before its XMP");
                    }
                    let packet = body.start + xmp::SEGMENT_MARK.len()..body.end;
                    let segment = body.start - 4..body.end;
                    found = Some(PacketPlace { segment, packet: Some(packet) });
                }
            }
            Step::Picture(_) => {
                let none = PacketPlace { segment: free..free, packet: None };
                return Ok(found.unwrap_or(none));
            }
            Step::CutOff => return Err("is cut off"),
        }
    }
}

enum Step {
    /// A marker and where its body is; the body may lead out of the bytes.
    Segment(u8, Range<usize>),
    /// The first scan, or the end of the picture: where the body begins.
    Picture(usize),
    CutOff,
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Walk<'_> {
    fn next(&mut self) -> Step {
        loop {
            let Some(&[mark, kind]) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk)
            else {
                return Step::CutOff;
            };
            match (mark, kind) {
                // Fill bytes, stray bytes between segments, and what is reserved: step over them.
                (0..=0xFE, _) | (0xFF, 0xFF | 0x00 | 0x02..=0xBF) => self.at += 1,
                // Markers that stand alone: TEM, the restarts, another beginning.
                (0xFF, 0x01 | 0xD0..=0xD8) => self.at += 2,
                (0xFF, 0xDA | 0xD9) if self.at + 4 <= self.bytes.len() => {
                    return Step::Picture(self.at + 4);
                }
                (0xFF, _) => {
                    let Some(length) = be16(self.bytes, self.at + 2) else { return Step::CutOff };
                    let body = self.at + 4..self.at + 2 + usize::from(length).max(2);
                    self.at = body.end;
                    return Step::Segment(kind, body);
                }
            }
        }
    }
}

fn note(kind: u8, bytes: &[u8], body: Range<usize>, found: &mut Found) {
    let Some(segment) = bytes.get(body.start..body.end.min(bytes.len())) else { return };
    if kind == 0xE1 && segment.starts_with(b"Exif\0") && segment.len() > 14 {
        found.exif.push(body.start + 6..body.start + segment.len());
    }
    if kind == 0xE2 && segment.starts_with(mpf::MARK) && found.pictures.is_none() {
        found.pictures = Some(body.start + mpf::MARK.len()..body.start + segment.len());
    }
    if kind == 0xE1 && segment.starts_with(xmp::SEGMENT_MARK) && found.xmp.is_none() {
        found.xmp = Some(body.start + xmp::SEGMENT_MARK.len()..body.start + segment.len());
    }
    if kind == 0xE2 && segment.starts_with(PROFILE_MARK) {
        found.profile.push(body.start + PROFILE_MARK.len()..body.start + segment.len());
    }
    if is_frame(kind) && found.size_px.is_none() {
        let side = |at| be16(segment, at).filter(|&side| side > 0).map(u32::from);
        found.size_px = side(3).zip(side(1)).map(|(width, height)| [width, height]);
    }
}

/// Every SOF: C0 to CF but DHT (C4), JPG (C8) and DAC (CC).
const fn is_frame(kind: u8) -> bool {
    matches!(kind, 0xC0..=0xCF) && !matches!(kind, 0xC4 | 0xC8 | 0xCC)
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|pair| u16::from_be_bytes(*pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG of segments: each a marker and its body.
    fn jpeg(segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        for (marker, body) in segments {
            bytes.extend([0xFF, *marker]);
            bytes.extend((body.len() as u16 + 2).to_be_bytes());
            bytes.extend(*body);
        }
        bytes
    }

    const EXIF: &[u8] = b"Exif\0\0II*\0\x08\0\0\0\0\0";
    const SOF: &[u8] = &[8, 0, 30, 0, 40, 3, 1, 0x11, 0];
    const SOS: &[u8] = &[3, 0, 0, 0, 0, 0];

    #[test]
    fn the_walk_finds_the_block_and_the_size_and_stops_at_the_picture() {
        let mut bytes = jpeg(&[(0xE0, b"JFIF\0"), (0xE1, EXIF), (0xC0, SOF), (0xDA, SOS)]);
        bytes.extend(jpeg(&[(0xC0, &[8, 0, 99, 0, 99])]));
        let found = find(&bytes);
        assert_eq!(found.size_px, Some([40, 30]));
        assert_eq!(&bytes[found.exif[0].clone()], &EXIF[6..]);
        assert!(!found.is_cut_off);
    }

    #[test]
    fn a_walk_that_runs_out_of_bytes_asks_for_more() {
        let bytes = jpeg(&[(0xE1, EXIF), (0xC0, SOF), (0xDA, SOS)]);
        for end in 2..bytes.len() - 8 {
            assert!(find(&bytes[..end]).is_cut_off, "{end} bytes");
        }
    }

    #[test]
    fn every_exif_block_is_found() {
        let xmp = b"http://ns.adobe.com/xap/1.0/\0<x/>";
        let bytes = jpeg(&[(0xE1, EXIF), (0xE1, xmp), (0xE1, EXIF), (0xC0, SOF), (0xDA, SOS)]);
        let found = find(&bytes);
        assert_eq!(found.exif.len(), 2);
        assert_eq!(&bytes[found.xmp.unwrap()], b"<x/>");
    }

    #[test]
    fn the_list_of_pictures_is_found_before_the_picture_only() {
        let (icc, list) = (b"ICC_PROFILE\0".as_slice(), b"MPF\0II*\0".as_slice());
        let bytes = jpeg(&[(0xE2, icc), (0xE2, list), (0xC0, SOF), (0xDA, SOS)]);
        let found = find(&bytes).pictures.unwrap();
        assert_eq!(&bytes[found], b"II*\0");
        let bytes = jpeg(&[(0xC0, SOF), (0xDA, SOS), (0xE2, list)]);
        assert_eq!(find(&bytes).pictures, None);
    }

    #[test]
    fn the_parts_of_a_profile_are_found_in_the_order_of_the_file() {
        let parts = [b"ICC_PROFILE\0\x02\x02b".as_slice(), b"ICC_PROFILE\0\x01\x02a"];
        let bytes = jpeg(&[(0xE2, parts[0]), (0xE2, parts[1]), (0xC0, SOF), (0xDA, SOS)]);
        let found = find(&bytes).profile.into_iter().map(|range| bytes[range].to_vec());
        assert_eq!(found.collect::<Vec<_>>(), [b"\x02\x02b", b"\x01\x02a"]);
    }

    #[test]
    fn what_stands_between_segments_is_stepped_over() {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0x00, 0xAB, 0xFF, 0xFF, 0xFF];
        bytes.extend(&jpeg(&[(0xC0, SOF), (0xDA, SOS)])[2..]);
        assert_eq!(find(&bytes).size_px, Some([40, 30]));
    }

    #[test]
    fn a_frame_tells_how_the_picture_is_coded() {
        let bytes = jpeg(&[(0xC2, SOF), (0xDA, SOS)]);
        let frame = frame_of(&bytes).unwrap();
        assert_eq!((frame.is_progressive, frame.component_count, frame.scan_count), (true, 3, 3));
        assert_eq!(&bytes[frame.scan_start..], SOS);
        assert_eq!(frame_of(&jpeg(&[(0xDA, SOS)])), None);
    }

    #[test]
    fn a_packet_belongs_behind_jfif_and_exif() {
        let place = |segments: &[(u8, &[u8])]| {
            let bytes = jpeg(&[segments, &[(0xC0, SOF), (0xDA, SOS)]].concat());
            packet_place(&bytes).map(|place| (place.segment, place.packet))
        };
        let (jfif, icc, list) = (b"JFIF\0".as_slice(), b"ICC_PROFILE\0".as_slice(), mpf::MARK);
        let xmp = b"http://ns.adobe.com/xap/1.0/\0<x/>".as_slice();
        assert_eq!(place(&[]), Ok((2..2, None)));
        assert_eq!(place(&[(0xE0, jfif), (0xE1, EXIF), (0xE2, icc)]), Ok((31..31, None)));
        assert_eq!(place(&[(0xE2, icc), (0xE1, EXIF)]), Ok((2..2, None)), "none is moved");
        assert_eq!(place(&[(0xE2, icc), (0xE1, xmp)]), Ok((18..55, Some(51..55))));
        assert_eq!(place(&[(0xE1, xmp), (0xE2, list)]), Ok((2..39, Some(35..39))));
        assert!(place(&[(0xE2, list), (0xE1, xmp)]).is_err());
        assert!(place(&[(0xE1, xmp), (0xE1, xmp)]).is_err());
        assert!(packet_place(b"II*\0").is_err());
        let whole = jpeg(&[(0xE1, EXIF), (0xC0, SOF), (0xDA, SOS)]);
        for end in 2..whole.len() - 8 {
            assert_eq!(packet_place(&whole[..end]), Err("is cut off"), "{end} bytes");
        }
    }

    #[test]
    fn lengths_that_lie_end_the_walk() {
        let bytes = [0xFF, 0xD8, 0xFF, 0xE1, 0, 0, 0xFF, 0xE1, 0xFF, 0xFF, b'E'];
        assert_eq!(find(&bytes), Found { is_cut_off: true, ..Found::default() });
    }
}
