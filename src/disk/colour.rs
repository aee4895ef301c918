//! From what a file says of its colours to the working space, through moxcms.
//!
//! ```text
//! bytes -icc-> said -+-> nothing, or what is sRGB to a byte step: texels as they are    Space::Srgb
//!                    +-> what is the working space to a byte step: as they are          Space::Working
//!                    +-> all else -+-> tiles: converted by moxcms, 8 bits               Space::Working
//!                                  +-> the loupe: a table for the shader                Space::Table
//!                                      where that is not near enough: as tiles          Space::Working
//! ```
//!
//! A profile that cannot be used is no failure of the photo: it is shown as sRGB and [`Profile::words`]
//! say why. A panic of the library on hostile bytes counts as damage too.
//!
//! The profiles met last are kept, so that a shoot's photos share one table. Intent: perceptual, where
//! a profile has several. Inks (CMYK) come out of the decoder as RGB and stay what it makes of them.

mod display;
mod read;
pub mod settings;

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::PoisonError;

use moxcms::Transform8BitExecutor;
use xxhash_rust::xxh3::xxh3_64;

pub use self::display::display_of;
use self::read::Read;
use super::icc;
use super::icc::Said;
use super::source::Format;
use crate::core::colour::Lattice;
use crate::core::colour::Space;
use crate::core::colour::srgb_from_working;
use crate::core::colour::working_from_srgb;
use crate::core::texels::Texels;

/// Profiles kept: a shoot has one for each way that its cameras and programs write, and scans few.
const KEPT: usize = 16;

/// Bytes converted at a time: whole texels that stay in the first cache.
const PART_BYTES: usize = 8 << 10;

/// The colours of a photo.
pub struct Profile {
    words: Option<Box<str>>,
    way: Way,
}

/// How its texels come to the working space.
enum Way {
    Srgb,
    Working,
    Other { tiles: Tiles, table: Arc<Lattice>, is_near: bool },
}

/// How bytes are brought to the working space.
enum Tiles {
    /// RGBA to RGBA.
    Colour(Arc<Transform8BitExecutor>),
    /// By grey value.
    Grey(Box<[[u8; 3]; 256]>),
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Profile({:?})", self.words)
    }
}

static UNTAGGED: LazyLock<Arc<Profile>> = LazyLock::new(|| Arc::new(Profile::srgb(None)));

static ADOBE_RGB: LazyLock<Arc<Profile>> = LazyLock::new(|| {
    let words = "Adobe RGB (1998), by the camera's word".into();
    Arc::new(Profile::read(&moxcms::ColorProfile::new_adobe_rgb(), 0, false, words))
});

/// Those met last, the last one at the end. A poisoned lock still guards whole profiles.
static MET: Mutex<Vec<(u64, Arc<Profile>)>> = Mutex::new(Vec::new());

impl Profile {
    /// The colours of the photo that begins with `bytes`: as [`icc::embedded`].
    #[must_use]
    pub fn of(bytes: &[u8], format: Format) -> Arc<Self> {
        let embedded = icc::embedded(bytes, format);
        match embedded.said {
            Said::Nothing => Arc::clone(&UNTAGGED),
            _ if embedded.channels == 4 => Self::unused("inks: their profile is not applied"),
            Said::AdobeRgb => Arc::clone(&ADOBE_RGB),
            Said::Broken(why) => Self::broken(why),
            Said::Profile(profile) => Self::met(&profile, embedded.channels == 1),
        }
    }

    /// The colours of a picture embedded in a photo: its own profile's, else the photo's.
    #[must_use]
    pub fn of_embedded(jpeg: &[u8], photo: &Arc<Self>) -> Arc<Self> {
        match icc::embedded(jpeg, Format::Jpeg).said {
            Said::Nothing => Arc::clone(photo),
            _ => Self::of(jpeg, Format::Jpeg),
        }
    }

    /// What is known of them, in the person's words; `None` where the file says nothing.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }

    /// A photo's texels in the working space.
    #[must_use]
    pub fn to_working(&self, texels: Texels) -> Texels {
        match &self.way {
            Way::Srgb => texels.recoloured(Space::Working, working_from_srgb),
            Way::Working => texels.in_space(Space::Working),
            Way::Other { tiles, .. } => {
                texels.recoloured(Space::Working, |bytes| tiles.convert(bytes))
            }
        }
    }

    /// A photo's texels in sRGB, as networks are trained on; what that cannot show is cut to it.
    #[must_use]
    pub fn to_srgb(&self, texels: Texels) -> Texels {
        match &self.way {
            Way::Srgb => texels,
            _ => self.to_working(texels).recoloured(Space::Srgb, srgb_from_working),
        }
    }

    /// A photo's texels for the loupe: as they are, and said to be what they are, where the shader
    /// can bring them to the working space.
    #[must_use]
    pub fn for_loupe(&self, texels: Texels) -> Texels {
        match &self.way {
            Way::Srgb => texels,
            Way::Other { table, is_near: true, .. } => {
                texels.in_space(Space::Table(Arc::clone(table)))
            }
            Way::Working | Way::Other { .. } => self.to_working(texels),
        }
    }

    const fn srgb(words: Option<Box<str>>) -> Self {
        Self { words, way: Way::Srgb }
    }

    fn unused(words: &str) -> Arc<Self> {
        Arc::new(Self::srgb(Some(words.into())))
    }

    fn broken(why: &str) -> Arc<Self> {
        Self::unused(&format!("taken as sRGB, the profile cannot be used: {why}"))
    }

    /// The colours that a profile gives, read once where it is met often.
    fn met(profile: &[u8], is_grey: bool) -> Arc<Self> {
        let key = xxh3_64(profile) ^ u64::from(is_grey);
        {
            let mut met = MET.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(at) = met.iter().position(|(known, _)| *known == key) {
                let found = met.remove(at);
                let profile = Arc::clone(&found.1);
                met.push(found);
                return profile;
            }
        }
        // Without the lock: two workers may read one profile, and one of the two is kept.
        let fresh = read::parsed(profile, is_grey)
            .map(|(icc, words)| Arc::new(Self::read(&icc, key, is_grey, words)))
            .unwrap_or_else(|why| Self::broken(&why));
        let mut met = MET.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, first)) = met.iter().find(|(known, _)| *known == key) {
            return Arc::clone(first);
        }
        if met.len() == KEPT {
            met.remove(0);
        }
        met.push((key, Arc::clone(&fresh)));
        fresh
    }

    fn read(icc: &moxcms::ColorProfile, key: u64, is_grey: bool, words: Box<str>) -> Self {
        match read::read(icc, key, is_grey) {
            Ok(Read::Srgb) => Self::srgb(Some(words)),
            Ok(Read::Working) => Self { words: Some(words), way: Way::Working },
            Ok(Read::Other { tiles, table, is_near }) => {
                let way = Way::Other { tiles, table: Arc::new(table), is_near };
                Self { words: Some(words), way }
            }
            Err(why) => {
                Self::srgb(Some(format!("taken as sRGB, {words} cannot be used: {why}").into()))
            }
        }
    }
}

impl Tiles {
    fn convert(&self, rgba: &mut [u8]) {
        match self {
            Self::Colour(transform) => {
                // A part at a time: a picture of every pixel is not there twice.
                let mut stored = [0; PART_BYTES];
                for part in rgba.chunks_mut(PART_BYTES) {
                    let stored = &mut stored[..part.len()];
                    stored.copy_from_slice(part);
                    transform
                        .transform(stored, part)
                        .expect("both are whole RGBA texels, as many of one as of the other");
                }
            }
            Self::Grey(table) => {
                for texel in rgba.as_chunks_mut::<4>().0 {
                    let [r, g, b] = table[usize::from(texel[0])];
                    *texel = [r, g, b, texel[3]];
                }
            }
        }
    }
}
