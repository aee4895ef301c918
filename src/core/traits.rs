//! What a network says of a photo.
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
    fn scores_go_there_and_back() {
        assert_eq!(Scores::from_array([0.1, 0.2, 0.3, 0.4]).to_array(), [0.1, 0.2, 0.3, 0.4]);
    }
}
