//! Which photos must not be parted between what is learned from and what is judged: those of a burst, and
//! those of two bursts that show the same.
//!
//! Whoever takes a scene once more half a minute later has begun another burst of the same photo. Such
//! near-duplicates are told by their embeddings and looked for a few photos on: nothing says that one a day
//! later was taken for the same reason, and a shoot may be of one subject.
//!
//! Units: embeddings have length 1, so that likeness is the cosine of their angle.

/// How like the photos of two bursts are that show the same. Of made-up shoots a quarter of the pairs of
/// one burst are above it, one in a thousand of those of two bursts of one subject, none of two subjects.
const LIKENESS: f32 = 0.998;

/// So many photos on, a near-duplicate is looked for.
const REACH: usize = 16;

/// The group of each photo: the number of its burst, or of the first burst that shows the same. Photos are in
/// capture order; `None` stands for an embedding that is not known.
#[must_use]
pub fn groups(bursts: &[u32], embeddings: &[Option<&[f32]>]) -> Vec<u32> {
    // By burst: one before it that shows the same, or itself.
    let mut first: Vec<u32> = (0..bursts.iter().max().map_or(0, |last| last + 1)).collect();
    for (at, mine) in embeddings.iter().enumerate() {
        let Some(mine) = mine else { continue };
        for (theirs, burst) in embeddings.iter().zip(bursts).skip(at + 1).take(REACH) {
            let is_other = *burst != bursts[at];
            if is_other && theirs.is_some_and(|theirs| likeness(mine, theirs) >= LIKENESS) {
                let pair = [root(&first, bursts[at]), root(&first, *burst)];
                first[pair[0].max(pair[1]) as usize] = pair[0].min(pair[1]);
            }
        }
    }
    bursts.iter().map(|burst| root(&first, *burst)).collect()
}

fn root(first: &[u32], mut burst: u32) -> u32 {
    while first[burst as usize] != burst {
        burst = first[burst as usize];
    }
    burst
}

/// Embeddings of two networks are not comparable.
fn likeness(a: &[f32], b: &[f32]) -> f32 {
    if a.len() == b.len() { a.iter().zip(b).map(|(a, b)| a * b).sum() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A direction, in degrees.
    fn towards(degrees: f32) -> [f32; 2] {
        [degrees.to_radians().cos(), degrees.to_radians().sin()]
    }

    fn found(bursts: &[u32], degrees: &[f32]) -> Vec<u32> {
        let embeddings: Vec<[f32; 2]> = degrees.iter().map(|d| towards(*d)).collect();
        let embeddings: Vec<Option<&[f32]>> =
            embeddings.iter().map(|e| Some(e.as_slice())).collect();
        groups(bursts, &embeddings)
    }

    #[test]
    fn bursts_that_show_the_same_are_one_group() {
        // The cosine of three degrees is 0.9986, that of four 0.9976.
        assert_eq!(found(&[0, 0, 1, 1, 2], &[0.0, 50.0, 53.0, 90.0, 94.0]), [0, 0, 0, 0, 2]);
        // By way of another: the third is like the second, and that is like the first.
        assert_eq!(found(&[4, 5, 6, 7], &[0.0, 3.0, 6.0, 90.0]), [4, 4, 4, 7]);
        // The last is like the first and the one in the middle.
        assert_eq!(found(&[0, 1, 2], &[0.0, 6.0, 3.0]), [0, 0, 0]);
    }

    #[test]
    fn one_long_after_is_another_photo_and_unknown_ones_are_like_none() {
        let bursts: Vec<u32> = (0..=REACH as u32 + 1).collect();
        let mut degrees: Vec<f32> = bursts.iter().map(|burst| 10.0 * *burst as f32).collect();
        degrees[REACH + 1] = 0.0;
        assert_eq!(found(&bursts, &degrees), bursts);
        degrees[REACH] = 0.0;
        assert_eq!(found(&bursts, &degrees)[REACH..], [0, 0]);
        let same = [1.0, 0.0];
        assert_eq!(groups(&[0, 1, 2], &[Some(&same), None, Some(&[1.0])]), [0, 1, 2]);
        assert!(groups(&[], &[]).is_empty());
    }
}
