//! The share of a beta distribution below a point, and the binomial tails that follow from it.
//!
//! Incomplete beta: its continued fraction by Lentz's method (DLMF 8.17.22), which converges in some
//! tens of terms on the side of the mean where it is used. Logarithm of gamma: Lanczos' sum with g = 7 and nine
//! terms, 15 digits.

/// Terms at most: a hundred thousand photos need some 300.
const TERMS: usize = 2000;

/// Smaller than every term that matters, and not 0.
const TINY: f64 = 1e-300;

const LANCZOS: [f64; 8] = [
    676.520_368_121_885_1,
    -1_259.139_216_722_402_8,
    771.323_428_777_653_1,
    -176.615_029_162_140_6,
    12.507_343_278_686_905,
    -0.138_571_095_265_720_12,
    9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
];

/// The logarithm of the gamma function of `x`, over 0.5.
fn ln_gamma(x: f64) -> f64 {
    let x = x - 1.0;
    let terms = LANCZOS.iter().zip(1_u8..);
    let sum = terms.fold(0.999_999_999_999_809_9, |sum, (c, i)| sum + c / (x + f64::from(i)));
    let t = x + 7.5;
    0.5 * std::f64::consts::TAU.ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// The share of the beta distribution of `a` and `b`, both over 0, that lies below `x`, 0 to 1.
#[must_use]
pub fn beta_share(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // One more each keeps the argument of the logarithm of gamma over 0.5.
    let ln = |a: f64| ln_gamma(a + 1.0) - a.ln();
    let ln_front = ln(a + b) - ln(a) - ln(b) + a * x.ln() + b * (-x).ln_1p();
    if x < (a + 1.0) / (a + b + 2.0) {
        (ln_front.exp() * fraction(x, a, b) / a).clamp(0.0, 1.0)
    } else {
        (1.0 - ln_front.exp() * fraction(1.0 - x, b, a) / b).clamp(0.0, 1.0)
    }
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let keep_off_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / keep_off_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut product = d;
    for m in 1..TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = product;
        for step in [even, odd] {
            d = 1.0 / keep_off_zero(1.0 + step * d);
            c = keep_off_zero(1.0 + step / c);
            product *= c * d;
        }
        if (product - before).abs() < 1e-14 * product.abs() {
            break;
        }
    }
    product
}

/// The share that a beta distribution of `a` and `b` has `share` of itself below, by bisection.
#[must_use]
pub fn beta_point(share: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if beta_share(middle, a, b) < share { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// The interval of Clopper and Pearson (1934): where a share lies with `confidence`, when `found` of
/// `count` looked at had it.
#[must_use]
pub fn clopper_pearson(found: f64, count: f64, confidence: f64) -> [f64; 2] {
    let tail = (1.0 - confidence) / 2.0;
    let low = if found <= 0.0 { 0.0 } else { beta_point(tail, found, count - found + 1.0) };
    let high =
        if found >= count { 1.0 } else { beta_point(1.0 - tail, found + 1.0, count - found) };
    [low, high]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The binomial tail summed up, and as a beta distribution has it.
    #[test]
    fn binomial_tails_are_those_of_the_sum() {
        for (count, share) in [(1_u32, 0.3), (20, 0.02), (149, 0.02), (330, 0.02), (40, 0.7)] {
            let mut probability = (1.0_f64 - share).powi(count as i32);
            let mut sum = 0.0;
            for k in 0..count {
                sum += probability;
                let found = beta_share(1.0 - share, f64::from(count - k), f64::from(k + 1));
                assert!((found - sum).abs() < 1e-10, "{count} {share} {k}: {found} {sum}");
                probability *= f64::from(count - k) / f64::from(k + 1) * share / (1.0 - share);
            }
        }
    }

    #[test]
    fn two_in_a_hundred_take_149_without_one() {
        assert!(beta_share(0.98, 148.0, 1.0) > 0.05);
        assert!(beta_share(0.98, 149.0, 1.0) < 0.05);
    }

    #[test]
    fn intervals_are_those_of_the_tables() {
        let check = |found, count, expect: [f64; 2]| {
            let [low, high] = clopper_pearson(found, count, 0.95);
            assert!(
                (low - expect[0]).abs() < 5e-5 && (high - expect[1]).abs() < 5e-5,
                "{low} {high}"
            );
        };
        check(0.0, 10.0, [0.0, 0.3085]);
        check(1.0, 10.0, [0.0025, 0.4450]);
        check(5.0, 10.0, [0.1871, 0.8129]);
        check(10.0, 10.0, [0.6915, 1.0]);
    }
}
