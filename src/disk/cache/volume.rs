//! Where the cache can be, and how large: asks the system about the volume that a folder is on.
//!
//! A cache on a network file system would be no faster than the photos, SQLite's log does not work
//! there, and its locks are not to be trusted. On Linux such a volume is told by the number of its
//! file system, FUSE's by the name in the mount table. Elsewhere every volume is taken for local.

use std::env;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use super::settings::CacheSettings;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::folders::Folders;

/// The cache's own folder within the one that a person names: nothing of theirs is in it.
const OURS: &str = "rushlight-tiles";

/// The most that is taken without being asked: 50 GB, 200,000 photos.
const CAP_LIMIT_BYTES: u64 = 50_000_000_000;

/// Where the cache is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The cache's folder, which may not exist yet.
    pub folder: PathBuf,
    /// What all its files together may take, in bytes.
    pub cap_bytes: u64,
    /// The folder that it would have been in, and the network file system that this is on. The
    /// person is told: they may name a folder on a disk of their own.
    pub instead_of: Option<(PathBuf, String)>,
}

impl Home {
    /// The folder and the cap that the settings say; or the platform's cache folder, and a tenth of
    /// its volume but at most 50 GB. A folder on a network gives way to the system's temporary one.
    ///
    /// # Errors
    /// When that one is on a network too ([`DiskError::CacheOnNetwork`]): the program runs without.
    pub fn find(settings: &CacheSettings, folders: &Folders) -> DiskResult<Self> {
        let wanted = match &settings.folder {
            Some(folder) => folder.join(OURS),
            None => folders.cache.join("tiles"),
        };
        let (folder, instead_of) = match network(&wanted) {
            None => (wanted, None),
            Some(kind) => {
                let local = temporary();
                if network(&local).is_some() || !is_ours(&local) {
                    return Err(DiskError::CacheOnNetwork { kind, path: wanted });
                }
                (local, Some((wanted, kind)))
            }
        };
        let cap_bytes = settings.size_gb.map_or_else(|| default_cap(&folder), bytes_of_gb);
        Ok(Self { folder, cap_bytes, instead_of })
    }
}

/// Gigabytes as bytes: 10^9, as disks are sold.
#[must_use]
pub fn bytes_of_gb(gb: f64) -> u64 {
    (gb.max(0.0) * 1e9) as u64
}

/// A tenth of the volume that `folder` is on, at most 50 GB; 5 GB where the system does not say.
#[must_use]
pub fn default_cap(folder: &Path) -> u64 {
    let volume_bytes = fs4::total_space(existing(folder)).unwrap_or(CAP_LIMIT_BYTES);
    (volume_bytes / 10).min(CAP_LIMIT_BYTES)
}

/// The network file system that `folder` is on, or would be.
#[must_use]
pub fn network(folder: &Path) -> Option<String> {
    system::network(existing(folder))
}

/// The folder, or the nearest above it that is there.
fn existing(folder: &Path) -> &Path {
    let is_there = |path: &&Path| fs::metadata(path).is_ok();
    folder.ancestors().find(is_there).filter(|p| p != &Path::new("")).unwrap_or(Path::new("."))
}

/// A folder of our own below the system's temporary one, which every user may write to: named after
/// the user, so that two do not meet.
fn temporary() -> PathBuf {
    let user = env::var_os("USER").or_else(|| env::var_os("USERNAME")).unwrap_or_default();
    let user = user.to_string_lossy().replace(['/', '\\', ':'], "_");
    env::temp_dir().join(format!("{OURS}-{user}"))
}

/// Whether the folder, where it is there, is one that nobody else may look into or has put there as a
/// link: anybody may make a folder of this name. One that is theirs alone cannot be opened.
fn is_ours(folder: &Path) -> bool {
    let Ok(metadata) = fs::symlink_metadata(folder) else { return true };
    #[cfg(unix)]
    let is_private = std::os::unix::fs::MetadataExt::mode(&metadata) & 0o077 == 0;
    #[cfg(not(unix))]
    let is_private = true;
    metadata.is_dir() && is_private
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::path::Path;

    pub(super) const fn network(_: &Path) -> Option<String> {
        None
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::path::Path;

    /// Numbers of network file systems: linux/magic.h and the file systems' own headers.
    const NETWORKS: [(u32, &str); 10] = [
        (0x6969, "NFS"),
        (0x517B, "SMB"),
        (0xFE53_4D42, "SMB"),
        (0xFF53_4D42, "SMB"),
        (0x0102_1997, "9P"),
        (0x5346_414F, "AFS"),
        (0x6B41_4653, "AFS"),
        (0x7375_7245, "Coda"),
        (0x00C3_6400, "Ceph"),
        (0x0BD0_0BD0, "Lustre"),
    ];

    const FUSE: u32 = 0x6573_5546;

    /// FUSE file systems that reach over the network; others (`fuseblk` for NTFS, mergerfs, ...) are
    /// on a disk of this computer.
    const FUSE_NETWORKS: [&str; 11] = [
        "sshfs",
        "rclone",
        "gvfsd-fuse",
        "s3fs",
        "curlftpfs",
        "glusterfs",
        "ceph-fuse",
        "davfs",
        "httpfs",
        "smbnetfs",
        "kio-fuse",
    ];

    pub(super) fn network(folder: &Path) -> Option<String> {
        let kind = u32::try_from(rustix::fs::statfs(folder).ok()?.f_type & 0xFFFF_FFFF).ok()?;
        if kind == FUSE {
            let device = rustix::fs::stat(folder).ok()?.st_dev;
            let device = [rustix::fs::major(device), rustix::fs::minor(device)];
            return fuse_network(&std::fs::read_to_string("/proc/self/mountinfo").ok()?, device);
        }
        NETWORKS.iter().find(|(number, _)| *number == kind).map(|(_, name)| (*name).to_owned())
    }

    /// The name of the FUSE file system on `device`, where it is a network's: proc(5), mountinfo.
    fn fuse_network(mounts: &str, device: [u32; 2]) -> Option<String> {
        let device = format!("{}:{}", device[0], device[1]);
        let mount = mounts.lines().find(|line| line.split(' ').nth(2) == Some(&device))?;
        let (_, rest) = mount.split_once(" - ")?;
        let name = rest.split(' ').next()?.strip_prefix("fuse.")?;
        FUSE_NETWORKS.contains(&name).then(|| name.to_owned())
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn sshfs_is_a_network_and_ntfs_is_none() {
            let mounts = "\
                36 35 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
                41 36 0:52 / /home/a/nas rw,nosuid shared:2 master:1 - fuse.sshfs a@nas:/ rw\n\
                42 36 8:17 / /media/card rw - fuseblk /dev/sdb1 rw\n\
                43 36 0:53 / /pool rw - fuse.mergerfs a:b rw\n";
            assert_eq!(fuse_network(mounts, [0, 52]), Some("sshfs".to_owned()));
            for device in [[8, 17], [0, 53], [8, 1], [9, 9]] {
                assert_eq!(fuse_network(mounts, device), None, "{device:?}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(cache: &Path) -> Folders {
        Folders { data: "d".into(), cache: cache.into(), config: "c".into() }
    }

    #[test]
    fn the_settings_go_before_the_platform() {
        let dir = tempfile::tempdir().unwrap();
        let folders = folders(dir.path());
        let home = Home::find(&CacheSettings::default(), &folders).unwrap();
        assert_eq!((home.folder, home.instead_of), (dir.path().join("tiles"), None));
        let volume_bytes = fs4::total_space(dir.path()).unwrap();
        assert_eq!(home.cap_bytes, (volume_bytes / 10).min(50_000_000_000));
        let own = CacheSettings { size_gb: Some(1.5), folder: Some(dir.path().join("own/deep")) };
        let home = Home::find(&own, &folders).unwrap();
        assert_eq!(home.folder, dir.path().join("own/deep/rushlight-tiles"));
        assert_eq!(home.cap_bytes, 1_500_000_000);
        assert!(!dir.path().join("own").exists(), "asking makes no folder");
    }
}
