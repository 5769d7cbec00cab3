//! Papers in other currencies, their structured twins, and the templates that all papers are drawn from.

use crate::desk::{Desk, order, with};
use crate::support::refused;
use base64::Engine;
use kontor::invoices::{self, Invoice};
use kontor::paper::{self, Attached, Picture};
use kontor::runs;
use quick_xml::Reader;
use quick_xml::events::Event;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const PAID: &str = "2026-05-01T10:00:00+08:00";

/// A PNG of one colour, half transparent.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&[200, 30, 30, 128].repeat((width * height) as usize)).expect("pixels");
    writer.finish().expect("an end");
    bytes
}

fn base64(bytes: &[u8]) -> String {
    base64::prelude::BASE64_STANDARD.encode(bytes)
}

fn seller(currency: &str, scheme: &str) -> Value {
    json!({"name": "Blue Lamp International Pte. Ltd.", "address": "1 Example Quay, Singapore 018989", "tax_id": "M2-0123456-7", "phone": "+65 6000 0000", "bank": "Example Bank",
        "account": "000-1234567-8", "valid_from": "2026-05-01T00:00:00+08:00", "currency": currency, "country": "SG", "tax_scheme": scheme, "language": "en",
        "tax_note": "Not registered for GST: no tax is charged.", "footer": "Questions: billing@example.com"})
}

/// A desk with a seller for a currency, a foreign buyer, and the price list.
async fn desk(currency: &str, scheme: &str) -> (Desk, String, Value) {
    let desk = Desk::open().await;
    let lot = with(order("R1", "C1", "500.00", PAID), json!({"customer_name": "Northwind Traders Ltd"}));
    desk.recharge(vec![lot]).await;
    desk.act(
        "administrator",
        "products.add",
        json!({"code": "plan_pro", "title_en": "Pro plan", "title_zh": "专业版订阅", "vat_rate": "0.06"}),
    )
    .await;
    let proposed = desk.act("administrator", "invoices.propose_seller", seller(currency, scheme)).await;
    desk.act("approver", "invoices.confirm_seller", json!({"proposal_id": proposed["proposal_id"]})).await;
    let customer = desk.customer("C1").await;
    let buyer = json!({"customer_id": customer, "kind": "personal", "name": "Northwind Traders Ltd", "address": "12 Harbour Street, London"});
    let buyer = desk.act("taxclerk", "buyers.save", buyer).await["id"].clone();
    (desk, customer, buyer)
}

fn paper(customer: &str, buyer: &Value, currency: &str) -> Value {
    json!({"customer_id": customer, "buyer_id": buyer, "currency": currency, "period_from": "2026-05-01", "period_to": "2026-05-31",
        "lines": [{"product": "plan_pro", "description": "Pro plan, 3 seats, May 2026", "quantity": "3", "unit_price": "19.99", "discount": "6.00", "discount_reason": "Invitation 10 %"},
                  {"product": "chat", "quantity": "1", "unit_price": "8.37"}],
        "payment": {"order_no": "SO-1001", "reference": "pi_synth1", "paid_on": "2026-05-31", "paid": "60.00", "credits": "2.34", "buyer_country": "GB"}})
}

async fn draw(desk: &Desk, issued: &Value) -> Vec<u8> {
    let id: Uuid = issued["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    invoices::pdf(&desk.person("taxclerk").await, id).await.expect("a paper")
}

/// Each element's text by its path, in order.
fn texts(xml: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(xml).expect("UTF-8");
    let mut reader = Reader::from_str(text);
    reader.config_mut().trim_text(true);
    let (mut path, mut found) = (Vec::<String>::new(), Vec::new());
    loop {
        match reader.read_event().expect("well formed") {
            Event::Start(tag) => path.push(tag.local_name().as_ref().to_owned()),
            Event::End(_) => drop(path.pop()),
            Event::Text(words) => found.push((path.join("/"), words.xml10_content().into_owned())),
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn amounts(found: &[(String, String)], end: &str) -> Vec<Decimal> {
    found.iter().filter(|(path, _)| path.ends_with(end)).map(|(_, text)| text.parse().expect("an amount")).collect()
}

fn one(found: &[(String, String)], end: &str) -> String {
    let all: Vec<_> = found.iter().filter(|(path, _)| path.ends_with(end)).collect();
    assert_eq!(all.len(), 1, "{end}: {all:?}");
    all[0].1.clone()
}

/// The rules of EN 16931 that bind the amounts to each other.
fn assert_ubl_adds_up(found: &[(String, String)], root: &str) {
    let amount = |end: &str| one(found, end).parse::<Decimal>().expect("an amount");
    let lines: Decimal = amounts(found, &format!("{root}Line/LineExtensionAmount")).iter().sum();
    assert_eq!(lines, amount("LegalMonetaryTotal/LineExtensionAmount"), "BR-CO-10");
    assert_eq!(amount("LegalMonetaryTotal/LineExtensionAmount"), amount("TaxExclusiveAmount"), "BR-CO-13");
    assert_eq!(amount("TaxSubtotal/TaxAmount"), amount("TaxTotal/TaxAmount"), "BR-CO-14");
    assert_eq!(amount("TaxExclusiveAmount") + amount("TaxTotal/TaxAmount"), amount("TaxInclusiveAmount"), "BR-CO-15");
    assert_eq!(amount("TaxInclusiveAmount") - amount("PrepaidAmount"), amount("PayableAmount"), "BR-CO-16");
    let percent = found
        .iter()
        .find(|(path, _)| path.ends_with("TaxCategory/Percent"))
        .map_or(Decimal::ZERO, |(_, text)| text.parse().expect("a rate"));
    assert_eq!(
        (amount("TaxableAmount") * percent / Decimal::ONE_HUNDRED)
            .round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero),
        amount("TaxTotal/TaxAmount"),
        "BR-CO-17"
    );
}

#[tokio::test]
async fn a_payment_in_dollars_is_invoiced_once_by_the_seller_of_that_currency() {
    let (desk, customer, buyer) = desk("USD", "none").await;
    let issued = desk.act("taxclerk", "invoices.issue_foreign", paper(&customer, &buyer, "USD")).await;
    assert_eq!(
        (&issued["number"], &issued["currency"], &issued["total_excl"], &issued["total_tax"], &issued["total_incl"]),
        (&json!("INV-USD-2026-0001"), &json!("USD"), &json!("62.34"), &json!("0.00"), &json!("62.34"))
    );
    assert_eq!(
        refused(desk.try_act("taxclerk", "invoices.issue_foreign", paper(&customer, &buyer, "USD")).await),
        "payment_already_invoiced"
    );
    // It counts into no meter of consumed yuan.
    assert_eq!(desk.figure("select count(*)::text from book.invoice_totals").await, "0");
    let change = |change: Value| with(paper(&customer, &buyer, "USD"), change);
    let payment = |more: Value| {
        with(
            json!({"order_no": "SO-2", "reference": "pi_2", "paid_on": "2026-05-31", "paid": "60.00", "buyer_country": "GB"}),
            more,
        )
    };
    for (asked, rule) in [
        (change(json!({"currency": "CNY"})), "currency_is_our_own"),
        (change(json!({"currency": "JPY"})), "seller_not_configured"),
        (change(json!({"rate": "0.09"})), "tax_rate_not_in_scheme"),
        (change(json!({"payment": payment(json!({"paid": "62.35"}))})), "payment_exceeds_invoice"),
        (change(json!({"payment": payment(json!({"reference": "　"}))})), "payment_incomplete"),
        (change(json!({"payment": payment(json!({"buyer_country": "Britain"}))})), "buyer_country_missing"),
        (
            change(json!({"lines": [{"product": "plan_pro", "quantity": "1", "unit_price": "1", "discount": "1.00"}]})),
            "invoice_amount_not_positive",
        ),
        (
            change(
                json!({"lines": [{"product": "plan_pro", "description": "𠮷", "quantity": "1", "unit_price": "100"}], "payment": payment(json!({}))}),
            ),
            "glyph_missing",
        ),
    ] {
        assert_eq!(refused(desk.try_act("taxclerk", "invoices.issue_foreign", asked).await), rule);
    }
    assert_eq!(
        desk.figure("select last_number::text from book.number_series where series = 'INV-USD'").await,
        "1",
        "a refusal takes no number"
    );
}

#[tokio::test]
async fn the_paper_speaks_the_sellers_language_and_carries_its_twins() {
    let (desk, customer, buyer) = desk("USD", "none").await;
    let issued = desk.act("taxclerk", "invoices.issue_foreign", paper(&customer, &buyer, "USD")).await;
    let pdf = draw(&desk, &issued).await;
    let text = crate::paper::pages(&pdf).concat();
    for said in [
        "Commercialinvoice",
        "US$62.34",
        "Proplan,3seats,May2026",
        "3×19.99",
        "Discount−6.00Invitation10%",
        "pi_synth1",
        "Creditsapplied,non-cash",
        "NotregisteredforGST",
        "Questions:billing@example.com",
        "Chinesetaxinvoice",
        "Amountdue",
    ] {
        assert!(text.contains(said), "{said} is missing: {text}");
    }
    for chinese in ["商业账单", "价税合计", "销售方", "单据编号"] {
        assert!(!text.contains(chinese), "{chinese} on an English paper");
    }
    let twins = paper::attached(&pdf).expect("attachments");
    assert_eq!(
        twins.iter().map(|twin| twin.name.as_str()).collect::<Vec<_>>(),
        ["factur-x.xml", "INV-USD-2026-0001-ubl.xml"]
    );
    let ubl = texts(&twins[1].bytes);
    assert_ubl_adds_up(&ubl, "Invoice");
    let facts = BTreeMap::from([
        ("Invoice/ID", "INV-USD-2026-0001"),
        ("InvoiceTypeCode", "380"),
        ("DocumentCurrencyCode", "USD"),
        ("TaxSubtotal/TaxCategory/ID", "O"),
        ("PrepaidAmount", "62.34"),
        ("PayableAmount", "0.00"),
        ("OrderReference/ID", "SO-1001"),
    ]);
    for (end, value) in facts {
        assert_eq!(one(&ubl, end), value, "{end}");
    }
    assert!(
        !ubl.iter().any(|(path, _)| path.ends_with("Percent") || path.contains("PartyTaxScheme")),
        "outside the scope there is no rate and no registration (BR-O-02, BR-O-05)"
    );
    let cii = texts(&twins[0].bytes);
    assert_eq!(one(&cii, "GrandTotalAmount"), "62.34");
    assert_eq!(
        amounts(&cii, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount")
            .iter()
            .sum::<Decimal>()
            .to_string(),
        "62.34"
    );
    assert_eq!(one(&cii, "ApplicableTradeTax/ExemptionReason"), "Not registered for GST: no tax is charged.");
}

#[tokio::test]
async fn gst_is_the_tax_of_the_sum_and_a_credit_note_is_positive_and_names_its_invoice() {
    let (desk, customer, buyer) = desk("SGD", "gst_sg").await;
    let mut asked = paper(&customer, &buyer, "SGD");
    asked["rate"] = json!("0.09");
    let issued = desk.act("taxclerk", "invoices.issue_foreign", asked).await;
    // 53.97 and 8.37 at nine per cent: 4.86 + 0.75 = 5.61, and 62.34 at nine per cent is 5.61.
    assert_eq!((&issued["total_tax"], &issued["total_incl"]), (&json!("5.61"), &json!("67.95")));
    let pdf = draw(&desk, &issued).await;
    assert!(crate::paper::pages(&pdf).concat().contains("Taxinvoice"));
    let twins = paper::attached(&pdf).expect("attachments");
    let ubl = texts(&twins[1].bytes);
    assert_ubl_adds_up(&ubl, "Invoice");
    assert_eq!(
        (
            one(&ubl, "TaxSubtotal/TaxCategory/ID"),
            one(&ubl, "TaxSubtotal/TaxCategory/Percent"),
            one(&ubl, "PartyTaxScheme/CompanyID")
        ),
        ("S".into(), "9".into(), "M2-0123456-7".into())
    );
    assert_eq!(one(&ubl, "PaymentTerms/Note"), "Due on receipt", "something is still to be paid (BR-CO-25)");
    let letter =
        json!({"invoice_id": issued["id"], "reason_code": "04", "lines": [{"product": "chat", "amount": "9.12"}]});
    let letter = desk.act("taxclerk", "invoices.propose_red_letter", letter).await;
    let credit = desk.act("approver", "invoices.confirm_red_letter", json!({"red_letter_id": letter["id"]})).await;
    assert_eq!((&credit["total_incl"], &credit["currency"]), (&json!("-9.12"), &json!("SGD")));
    let twins = paper::attached(&draw(&desk, &credit).await).expect("attachments");
    let ubl = texts(&twins[1].bytes);
    assert_ubl_adds_up(&ubl, "CreditNote");
    assert_eq!(
        (one(&ubl, "CreditNoteTypeCode"), one(&ubl, "TaxInclusiveAmount"), one(&ubl, "InvoiceDocumentReference/ID")),
        ("381".into(), "9.12".into(), "INV-SGD-2026-0001".into())
    );
    assert_eq!(one(&texts(&twins[0].bytes), "InvoiceReferencedDocument/IssuerAssignedID"), "INV-SGD-2026-0001");
}

/// Singapore's GST on a paper in dollars is said in its own money too, on the pages and in both twins.
#[tokio::test]
async fn a_taxed_paper_in_another_currency_says_its_sums_in_the_money_of_the_tax() {
    let (desk, customer, buyer) = desk("USD", "gst_sg").await;
    let mut asked = with(paper(&customer, &buyer, "USD"), json!({"rate": "0.09"}));
    let missing = desk.try_act("taxclerk", "invoices.issue_foreign", asked.clone()).await;
    assert_eq!(refused(missing), "exchange_rate_missing");
    asked["payment"]["exchange_rate"] = json!("0");
    let nothing = desk.try_act("taxclerk", "invoices.issue_foreign", asked.clone()).await;
    assert_eq!(refused(nothing), "exchange_rate_missing");
    asked["payment"]["exchange_rate"] = json!("1.3475");
    let issued = desk.act("taxclerk", "invoices.issue_foreign", asked).await;
    // 62.34 and 5.61 at 1.3475: 84.00315 and 7.559475.
    let pdf = draw(&desk, &issued).await;
    let text = crate::paper::pages(&pdf).concat();
    for said in ["SGD", "Excl.tax84.00", "Tax7.56", "Incl.tax91.56", "1USD=1.3475SGD"] {
        assert!(text.contains(said), "{said} is missing: {text}");
    }
    let twins = paper::attached(&pdf).expect("attachments");
    let ubl = texts(&twins[1].bytes);
    assert_eq!(one(&ubl, "TaxCurrencyCode"), "SGD");
    assert_eq!(
        amounts(&ubl, "Invoice/TaxTotal/TaxAmount"),
        ["5.61", "7.56"].map(|text| text.parse().expect("a number"))
    );
    let cii = texts(&twins[0].bytes);
    assert_eq!(one(&cii, "TaxCurrencyCode"), "SGD");
    assert_eq!(amounts(&cii, "TaxTotalAmount"), ["5.61", "7.56"].map(|text| text.parse().expect("a number")));
    // What takes it back does so at the same rate.
    let letter =
        json!({"invoice_id": issued["id"], "reason_code": "04", "lines": [{"product": "chat", "amount": "9.12"}]});
    let letter = desk.act("taxclerk", "invoices.propose_red_letter", letter).await;
    let credit = desk.act("approver", "invoices.confirm_red_letter", json!({"red_letter_id": letter["id"]})).await;
    let twins = paper::attached(&draw(&desk, &credit).await).expect("attachments");
    // 0.75 at 1.3475 is 1.010625.
    let taxes = amounts(&texts(&twins[1].bytes), "CreditNote/TaxTotal/TaxAmount");
    assert_eq!(taxes, ["0.75", "1.01"].map(|text| text.parse().expect("a number")));
}

/// Picked from the list, papers of either side leave in one archive; the structured ones lie beside theirs.
#[tokio::test]
async fn picked_papers_leave_with_their_twins_beside_them() {
    let (desk, customer, buyer) = desk("USD", "none").await;
    desk.use_up("u1", "C1", "50.00").await;
    let dollars = desk.act("taxclerk", "invoices.issue_foreign", paper(&customer, &buyer, "USD")).await;
    let yuan = json!({"customer_id": customer, "buyer_id": buyer, "lines": [{"product": "chat", "amount": "10.00"}]});
    let yuan = desk.act("taxclerk", "invoices.issue", yuan).await;
    let ids = [&dollars, &yuan].map(|paper| paper["id"].as_str().and_then(|id| id.parse().ok()).expect("an id"));
    let path = std::env::temp_dir().join(format!("kontor-picked-{}.zip", Uuid::new_v4()));
    let db = desk.person("taxclerk").await;
    let picked = runs::Papers::InvoiceIds(ids.to_vec());
    let bundle = runs::bundle(&db, &picked, runs::Shape::Zip, &path, &mut |_| (), &|| false).await.expect("an archive");
    assert_eq!(bundle.papers, 2);
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&path).expect("the archive")).expect("a ZIP");
    let names: Vec<_> = (0..archive.len())
        .map(|at| archive.by_index(at).expect("a file").name().expect("a name").into_owned())
        .collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names[0].ends_with(".pdf") && names[0].starts_with("INV-USD-2026-0001_"), "{names:?}");
    let before = names[0].trim_end_matches(".pdf");
    assert_eq!(names[1..3], [format!("{before}_factur-x.xml"), format!("{before}_INV-USD-2026-0001-ubl.xml")]);
    assert!(names[3].starts_with("STM-2026-0001_"));
    let mut twin = Vec::new();
    std::io::Read::read_to_end(&mut archive.by_index(1).expect("the twin"), &mut twin).expect("its bytes");
    assert_eq!(one(&texts(&twin), "GrandTotalAmount"), "62.34");
    std::fs::remove_file(path).expect("removed");
}

/// All three papers exist on this side too; what is no invoice carries no structured one.
#[tokio::test]
async fn a_statement_or_a_request_in_dollars_has_its_own_series_and_no_twin() {
    let (desk, customer, buyer) = desk("USD", "none").await;
    for (kind, number, title) in [
        ("statement", "STM-USD-2026-0001", "Statementofconsumption"),
        ("invoice_request", "REQ-USD-2026-0001", "Invoicerequest"),
    ] {
        let mut asked = with(paper(&customer, &buyer, "USD"), json!({"kind": kind}));
        asked["payment"]["reference"] = json!(kind);
        let issued = desk.act("taxclerk", "invoices.issue_foreign", asked).await;
        assert_eq!(issued["number"], number);
        let pdf = draw(&desk, &issued).await;
        assert!(crate::paper::pages(&pdf).concat().contains(title));
        assert_eq!(paper::attached(&pdf), Ok(Vec::new()));
    }
    let other = with(paper(&customer, &buyer, "USD"), json!({"kind": "red_letter"}));
    assert_eq!(refused(desk.try_act("taxclerk", "invoices.issue_foreign", other).await), "invoice_kind_unknown");
}

/// Which currencies there are, and how papers write them, is a policy; one without cents is not in it.
#[tokio::test]
async fn a_currency_is_sold_in_once_the_policy_knows_it() {
    let desk = Desk::open().await;
    let yen = desk.try_act("administrator", "invoices.propose_seller", seller("JPY", "none")).await;
    assert_eq!(refused(yen), "currency_not_in_list");
    let list = |value: Value| json!({"name": "currencies", "value": value, "valid_from": "2026-05-01T00:00:00+08:00", "reason": "New market"});
    for malformed in [json!({"USD": "US$"}), json!({"CNY": "¥", "usd": "$"}), json!({"CNY": "¥", "INR": "\u{1F4B0}"})]
    {
        let asked = desk.try_act("administrator", "policies.propose", list(malformed)).await;
        assert_eq!(refused(asked), "policy_value_malformed");
    }
    let proposed = desk.act("administrator", "policies.propose", list(json!({"CNY": "¥", "NZD": "NZ$"}))).await;
    desk.act("approver", "policies.confirm", json!({"policy_id": proposed["id"]})).await;
    desk.act("administrator", "invoices.propose_seller", seller("NZD", "none")).await;
    let gone = desk.try_act("administrator", "invoices.propose_seller", seller("USD", "none")).await;
    assert_eq!(refused(gone), "currency_not_in_list");
}

#[tokio::test]
async fn a_paper_in_yuan_has_no_twin() {
    let invoice: Invoice = serde_json::from_value(json!({"number": "STM-1", "kind": "statement", "issued_at": "2026-06-01T00:00:00Z", "currency": "CNY", "seller": {}, "buyer": {}, "lines": [],
        "total_excl": "0", "total_tax": "0", "total_incl": "0", "issued_by_login": "x", "content_sha256": "00"})).expect("content");
    assert_eq!(invoices::twin::attached(&invoice), Ok(Vec::<Attached>::new()));
}

#[tokio::test]
async fn a_template_with_a_broken_picture_or_a_missing_character_is_refused_when_it_is_proposed() {
    let desk = Desk::open().await;
    let good = picture(64, 32);
    let mut cut = good.clone();
    cut.truncate(good.len() - 20);
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let ours = json!({"name": "北京蓝灯", "address": "北京", "tax_id": "91110108MA0TE4T01D", "phone": "010", "bank": "示例银行", "account": "1", "valid_from": "2026-05-01T00:00:00+08:00"});
    for (facts, rule) in [
        (json!({"logo": base64(b"GIF89a not a PNG")}), "picture_not_png"),
        (json!({"logo": base64(&cut)}), "picture_broken"),
        (json!({"seal": base64(&flipped)}), "picture_broken"),
        (json!({"seal": base64(&picture(8, 8))}), "picture_size_unusable"),
        (json!({"footer": "咨询：𠮷田"}), "glyph_missing"),
        (json!({"name": "北京蓝灯\u{200b}"}), "glyph_missing"),
        (json!({"currency": "USD"}), "seller_scheme_of_another_currency"),
        (json!({"currency": "USD", "tax_scheme": "none"}), "seller_without_tax_note"),
    ] {
        assert_eq!(
            refused(desk.try_act("administrator", "invoices.propose_seller", with(ours.clone(), facts)).await),
            rule
        );
    }
    // What the database passes, the drawing passes: the same picture decodes to its last pixel.
    Picture::from_png(&good).expect("a picture");
    let kept =
        with(ours, json!({"logo": base64(&good), "seal": base64(&picture(200, 200)), "footer": "客服 400-000-0000"}));
    let proposed = desk.act("administrator", "invoices.propose_seller", kept).await;
    desk.act("approver", "invoices.confirm_seller", json!({"proposal_id": proposed["proposal_id"]})).await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    desk.use_up("u1", "C1", "50.00").await;
    let customer = desk.customer("C1").await;
    let buyer = json!({"customer_id": customer, "kind": "enterprise", "name": "北京样例有限公司", "credit_code": "91110108MA0TE4T01D"});
    let buyer = desk.act("taxclerk", "buyers.save", buyer).await["id"].clone();
    let issued = desk
        .act(
            "taxclerk",
            "invoices.issue",
            json!({"customer_id": customer, "buyer_id": buyer, "lines": [{"product": "chat", "amount": "10.00"}]}),
        )
        .await;
    let pdf = draw(&desk, &issued).await;
    let drawn = lopdf::Document::load_mem(&pdf).expect("a PDF");
    let pictures = drawn.objects.values().filter(|object| {
        object.as_stream().is_ok_and(|stream| {
            stream.dict.get(b"Subtype").and_then(lopdf::Object::as_name).is_ok_and(|name| name == b"Image")
        })
    });
    assert_eq!(pictures.count(), 4, "logo and seal, each with its transparency");
    assert!(crate::paper::pages(&pdf).concat().contains("客服400-000-0000"));
}
