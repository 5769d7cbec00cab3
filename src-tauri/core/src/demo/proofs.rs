//! Papers that customers send in: pictures of conversations, letters, e-mails, all of them invented.

use flate2::Compression;
use flate2::Crc;
use flate2::write::ZlibEncoder;
use std::io::Write;

/// A picture of a conversation: bubbles on a grey ground, as many as the seed says.
pub(super) fn conversation(seed: usize) -> Vec<u8> {
    let (width, height) = (360_usize, 480_usize);
    let mut pixels = vec![0xed_u8; width * height];
    let mut top = 24;
    for bubble in 0..6 + seed % 3 {
        let long = 90 + (seed * 37 + bubble * 61) % 150;
        let tall = 26 + (seed + bubble) % 3 * 14;
        let mine = (seed + bubble).is_multiple_of(2);
        let left = if mine { width - 24 - long } else { 24 };
        for row in top..(top + tall).min(height) {
            let line = (row - top) % 14;
            for column in left..left + long {
                let writing =
                    (4..9).contains(&line) && column > left + 10 && column < left + long - 12 && (column / 6) % 4 != 3;
                pixels[row * width + column] = if writing {
                    0x70
                } else if mine {
                    0xc8
                } else {
                    0xff
                };
            }
        }
        top += tall + 18;
        if top + 60 > height {
            break;
        }
    }
    png(width, height, &pixels)
}

/// A grey picture in the simplest form of PNG.
fn png(width: usize, height: usize, pixels: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend((width as u32).to_be_bytes());
    header.extend((height as u32).to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    chunk(&mut bytes, b"IHDR", &header);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    for row in pixels.chunks(width) {
        // Writing to memory cannot fail. Each row begins with its filter: none.
        let _ = encoder.write_all(&[0]).and_then(|()| encoder.write_all(row));
    }
    chunk(&mut bytes, b"IDAT", &encoder.finish().unwrap_or_default());
    chunk(&mut bytes, b"IEND", &[]);
    bytes
}

fn chunk(bytes: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(content);
    bytes.extend((content.len() as u32).to_be_bytes());
    bytes.extend(kind);
    bytes.extend(content);
    bytes.extend(crc.sum().to_be_bytes());
}

/// An e-mail as it was received.
pub(super) fn letter(subject: &str, day: &str, body: &str) -> Vec<u8> {
    format!(
        "From: customer@mail.example\r\nTo: desk@kontor.example\r\nSubject: {subject}\r\nDate: {day}\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

/// A unified social credit code with a correct check character, in a region that does not exist.
pub(super) fn credit_code(number: usize) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91990000{number:09}");
    let value = |byte: u8| ALPHABET.iter().position(|letter| *letter == byte).unwrap_or(0);
    let (sum, _) = body.bytes().fold((0, 1), |(sum, weight), byte| (sum + value(byte) * weight, weight * 3 % 31));
    let check = ALPHABET[(31 - sum % 31) % 31];
    format!("{body}{}", char::from(check))
}
