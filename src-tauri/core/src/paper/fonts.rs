//! The two faces of every paper, found on this machine and checked to be exactly the ones we know.
//!
//! A font of another version measures differently, and a paper printed twice would differ. So the
//! files are pinned by hash; a face that is not ours is refused, never replaced by a similar one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use printpdf::{ParsedFont, PdfFont};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::sfnt::Sfnt;
use crate::error::{Error, Result};

/// How heavy a text stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// Running text.
    Regular,
    /// Titles and totals.
    Bold,
}

struct Known {
    weight: Weight,
    folder: &'static str,
    file: &'static str,
    sha256: &'static str,
}

const KNOWN: [Known; 2] = [
    Known {
        weight: Weight::Regular,
        folder: "400Regular",
        file: "NotoSansSC_400Regular.ttf",
        sha256: "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
    },
    Known {
        weight: Weight::Bold,
        folder: "700Bold",
        file: "NotoSansSC_700Bold.ttf",
        sha256: "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
    },
];

/// Where the font package lies in a development tree, seen from the core crate.
const PACKAGE: &str = "../../ui/node_modules/@expo-google-fonts/noto-sans-sc";

/// Both faces, parsed once and shared by all papers.
pub struct Fonts {
    faces: [Face; 2],
}

/// One face.
pub(super) struct Face {
    weight: Weight,
    sfnt: Sfnt,
}

static SHARED: OnceLock<Fonts> = OnceLock::new();

impl Fonts {
    /// The fonts of this process, loaded at first use. `folder` is asked first, then the other places
    /// that [`Fonts::load`] knows.
    pub fn shared(folder: Option<&Path>) -> Result<&'static Fonts> {
        if let Some(fonts) = SHARED.get() {
            return Ok(fonts);
        }
        let fonts = Fonts::load(folder)?;
        Ok(SHARED.get_or_init(|| fonts))
    }

    /// Reads both faces from the first place that has them: `folder` (the application's resources),
    /// the folder named by `KONTOR_FONTS`, beside the executable, the development tree.
    pub fn load(folder: Option<&Path>) -> Result<Self> {
        let places = places(folder);
        let [regular, bold] = KNOWN;
        Ok(Self { faces: [Face::load(&regular, &places)?, Face::load(&bold, &places)?] })
    }

    pub(super) fn face(&self, weight: Weight) -> &Face {
        &self.faces[weight as usize]
    }

    /// How wide a text is at one point of size. Characters without a glyph count as nothing; they are
    /// refused before anything is drawn.
    pub fn measure(&self, weight: Weight, text: &str) -> f32 {
        let face = self.face(weight);
        text.chars().filter_map(|character| face.advance(character)).sum()
    }

    /// Refuses a text that our faces cannot draw, naming the first such character.
    pub fn check(&self, text: &str) -> Result<()> {
        match text.chars().find(|character| !self.can_draw(*character)) {
            None => Ok(()),
            Some(character) => {
                let code_point = format!("U+{:04X}", character as u32);
                Err(Error::rule_with("glyph_missing", json!({ "character": character, "code_point": code_point })))
            }
        }
    }

    /// Whether both faces have the character. Line breaks are layout, not glyphs.
    pub fn can_draw(&self, character: char) -> bool {
        character == '\n' || self.faces.iter().all(|face| face.advance(character).is_some())
    }
}

impl Face {
    fn load(known: &Known, places: &[PathBuf]) -> Result<Self> {
        let path = places
            .iter()
            .flat_map(|place| [place.join(known.file), place.join(known.folder).join(known.file)])
            .find(|path| path.is_file())
            .ok_or_else(|| Error::rule_with("font_missing", json!({ "file": known.file })))?;
        let bytes = std::fs::read(path)?;
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if digest != known.sha256 {
            return Err(Error::rule_with("font_unexpected", json!({ "file": known.file })));
        }
        let sfnt = Sfnt::parse(bytes).ok_or_else(|| Error::bug(format_args!("{:?} does not parse", known.weight)))?;
        Ok(Self { weight: known.weight, sfnt })
    }

    /// The advance of one character at one point of size, if the face has the character. Control
    /// characters and combining marks count as missing: without shaping they would print wrongly.
    pub(super) fn advance(&self, character: char) -> Option<f32> {
        if character.is_control() || matches!(character, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}') {
            return None;
        }
        self.sfnt.glyph(character).map(|glyph| self.sfnt.advance(glyph))
    }

    /// The face with these characters alone, ready for a file.
    pub(super) fn subset(&self, characters: &BTreeSet<char>) -> Result<PdfFont> {
        let small = self.sfnt.subset(characters);
        let parsed = small.and_then(|small| ParsedFont::from_bytes(&small, 0, &mut Vec::new()));
        let mut parsed = parsed.ok_or_else(|| Error::bug(format_args!("{:?} cannot be cut", self.weight)))?;
        parsed.font_name = Some(format!("NotoSansSC-{:?}", self.weight));
        Ok(PdfFont::new(parsed))
    }
}

fn places(folder: Option<&Path>) -> Vec<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.to_path_buf()));
    let mut places: Vec<PathBuf> = folder.map(Path::to_path_buf).into_iter().collect();
    places.extend(std::env::var_os("KONTOR_FONTS").map(PathBuf::from));
    places.extend(beside.iter().flat_map(|beside| [beside.join("fonts"), beside.clone()]));
    places.push(Path::new(env!("CARGO_MANIFEST_DIR")).join(PACKAGE));
    places
}
