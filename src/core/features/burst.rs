//! A photo's place among its burst: what an absolute number cannot tell, since every scene has a
//! sharpness of its own, its neighbours can.
//!
//! The lead is by how much a photo is above the best of the others, negative where one of them is
//! above it; of a photo alone it is unknown. The rank is the share of the others that are not above it: 1 for
//! the best and for a photo alone.

use super::Feature;
use super::PictureFeatures;
use super::percentile;
use super::picture_features;
use super::sorted;

const LEAD: [f32; 2] = [-12.0, 12.0];
const DULLER: [&str; 2] = ["less sharp than its burst", "the sharpest of its burst"];
const MOVED: [&str; 2] = ["more moved than its burst", "the stillest of its burst"];

/// The measures of which a lead is taken, and how that is called.
const LEADS: [(&str, Feature); 13] = [
    ("change_1", Feature::new("change_1_lead", "log2", LEAD, DULLER)),
    ("change_2", Feature::new("change_2_lead", "log2", LEAD, DULLER)),
    ("fine", Feature::new("fine_lead", "log2", LEAD, DULLER)),
    ("middle", Feature::new("middle_lead", "log2", LEAD, DULLER)),
    ("fine_least", Feature::new("fine_least_lead", "log2", LEAD, MOVED)),
    ("middle_least", Feature::new("middle_least_lead", "log2", LEAD, MOVED)),
    ("finest", Feature::new("finest_lead", "log2", LEAD, DULLER)),
    ("finest_least", Feature::new("finest_least_lead", "log2", LEAD, MOVED)),
    ("subject_fine", Feature::new("subject_fine_lead", "log2", LEAD, DULLER)),
    ("subject_fine_least", Feature::new("subject_fine_least_lead", "log2", LEAD, MOVED)),
    ("subject_finest", Feature::new("subject_finest_lead", "log2", LEAD, DULLER)),
    ("subject_finest_least", Feature::new("subject_finest_least_lead", "log2", LEAD, MOVED)),
    ("detail_peak", Feature::new("detail_peak_lead", "2 bit", [-255.0, 255.0], DULLER)),
];

const OTHERS: [Feature; 6] = [
    Feature::new("burst_size", "log2", [0.0, 16.0], ["alone", "one of many"]),
    Feature::new("burst_place", "", [0.0, 1.0], ["early in its burst", "late in its burst"]),
    Feature::new(
        "light_above_burst",
        "EV",
        LEAD,
        ["darker than its burst", "brighter than its burst"],
    ),
    Feature::new(
        "light_off_burst",
        "EV",
        [0.0, 12.0],
        ["exposed like its burst", "exposed unlike its burst"],
    ),
    Feature::new("sharpness_rank", "", [0.0, 1.0], DULLER),
    Feature::new(
        "exposure_rank",
        "",
        [0.0, 1.0],
        ["exposed unlike its burst", "exposed like its burst"],
    ),
];

/// How many there are.
pub const COUNT: usize = LEADS.len() + OTHERS.len();

/// What is taken from a burst.
pub fn features() -> impl Iterator<Item = &'static Feature> {
    LEADS.iter().map(|(_, feature)| feature).chain(&OTHERS)
}

/// Which of the measures of a picture these are made from.
#[derive(Debug)]
pub struct Places {
    leads: [usize; LEADS.len()],
    light: usize,
    sharpness: usize,
}

impl Default for Places {
    fn default() -> Self {
        let place = |name: &str| {
            picture_features()
                .position(|feature| feature.name == name)
                .expect("the names above are those of measures")
        };
        Self {
            leads: LEADS.map(|(name, _)| place(name)),
            light: place("light_ev"),
            sharpness: place("finest_least"),
        }
    }
}

impl Places {
    /// The values of the photo at `at` of `members`, the photos of one burst in capture order.
    #[must_use]
    pub fn values(&self, members: &[&PictureFeatures], at: usize) -> [f32; COUNT] {
        let mut values = [f32::NAN; COUNT];
        let mine = members[at];
        let others = || members.iter().enumerate().filter(move |(i, _)| *i != at).map(|(_, m)| m);
        for (value, &place) in values.iter_mut().zip(&self.leads) {
            let best = others().map(|m| m.0[place]).fold(f32::NAN, f32::max);
            *value = mine.0[place] - best;
        }
        let lights = sorted(members.iter().map(|m| m.0[self.light]));
        let median = percentile(&lights, 0.5);
        let off = |m: &PictureFeatures| (m.0[self.light] - median).abs();
        let rest = members.len() - 1;
        let share = |count: usize| if rest == 0 { 1.0 } else { count as f32 / rest as f32 };
        let duller = others().filter(|m| m.0[self.sharpness] <= mine.0[self.sharpness]).count();
        let worse = others().filter(|m| off(m) >= off(mine)).count();
        let more = [
            (members.len() as f32).log2(),
            if rest == 0 { 0.5 } else { at as f32 / rest as f32 },
            mine.0[self.light] - median,
            off(mine),
            share(duller),
            share(worse),
        ];
        values[LEADS.len()..].copy_from_slice(&more);
        for (value, feature) in values.iter_mut().zip(features()) {
            *value = feature.bound(*value);
        }
        values
    }
}
