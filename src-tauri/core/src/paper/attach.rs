//! Files inside a paper: the same facts for programs, as an associated file of the document.

use lopdf::{Dictionary, Document, Object, Stream, StringFormat};

use super::{Attached, Setup};
use crate::error::{Error, Result};

/// Puts files into the finished tree.
pub(super) fn attach(tree: &mut Document, setup: &Setup, attached: &[Attached]) -> Result<()> {
    if attached.is_empty() {
        return Ok(());
    }
    let instant = Object::string_literal(setup.created_at.format("D:%Y%m%d%H%M%SZ").to_string());
    let mut names = Vec::new();
    let mut files = Vec::new();
    for attached in attached {
        let facts =
            Dictionary::from_iter([("Size", (attached.bytes.len() as i64).into()), ("ModDate", instant.clone())]);
        let head = Dictionary::from_iter([
            ("Type", "EmbeddedFile".into()),
            ("Subtype", Object::Name(b"text/xml".to_vec())),
            ("Params", Object::Dictionary(facts)),
        ]);
        let stream = tree.add_object(Stream::new(head, attached.bytes.clone()));
        let places = Dictionary::from_iter([("F", Object::Reference(stream)), ("UF", Object::Reference(stream))]);
        let name = Object::String(attached.name.clone().into_bytes(), StringFormat::Literal);
        let specification = Dictionary::from_iter([
            ("Type", "Filespec".into()),
            ("F", name.clone()),
            ("UF", name.clone()),
            ("Desc", Object::String(attached.description.as_bytes().to_vec(), StringFormat::Literal)),
            // It says the same as the pages: an alternative, and not a supplement.
            ("AFRelationship", "Alternative".into()),
            ("EF", Object::Dictionary(places)),
        ]);
        let id = tree.add_object(specification);
        names.push((attached.name.clone().into_bytes(), Object::Reference(id)));
        files.push(Object::Reference(id));
    }
    // Readers look a name up by halves, so the tree is in order; the list of files keeps the order given.
    names.sort_by(|(one, _): &(Vec<u8>, Object), (other, _)| one.cmp(other));
    let named = |(name, file)| [Object::String(name, StringFormat::Literal), file];
    let names = names.into_iter().flat_map(named).collect();
    let tree_of_names = Dictionary::from_iter([("Names", Object::Array(names))]);
    let tree_of_names = Dictionary::from_iter([("EmbeddedFiles", Object::Dictionary(tree_of_names))]);
    let catalog = tree.catalog_mut().map_err(Error::bug)?;
    catalog.set("Names", tree_of_names);
    catalog.set("AF", Object::Array(files));
    Ok(())
}

/// The files inside a finished paper.
pub fn attached(pdf: &[u8]) -> Result<Vec<Attached>> {
    let tree = Document::load_mem(pdf).map_err(Error::bug)?;
    let catalog = tree.catalog().map_err(Error::bug)?;
    let Ok(files) = catalog.get(b"AF").and_then(Object::as_array) else { return Ok(Vec::new()) };
    let read = |file: &Object| -> lopdf::Result<Attached> {
        let file = tree.get_dictionary(file.as_reference()?)?;
        let stream = file.get(b"EF")?.as_dict()?.get(b"F")?.as_reference()?;
        let stream = tree.get_object(stream)?.as_stream()?;
        let name = String::from_utf8_lossy(file.get(b"UF")?.as_str()?).into_owned();
        Ok(Attached { name, description: "", bytes: stream.decompressed_content()? })
    };
    files.iter().map(|file| read(file).map_err(Error::bug)).collect()
}
