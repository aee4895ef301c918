//! Which photos' decisions would teach most: those that the model is unsure of, in a burst of which
//! little is decided.
//!
//! What a decision teaches is taken as its entropy, of which each decided photo of the same burst takes
//! a half: neighbours are alike, and say the same again.

/// The undecided photos that would teach most, one of each burst, the best first, by their rows.
#[must_use]
pub fn instructive(keep: &[f32], bursts: &[u32], is_decided: &[bool], count: usize) -> Vec<usize> {
    let worth = worths(keep, bursts, is_decided);
    let mut best: Vec<usize> = Vec::new();
    for row in (0..keep.len()).filter(|row| !is_decided[*row]) {
        match best.last_mut() {
            // The rows of a burst follow each other.
            Some(last) if bursts[*last] == bursts[row] => {
                if worth(row) > worth(*last) {
                    *last = row;
                }
            }
            _ => best.push(row),
        }
    }
    best.sort_by(|a, b| worth(*b).total_cmp(&worth(*a)).then(a.cmp(b)));
    best.truncate(count);
    best
}

/// What deciding a row would teach.
fn worths<'a>(
    keep: &'a [f32],
    bursts: &'a [u32],
    is_decided: &[bool],
) -> impl Fn(usize) -> f32 + use<'a> {
    let mut decided = std::collections::HashMap::new();
    for (burst, _) in bursts.iter().zip(is_decided).filter(|(_, is_decided)| **is_decided) {
        *decided.entry(*burst).or_insert(0_i32) += 1;
    }
    move |row: usize| {
        let known = decided.get(&bursts[row]).copied().unwrap_or(0).min(60);
        entropy(keep[row]) * 0.5_f32.powi(known)
    }
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
        let decided = [true, false, false, false, false];
        assert_eq!(instructive(&keep, &bursts, &[false; 5], 9), [0, 4, 2], "one of each burst");
        assert_eq!(instructive(&keep, &bursts, &decided, 2), [4, 2]);
        assert_eq!(instructive(&keep, &bursts, &[true; 5], 9), [0; 0]);
    }
}
