//! UBL 2.1: the order of elements is that of the schema.

use super::{GUIDELINE, PAYMENT_MEANS, Tree, UNIT};
use crate::error::Result;
use crate::invoices::{Invoice, InvoiceLine, Party};
use crate::paper::form;

const COMMON: [(&str, &str); 2] = [
    ("xmlns:cac", "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"),
    ("xmlns:cbc", "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"),
];

pub fn write(invoice: &Invoice) -> Result<Vec<u8>> {
    let root = if invoice.is_credit() { "CreditNote" } else { "Invoice" };
    let space = format!("urn:oasis:names:specification:ubl:schema:xsd:{root}-2");
    let mut tree = Tree::new()?;
    tree.around(root, &[("xmlns", space.as_str()), COMMON[0], COMMON[1]], |tree| {
        head(tree, invoice, root)?;
        for (side, party) in
            [("cac:AccountingSupplierParty", &invoice.seller), ("cac:AccountingCustomerParty", &invoice.buyer)]
        {
            tree.around(side, &[], |tree| tree.around("cac:Party", &[], |tree| write_party(tree, invoice, party)))?;
        }
        if let Some(on) = invoice.period_to {
            tree.around("cac:Delivery", &[], |tree| tree.text("cbc:ActualDeliveryDate", &on.to_string()))?;
        }
        payment(tree, invoice)?;
        totals(tree, invoice)?;
        invoice.lines.iter().enumerate().try_for_each(|(at, line)| write_line(tree, invoice, at + 1, line))
    })?;
    Ok(tree.finish())
}

fn head(tree: &mut Tree, invoice: &Invoice, root: &str) -> Result<()> {
    tree.text("cbc:CustomizationID", GUIDELINE)?;
    tree.text("cbc:ID", &invoice.number)?;
    tree.text("cbc:IssueDate", &form::local(invoice.issued_at).format("%Y-%m-%d").to_string())?;
    tree.text(&format!("cbc:{root}TypeCode"), invoice.type_code())?;
    tree.text("cbc:Note", invoice.note.as_deref().unwrap_or_default())?;
    tree.text("cbc:DocumentCurrencyCode", &invoice.currency)?;
    tree.text("cbc:TaxCurrencyCode", invoice.tax_currency.as_ref().map_or("", |taxed| &taxed.currency))?;
    tree.text("cbc:BuyerReference", invoice.customer_ref.as_deref().unwrap_or_default())?;
    if let (Some(from), Some(to)) = (invoice.period_from, invoice.period_to) {
        tree.around("cac:InvoicePeriod", &[], |tree| {
            tree.text("cbc:StartDate", &from.to_string())?;
            tree.text("cbc:EndDate", &to.to_string())
        })?;
    }
    if let Some(payment) = &invoice.payment {
        tree.around("cac:OrderReference", &[], |tree| tree.text("cbc:ID", &payment.order_no))?;
    }
    let Some(original) = &invoice.refers_to else { return Ok(()) };
    tree.around("cac:BillingReference", &[], |tree| {
        tree.around("cac:InvoiceDocumentReference", &[], |tree| tree.text("cbc:ID", original))
    })
}

fn write_party(tree: &mut Tree, invoice: &Invoice, party: &Party) -> Result<()> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    tree.around("cac:PostalAddress", &[], |tree| {
        tree.text("cbc:StreetName", &text(&party.address))?;
        tree.around("cac:Country", &[], |tree| {
            tree.text("cbc:IdentificationCode", party.country.as_deref().unwrap_or("CN"))
        })
    })?;
    let is_seller = std::ptr::eq(party, &invoice.seller);
    if is_seller && !invoice.tax_registration().is_empty() {
        tree.around("cac:PartyTaxScheme", &[], |tree| {
            tree.text("cbc:CompanyID", invoice.tax_registration())?;
            // Any word but VAT makes it the local registration, which needs no country before it (BR-CO-09).
            tree.around("cac:TaxScheme", &[], |tree| tree.text("cbc:ID", "GST"))
        })?;
    }
    tree.around("cac:PartyLegalEntity", &[], |tree| {
        tree.text("cbc:RegistrationName", &text(&party.name))?;
        let code = if is_seller { &party.tax_id } else { &party.credit_code };
        tree.text("cbc:CompanyID", &text(code))
    })?;
    if text(&party.phone).is_empty() {
        return Ok(());
    }
    tree.around("cac:Contact", &[], |tree| tree.text("cbc:Telephone", &text(&party.phone)))
}

fn payment(tree: &mut Tree, invoice: &Invoice) -> Result<()> {
    if let Some(payment) = &invoice.payment {
        tree.around("cac:PaymentMeans", &[], |tree| {
            tree.text("cbc:PaymentMeansCode", PAYMENT_MEANS)?;
            tree.text("cbc:PaymentID", &payment.reference)
        })?;
    }
    if invoice.terms().is_empty() {
        return Ok(());
    }
    tree.around("cac:PaymentTerms", &[], |tree| tree.text("cbc:Note", invoice.terms()))
}

fn money(tree: &mut Tree, invoice: &Invoice, name: &str, amount: rust_decimal::Decimal) -> Result<()> {
    tree.text_with(name, &[("currencyID", &invoice.currency)], &invoice.amount(amount))
}

fn category(tree: &mut Tree, invoice: &Invoice, name: &str, reason: &str) -> Result<()> {
    tree.around(name, &[], |tree| {
        tree.text("cbc:ID", invoice.category())?;
        tree.text("cbc:Percent", &invoice.percent())?;
        tree.text("cbc:TaxExemptionReason", reason)?;
        tree.around("cac:TaxScheme", &[], |tree| tree.text("cbc:ID", "VAT"))
    })
}

fn totals(tree: &mut Tree, invoice: &Invoice) -> Result<()> {
    tree.around("cac:TaxTotal", &[], |tree| {
        money(tree, invoice, "cbc:TaxAmount", invoice.total_tax)?;
        tree.around("cac:TaxSubtotal", &[], |tree| {
            money(tree, invoice, "cbc:TaxableAmount", invoice.total_excl)?;
            money(tree, invoice, "cbc:TaxAmount", invoice.total_tax)?;
            category(tree, invoice, "cac:TaxCategory", invoice.exemption())
        })
    })?;
    if let Some(taxed) = &invoice.tax_currency {
        // BT-111: the same tax once more, and nothing else of it.
        tree.around("cac:TaxTotal", &[], |tree| {
            tree.text_with("cbc:TaxAmount", &[("currencyID", &taxed.currency)], &invoice.amount(taxed.tax))
        })?;
    }
    tree.around("cac:LegalMonetaryTotal", &[], |tree| {
        money(tree, invoice, "cbc:LineExtensionAmount", invoice.total_excl)?;
        money(tree, invoice, "cbc:TaxExclusiveAmount", invoice.total_excl)?;
        money(tree, invoice, "cbc:TaxInclusiveAmount", invoice.total_incl)?;
        money(tree, invoice, "cbc:PrepaidAmount", invoice.prepaid())?;
        money(tree, invoice, "cbc:PayableAmount", invoice.payable())
    })
}

fn write_line(tree: &mut Tree, invoice: &Invoice, at: usize, line: &InvoiceLine) -> Result<()> {
    let [name, counted] = if invoice.is_credit() {
        ["cac:CreditNoteLine", "cbc:CreditedQuantity"]
    } else {
        ["cac:InvoiceLine", "cbc:InvoicedQuantity"]
    };
    let (quantity, price) = line.quantity_and_price(invoice);
    tree.around(name, &[], |tree| {
        tree.text("cbc:ID", &at.to_string())?;
        tree.text_with(counted, &[("unitCode", UNIT)], &quantity)?;
        money(tree, invoice, "cbc:LineExtensionAmount", line.amount_excl)?;
        if let Some(discount) = line.allowance(invoice) {
            tree.around("cac:AllowanceCharge", &[], |tree| {
                tree.text("cbc:ChargeIndicator", "false")?;
                tree.text("cbc:AllowanceChargeReason", line.discount_reason.as_deref().unwrap_or("Discount"))?;
                money(tree, invoice, "cbc:Amount", discount)
            })?;
        }
        tree.around("cac:Item", &[], |tree| {
            tree.text("cbc:Name", line.name())?;
            category(tree, invoice, "cac:ClassifiedTaxCategory", "")
        })?;
        tree.around("cac:Price", &[], |tree| {
            tree.text_with("cbc:PriceAmount", &[("currencyID", &invoice.currency)], &price)
        })
    })
}
