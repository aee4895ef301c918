//! Whether a network can be put to our use: its inputs and outputs against what is expected.

use ort::session::Session;
use ort::value::Outlet;
use ort::value::TensorElementType;
use ort::value::ValueType;

use crate::core::embed_input::Form;
use crate::core::embed_input::PLANES;
use crate::core::traits::Scores;
use crate::disk::model::settings::ModelSettings;

/// The output that is the embedding, where the settings name none and there are several.
const EMBEDDING: &str = "embedding";

/// The output that is the scores, where there is one of that name.
pub const SCORES: &str = "scores";

/// Numbers of an embedding at most: 100,000 photos of as many take 800 MB.
const LONGEST: usize = 2048;

/// A network's inputs and outputs.
#[derive(Debug)]
pub struct Shapes {
    /// What it wants to see.
    pub form: Form,
    /// Whether it takes one photo at a time.
    pub is_one_at_once: bool,
    /// The output that is the embedding.
    pub output: String,
    /// Numbers of an embedding; known when it has been tried.
    pub embedding: usize,
    /// Whether it says what is wrong with a photo.
    pub has_scores: bool,
}

impl Shapes {
    /// The shapes of a network, or what was found and what was expected.
    pub fn of(session: &Session, settings: &ModelSettings) -> Result<Self, String> {
        let [input] = session.inputs() else {
            let count = session.inputs().len();
            return Err(format!("it has {count} inputs, expected one picture"));
        };
        let (planes, side, is_one_at_once) = picture(input, settings.input_size)?;
        let said = |key: &str| -> Option<Vec<f32>> {
            let text = session.metadata().ok()?.custom(key)?;
            text.split_whitespace().map(|n| n.parse().ok()).collect()
        };
        let normal = |key: &str, set: Option<&Vec<f32>>, plain: f32| {
            let values = set.cloned().or_else(|| said(key)).unwrap_or_else(|| vec![plain; planes]);
            if values.len() != planes || values.iter().any(|v| !v.is_finite()) {
                let count = values.len();
                return Err(format!("{key} has {count} numbers, expected {planes}: one a plane"));
            }
            let mut all = [plain; PLANES];
            all[..planes].copy_from_slice(&values);
            Ok(all)
        };
        let mean = normal("mean", settings.mean.as_ref(), 0.0)?;
        let std = normal("std", settings.std.as_ref(), 1.0)?;
        if std.iter().any(|&s| s <= 0.0) {
            return Err("std has a number that is not above 0".to_owned());
        }
        let output = embedding(session.outputs(), settings.output.as_deref())?;
        let has_scores = match session.outputs().iter().find(|o| o.name() == SCORES) {
            Some(outlet) if outlet.name() != output => is_scores(outlet)?,
            _ => false,
        };
        let form = Form { side, planes, mean, std };
        Ok(Self { form, is_one_at_once, output, embedding: 0, has_scores })
    }
}

/// Its dimensions, -1 for one that is open; only numbers of 32 bits are spoken.
fn dimensions(outlet: &Outlet) -> Result<Vec<i64>, String> {
    match outlet.dtype() {
        ValueType::Tensor { ty: TensorElementType::Float32, shape, .. } => Ok(shape.to_vec()),
        other => Err(format!("{} is {other}, expected numbers of 32 bits", outlet.name())),
    }
}

/// Planes, side, and whether it takes one photo at a time.
fn picture(input: &Outlet, set: Option<u32>) -> Result<(usize, usize, bool), String> {
    let shape = dimensions(input)?;
    let told = || told(&shape);
    let &[photos, planes @ (3 | 4 | 8), height, width] = shape.as_slice() else {
        return Err(format!(
            "its input is {}, expected photos x 3, 4 or 8 planes x height x width",
            told()
        ));
    };
    if !matches!(photos, -1 | 1) {
        return Err(format!("its input is {}, expected 1 photo or any number of them", told()));
    }
    let open = set.map_or(-1, i64::from);
    let side = [height, width].into_iter().find(|&side| side != -1).unwrap_or(open);
    if side < 1 {
        let key = "input_size under [model] in the settings";
        return Err(format!("its input is {}, expected {key} to say how large", told()));
    }
    if [height, width].iter().any(|&other| other != -1 && other != side) {
        return Err(format!("its input is {}, expected a square", told()));
    }
    if open != -1 && open != side {
        return Err(format!("its input is {}, and the settings say input_size = {open}", told()));
    }
    if side > 512 {
        return Err(format!("its input is {}, expected at most 512 x 512: a tile's size", told()));
    }
    Ok((planes as usize, side as usize, photos == 1))
}

/// The name of the output that is the embedding.
fn embedding(outputs: &[Outlet], named: Option<&str>) -> Result<String, String> {
    let names = || outputs.iter().map(Outlet::name).collect::<Vec<_>>().join(", ");
    let wanted = match (named, outputs) {
        (Some(name), _) => name,
        (None, [only]) => only.name(),
        (None, _) => EMBEDDING,
    };
    let Some(outlet) = outputs.iter().find(|outlet| outlet.name() == wanted) else {
        return Err(format!("its outputs are {}, expected one called {wanted}", names()));
    };
    let shape = dimensions(outlet)?;
    let is_open = shape.contains(&-1);
    let numbers: i64 = shape.iter().skip(1).product();
    if !is_open || shape.iter().skip(1).all(|&d| d != -1) {
        embedding_length(usize::try_from(numbers).unwrap_or(usize::MAX))?;
    }
    Ok(wanted.to_owned())
}

/// Whether so many numbers can be an embedding.
pub fn embedding_length(found: usize) -> Result<usize, String> {
    match found {
        2..=LONGEST => Ok(found),
        _ => Err(format!("its embedding has {found} numbers, expected 2 to {LONGEST}")),
    }
}

fn is_scores(outlet: &Outlet) -> Result<bool, String> {
    let shape = dimensions(outlet)?;
    match shape.get(1..) {
        Some([count]) if *count == Scores::COUNT as i64 => Ok(true),
        _ => Err(format!("its scores are {}, expected photos x {}", told(&shape), Scores::COUNT)),
    }
}

/// A shape in words.
fn told(shape: &[i64]) -> String {
    let side = |d: &i64| if *d == -1 { "any".to_owned() } else { d.to_string() };
    match shape {
        [] => "a single number".to_owned(),
        shape => shape.iter().map(side).collect::<Vec<_>>().join(" x "),
    }
}
