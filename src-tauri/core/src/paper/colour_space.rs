//! The sRGB colour space as an ICC profile: kept paper says what its red, green and blue are.
//!
//! It is written here, from the space's published figures, because it is 600 bytes and a file of somebody's would bring a licence along.

const HEADER: usize = 128;
const TAG: usize = 12;

/// The white that profiles are connected by (D50).
const WHITE: [f64; 3] = [0.9642, 1.0, 0.8249];
/// The three primaries, adapted to that white.
const RED: [f64; 3] = [0.436_074_7, 0.222_504_5, 0.013_932_2];
const GREEN: [f64; 3] = [0.385_064_9, 0.716_878_6, 0.097_104_5];
const BLUE: [f64; 3] = [0.143_080_4, 0.060_616_9, 0.714_173_3];
/// How a screen's white (D65) was adapted.
const ADAPTATION: [f64; 9] = [
    1.047_929_8,
    0.022_946_8,
    -0.050_192_2,
    0.029_627_8,
    0.990_434_4,
    -0.017_073_8,
    -0.009_243,
    0.015_055_2,
    0.751_874_3,
];
/// (a·x + b)^g above d, and c·x below.
const CURVE: [f64; 5] = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.040_45];

/// The profile, version 4.2: the same bytes every time.
pub(super) fn profile() -> Vec<u8> {
    let xyz = |values: &[f64]| tagged(b"XYZ ", values);
    let tags: [(&[u8; 4], Vec<u8>); 10] = [
        (b"desc", text("sRGB")),
        (b"cprt", text("No copyright, use freely")),
        (b"wtpt", xyz(&WHITE)),
        (b"chad", tagged(b"sf32", &ADAPTATION)),
        (b"rXYZ", xyz(&RED)),
        (b"gXYZ", xyz(&GREEN)),
        (b"bXYZ", xyz(&BLUE)),
        (b"rTRC", curve()),
        (b"gTRC", curve()),
        (b"bTRC", curve()),
    ];
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut contents = Vec::new();
    let begin = HEADER + 4 + tags.len() * TAG;
    for (name, content) in &tags {
        table.extend(*name);
        table.extend(((begin + contents.len()) as u32).to_be_bytes());
        table.extend((content.len() as u32).to_be_bytes());
        contents.extend(content);
        contents.resize(contents.len().next_multiple_of(4), 0);
    }
    let mut bytes = header((begin + contents.len()) as u32);
    bytes.extend(table);
    bytes.extend(contents);
    bytes
}

fn header(size: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(HEADER);
    header.extend(size.to_be_bytes());
    header.extend([0; 4]);
    header.extend([4, 0x20, 0, 0]);
    header.extend(b"mntrRGB XYZ ");
    // A day for its making, as twelve bytes of year, month, day and time: fixed, so that the bytes are.
    header.extend([0x07, 0xea, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    header.extend(b"acsp");
    header.extend([0; 28]);
    header.extend(WHITE.iter().flat_map(|value| fixed(*value)));
    header.resize(HEADER, 0);
    header
}

/// A number as sixteen bits before the point and sixteen behind it.
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65_536.0).round() as i32).to_be_bytes()
}

fn tagged(kind: &[u8; 4], values: &[f64]) -> Vec<u8> {
    let mut bytes = kind.to_vec();
    bytes.extend([0; 4]);
    bytes.extend(values.iter().flat_map(|value| fixed(*value)));
    bytes
}

fn curve() -> Vec<u8> {
    let mut bytes = b"para".to_vec();
    bytes.extend([0, 0, 0, 0, 0, 3, 0, 0]);
    bytes.extend(CURVE.iter().flat_map(|value| fixed(*value)));
    bytes
}

/// A text in one language.
fn text(words: &str) -> Vec<u8> {
    let words: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut bytes = b"mluc".to_vec();
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 12]);
    bytes.extend(b"enUS");
    bytes.extend((words.len() as u32).to_be_bytes());
    bytes.extend(28u32.to_be_bytes());
    bytes.extend(words);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primaries_add_up_to_white_and_the_tags_lie_inside() {
        for part in 0..3 {
            assert!((RED[part] + GREEN[part] + BLUE[part] - WHITE[part]).abs() < 0.0005, "part {part}");
        }
        let profile = profile();
        let number = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().expect("four bytes")) as usize;
        assert_eq!((number(0), &profile[36..40]), (profile.len(), b"acsp".as_slice()));
        for tag in 0..number(HEADER) {
            let (offset, size) = (number(HEADER + 8 + tag * TAG), number(HEADER + 12 + tag * TAG));
            assert!(offset % 4 == 0 && offset + size <= profile.len(), "tag {tag}");
        }
    }
}
