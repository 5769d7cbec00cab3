//! Papers with files in them are PDF/A-3: what the standard and the readers of e-invoices ask, looked up in the finished bytes.

use kontor::invoices::{self, Invoice};
use kontor::paper::{FACTUR_X, Fonts};
use lopdf::{Dictionary, Document, Object, Stream};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

/// A paper in dollars, with a seal that is half transparent, as the database returns it.
pub fn content() -> Value {
    json!({"number": "INV-USD-2026-0001", "kind": "commercial_invoice", "series": "INV-USD", "issued_at": "2026-06-02T02:15:30Z", "currency": "USD",
        "seller": {"name": "Blue Lamp & Co. <Singapore>", "address": "1 Example Quay", "country": "SG", "tax_id": "M2-0123456-7", "tax_scheme": "none", "tax_note": "Not registered for GST.", "language": "en"},
        "buyer": {"kind": "personal", "name": "北风贸易 Northwind", "address": "12 Harbour Street, London", "country": "GB"},
        "customer_ref": "C1", "period_from": "2026-05-01", "period_to": "2026-05-31",
        "lines": [{"product": "plan_pro", "description": "Pro plan", "quantity": "3", "unit_price": "19.99", "amount_excl": "59.97", "tax": "0.00", "amount_incl": "59.97", "rate": "0"}],
        "total_excl": "59.97", "total_tax": "0.00", "total_incl": "59.97", "seal": seal(), "rehearsal": true,
        "payment": {"order_no": "SO-1", "reference": "pi_1", "paid_on": "2026-05-31", "paid": "59.97", "credits": "0.00", "due": "0.00"},
        "issued_by_login": "taxclerk", "content_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})
}

fn seal() -> String {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 40, 40);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&[200, 30, 30, 128].repeat(1600)).expect("pixels");
    writer.finish().expect("an end");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn drawn() -> (Vec<u8>, Document) {
    let invoice: Invoice = serde_json::from_value(content()).expect("content");
    let pdf = invoices::render(Fonts::shared(None).expect("the faces"), &invoice).expect("a paper");
    let document = Document::load_mem(&pdf).expect("a PDF");
    (pdf, document)
}

fn name(object: &Dictionary, key: &[u8]) -> String {
    object.get(key).and_then(Object::as_name).map(|name| String::from_utf8_lossy(name).into_owned()).unwrap_or_default()
}

fn streams(document: &Document) -> impl Iterator<Item = &Stream> {
    document.objects.values().filter_map(|object| object.as_stream().ok())
}

fn facts(document: &Document) -> (String, &Stream) {
    let stream = document.catalog().expect("a catalog").get(b"Metadata").and_then(Object::as_reference);
    let stream = document.get_object(stream.expect("facts")).and_then(Object::as_stream).expect("a stream");
    (String::from_utf8(stream.content.clone()).expect("UTF-8"), stream)
}

/// Each element's text, by its name with its prefix.
fn texts(xml: &str) -> Vec<(String, String)> {
    let (mut reader, mut open, mut found) =
        (Reader::from_str(xml), Vec::<String>::new(), Vec::<(String, String)>::new());
    loop {
        match reader.read_event().expect("well formed") {
            Event::Start(tag) => {
                let name = tag.name().as_ref().to_owned();
                found.push((name.clone(), String::new()));
                open.push(name);
            }
            Event::Text(words) => {
                let within = found.iter_mut().rev().find(|(name, _)| Some(name) == open.last());
                if let Some((_, text)) = within {
                    text.push_str(words.xml10_content().trim_matches('\n'));
                }
            }
            Event::GeneralRef(name) => {
                let within = found.iter_mut().rev().find(|(found, _)| Some(found) == open.last());
                let letter = match name.as_ref() {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    other => panic!("&{other};"),
                };
                within.expect("an element").1.push_str(letter);
            }
            Event::End(_) => drop(open.pop()),
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn it_says_which_standard_it_keeps_and_which_file_is_the_invoice() {
    let (pdf, document) = drawn();
    assert!(pdf.starts_with(b"%PDF-1.7\n%") && pdf[10..14].iter().all(|byte| *byte > 127), "marked as no text");
    assert!(document.trailer.get(b"ID").is_ok() && document.trailer.get(b"Encrypt").is_err());
    let (xml, stream) = facts(&document);
    assert_eq!((name(&stream.dict, b"Type"), name(&stream.dict, b"Subtype")), ("Metadata".into(), "XML".into()));
    assert!(stream.dict.get(b"Filter").is_err(), "programs search for it in the bytes of the file");
    let found = texts(xml.trim_start_matches('\u{feff}'));
    let said = |wanted: &str| found.iter().find(|(name, _)| name == wanted).map(|(_, text)| text.as_str());
    for (fact, value) in [
        ("pdfaid:part", "3"),
        ("pdfaid:conformance", "B"),
        ("fx:DocumentType", "INVOICE"),
        ("fx:DocumentFileName", FACTUR_X),
        ("fx:Version", "1.0"),
        ("fx:ConformanceLevel", "EN 16931"),
        ("pdfaSchema:namespaceURI", "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"),
        ("xmp:CreateDate", "2026-06-02T02:15:30Z"),
    ] {
        assert_eq!(said(fact), Some(value), "{fact}");
    }
    // What is a fact in `fx:` is explained in the extension's list, each once.
    let facts: Vec<_> = found.iter().filter_map(|(name, _)| name.strip_prefix("fx:")).collect();
    let explained: Vec<_> =
        found.iter().filter(|(name, _)| name == "pdfaProperty:name").map(|(_, text)| text.as_str()).collect();
    assert_eq!(facts, explained);
    let texts: Vec<_> = found.iter().filter(|(name, _)| name == "rdf:li").map(|(_, text)| text.as_str()).collect();
    assert!(texts.contains(&"Blue Lamp & Co. <Singapore>"), "a name with signs of the format: {texts:?}");
}

#[test]
fn its_colours_are_those_of_one_space_that_it_carries() {
    let (_, document) = drawn();
    let intents = document.catalog().expect("a catalog").get(b"OutputIntents").and_then(Object::as_array);
    let intent = intents.expect("intents")[0].as_dict().expect("an intent");
    assert_eq!(name(intent, b"S"), "GTS_PDFA1");
    let profile = intent.get(b"DestOutputProfile").and_then(Object::as_reference).expect("a profile");
    let profile = document.get_object(profile).and_then(Object::as_stream).expect("a stream");
    assert_eq!(profile.dict.get(b"N").and_then(Object::as_i64).ok(), Some(3));
    let bytes = profile.decompressed_content().expect("bytes");
    assert_eq!((&bytes[12..20], &bytes[36..40]), (b"mntrRGB ".as_slice(), b"acsp".as_slice()));
    // Nothing is painted in the colours of another device, and no picture is smoothed by whoever shows it.
    for sheet in document.page_iter() {
        let content = document.get_page_content(sheet);
        let operations = lopdf::content::Content::decode(&content).expect("drawing").operations;
        let foreign = operations.iter().find(|one| ["k", "K", "cs", "CS", "ri"].contains(&one.operator.as_str()));
        assert!(foreign.is_none(), "{foreign:?}");
    }
    let pictures: Vec<_> = streams(&document).filter(|stream| name(&stream.dict, b"Subtype") == "Image").collect();
    assert_eq!(pictures.len(), 2, "the seal and its transparency");
    for picture in pictures {
        assert!(["DeviceRGB", "DeviceGray"].contains(&name(&picture.dict, b"ColorSpace").as_str()));
        assert!(picture.dict.get(b"Interpolate").and_then(Object::as_bool).ok() != Some(true));
    }
}

#[test]
fn every_letter_is_drawn_with_a_face_that_it_carries() {
    let (_, document) = drawn();
    let fonts: Vec<_> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dictionary| name(dictionary, b"Type") == "Font")
        .collect();
    assert_eq!(fonts.len(), 2, "regular and bold");
    for font in fonts {
        assert_eq!((name(font, b"Subtype"), name(font, b"Encoding")), ("Type0".into(), "Identity-H".into()));
        let below = font.get(b"DescendantFonts").and_then(Object::as_array).expect("one")[0].as_dict().expect("a face");
        assert_eq!(name(below, b"CIDToGIDMap"), "Identity");
        assert_eq!(name(below, b"BaseFont"), name(font, b"BaseFont"));
        let facts = below.get(b"FontDescriptor").and_then(Object::as_reference).expect("facts");
        let facts = document.get_dictionary(facts).expect("facts");
        assert_eq!(name(facts, b"FontName"), name(font, b"BaseFont"));
        let file = facts.get(b"FontFile2").and_then(Object::as_reference).expect("the face is in the file");
        let file = document.get_object(file).and_then(Object::as_stream).expect("a stream");
        assert!(!file.decompressed_content().expect("bytes").is_empty());
        assert!(font.get(b"ToUnicode").is_ok(), "what is read can be searched");
    }
}

#[test]
fn each_file_inside_says_what_it_is_to_the_paper() {
    let (_, document) = drawn();
    let catalog = document.catalog().expect("a catalog");
    let listed = catalog.get(b"AF").and_then(Object::as_array).expect("files");
    let by_name = catalog.get(b"Names").and_then(Object::as_dict).expect("names");
    let by_name = by_name.get(b"EmbeddedFiles").and_then(Object::as_dict).expect("files");
    let by_name = by_name.get(b"Names").and_then(Object::as_array).expect("files");
    let of_names: Vec<_> = by_name.iter().skip(1).step_by(2).collect();
    assert_eq!((of_names.len(), listed.len()), (2, 2));
    assert!(of_names.iter().all(|file| listed.contains(file)), "the list and the tree of names agree");
    let mut names = by_name.iter().step_by(2).map(|name| name.as_str().expect("a name").to_vec()).collect::<Vec<_>>();
    let ordered = names.clone();
    names.sort();
    assert_eq!(names, ordered, "readers search the tree of names by halves");
    for file in listed {
        let file = document.get_dictionary(file.as_reference().expect("a file")).expect("a file");
        assert_eq!(name(file, b"AFRelationship"), "Alternative");
        assert_eq!(file.get(b"F").expect("a name"), file.get(b"UF").expect("a name"));
        let stream = file.get(b"EF").and_then(Object::as_dict).and_then(|places| places.get(b"F")).expect("bytes");
        let stream = document.get_object(stream.as_reference().expect("bytes")).and_then(Object::as_stream);
        let stream = stream.expect("bytes");
        assert_eq!(name(&stream.dict, b"Subtype"), "text/xml");
        let facts = stream.dict.get(b"Params").and_then(Object::as_dict).expect("facts");
        assert!(facts.get(b"ModDate").is_ok());
        let bytes = stream.decompressed_content().expect("bytes");
        assert_eq!(facts.get(b"Size").and_then(Object::as_i64).ok(), Some(bytes.len() as i64));
    }
}
