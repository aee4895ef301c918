//! What a network makes of photos: it looks once, with their decode, and what it said is kept beside the
//! tile and given to the learner. Another network looks again; without one everything else goes on.

#[path = "support/onnx_writer.rs"]
mod onnx_writer;
#[path = "support/shoot.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod shoot;

use std::collections::BTreeMap;

use rushlight::core::coded::Coding;
use rushlight::core::learner::table::Inputs;
use rushlight::core::photo::PhotoId;
use rushlight::core::photo::Timestamp;
use rushlight::core::traits::Packed;
use rushlight::core::traits::Traits;
use rushlight::disk::cache::settings::CacheSettings;
use rushlight::disk::folders::Folders;
use rushlight::disk::model;
use rushlight::disk::model::settings::ModelSettings;
use rushlight::jobs::cached::Cached;
use rushlight::jobs::embed::Loading;
use rushlight::jobs::index;
use rushlight::jobs::learn::gather;
use rushlight::jobs::learn::gather::Gathered;
use rushlight::jobs::learn::rows;

use onnx_writer::Network;
use shoot::Shoot;
use shoot::colour;

/// Photos of the shoot.
const PHOTOS: usize = 12;

/// A shoot and a person's folders.
struct Home {
    shoot: Shoot,
    dir: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder can be made");
        Self { shoot: Shoot::of(PHOTOS, [160, 120]), dir }
    }

    /// The cache as a program finds it that looks with this network.
    fn cached(&self, network: &ModelSettings) -> Cached {
        let within = |name| self.dir.path().join(name);
        let folders =
            Folders { data: within("data"), cache: within("cache"), config: within("config") };
        Cached::at(&CacheSettings::default(), &folders, Coding::Bc7)
            .seen_by(Loading::later(network.clone(), None))
    }

    /// How many photos a new program with this network decodes, of how many.
    fn decodes(&self, network: &ModelSettings) -> (u64, Option<String>) {
        let cached = self.cached(network);
        let summary = index::index(&[self.shoot.photos()], &cached, Timestamp(0), &|_, _| {});
        assert_eq!((summary.photos, summary.failed.len()), (PHOTOS as u64, 0));
        assert_eq!(summary.cache_hits, PHOTOS as u64 - summary.decodes);
        let hint = cached.take_hint();
        assert_eq!(cached.take_hint(), None, "it is told once");
        (summary.decodes, hint)
    }

    fn gathered(&self, network: &ModelSettings) -> Gathered {
        let (roots, cached) = ([self.shoot.photos()], self.cached(network));
        let gathered = gather::gather(&roots, &cached, &BTreeMap::new(), Timestamp(0), &|_, _| {});
        assert_eq!(gathered.failed, []);
        gathered
    }

    /// A network whose embedding is a photo's mean colour.
    fn mean_colour(&self) -> ModelSettings {
        let shape = [None, Some(3), None, None];
        let mean: &[&str] = &["GlobalAveragePool", "Flatten"];
        let network = Network {
            input: &shape,
            input_type: 1,
            outputs: &[("features", &[None, Some(3)], mean)],
        };
        let path = self.dir.path().join("mean.onnx");
        std::fs::write(&path, network.to_bytes()).expect("there is room");
        ModelSettings {
            path: Some(path),
            input_size: Some(16),
            mean: Some(vec![0.0; 3]),
            std: Some(vec![1.0; 3]),
            ..ModelSettings::default()
        }
    }
}

fn has_library() -> bool {
    let is_there = !model::libraries(&ModelSettings::default(), None).is_empty();
    if !is_there {
        println!("skipped: ONNX Runtime is not there; tools/onnxruntime.sh fetches it");
    }
    is_there
}

/// Where a colour points.
fn direction(colour: [u8; 3]) -> Traits {
    let length = colour.map(|c| f32::from(c).powi(2)).iter().sum::<f32>().sqrt();
    Traits { embedding: colour.map(|c| f32::from(c) / length).into(), scores: None }
}

#[test]
fn each_photo_is_looked_at_once_and_by_another_network_once_more() {
    if !has_library() {
        return;
    }
    let home = Home::new();
    let (ours, theirs) = (ModelSettings::default(), home.mean_colour());
    assert_eq!(home.decodes(&ours), (PHOTOS as u64, None));
    assert_eq!(home.decodes(&ours), (0, None), "what it saw is kept");
    assert_eq!(home.decodes(&theirs), (PHOTOS as u64, None));
    assert_eq!(home.decodes(&theirs), (0, None));
    let gathered = home.gathered(&theirs);
    for photo in (0..PHOTOS as u32).map(PhotoId) {
        let slot = gathered.board.slot(photo).unwrap();
        let name = slot.path.file_stem().unwrap().to_str().unwrap();
        let expect = direction(colour(name[1..].parse().unwrap()));
        let found = slot.traits().map(Packed::unpacked).unwrap();
        // The picture has its shape in the square: the rest is black and turns no colour.
        let likeness = found.likeness(&expect).unwrap();
        assert!(likeness > 0.99, "{name}: {found:?}, not {expect:?}");
    }
    let width = |inputs| rows::table(&gathered.board, &gathered.order, inputs).columns().len();
    let (all, features) = (width(Inputs::All), width(Inputs::Features));
    assert_eq!(all, features + width(Inputs::Embedding));
    assert!(all >= features + 3, "the learner sees it");
}

#[test]
fn without_the_library_photos_are_kept_and_it_is_told_once() {
    let home = Home::new();
    let library = Some(home.dir.path().join("no.so"));
    let without = ModelSettings { library, ..ModelSettings::default() };
    let (decodes, told) = home.decodes(&without);
    assert_eq!(decodes, PHOTOS as u64);
    let told = told.expect("it is told");
    assert!(told.starts_with("photos are judged without the network: cannot load"), "{told}");
    assert_eq!(home.decodes(&without).0, 0, "they are not decoded for a network that is not there");
    let gathered = home.gathered(&without);
    let slots = (0..PHOTOS as u32).map(|photo| gathered.board.slot(PhotoId(photo)).unwrap());
    assert!(slots.clone().all(|slot| slot.features().is_some()));
    assert!(slots.clone().all(|slot| slot.traits().is_none()));
    if has_library() {
        let (decodes, told) = home.decodes(&ModelSettings::default());
        assert_eq!((decodes, told), (PHOTOS as u64, None), "one that comes looks at all of them");
    }
}
