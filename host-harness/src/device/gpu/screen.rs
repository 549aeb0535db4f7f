//! What a display shows, for whoever looks at it from outside.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parakit_abi::device::gpu::Rect;
use sha2::{Digest as _, Sha256};

use super::resource::PIXEL;

/// What the display of a GPU showed last, for whoever has a clone. It stays when the display is switched off, or the driver goes.
#[derive(Clone, Debug, Default)]
pub struct Screen(Arc<Mutex<Shown>>);

#[derive(Debug, Default)]
struct Shown {
    picture: Option<Picture>,
    flushes: u64,
}

/// A picture: four bytes a pixel (red, green, blue, alpha), row by row from the top left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// `width` · `height` · 4 bytes.
    pub rgba: Vec<u8>,
}

impl Picture {
    /// SHA-256 of the bytes.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.rgba).into()
    }

    /// Writes it as a PNG.
    ///
    /// # Errors
    /// Those of `writer`.
    pub fn write_png(&self, writer: impl Write) -> std::io::Result<()> {
        let mut encoder = png::Encoder::new(writer, self.width, self.height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let result = encoder.write_header().and_then(|mut writer| {
            writer.write_image_data(&self.rgba)?;
            writer.finish()
        });
        result.map_err(|error| match error {
            png::EncodingError::IoError(error) => error,
            other => std::io::Error::other(other),
        })
    }
}

impl Screen {
    /// What it showed last; `None` when nothing was ever flushed to it.
    #[must_use]
    pub fn picture(&self) -> Option<Picture> {
        self.lock().picture.clone()
    }

    /// How often the driver flushed something to it.
    #[must_use]
    pub fn flushes(&self) -> u64 {
        self.lock().flushes
    }

    /// Something was flushed: a picture of this size, of which the rows of `part` (x, y, width, height) are new. `row` gives them.
    pub(super) fn flush(&self, width: u32, height: u32, part: Rect, mut row: impl FnMut(u32, &mut [u8])) {
        let mut shown = self.lock();
        shown.flushes += 1;
        let picture = match &mut shown.picture {
            Some(picture) if (picture.width, picture.height) == (width, height) => picture,
            other => other.insert(Picture { width, height, rgba: vec![0; width as usize * height as usize * PIXEL] }),
        };
        let stride = width as usize * PIXEL;
        for y in part.y..part.y + part.height {
            let at = y as usize * stride + part.x as usize * PIXEL;
            row(y, &mut picture.rgba[at..at + part.width as usize * PIXEL]);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
