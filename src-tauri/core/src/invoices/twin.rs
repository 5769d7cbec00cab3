//! The structured twin of a paper in another currency: the semantic model of EN 16931, in its two syntaxes UBL 2.1 and UN/CEFACT CII.
//!
//! It says what the pages say, from the same content; nothing is computed but signs: a credit note is written with positive amounts.

mod cii;
mod ubl;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use rust_decimal::Decimal;

use super::{Invoice, InvoiceLine, Kind};
use crate::error::{Error, Result};
use crate::paper::{Attached, FACTUR_X};

/// The model and nothing beyond it.
const GUIDELINE: &str = "urn:cen.eu:en16931:2017";
/// "One": a unit of whatever is sold.
const UNIT: &str = "C62";
/// Online payment service.
const PAYMENT_MEANS: &str = "68";

/// The files that travel in the PDF and are saved beside it; none for papers in our own currency, or for what is no invoice.
pub fn attached(invoice: &Invoice) -> Result<Vec<Attached>> {
    let kind = if invoice.is_credit() { invoice.refers_to_kind } else { Some(invoice.kind) };
    if invoice.currency == "CNY" || !matches!(kind, None | Some(Kind::CommercialInvoice)) {
        return Ok(Vec::new());
    }
    let file = |name: &str, description, bytes| Attached { name: name.to_owned(), description, bytes };
    Ok(vec![
        file(FACTUR_X, "EN 16931, UN/CEFACT CII", cii::write(invoice)?),
        file(&format!("{}-ubl.xml", invoice.number), "EN 16931, UBL 2.1", ubl::write(invoice)?),
    ])
}

/// A document being written.
struct Tree {
    writer: Writer<Vec<u8>>,
}

impl Tree {
    fn new() -> Result<Self> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).map_err(Error::bug)?;
        Ok(Self { writer })
    }

    /// An element around others.
    fn around(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let begin = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.writer.write_event(Event::Start(begin)).map_err(Error::bug)?;
        inside(self)?;
        self.writer.write_event(Event::End(BytesEnd::new(name))).map_err(Error::bug)
    }

    /// An element with a text; an empty text is left out, because the model knows no empty element.
    fn text(&mut self, name: &str, text: &str) -> Result<()> {
        self.text_with(name, &[], text)
    }

    fn text_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let begin = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.writer.write_event(Event::Start(begin)).map_err(Error::bug)?;
        self.writer.write_event(Event::Text(BytesText::new(text))).map_err(Error::bug)?;
        self.writer.write_event(Event::End(BytesEnd::new(name))).map_err(Error::bug)
    }

    fn finish(self) -> Vec<u8> {
        self.writer.into_inner()
    }
}

/// What both syntaxes say of an invoice, in the terms of the model.
impl Invoice {
    fn is_credit(&self) -> bool {
        self.kind == Kind::RedLetter
    }

    /// BT-3: 380 invoice, 381 credit note.
    fn type_code(&self) -> &'static str {
        if self.is_credit() { "381" } else { "380" }
    }

    /// An amount as the model writes it: two decimals, and positive also on a credit note.
    fn amount(&self, amount: Decimal) -> String {
        let mut amount = if self.is_credit() { -amount } else { amount };
        amount.rescale(2);
        amount.to_string()
    }

    fn rate(&self) -> Decimal {
        self.lines.first().map(|line| line.rate).unwrap_or_default()
    }

    /// BT-118: standard rate, zero rate, or outside the scope of any tax.
    fn category(&self) -> &'static str {
        match (self.seller.tax_scheme.as_deref(), self.rate().is_zero()) {
            (Some("none"), _) => "O",
            (_, true) => "Z",
            (_, false) => "S",
        }
    }

    /// BT-119; what is outside the scope has no rate, not even zero (BR-O-05).
    fn percent(&self) -> String {
        if self.category() == "O" {
            String::new()
        } else {
            (self.rate() * Decimal::ONE_HUNDRED).normalize().to_string()
        }
    }

    /// BT-120: only what is outside the scope needs its reason (BR-O-10).
    fn exemption(&self) -> &str {
        if self.category() == "O" { self.seller.tax_note.as_deref().unwrap_or("Not subject to VAT") } else { "" }
    }

    /// BT-32: the seller's registration for its tax; none where there is no tax (BR-O-02).
    fn tax_registration(&self) -> &str {
        if self.category() == "O" { "" } else { self.seller.tax_id.as_deref().unwrap_or_default() }
    }

    /// BT-113: cash and credits together; a credit note was not paid.
    fn prepaid(&self) -> Decimal {
        self.payment
            .as_ref()
            .filter(|_| !self.is_credit())
            .map(|payment| payment.paid + payment.credits)
            .unwrap_or_default()
    }

    /// BT-115.
    fn payable(&self) -> Decimal {
        self.total_incl - self.prepaid()
    }

    /// BT-20: needed while something is to be paid (BR-CO-25).
    fn terms(&self) -> &str {
        let said = self.payment.as_ref().and_then(|payment| payment.terms.as_deref());
        said.unwrap_or(if self.payable() > Decimal::ZERO { "Due on receipt" } else { "" })
    }
}

impl InvoiceLine {
    /// BT-153.
    fn name(&self) -> &str {
        self.description.as_deref().unwrap_or(&self.product)
    }

    /// BT-129 and BT-146: a line that is only an amount is one at that price.
    fn quantity_and_price(&self, invoice: &Invoice) -> (String, String) {
        match (&self.quantity, self.unit_price) {
            (Some(quantity), Some(price)) if !invoice.is_credit() => (quantity.clone(), price.normalize().to_string()),
            _ => ("1".to_owned(), invoice.amount(self.amount_excl)),
        }
    }

    /// BT-136: a credit note's line is its net.
    fn allowance(&self, invoice: &Invoice) -> Option<Decimal> {
        self.discount.filter(|discount| !discount.is_zero() && !invoice.is_credit())
    }
}
