//! A TrueType file, read just far enough to measure text and to cut a small font out of it.
//!
//! The PDF library subsets fonts itself, but walks through all thirty thousand characters of a Chinese
//! face for each paper, which costs more than everything else together. It gets a font that holds only
//! the paper's own characters instead. The files are pinned by hash; a broken one is no font, not a panic.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

type Tag = [u8; 4];

/// A parsed face.
pub(super) struct Sfnt {
    bytes: Vec<u8>,
    tables: BTreeMap<Tag, Range<usize>>,
    /// The glyph of each character of the basic plane; 0 where there is none.
    basic_plane: Vec<u16>,
    beyond: BTreeMap<u32, u16>,
    per_em: f32,
    has_long_offsets: bool,
    metric_count: u16,
}

impl Sfnt {
    /// Reads a font file. `None` when it is not a TrueType font with a full character map.
    pub(super) fn parse(bytes: Vec<u8>) -> Option<Self> {
        let count = usize::from(u16_at(&bytes, 4)?);
        let mut tables = BTreeMap::new();
        for record in bytes.get(12..12 + 16 * count)?.chunks_exact(16) {
            let (start, length) = (u32_at(record, 8)? as usize, u32_at(record, 12)? as usize);
            bytes.get(start..start + length)?;
            tables.insert(Tag::try_from(&record[..4]).ok()?, start..start + length);
        }
        let table = |tag: &Tag| bytes.get(tables.get(tag)?.clone());
        let per_em = f32::from(u16_at(table(b"head")?, 18)?);
        let has_long_offsets = u16_at(table(b"head")?, 50)? == 1;
        let metric_count = u16_at(table(b"hhea")?, 34)?;
        table(b"glyf")?;
        let (basic_plane, beyond) = characters(table(b"cmap")?)?;
        Some(Self { basic_plane, beyond, per_em, has_long_offsets, metric_count, tables, bytes })
    }

    /// The glyph of a character.
    pub(super) fn glyph(&self, character: char) -> Option<u16> {
        let code = u32::from(character);
        let glyph = self.basic_plane.get(code as usize).or_else(|| self.beyond.get(&code)).copied();
        glyph.filter(|glyph| *glyph != 0)
    }

    /// How far a glyph moves the pen, in ems.
    pub(super) fn advance(&self, glyph: u16) -> f32 {
        self.metric(glyph).and_then(|metric| u16_at(metric, 0)).map_or(0.0, f32::from) / self.per_em
    }

    /// A font of these characters alone.
    pub(super) fn subset(&self, characters: &BTreeSet<char>) -> Option<Vec<u8>> {
        let mut glyphs: Vec<u16> = vec![0];
        let mut places: BTreeMap<u16, u16> = BTreeMap::from([(0, 0)]);
        let mut map: Vec<(u32, u16)> = Vec::new();
        for character in characters {
            let place = keep(self.glyph(*character)?, &mut glyphs, &mut places);
            map.push((u32::from(*character), place));
        }
        let (mut outlines, mut offsets, mut metrics) = (Vec::new(), vec![0u32], Vec::new());
        let mut at = 0;
        // Composite glyphs add their parts to the list while it is walked.
        while let Some(glyph) = glyphs.get(at).copied() {
            let mut outline = self.outline(glyph)?.to_vec();
            for part in parts(&outline) {
                let place = keep(u16_at(&outline, part)?, &mut glyphs, &mut places);
                outline[part..part + 2].copy_from_slice(&place.to_be_bytes());
            }
            outlines.extend_from_slice(&outline);
            outlines.resize(outlines.len().next_multiple_of(4), 0);
            offsets.push(outlines.len() as u32);
            metrics.extend_from_slice(self.metric(glyph)?);
            at += 1;
        }
        self.assemble(glyphs.len() as u16, &map, outlines, &offsets, metrics)
    }

    fn assemble(
        &self,
        glyph_count: u16,
        map: &[(u32, u16)],
        outlines: Vec<u8>,
        offsets: &[u32],
        metrics: Vec<u8>,
    ) -> Option<Vec<u8>> {
        let patched = |tag: &Tag, at: usize, value: u16| {
            let mut table = self.table(tag)?.to_vec();
            table.get_mut(at..at + 2)?.copy_from_slice(&value.to_be_bytes());
            Some(table)
        };
        let offsets = offsets.iter().flat_map(|offset| offset.to_be_bytes()).collect();
        Some(file(&[
            (*b"OS/2", self.table(b"OS/2")?.to_vec()),
            (*b"cmap", character_map(map)),
            (*b"glyf", outlines),
            (*b"head", patched(b"head", 50, 1)?),
            (*b"hhea", patched(b"hhea", 34, glyph_count)?),
            (*b"hmtx", metrics),
            (*b"loca", offsets),
            (*b"maxp", patched(b"maxp", 4, glyph_count)?),
            (*b"post", [0x0003_0000u32.to_be_bytes().as_slice(), &[0; 28]].concat()),
        ]))
    }

    fn table(&self, tag: &Tag) -> Option<&[u8]> {
        self.bytes.get(self.tables.get(tag)?.clone())
    }

    /// Advance and left bearing. Glyphs past the last full metric share its advance.
    fn metric(&self, glyph: u16) -> Option<&[u8]> {
        let at = 4 * usize::from(glyph.min(self.metric_count.saturating_sub(1)));
        self.table(b"hmtx")?.get(at..at + 4)
    }

    fn outline(&self, glyph: u16) -> Option<&[u8]> {
        let (offsets, glyph) = (self.table(b"loca")?, usize::from(glyph));
        let offset = |at: usize| match self.has_long_offsets {
            true => u32_at(offsets, 4 * at).map(|offset| offset as usize),
            false => u16_at(offsets, 2 * at).map(|offset| 2 * usize::from(offset)),
        };
        self.table(b"glyf")?.get(offset(glyph)?..offset(glyph + 1)?)
    }
}

/// The place of a glyph in the new font, given on first sight.
fn keep(glyph: u16, glyphs: &mut Vec<u16>, places: &mut BTreeMap<u16, u16>) -> u16 {
    *places.entry(glyph).or_insert_with(|| {
        glyphs.push(glyph);
        (glyphs.len() - 1) as u16
    })
}

/// Where a composite outline names its parts.
fn parts(outline: &[u8]) -> Vec<usize> {
    const WIDE_ARGUMENTS: u16 = 0x0001;
    const ONE_SCALE: u16 = 0x0008;
    const MORE_PARTS: u16 = 0x0020;
    const TWO_SCALES: u16 = 0x0040;
    const MATRIX: u16 = 0x0080;
    let is_composite = u16_at(outline, 0).is_some_and(|contours| contours > i16::MAX as u16);
    let mut found = Vec::new();
    let mut at = 10;
    while let Some(flags) = u16_at(outline, at).filter(|_| is_composite) {
        found.push(at + 2);
        let arguments = if flags & WIDE_ARGUMENTS != 0 { 4 } else { 2 };
        let scales = match flags {
            flags if flags & ONE_SCALE != 0 => 2,
            flags if flags & TWO_SCALES != 0 => 4,
            flags if flags & MATRIX != 0 => 8,
            _ => 0,
        };
        at += 4 + arguments + scales;
        if flags & MORE_PARTS == 0 {
            break;
        }
    }
    found
}

/// Reads the full character map (format 12): runs of characters with consecutive glyphs.
fn characters(map: &[u8]) -> Option<(Vec<u16>, BTreeMap<u32, u16>)> {
    let subtables = (0..usize::from(u16_at(map, 2)?)).filter_map(|at| u32_at(map, 4 + 8 * at + 4));
    let full = subtables.filter_map(|at| map.get(at as usize..)).find(|table| u16_at(table, 0) == Some(12))?;
    let (mut basic_plane, mut beyond) = (vec![0; 0x1_0000], BTreeMap::new());
    for run in full.get(16..16 + 12 * u32_at(full, 12)? as usize)?.chunks_exact(12) {
        let (first, last, glyph) = (u32_at(run, 0)?, u32_at(run, 4)?, u32_at(run, 8)?);
        for code in first..=last.min(char::MAX as u32) {
            let glyph = (glyph + code - first) as u16;
            match basic_plane.get_mut(code as usize) {
                Some(place) => *place = glyph,
                None => {
                    beyond.insert(code, glyph);
                }
            }
        }
    }
    Some((basic_plane, beyond))
}

/// A character map of one run for each character.
fn character_map(map: &[(u32, u16)]) -> Vec<u8> {
    let mut table = Vec::with_capacity(28 + 12 * map.len());
    // Version, one subtable: Windows, full Unicode, twelve bytes in.
    for number in [0u16, 1, 3, 10, 0, 12, 12, 0] {
        table.extend_from_slice(&number.to_be_bytes());
    }
    for number in [16 + 12 * map.len() as u32, 0, map.len() as u32] {
        table.extend_from_slice(&number.to_be_bytes());
    }
    for (code, glyph) in map {
        for number in [*code, *code, u32::from(*glyph)] {
            table.extend_from_slice(&number.to_be_bytes());
        }
    }
    table
}

/// A font file of these tables, which are sorted by tag already. Nobody checks its checksums: the PDF
/// library writes the font once more.
fn file(tables: &[(Tag, Vec<u8>)]) -> Vec<u8> {
    let mut font = vec![0, 1, 0, 0];
    for number in [tables.len() as u16, 128, 3, 16] {
        font.extend_from_slice(&number.to_be_bytes());
    }
    let mut start = 12 + 16 * tables.len();
    for (tag, table) in tables {
        font.extend_from_slice(tag);
        for number in [0, start as u32, table.len() as u32] {
            font.extend_from_slice(&number.to_be_bytes());
        }
        start += table.len().next_multiple_of(4);
    }
    for (_, table) in tables {
        font.extend_from_slice(table);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    font
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
