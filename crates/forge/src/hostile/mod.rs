//! Files that mean harm, or have come to harm. Each function says what its file promises to be.

mod archive;
mod bomb;
mod document;
mod export;
mod mutated;

pub use archive::{tar_traps, zip_nested, zip_slip};
pub use bomb::{gzip_bomb, png_bomb, png_claiming, zip_bomb};
pub use document::{
    gif_frames, jpeg_and_zip, json_deep, mail_deep, pdf_active, pdf_circle, pdf_deep, scripts, tiff_circle,
};
pub use export::{Amount, discord_bare_numbers, discord_cut, discord_stream, telegram_repairable};
pub use mutated::{Seed, mutated, seeds};

use crate::chat::put;
use crate::raster::jpeg;
use crate::rng::Rng;
use crate::typeset::{Look, sheet};
use std::io;
use std::path::Path;

/// A JPEG of a page that ends in the middle of its scan.
#[must_use]
pub fn jpeg_cut() -> Vec<u8> {
    let whole = jpeg(&sheet(&mut Rng::new(11), Look::Memo).raster(), 85).unwrap_or_default();
    whole[..whole.len() * 2 / 5].to_vec()
}

/// Writes one of each below `folder`: the files by name, a folder whose link leads back into itself, a file nobody may
/// read. `mebibytes` is what each of the gzip and zip bombs holds.
///
/// # Errors
/// If something cannot be written.
pub fn write(folder: &Path, mebibytes: u64) -> io::Result<()> {
    let mut stream = Vec::new();
    discord_stream(&mut stream, Amount::Messages(2000))?;
    let files: [(&str, Vec<u8>); 22] = [
        ("cut.jpg", jpeg_cut()),
        ("claims-60000x60000.png", png_claiming(60_000, 60_000)),
        ("bomb-60000x60000.png", png_bomb(60_000)),
        ("bomb.gz", gzip_bomb(mebibytes)),
        ("bomb.zip", zip_bomb(mebibytes)),
        ("nested-30.zip", zip_nested(30)),
        ("slip.zip", zip_slip()),
        ("traps.tar", tar_traps()),
        ("empty.jpg", Vec::new()),
        ("discord-cut.json", discord_cut()),
        ("discord-bare-numbers.json", discord_bare_numbers()),
        ("telegram/result.json", telegram_repairable()),
        ("discord-2000.json", stream),
        ("active.pdf", pdf_active()),
        ("circle.pdf", pdf_circle()),
        ("deep.pdf", pdf_deep(200_000)),
        ("circle.tif", tiff_circle()),
        ("deep.json", json_deep(2_000_000)),
        ("deep.eml", mail_deep(20_000)),
        ("two-things.jpg", jpeg_and_zip()),
        ("frames.gif", gif_frames(u16::MAX)),
        ("bidi \u{202e}gpj.exe.txt", b"the name reads otherwise".to_vec()),
    ];
    for (name, text) in scripts() {
        put(folder, name, text.as_bytes())?;
    }
    for (name, bytes) in &files {
        put(folder, name, bytes)?;
    }
    links(folder)
}

#[cfg(unix)]
fn links(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let inner = folder.join("loop/inner");
    std::fs::create_dir_all(&inner)?;
    std::fs::write(inner.join("note.txt"), b"the good file beside the loop\n")?;
    symlink("..", inner.join("back"))?;
    symlink("self", folder.join("loop/self"))?;
    symlink("/etc/hostname", folder.join("loop/outside.txt"))?;
    let locked = folder.join("locked.jpg");
    std::fs::write(&locked, b"nobody may read this")?;
    std::fs::set_permissions(locked, std::fs::Permissions::from_mode(0o000))
}

#[cfg(not(unix))]
fn links(_: &Path) -> io::Result<()> {
    Ok(())
}
