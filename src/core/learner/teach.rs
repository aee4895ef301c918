//! Which photo's decision would teach most: one that the model is unsure of, in a burst of which
//! little is decided.
//!
//! What a decision teaches is taken as its entropy, of which each decided photo of the same burst takes
//! a half: neighbours are alike, and say the same again.

/// The undecided photo that would teach most, by its row; `None` where all are decided. Of equals
/// the first.
#[must_use]
pub fn most_instructive(keep: &[f32], bursts: &[u32], is_decided: &[bool]) -> Option<usize> {
    let mut decided = std::collections::HashMap::new();
    for (burst, _) in bursts.iter().zip(is_decided).filter(|(_, is_decided)| **is_decided) {
        *decided.entry(*burst).or_insert(0_i32) += 1;
    }
    let worth = |row: usize| {
        let known = decided.get(&bursts[row]).copied().unwrap_or(0).min(60);
        entropy(keep[row]) * 0.5_f32.powi(known)
    };
    let rows = (0..keep.len()).filter(|row| !is_decided[*row]);
    rows.map(|row| (worth(row), row))
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, row)| row)
}

/// In bits.
fn entropy(p: f32) -> f32 {
    let part = |p: f32| if p > 0.0 { -p * p.log2() } else { 0.0 };
    part(p) + part(1.0 - p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_doubtful_photo_of_an_untouched_burst_teaches_most() {
        let keep = [0.5, 0.5, 0.6, 0.9, 0.45];
        let bursts = [0, 0, 1, 1, 2];
        assert_eq!(most_instructive(&keep, &bursts, &[false; 5]), Some(0));
        let decided = [true, false, false, false, false];
        assert_eq!(most_instructive(&keep, &bursts, &decided), Some(4));
        assert_eq!(most_instructive(&keep, &bursts, &[true; 5]), None);
    }
}
