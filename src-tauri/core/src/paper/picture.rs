//! Pictures on paper: logos and seals, from PNG, with their transparency.

use std::collections::BTreeMap;

use printpdf::{DictItem, ExternalStream, ExternalXObject, XObject};
use serde_json::json;

use crate::error::{Error, Result};

/// A larger one is refused before it is unpacked.
const MOST_SIDE: u32 = 2000;

/// A decoded picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    colours: Vec<u8>,
    opacity: Vec<u8>,
}

impl Picture {
    /// Decodes a PNG to the last pixel.
    ///
    /// Errors: `picture_broken` for what does not decode, `picture_size_unusable` for what is too large.
    pub fn from_png(bytes: &[u8]) -> Result<Self> {
        let broken = |cause: png::DecodingError| {
            tracing::warn!("the picture does not decode: {cause}");
            Error::rule("picture_broken")
        };
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().map_err(broken)?;
        let (width, height) = (reader.info().width, reader.info().height);
        if width > MOST_SIDE || height > MOST_SIDE {
            return Err(Error::rule_with(
                "picture_size_unusable",
                json!({"width": width, "height": height, "most": MOST_SIDE}),
            ));
        }
        let size = reader.output_buffer_size().ok_or_else(|| Error::rule("picture_broken"))?;
        let mut pixels = vec![0; size];
        let frame = reader.next_frame(&mut pixels).map_err(broken)?;
        pixels.truncate(frame.buffer_size());
        let samples = frame.color_type.samples();
        let (mut colours, mut opacity) = (Vec::new(), Vec::new());
        for pixel in pixels.chunks_exact(samples) {
            match pixel {
                [grey, alpha] => (colours.extend([*grey; 3]), opacity.push(*alpha)).0,
                [red, green, blue, alpha] => (colours.extend([*red, *green, *blue]), opacity.push(*alpha)).0,
                _ => return Err(Error::rule("picture_broken")),
            }
        }
        Ok(Self { width, height, colours, opacity })
    }

    /// How large it is drawn within a box, its shape kept.
    pub fn fitted(&self, width: f32, height: f32) -> (f32, f32) {
        let scale = (width / self.width as f32).min(height / self.height as f32);
        (self.width as f32 * scale, self.height as f32 * scale)
    }

    pub(super) fn object(&self) -> XObject {
        let stream = |space: &[u8], content: &[u8], more: Option<(String, DictItem)>| {
            let name = |text: &[u8]| DictItem::Name(text.to_vec());
            let fields = [
                ("Type", name(b"XObject")),
                ("Subtype", name(b"Image")),
                ("Width", DictItem::Int(self.width.into())),
                ("Height", DictItem::Int(self.height.into())),
                ("ColorSpace", name(space)),
                ("BitsPerComponent", DictItem::Int(8)),
            ];
            let dict =
                fields.into_iter().map(|(key, value)| (key.to_owned(), value)).chain(more).collect::<BTreeMap<_, _>>();
            ExternalStream { dict, content: content.to_vec(), compress: false }
        };
        let mask = DictItem::Stream { stream: stream(b"DeviceGray", &self.opacity, None) };
        let stream = stream(b"DeviceRGB", &self.colours, Some(("SMask".to_owned(), mask)));
        XObject::External(ExternalXObject { stream, width: None, height: None, dpi: None })
    }
}

/// Bytes that came as digits of sixteen.
pub fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    let value = |digit: u8| char::from(digit).to_digit(16);
    digits.chunks(2).map(|pair| u8::try_from(value(*pair.first()?)? * 16 + value(*pair.get(1)?)?).ok()).collect()
}
