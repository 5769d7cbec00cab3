//! Many papers in one file, written as they come: what is kept of a finished paper is where its objects stand.
//!
//! Each paper keeps its own fonts under its own names, so nothing of one is drawn with another's letters.

use std::io::Write;

use lopdf::{Dictionary, Document, Object, Stream, StringFormat};

use crate::error::{Error, Result};

/// What a sheet may take over from the list it stands in.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];
const CATALOG: u32 = 1;
const SHEETS: u32 = 2;

/// A file of many papers that is being written.
pub struct Merged<W: Write> {
    out: W,
    written: u64,
    /// Where each object begins; the object's number is its place here.
    offsets: Vec<u64>,
    sheets: Vec<u32>,
}

impl<W: Write> Merged<W> {
    /// Begins the file.
    pub fn begin(out: W) -> Result<Self> {
        let mut merged = Self { out, written: 0, offsets: vec![0; 3], sheets: Vec::new() };
        // The comment's high bytes tell programs that the file is not text.
        merged.put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
        Ok(merged)
    }

    /// Adds a paper and answers with its sheets.
    pub fn add(&mut self, pdf: &[u8]) -> Result<usize> {
        self.add_from(pdf, 1)
    }

    /// Adds a paper from one of its pages on.
    pub fn add_from(&mut self, pdf: &[u8], page: u32) -> Result<usize> {
        let mut paper = Document::load_mem(pdf).map_err(Error::bug)?;
        let first = u32::try_from(self.offsets.len()).map_err(Error::bug)?;
        paper.renumber_objects_with(first);
        let sheets: Vec<_> = paper.page_iter().skip(page.saturating_sub(1) as usize).collect();
        for sheet in &sheets {
            let taken: Vec<_> =
                INHERITED.iter().filter_map(|key| Some((*key, inherited(&paper, *sheet, key)?))).collect();
            let sheet = paper.get_dictionary_mut(*sheet).map_err(Error::bug)?;
            for (key, value) in taken {
                sheet.set(key, value);
            }
            sheet.set("Parent", (SHEETS, 0));
        }
        self.sheets.extend(sheets.iter().map(|(number, _)| *number));
        for ((number, _), object) in &paper.objects {
            let kind = object.as_dict().and_then(|dictionary| dictionary.get_type()).unwrap_or_default();
            if kind != b"Catalog" && kind != b"Pages" {
                self.object(*number, object)?;
            }
        }
        Ok(sheets.len())
    }

    /// Completes the file and answers with what it was written to.
    pub fn finish(mut self) -> Result<W> {
        let kids = self.sheets.iter().map(|number| Object::Reference((*number, 0))).collect::<Vec<_>>();
        let count = i64::try_from(kids.len()).map_err(Error::bug)?;
        let sheets =
            Dictionary::from_iter([("Type", "Pages".into()), ("Count", count.into()), ("Kids", Object::Array(kids))]);
        self.object(SHEETS, &Object::Dictionary(sheets))?;
        let catalog = Dictionary::from_iter([("Type", "Catalog".into()), ("Pages", Object::Reference((SHEETS, 0)))]);
        self.object(CATALOG, &Object::Dictionary(catalog))?;
        let begins = self.written;
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.offsets.len());
        for offset in &self.offsets[1..] {
            // A number that no object has: the list of free numbers has one member, itself.
            table.push_str(&if *offset == 0 {
                "0000000000 65535 f \n".to_owned()
            } else {
                format!("{offset:010} 00000 n \n")
            });
        }
        table.push_str(&format!(
            "trailer\n<</Size {}/Root {CATALOG} 0 R>>\nstartxref\n{begins}\n%%EOF\n",
            self.offsets.len()
        ));
        self.put(table.as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn object(&mut self, number: u32, object: &Object) -> Result<()> {
        let place = number as usize;
        if self.offsets.len() <= place {
            self.offsets.resize(place + 1, 0);
        }
        self.offsets[place] = self.written;
        let mut text = format!("{number} 0 obj\n").into_bytes();
        write_object(&mut text, object);
        text.extend_from_slice(b"\nendobj\n");
        self.put(&text)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }
}

fn inherited(paper: &Document, sheet: (u32, u16), key: &[u8]) -> Option<Object> {
    let mut at = paper.get_dictionary(sheet).ok()?;
    if at.has(key) {
        return None;
    }
    // A list of sheets in another one: few deep, and a file that goes in circles ends here.
    for _ in 0..8 {
        at = paper.get_dictionary(at.get(b"Parent").ok()?.as_reference().ok()?).ok()?;
        if let Ok(value) = at.get(key) {
            return Some(value.clone());
        }
    }
    None
}

fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Object::Integer(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(text, format) => write_string(out, text, *format),
        Object::Array(items) => {
            out.push(b'[');
            for item in items {
                write_object(out, item);
                out.push(b' ');
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary),
        Object::Stream(stream) => write_stream(out, stream),
        Object::Reference((number, generation)) => out.extend_from_slice(format!("{number} {generation} R").as_bytes()),
    }
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        match byte {
            b'!'..=b'~' if !b"#/()<>[]{}%".contains(byte) => out.push(*byte),
            other => out.extend_from_slice(format!("#{other:02X}").as_bytes()),
        }
    }
}

/// Digits of sixteen: no character needs an escape then.
fn write_string(out: &mut Vec<u8>, text: &[u8], _format: StringFormat) {
    out.push(b'<');
    out.extend(text.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()));
    out.push(b'>');
}

fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary.iter() {
        write_name(out, key);
        out.push(b' ');
        write_object(out, value);
    }
    out.extend_from_slice(b">>");
}

fn write_stream(out: &mut Vec<u8>, stream: &Stream) {
    let mut head = stream.dict.clone();
    head.set("Length", stream.content.len() as i64);
    write_dictionary(out, &head);
    out.extend_from_slice(b"\nstream\n");
    out.extend_from_slice(&stream.content);
    out.extend_from_slice(b"\nendstream");
}
