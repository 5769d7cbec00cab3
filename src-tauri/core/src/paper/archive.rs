//! A paper that carries files is written to be kept: PDF/A-3, level B, with the facts that e-invoice readers look for (Factur-X).
//!
//! What the level asks beyond these two parts (embedded faces, no encryption, an identity, named kinds of files) every paper of ours has.

use lopdf::{Dictionary, Document, Object, Stream};
use quick_xml::escape::escape;

use super::{Attached, Setup, colour_space};
use crate::error::{Error, Result};

/// The name by which readers find the invoice among the files of a paper.
pub const FACTUR_X: &str = "factur-x.xml";

const SPACE: &str = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#";

/// Whoever reads the paper later knows from it which standard it keeps and what its colours are.
pub(super) fn declare(tree: &mut Document, setup: &Setup, attached: &[Attached]) -> Result<()> {
    if attached.is_empty() {
        return Ok(());
    }
    let profile = Stream::new(Dictionary::from_iter([("N", 3.into())]), colour_space::profile());
    let profile = tree.add_object(profile);
    let intent = Dictionary::from_iter([
        ("Type", "OutputIntent".into()),
        ("S", "GTS_PDFA1".into()),
        ("OutputConditionIdentifier", Object::string_literal("sRGB")),
        ("Info", Object::string_literal("sRGB IEC61966-2.1")),
        ("DestOutputProfile", Object::Reference(profile)),
    ]);
    let head = Dictionary::from_iter([("Type", "Metadata".into()), ("Subtype", "XML".into())]);
    // Not packed: programs that know nothing of PDF search for it in the file's bytes.
    let facts = Stream::new(head, facts(setup, attached).into_bytes()).with_compression(false);
    let facts = tree.add_object(facts);
    let catalog = tree.catalog_mut().map_err(Error::bug)?;
    catalog.set("OutputIntents", Object::Array(vec![Object::Dictionary(intent)]));
    catalog.set("Metadata", Object::Reference(facts));
    Ok(())
}

/// The file's properties once more, as XMP.
fn facts(setup: &Setup, attached: &[Attached]) -> String {
    let [title, author, subject] = [&setup.title, &setup.author, &setup.subject].map(|text| escape(text.as_str()));
    let at = setup.created_at.format("%Y-%m-%dT%H:%M:%SZ");
    let invoice = attached.iter().any(|file| file.name == FACTUR_X);
    let invoice = if invoice { invoice_facts() } else { String::new() };
    format!(
        r#"<?xpacket begin="{byte_order}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<xmp:CreatorTool>{CREATOR}</xmp:CreatorTool><pdf:Producer>{PRODUCER}</pdf:Producer>
<xmp:CreateDate>{at}</xmp:CreateDate><xmp:ModifyDate>{at}</xmp:ModifyDate><xmp:MetadataDate>{at}</xmp:MetadataDate>
</rdf:Description>{invoice}</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"#,
        byte_order = '\u{feff}',
        CREATOR = super::CREATOR,
        PRODUCER = super::PRODUCER,
    )
}

/// Which file is the invoice, and by which model. The standard for kept paper wants another standard's words explained, and some
/// readers want the explanation before the words.
fn invoice_facts() -> String {
    let facts = [
        ("DocumentType", "INVOICE", "What kind of document the file is"),
        ("DocumentFileName", FACTUR_X, "Name of the embedded file"),
        ("Version", "1.0", "Version of the standard that the file keeps"),
        ("ConformanceLevel", "EN 16931", "Which part of the standard it uses"),
    ];
    let said: String = facts.iter().map(|(name, value, _)| format!("<fx:{name}>{value}</fx:{name}>")).collect();
    let explained: String = facts
        .iter()
        .map(|(name, _, meaning)| {
            format!(
                r#"<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"#
            )
        })
        .collect();
    format!(
        r#"
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema><pdfaSchema:namespaceURI>{SPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>{explained}</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="{SPACE}">{said}</rdf:Description>"#
    )
}
