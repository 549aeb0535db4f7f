//! What a display shows, for whoever looks at it from outside.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};

/// What the first display of a GPU showed last, for whoever has a clone.
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
    /// What it shows; `None` when nothing was ever flushed to it, or the display is off.
    #[must_use]
    pub fn picture(&self) -> Option<Picture> {
        self.lock().picture.clone()
    }

    /// How often the driver flushed something to it.
    #[must_use]
    pub fn flushes(&self) -> u64 {
        self.lock().flushes
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
