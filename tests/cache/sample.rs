//! Photos made of noise: pictures and facts follow from a number, so that one is told from another.

use std::path::Path;

use rushlight::core::coded::Coded;
use rushlight::core::coded::Coding;
use rushlight::core::photo::Fingerprint;
use rushlight::core::photo::PhotoMeta;
use rushlight::core::photo::Timestamp;
use rushlight::disk::cache::Cache;
use rushlight::disk::cache::Key;
use rushlight::disk::cache::Measure;
use rushlight::disk::cache::MeasureKind;
use rushlight::disk::cache::NewPhoto;
use rushlight::disk::cache::Put;
use rushlight::disk::cache::facts::Detail;
use rushlight::disk::cache::facts::Facts;
use rushlight::disk::cache::layout::Level;

/// A photo with all that is kept of it.
#[derive(Debug, Clone)]
pub struct Sample {
    pub key: Key,
    pub facts: Facts,
    pub detail: Option<Detail>,
    pub measures: Vec<Measure>,
    pub levels: Vec<(Level, Coded)>,
    number: u32,
}

impl Sample {
    /// Photo `number`, with all levels.
    pub fn new(number: u32) -> Self {
        Self::of(number, 0, Coding::Bc7)
    }

    /// The same photo with texels instead of blocks.
    pub fn texels(&self) -> Self {
        Self::of(self.number, 0, Coding::Rgba8)
    }

    /// Another photo under the same path.
    pub fn replaced(&self, version: u32) -> Self {
        Self::of(self.number, version, Coding::Bc7)
    }

    /// A version of photo `number` of which there is the smallest picture alone.
    pub fn tiny(number: u32) -> Self {
        let mut sample = Self::new(number).replaced(1000);
        sample.levels.retain(|(level, _)| *level == Level::Micro);
        sample
    }

    fn of(number: u32, version: u32, coding: Coding) -> Self {
        let path = format!("/shoot/IMG_{number:04}.JPG");
        let seed = number.wrapping_mul(7919).wrapping_add(version.wrapping_mul(104_729));
        let levels = Level::ALL.map(|level| {
            let edge = level.edge_px();
            // Of all shapes, but none too large: a third of the slot and more.
            let size_px = [edge - seed % 9, edge / 3 + seed % 13];
            (level, noise(seed + level as u32, coding, size_px))
        });
        let size = [3 + (seed % 90) as u8, 5];
        let detail = Detail::new(size, bytes(seed, usize::from(size[0]) * 5));
        Self {
            key: Key::new(Path::new(&path), u64::from(version), i64::from(version) - 1),
            facts: facts(seed),
            detail: detail.filter(|_| number % 3 != 1),
            measures: measures(seed),
            levels: levels.into(),
            number,
        }
    }

    pub fn put(&self, cache: &Cache, now: Timestamp) -> Put {
        let levels: Vec<_> = self.levels.iter().map(|(level, coded)| (*level, coded)).collect();
        let (key, facts, detail) = (&self.key, &self.facts, self.detail.as_ref());
        cache
            .put(&NewPhoto { key, facts, detail, measures: &self.measures, levels: &levels }, now)
            .unwrap()
    }
}

/// Some have features, some an embedding, some both.
fn measures(seed: u32) -> Vec<Measure> {
    let kinds = [MeasureKind::Features, MeasureKind::Embedding].into_iter();
    let measure = |kind| Measure { kind, version: 3, bytes: bytes(seed, 40 + kind as usize) };
    kinds.filter(|kind| seed % 3 != *kind as u32).map(measure).collect()
}

/// A picture of noise.
pub fn noise(seed: u32, coding: Coding, size_px: [u32; 2]) -> Coded {
    Coded::new(size_px, coding, bytes(seed, coding.size_bytes(size_px))).unwrap()
}

fn bytes(seed: u32, count: usize) -> Vec<u8> {
    let hash = blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof();
    let mut bytes = vec![0; count];
    { hash }.fill(&mut bytes);
    bytes
}

fn facts(seed: u32) -> Facts {
    let has = |bit: u32| seed >> bit & 1 == 1;
    let text = |bit| has(bit).then(|| format!("Größe {seed}").into());
    let meta = PhotoMeta {
        make: text(0),
        model: text(1),
        captured: has(2).then_some(Timestamp(-i64::from(seed))),
        size_px: has(3).then_some([seed, 4]),
        flash_fired: has(4).then_some(has(5)),
        thumbnail: has(6).then_some(1..u64::from(seed)),
        ..PhotoMeta::default()
    };
    let fingerprint = Fingerprint(u128::from(seed).to_le_bytes());
    let size_px = has(7).then_some([seed, 5]);
    Facts { meta, fingerprint, mean: [seed as u8, 2, 3], size_px, colours: text(8) }
}
