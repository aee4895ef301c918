//! Writes small raw files by their descriptions, for tests: directories, boxes, and JPEGs of one
//! colour in the places where each maker puts them.

use std::io::Cursor;

/// A JPEG of one colour.
pub fn jpeg(size_px: [u32; 2], rgb: [u8; 3]) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(size_px[0], size_px[1], image::Rgb(rgb));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("it is encoded");
    bytes.into_inner()
}

/// A lossless JPEG's head, as raw data are coded in CR2 and DNG: 14 bits, SOF3.
pub fn lossless(size_px: [u16; 2]) -> Vec<u8> {
    let [width, height] = size_px.map(u16::to_be_bytes);
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 14];
    bytes.extend([height, width].concat());
    bytes.extend([1, 0, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 0, 0, 1, 0, 0, 0xFF, 0xD9]);
    bytes
}

/// What an entry of a directory holds.
pub enum Value {
    Short(u16),
    Long(u32),
    Text(&'static str),
    Ratio(u32, u32),
    /// Bytes elsewhere in the file; the entry has where they begin.
    Bytes(Vec<u8>),
    /// Where some bytes elsewhere in the file begin.
    To(Vec<u8>),
    /// Where another directory begins.
    Directory(Vec<(u16, Value)>),
    /// Where several others begin.
    Directories(Vec<Vec<(u16, Value)>>),
    /// As `Bytes`, with a directory behind them whose places are counted from their first.
    MakerNote(&'static [u8], Vec<(u16, Value)>),
}

/// A TIFF-like file in the making, little-endian.
pub struct Tiff {
    bytes: Vec<u8>,
    base: usize,
}

impl Tiff {
    /// A whole file with `mark` in the place of 42 and a chain of directories.
    pub fn file(mark: [u8; 2], chain: Vec<Vec<(u16, Value)>>) -> Vec<u8> {
        let bytes = [b"II", &mark[..], &[0; 4]].concat();
        let mut tiff = Self { bytes, base: 0 };
        let mut link = 4;
        for entries in chain {
            let (at, next) = tiff.directory(entries);
            tiff.patch(link, at);
            link = next;
        }
        tiff.bytes
    }

    /// Appends a directory; gives where it begins and where its link to the next one lies.
    fn directory(&mut self, entries: Vec<(u16, Value)>) -> (u32, usize) {
        let rows: Vec<[u8; 12]> =
            entries.into_iter().map(|(tag, value)| self.row(tag, value)).collect();
        let at = self.here();
        self.bytes.extend((rows.len() as u16).to_le_bytes());
        rows.iter().for_each(|row| self.bytes.extend(row));
        let link = self.bytes.len();
        self.bytes.extend([0; 4]);
        (at, link)
    }

    fn row(&mut self, tag: u16, value: Value) -> [u8; 12] {
        let (kind, count, value): (u16, u32, u32) = match value {
            Value::Short(number) => (3, 1, number.into()),
            Value::Long(number) => (4, 1, number),
            Value::Text(text) => {
                assert!(text.len() > 3, "shorter text stands in the entry itself");
                let bytes = [text.as_bytes(), &[0]].concat();
                (2, bytes.len() as u32, self.append(&bytes))
            }
            Value::Ratio(above, below) => {
                (5, 1, self.append(&[above.to_le_bytes(), below.to_le_bytes()].concat()))
            }
            Value::Bytes(bytes) => (7, bytes.len() as u32, self.append(&bytes)),
            Value::To(bytes) => (4, 1, self.append(&bytes)),
            Value::Directory(entries) => (4, 1, self.directory(entries).0),
            Value::Directories(all) => {
                let places: Vec<u32> = all.into_iter().map(|one| self.directory(one).0).collect();
                let bytes: Vec<u8> = places.iter().flat_map(|at| at.to_le_bytes()).collect();
                (4, places.len() as u32, self.append(&bytes))
            }
            Value::MakerNote(name, entries) => {
                let start = self.here();
                let outer = std::mem::replace(&mut self.base, self.bytes.len());
                self.bytes.extend(name);
                // The directory stands right behind the name, so its values go behind it.
                let hole = self.bytes.len();
                let rows = entries.len();
                self.bytes.resize(hole + 2 + rows * 12 + 4, 0);
                let filled: Vec<[u8; 12]> =
                    entries.into_iter().map(|(tag, value)| self.row(tag, value)).collect();
                let mut directory = (rows as u16).to_le_bytes().to_vec();
                filled.iter().for_each(|row| directory.extend(row));
                self.bytes[hole..hole + directory.len()].copy_from_slice(&directory);
                self.base = outer;
                (7, self.here() - start, start)
            }
        };
        let mut row = [0; 12];
        row[..2].copy_from_slice(&tag.to_le_bytes());
        row[2..4].copy_from_slice(&kind.to_le_bytes());
        row[4..8].copy_from_slice(&count.to_le_bytes());
        row[8..].copy_from_slice(&value.to_le_bytes());
        row
    }

    fn here(&self) -> u32 {
        (self.bytes.len() - self.base) as u32
    }

    fn append(&mut self, bytes: &[u8]) -> u32 {
        let at = self.here();
        self.bytes.extend(bytes);
        at
    }

    fn patch(&mut self, at: usize, value: u32) {
        self.bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
}

/// A box (ISO/IEC 14496-12, 4.2).
pub fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

/// A track with one sample of so many bytes at a place.
pub fn track(size: u32, at: u64) -> Vec<u8> {
    let sizes = [[0; 4], size.to_be_bytes(), 1_u32.to_be_bytes()].concat();
    let places = [&[0; 4], &1_u32.to_be_bytes()[..], &at.to_be_bytes()].concat();
    let table = boxed(b"stbl", &[boxed(b"stsz", &sizes), boxed(b"co64", &places)].concat());
    boxed(b"trak", &boxed(b"mdia", &boxed(b"minf", &table)))
}
