//! The mark on a copy. The finished file stays as it is, byte for byte; what is added stands behind it, as the format provides.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream};
use printpdf::{Mm, Op, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, TextItem, TextMatrix};

use super::{Colour, Fonts, HEIGHT, RIGHT, WIDTH, Weight, subset_tag, tidy};
use crate::error::{Error, Result};

const SIZE: f32 = 9.0;
const MARK: Colour = Colour(0xb4, 0x23, 0x18);
const NAME: &str = "KontorMark";

/// The file with a mark at the head of every sheet. It begins with the very bytes that it was given.
pub fn stamp(fonts: &Fonts, pdf: &[u8], words: &str) -> Result<Vec<u8>> {
    fonts.check(words)?;
    let original = Document::load_mem(pdf).map_err(Error::bug)?;
    let (mark, mut form) = drawn(fonts, words, original.max_id + 1)?;
    let mut marked = IncrementalDocument::create_from(pdf.to_vec(), original);
    let mut highest = mark.max_id;
    for (id, object) in &mark.objects {
        let kind = object.as_dict().and_then(Dictionary::get_type).unwrap_or_default();
        if ![b"Catalog".as_slice(), b"Pages", b"Page"].contains(&kind) {
            marked.new_document.objects.insert(*id, object.clone());
        }
    }
    highest += 1;
    form.compress().map_err(Error::bug)?;
    let form_id = (highest, 0);
    marked.new_document.objects.insert(form_id, Object::Stream(form));
    highest += 1;
    // The pages' own drawing may leave the pen anywhere; the mark begins from a clean state.
    let show = Stream::new(Dictionary::new(), format!("Q q /{NAME} Do Q").into_bytes());
    let (open_id, show_id) = ((highest, 0), (highest + 1, 0));
    marked.new_document.objects.insert(open_id, Object::Stream(Stream::new(Dictionary::new(), b"q".to_vec())));
    marked.new_document.objects.insert(show_id, Object::Stream(show));
    marked.new_document.max_id = highest + 1;
    let sheets: Vec<ObjectId> = marked.get_prev_documents().page_iter().collect();
    for sheet in sheets {
        let page = marked_page(marked.get_prev_documents(), sheet, [open_id, show_id], form_id)?;
        marked.new_document.objects.insert(sheet, Object::Dictionary(page));
    }
    let mut bytes = Vec::with_capacity(pdf.len() + 8192);
    marked.save_to(&mut bytes)?;
    Ok(bytes)
}

fn marked_page(
    original: &Document,
    sheet: ObjectId,
    [open, show]: [ObjectId; 2],
    form: ObjectId,
) -> Result<Dictionary> {
    let mut page = original.get_dictionary(sheet).map_err(Error::bug)?.clone();
    let resources = page.get(b"Resources").cloned().unwrap_or_else(|_| Object::Dictionary(Dictionary::new()));
    let mut resources = of(original, &resources)?;
    let mut objects = match resources.get(b"XObject") {
        Ok(objects) => of(original, objects)?,
        Err(_) => Dictionary::new(),
    };
    objects.set(NAME, Object::Reference(form));
    resources.set("XObject", objects);
    page.set("Resources", resources);
    let drawing = match page.get(b"Contents").map_err(Error::bug)? {
        Object::Array(parts) => parts.clone(),
        one => vec![one.clone()],
    };
    let mut parts = vec![Object::Reference(open)];
    parts.extend(drawing);
    parts.push(Object::Reference(show));
    page.set("Contents", parts);
    Ok(page)
}

fn of(original: &Document, object: &Object) -> Result<Dictionary> {
    let (_, object) = original.dereference(object).map_err(Error::bug)?;
    object.as_dict().cloned().map_err(Error::bug)
}

/// The mark as a drawing of its own with its own letters, numbered from `first` on.
fn drawn(fonts: &Fonts, words: &str, first: u32) -> Result<(Document, Stream)> {
    let tag = subset_tag(words, Weight::Bold);
    let mut document = PdfDocument::new("");
    let characters: BTreeSet<char> = words.chars().collect();
    document.resources.fonts.map.insert(tag.clone(), fonts.face(Weight::Bold).subset(&characters)?);
    let x = RIGHT - fonts.measure(Weight::Bold, words) * SIZE;
    let ops = vec![
        Op::StartTextSection,
        Op::SetFillColor { col: MARK.into() },
        Op::SetFont { font: PdfFontHandle::External(tag), size: Pt(SIZE) },
        Op::SetTextMatrix { matrix: TextMatrix::Translate(Pt(tidy(x)), Pt(tidy(HEIGHT - 28.0))) },
        Op::ShowText { items: vec![TextItem::Text(words.to_owned())] },
        Op::EndTextSection,
    ];
    document.pages = vec![PdfPage::new(Mm::from(Pt(WIDTH)), Mm::from(Pt(HEIGHT)), ops)];
    let mut tree = document.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
    tree.renumber_objects_with(first);
    let sheet = tree.page_iter().next().ok_or_else(|| Error::bug("the mark has no sheet"))?;
    let page = tree.get_dictionary(sheet).map_err(Error::bug)?;
    let resources = page.get(b"Resources").cloned().map_err(Error::bug)?;
    let content = tree.get_page_content(sheet);
    let head = Dictionary::from_iter([
        ("Type", "XObject".into()),
        ("Subtype", "Form".into()),
        ("BBox", Object::Array(vec![0.into(), 0.into(), WIDTH.into(), HEIGHT.into()])),
        ("Resources", resources),
    ]);
    tree.compress();
    Ok((tree, Stream::new(head, content)))
}
