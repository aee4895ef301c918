//! The pure floor: what photos, labels, places and frames are, and every decision about them.
//!
//! Nothing here touches a file, a thread, a device, a window or a clock, and nothing fails.

pub mod atlas;
pub mod coded;
pub mod colour;
pub mod command;
pub mod detail;
pub mod edit;
pub mod embed_input;
pub mod export;
pub mod features;
pub mod filter;
pub mod frame;
pub mod group;
pub mod guard;
pub mod label;
pub mod learner;
pub mod level;
pub mod mosaic;
pub mod order;
pub mod outlook;
pub mod photo;
pub mod review;
pub mod said;
pub mod scene;
pub mod scopes;
pub mod texels;
pub mod traits;
pub mod view;
