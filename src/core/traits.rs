//! What a network says of a photo, and how that is kept: a byte a number.
//!
//! Units: an embedding has length 1, so that the product of two is the cosine of their angle; scores
//! are 0, none of a fault, to 1, as much of it as a shoot ever has: `models/README.md` has the scale.

/// What a network made of one photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Traits {
    /// Where the photo lies among others: near those of the same subject. Length 1.
    pub embedding: Box<[f32]>,
    /// What is wrong with it; `None` from a network that does not say.
    pub scores: Option<Scores>,
}

/// How much of each technical fault a photo has, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// Out of focus: 1 is a blur of 18 pixels (standard deviation) in a photo 6,000 wide.
    pub defocus: f32,
    /// Moved while it was taken: 1 is a path of 70 pixels in a photo 6,000 wide.
    pub motion: f32,
    /// Too dark or too light: 1 is 3 stops, either way.
    pub exposure: f32,
    /// A sensor's noise: 0 is that of ISO 100, 1 that of ISO 6400, a sixth a stop.
    pub noise: f32,
}

impl Scores {
    /// How many there are.
    pub const COUNT: usize = 4;

    /// From the network's output, in its order.
    #[must_use]
    pub const fn from_array([defocus, motion, exposure, noise]: [f32; Self::COUNT]) -> Self {
        Self { defocus, motion, exposure, noise }
    }

    /// In the network's order.
    #[must_use]
    pub const fn to_array(self) -> [f32; Self::COUNT] {
        [self.defocus, self.motion, self.exposure, self.noise]
    }
}

/// [`Traits`] in a byte a number, in memory and in the cache.
///
/// ```text
/// byte 0: 1 where there are scores, else 0 | bytes 1 to 4: the scores, 255 is 1
/// the rest: the embedding, 8 bits with sign; 127 is its greatest number, as its length is 1 anyway
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed(Box<[u8]>);

/// Bytes before the embedding.
const HEAD: usize = 1 + Scores::COUNT;

impl Packed {
    /// Changes with what the bytes mean.
    pub const VERSION: u32 = 1;

    /// Packs what a network made of a photo.
    #[must_use]
    pub fn of(traits: &Traits) -> Self {
        let greatest = traits.embedding.iter().fold(f32::MIN_POSITIVE, |g, n| g.max(n.abs()));
        let scores = traits.scores.map(Scores::to_array);
        let head = scores.unwrap_or_default().map(|score| (score * 255.0).round() as u8);
        let embedding = traits.embedding.iter().map(|n| n / greatest * 127.0);
        let bytes = std::iter::once(scores.is_some().into()).chain(head);
        Self(bytes.chain(embedding.map(|n| (n.round() as i8).cast_unsigned())).collect())
    }

    /// What [`Packed::as_bytes`] gave; `None` where it is nothing of the kind.
    #[must_use]
    pub fn parse(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() >= HEAD && bytes[0] <= 1).then(|| Self(bytes.into()))
    }

    /// To be kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// What the network made of the photo, each number as near as a byte allows.
    #[must_use]
    pub fn unpacked(&self) -> Traits {
        let (head, embedding) = self.0.split_at(HEAD);
        let scores = std::array::from_fn(|at| f32::from(head[1 + at]) / 255.0);
        let numbers = embedding.iter().map(|byte| f32::from(byte.cast_signed()));
        let length = numbers.clone().map(|n| n * n).sum::<f32>().sqrt().max(1.0);
        Traits {
            embedding: numbers.map(|n| n / length).collect(),
            scores: (head[0] == 1).then(|| Scores::from_array(scores)),
        }
    }
}

impl Traits {
    /// How alike two photos are: the cosine of their embeddings' angle, -1 to 1; `None` where they come
    /// from different networks.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> Option<f32> {
        let pairs = self.embedding.iter().zip(&other.embedding);
        let is_alike = self.embedding.len() == other.embedding.len();
        is_alike.then(|| pairs.map(|(a, b)| a * b).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_like_itself_and_not_comparable_across_networks() {
        let traits = |embedding: &[f32]| Traits { embedding: embedding.into(), scores: None };
        assert_eq!(traits(&[0.6, 0.8]).likeness(&traits(&[0.6, 0.8])), Some(1.0));
        assert_eq!(traits(&[0.0, 1.0]).likeness(&traits(&[1.0, 0.0])), Some(0.0));
        assert_eq!(traits(&[1.0]).likeness(&traits(&[1.0, 0.0])), None);
    }

    #[test]
    fn packed_traits_come_back_as_near_as_a_byte_allows() {
        let angle = |at: u8| (f32::from(at) * 0.7).sin();
        let length = (0..64).map(|at| angle(at).powi(2)).sum::<f32>().sqrt();
        let traits = Traits {
            embedding: (0..64).map(|at| angle(at) / length).collect(),
            scores: Some(Scores::from_array([0.0, 0.25, 0.5, 1.0])),
        };
        let packed = Packed::of(&traits);
        let back = Packed::parse(packed.as_bytes().to_vec()).unwrap().unpacked();
        assert!(traits.likeness(&back).unwrap() > 0.9999);
        let (was, is) = (traits.scores.unwrap().to_array(), back.scores.unwrap().to_array());
        assert!(was.iter().zip(is).all(|(was, is)| (was - is).abs() < 0.51 / 255.0), "{is:?}");
    }

    #[test]
    fn a_network_without_scores_or_with_nothing_to_say_is_packed_too() {
        let mute = Traits { embedding: [0.0; 3].into(), scores: None };
        assert_eq!(Packed::of(&mute).unpacked(), mute);
        assert_eq!(Packed::parse(vec![1, 2, 3]), None);
        assert_eq!(Packed::parse(vec![2; 20]), None);
    }

    #[test]
    fn scores_go_there_and_back() {
        assert_eq!(Scores::from_array([0.1, 0.2, 0.3, 0.4]).to_array(), [0.1, 0.2, 0.3, 0.4]);
    }
}
