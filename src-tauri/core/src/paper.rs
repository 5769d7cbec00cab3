//! Layout of paper on top of the PDF library: sheets of A4, text in embedded faces, rules, fills, a QR
//! code, tables that run over pages, and a foot with the page's number on each sheet.
//!
//! Places are points from the top left corner, as one reads; only this file knows that PDF counts from
//! the bottom. The same content gives the same bytes: names, dates and identifiers inside the file come
//! from the caller, never from a clock or a random source.

mod archive;
mod attach;
mod colour_space;
mod fonts;
pub mod form;
mod merge;
mod picture;
mod sfnt;
mod stamp;
mod table;
mod text;

use std::collections::BTreeSet;
use std::io::Write;

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use printpdf::{
    Color, FontId, Line, LinePoint, Mm, Op, PaintMode, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Pt,
    Rect, Rgb, TextItem, TextMatrix, XObjectId, XObjectTransform,
};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

pub use archive::FACTUR_X;
pub use attach::attached;
pub use fonts::{Fonts, Weight};
pub use merge::Merged;
pub use picture::{Picture, from_hex};
pub use stamp::stamp;
pub use table::{Align, Carry, Cell, Column, Row, Span, Table};
pub use text::wrap;

/// A4, in points.
pub const WIDTH: f32 = 595.28;
/// A4, in points.
pub const HEIGHT: f32 = 841.89;
/// Where content begins and ends between left and right.
pub const LEFT: f32 = 48.0;
/// Where content begins and ends between left and right.
pub const RIGHT: f32 = WIDTH - 48.0;
/// Where the first sheet's content begins.
pub const TOP: f32 = 46.0;
/// Where a later sheet's content begins, below its running head.
const TOP_LATER: f32 = 70.0;
/// Where content ends; the foot stands below.
const BOTTOM: f32 = HEIGHT - 62.0;

/// A colour as red, green and blue, 0–255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// Running text.
pub const INK: Colour = Colour(0x13, 0x1a, 0x26);
/// Labels and asides, dark enough for a poor printer.
pub const QUIET: Colour = Colour(0x5b, 0x66, 0x77);
/// Hairlines.
pub const HAIR: Colour = Colour(0xd3, 0xd8, 0xe0);
/// Backgrounds of heads and boxes.
pub const WASH: Colour = Colour(0xf4, 0xf6, 0xf9);
/// Titles and the line below them.
pub const BRAND: Colour = Colour(0x1f, 0x3f, 0x8f);
const CREATOR: &str = "Kontor";
const PRODUCER: &str = "Kontor, printpdf";
const WATERMARK: Colour = Colour(0xec, 0xee, 0xf2);

/// Size, weight and colour of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Points.
    pub size: f32,
    /// The face.
    pub weight: Weight,
    /// The ink.
    pub colour: Colour,
}

impl Style {
    /// Running text of a size.
    pub const fn regular(size: f32) -> Self {
        Self { size, weight: Weight::Regular, colour: INK }
    }

    /// Bold text of a size.
    pub const fn bold(size: f32) -> Self {
        Self { size, weight: Weight::Bold, colour: INK }
    }

    /// The same in another colour.
    pub const fn in_colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// From one baseline to the next.
    pub fn leading(&self) -> f32 {
        self.size * 1.42
    }

    /// From the top of a line to its baseline: Chinese glyphs fill their square from 0.12 below the
    /// baseline to 0.88 above it, and the square stands in the middle of the line.
    fn drop(&self) -> f32 {
        (self.leading() - self.size) / 2.0 + self.size * 0.88
    }
}

/// What a paper says about itself, on every sheet and in the file's properties.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The file's title.
    pub title: String,
    /// Who issued it.
    pub author: String,
    /// One line on what it is.
    pub subject: String,
    /// Stands for the file's identity: the same identity and content give the same bytes.
    pub identity: String,
    /// The instant written into the file's properties.
    pub created_at: DateTime<Utc>,
    /// Head of the second sheet and those after it: left and right.
    pub running_head: [String; 2],
    /// Two lines at the foot of every sheet, left of the page number.
    pub foot: [String; 2],
    /// Large pale words across every sheet, for rehearsals.
    pub watermark: Option<String>,
}

/// A file inside the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its name.
    pub name: String,
    /// What it is, in a few words.
    pub description: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A paper being laid out. Content goes down the sheet from `y`.
pub struct Paper<'f> {
    /// How far down the present sheet the content has come.
    pub y: f32,
    fonts: &'f Fonts,
    setup: Setup,
    tags: [FontId; 2],
    sheets: Vec<Sheet>,
    characters: [BTreeSet<char>; 2],
    pictures: Vec<Picture>,
    attached: Vec<Attached>,
    in_english: bool,
    refused: Option<Error>,
}

/// One sheet's drawing, and what the pen was last set to, so that nothing is set twice.
#[derive(Default)]
struct Sheet {
    ops: Vec<Op>,
    face: Option<(Weight, f32)>,
    ink: Option<Colour>,
    line: Option<(Colour, f32)>,
}

impl<'f> Paper<'f> {
    /// An empty paper with its first sheet.
    pub fn new(fonts: &'f Fonts, setup: Setup) -> Self {
        let tags = [Weight::Regular, Weight::Bold].map(|weight| subset_tag(&setup.identity, weight));
        let mut paper = Self {
            y: TOP,
            fonts,
            setup,
            tags,
            sheets: Vec::new(),
            characters: Default::default(),
            pictures: Vec::new(),
            attached: Vec::new(),
            in_english: false,
            refused: None,
        };
        paper.add_sheet();
        paper
    }

    /// Files that travel inside this one: the same facts for programs.
    pub fn attach(&mut self, files: Vec<Attached>) {
        self.attached.extend(files);
    }

    /// Counts the sheets in English alone.
    pub fn count_in_english(&mut self) {
        self.in_english = true;
    }

    /// The faces, for measuring.
    pub fn fonts(&self) -> &'f Fonts {
        self.fonts
    }

    /// What is left of this sheet.
    pub fn room(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Goes to a new sheet.
    pub fn next_sheet(&mut self) {
        self.add_sheet();
        self.y = TOP_LATER;
    }

    /// Goes to a new sheet unless so much is left of this one.
    pub fn keep(&mut self, height: f32) {
        if self.room() < height {
            self.next_sheet();
        }
    }

    /// How wide a text is.
    pub fn measure(&self, style: &Style, text: &str) -> f32 {
        self.fonts.measure(style.weight, text) * style.size
    }

    /// One line of text with its top left corner at a place.
    pub fn text(&mut self, x: f32, top: f32, style: &Style, text: &str) {
        let place = TextMatrix::Translate(Pt(tidy(x)), Pt(tidy(HEIGHT - top - style.drop())));
        self.show(place, style, text);
    }

    /// One line of text that ends at `right`.
    pub fn text_right(&mut self, right: f32, top: f32, style: &Style, text: &str) {
        self.text(right - self.measure(style, text), top, style, text);
    }

    /// Lines broken at a width. Returns the height they take.
    pub fn paragraph(&mut self, x: f32, top: f32, width: f32, style: &Style, text: &str) -> f32 {
        let lines = wrap(self.fonts, style.weight, style.size, width, text);
        for (at, line) in lines.iter().enumerate() {
            self.text(x, top + at as f32 * style.leading(), style, line);
        }
        lines.len() as f32 * style.leading()
    }

    /// Lines broken at a width, from the present place downwards and over as many sheets as they need.
    pub fn flow(&mut self, x: f32, width: f32, style: &Style, text: &str) {
        for line in wrap(self.fonts, style.weight, style.size, width, text) {
            self.keep(style.leading());
            self.text(x, self.y, style, &line);
            self.y += style.leading();
        }
    }

    /// The height that [`Paper::paragraph`] would take.
    pub fn paragraph_height(&self, width: f32, style: &Style, text: &str) -> f32 {
        wrap(self.fonts, style.weight, style.size, width, text).len() as f32 * style.leading()
    }

    /// A straight line.
    pub fn rule(&mut self, from: (f32, f32), to: (f32, f32), thickness: f32, colour: Colour) {
        let sheet = self.sheet();
        if sheet.line != Some((colour, thickness)) {
            sheet.ops.push(Op::SetOutlineColor { col: colour.into() });
            sheet.ops.push(Op::SetOutlineThickness { pt: Pt(thickness) });
            sheet.line = Some((colour, thickness));
        }
        let point = |(x, y): (f32, f32)| LinePoint { p: at(x, y), bezier: false };
        sheet.ops.push(Op::DrawLine { line: Line { points: vec![point(from), point(to)], is_closed: false } });
    }

    /// A filled rectangle.
    pub fn fill(&mut self, x: f32, top: f32, width: f32, height: f32, colour: Colour) {
        let sheet = self.sheet();
        sheet.set_ink(colour);
        sheet.ops.push(Op::DrawRectangle { rectangle: rectangle(x, top, width, height) });
    }

    /// A picture with its top left corner at a place. The same one twice is in the file once.
    pub fn picture(&mut self, x: f32, top: f32, width: f32, height: f32, picture: &Picture) {
        let known = self.pictures.iter().position(|one| one == picture);
        let at = known.unwrap_or_else(|| {
            self.pictures.push(picture.clone());
            self.pictures.len() - 1
        });
        let transform = XObjectTransform {
            translate_x: Some(Pt(tidy(x))),
            translate_y: Some(Pt(tidy(HEIGHT - top - height))),
            scale_x: Some(tidy(width)),
            scale_y: Some(tidy(height)),
            no_auto_scale: true,
            ..XObjectTransform::default()
        };
        self.sheet().ops.push(Op::UseXobject { id: picture_id(at), transform });
    }

    /// A QR code of a text, as filled squares; its quiet zone is the caller's white space.
    pub fn qr(&mut self, x: f32, top: f32, side: f32, text: &str) -> Result<()> {
        let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).map_err(Error::bug)?;
        let modules = code.width();
        let module = side / modules as f32;
        let colours = code.to_colors();
        let mut dark: Vec<bool> = colours.iter().map(|colour| *colour == qrcode::Color::Dark).collect();
        for row in 0..modules {
            for column in 0..modules {
                let Some((across, down)) = take_block(&mut dark, modules, row, column) else { continue };
                let (left, upper) = (x + column as f32 * module, top + row as f32 * module);
                self.fill(left, upper, across as f32 * module, down as f32 * module, INK);
            }
        }
        Ok(())
    }

    /// The finished file.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        let count = self.sheets.len();
        for number in 0..count {
            self.sheets.swap(number, count - 1);
            self.head_and_foot(number + 1, count);
            self.sheets.swap(number, count - 1);
        }
        match self.refused.take() {
            Some(refused) => Err(refused),
            None => self.into_bytes(),
        }
    }

    /// Draws on the last sheet in the list: `finish` brings each sheet there in turn.
    fn head_and_foot(&mut self, number: usize, count: usize) {
        let small = Style::regular(7.0).in_colour(QUIET);
        if number > 1 {
            let [left, right] = self.setup.running_head.clone();
            self.text(LEFT, 42.0, &small, &left);
            self.text_right(RIGHT, 42.0, &small, &right);
            self.rule((LEFT, 56.0), (RIGHT, 56.0), 0.5, HAIR);
        }
        let top = BOTTOM + 14.0;
        self.rule((LEFT, top), (RIGHT, top), 0.5, HAIR);
        for (line, text) in self.setup.foot.clone().iter().enumerate() {
            self.text(LEFT, top + 5.0 + line as f32 * 10.5, &small, text);
        }
        let mut line = top + 5.0;
        if !self.in_english {
            self.text_right(RIGHT, line, &small, &format!("第 {number} 页，共 {count} 页"));
            line += 10.5;
        }
        self.text_right(RIGHT, line, &small, &format!("Page {number} of {count}"));
    }

    fn add_sheet(&mut self) {
        self.sheets.push(Sheet::default());
        if let Some(words) = self.setup.watermark.clone() {
            let style = Style { size: 66.0, weight: Weight::Bold, colour: WATERMARK };
            let half = self.measure(&style, &words) / 2.0;
            // Up the sheet's diagonal, through its middle.
            let (sine, cosine) = (HEIGHT.atan2(WIDTH).sin(), HEIGHT.atan2(WIDTH).cos());
            let (x, y) = (WIDTH / 2.0 - half * cosine, HEIGHT / 2.0 - half * sine);
            let matrix = [cosine, sine, -sine, cosine, x + 24.0 * sine, y - 24.0 * cosine].map(tidy_fine);
            self.show(TextMatrix::Raw(matrix), &style, &words);
        }
    }

    fn show(&mut self, place: TextMatrix, style: &Style, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Err(refusal) = self.fonts.check(text) {
            self.refused.get_or_insert(refusal);
            return;
        }
        self.characters[style.weight as usize].extend(text.chars());
        let font = PdfFontHandle::External(self.tags[style.weight as usize].clone());
        let sheet = self.sheet();
        sheet.set_ink(style.colour);
        sheet.ops.push(Op::StartTextSection);
        if sheet.face != Some((style.weight, style.size)) {
            sheet.ops.push(Op::SetFont { font, size: Pt(style.size) });
            sheet.face = Some((style.weight, style.size));
        }
        sheet.ops.push(match place {
            TextMatrix::Translate(x, y) => Op::SetTextCursor { pos: Point { x, y } },
            turned => Op::SetTextMatrix { matrix: turned },
        });
        sheet.ops.push(Op::ShowText { items: vec![TextItem::Text(text.to_owned())] });
        sheet.ops.push(Op::EndTextSection);
    }

    fn sheet(&mut self) -> &mut Sheet {
        // There is always a sheet: `new` adds the first.
        let last = self.sheets.len() - 1;
        &mut self.sheets[last]
    }

    fn into_bytes(self) -> Result<Vec<u8>> {
        let mut document = PdfDocument::new(&self.setup.title);
        let info = &mut document.metadata.info;
        let created_at = printpdf::OffsetDateTime::from_unix_timestamp(self.setup.created_at.timestamp());
        if let Ok(instant) = created_at {
            (info.creation_date, info.modification_date, info.metadata_date) = (instant, instant, instant);
        }
        info.author.clone_from(&self.setup.author);
        info.subject.clone_from(&self.setup.subject);
        info.creator = CREATOR.to_owned();
        info.producer = PRODUCER.to_owned();
        for weight in [Weight::Regular, Weight::Bold] {
            let font = self.fonts.face(weight).subset(&self.characters[weight as usize])?;
            document.resources.fonts.map.insert(self.tags[weight as usize].clone(), font);
        }
        for (at, picture) in self.pictures.iter().enumerate() {
            document.resources.xobjects.map.insert(picture_id(at), picture.object());
        }
        let size = (Mm::from(Pt(WIDTH)), Mm::from(Pt(HEIGHT)));
        document.pages = self.sheets.into_iter().map(|sheet| PdfPage::new(size.0, size.1, sheet.ops)).collect();
        write(&document, &self.setup, &self.attached)
    }
}

impl Sheet {
    fn set_ink(&mut self, colour: Colour) {
        if self.ink != Some(colour) {
            self.ops.push(Op::SetFillColor { col: colour.into() });
            self.ink = Some(colour);
        }
    }
}

/// Writes the file by way of its object tree, to replace the random identifiers that the library sets
/// and to drop the printing standard that it would claim.
fn write(document: &PdfDocument, setup: &Setup, attached: &[Attached]) -> Result<Vec<u8>> {
    let mut warnings = Vec::new();
    let mut tree = document.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
    if let Some(warning) = warnings.iter().find(|warning| warning.severity == printpdf::PdfParseErrorSeverity::Error) {
        return Err(Error::bug(format_args!("the paper cannot be written: {}", warning.msg)));
    }
    tree.version = "1.7".to_owned();
    let digest: String =
        Sha256::digest(setup.identity.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    if let Ok(identifiers) = tree.trailer.get_mut(b"ID").and_then(|object| object.as_array_mut()) {
        for identifier in identifiers {
            *identifier.as_str_mut().map_err(Error::bug)? = digest.clone().into_bytes();
        }
    }
    let info = tree.trailer.get(b"Info").and_then(|object| object.as_reference()).map_err(Error::bug)?;
    let info = tree.get_dictionary_mut(info).map_err(Error::bug)?;
    for unused in [b"GTS_PDFXVersion".as_slice(), b"Identifier", b"Keywords", b"Trapped"] {
        info.remove(unused);
    }
    attach::attach(&mut tree, setup, attached)?;
    archive::declare(&mut tree, setup, attached)?;
    for object in tree.objects.values_mut() {
        if let Ok(stream) = object.as_stream_mut()
            && stream.allows_compression
        {
            // The library's own way takes the slowest level: a third of all the time for half a per cent.
            let mut packed = ZlibEncoder::new(Vec::with_capacity(stream.content.len() / 2), Compression::default());
            packed.write_all(&stream.content)?;
            stream.dict.set("Filter", "FlateDecode");
            stream.set_content(packed.finish()?);
        }
    }
    let mut bytes = Vec::with_capacity(64 * 1024);
    tree.save_to(&mut bytes)?;
    Ok(bytes)
}

fn picture_id(at: usize) -> XObjectId {
    XObjectId(format!("Picture{at}"))
}

/// The six letters before a subset's name. They differ from paper to paper, so that a merged run does
/// not mix the subsets up.
fn subset_tag(identity: &str, weight: Weight) -> FontId {
    let digest = Sha256::digest(format!("{identity} {weight:?}").as_bytes());
    FontId(digest.iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect())
}

/// The largest block of dark modules that begins here, struck off so that no module is drawn twice:
/// whole blocks leave no hairlines between their modules.
fn take_block(dark: &mut [bool], modules: usize, row: usize, column: usize) -> Option<(usize, usize)> {
    let is_dark = |dark: &[bool], row: usize, column: usize| dark[row * modules + column];
    if !is_dark(dark, row, column) {
        return None;
    }
    let across = (column..modules).take_while(|column| is_dark(dark, row, *column)).count();
    let whole = |dark: &[bool], row: usize| (column..column + across).all(|column| is_dark(dark, row, column));
    let down = (row..modules).take_while(|row| whole(dark, *row)).count();
    for row in row..row + down {
        dark[row * modules + column..][..across].fill(false);
    }
    Some((across, down))
}

fn at(x: f32, top: f32) -> Point {
    Point { x: Pt(tidy(x)), y: Pt(tidy(HEIGHT - top)) }
}

fn rectangle(x: f32, top: f32, width: f32, height: f32) -> Rect {
    let mut rectangle =
        Rect::from_xywh(Pt(tidy(x)), Pt(tidy(HEIGHT - top - height)), Pt(tidy_fine(width)), Pt(tidy_fine(height)));
    rectangle.mode = Some(PaintMode::Fill);
    rectangle
}

/// Hundredths of a point are finer than any printer; more digits only make files larger.
fn tidy(points: f32) -> f32 {
    (points * 100.0).round() / 100.0
}

fn tidy_fine(points: f32) -> f32 {
    (points * 10_000.0).round() / 10_000.0
}

impl From<Colour> for Color {
    fn from(Colour(red, green, blue): Colour) -> Self {
        let part = |value: u8| (f32::from(value) / 255.0 * 1000.0).round() / 1000.0;
        Color::Rgb(Rgb::new(part(red), part(green), part(blue), None))
    }
}
