//! UN/CEFACT Cross Industry Invoice: the order of elements is that of the schema.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{GUIDELINE, PAYMENT_MEANS, Tree, UNIT};
use crate::error::Result;
use crate::invoices::{Invoice, InvoiceLine, Party};
use crate::paper::form;

const SPACES: [(&str, &str); 3] = [
    ("xmlns:rsm", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"),
    ("xmlns:ram", "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"),
    ("xmlns:udt", "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"),
];

pub fn write(invoice: &Invoice) -> Result<Vec<u8>> {
    let mut tree = Tree::new()?;
    tree.around("rsm:CrossIndustryInvoice", &SPACES, |tree| {
        tree.around("rsm:ExchangedDocumentContext", &[], |tree| {
            tree.around("ram:GuidelineSpecifiedDocumentContextParameter", &[], |tree| tree.text("ram:ID", GUIDELINE))
        })?;
        tree.around("rsm:ExchangedDocument", &[], |tree| {
            tree.text("ram:ID", &invoice.number)?;
            tree.text("ram:TypeCode", invoice.type_code())?;
            day(tree, "ram:IssueDateTime", form::local(invoice.issued_at).date_naive())?;
            let Some(note) = invoice.note.as_deref() else { return Ok(()) };
            tree.around("ram:IncludedNote", &[], |tree| tree.text("ram:Content", note))
        })?;
        tree.around("rsm:SupplyChainTradeTransaction", &[], |tree| {
            invoice.lines.iter().enumerate().try_for_each(|(at, line)| write_line(tree, invoice, at + 1, line))?;
            tree.around("ram:ApplicableHeaderTradeAgreement", &[], |tree| agreement(tree, invoice))?;
            tree.around("ram:ApplicableHeaderTradeDelivery", &[], |tree| {
                let Some(on) = invoice.period_to else { return Ok(()) };
                tree.around("ram:ActualDeliverySupplyChainEvent", &[], |tree| day(tree, "ram:OccurrenceDateTime", on))
            })?;
            tree.around("ram:ApplicableHeaderTradeSettlement", &[], |tree| settlement(tree, invoice))
        })
    })?;
    Ok(tree.finish())
}

fn day(tree: &mut Tree, name: &str, day: NaiveDate) -> Result<()> {
    tree.around(name, &[], |tree| {
        tree.text_with("udt:DateTimeString", &[("format", "102")], &day.format("%Y%m%d").to_string())
    })
}

fn tax(tree: &mut Tree, invoice: &Invoice) -> Result<()> {
    tree.text("ram:CategoryCode", invoice.category())?;
    tree.text("ram:RateApplicablePercent", &invoice.percent())
}

fn write_line(tree: &mut Tree, invoice: &Invoice, at: usize, line: &InvoiceLine) -> Result<()> {
    let (quantity, price) = line.quantity_and_price(invoice);
    tree.around("ram:IncludedSupplyChainTradeLineItem", &[], |tree| {
        tree.around("ram:AssociatedDocumentLineDocument", &[], |tree| tree.text("ram:LineID", &at.to_string()))?;
        tree.around("ram:SpecifiedTradeProduct", &[], |tree| tree.text("ram:Name", line.name()))?;
        tree.around("ram:SpecifiedLineTradeAgreement", &[], |tree| {
            tree.around("ram:NetPriceProductTradePrice", &[], |tree| tree.text("ram:ChargeAmount", &price))
        })?;
        tree.around("ram:SpecifiedLineTradeDelivery", &[], |tree| {
            tree.text_with("ram:BilledQuantity", &[("unitCode", UNIT)], &quantity)
        })?;
        tree.around("ram:SpecifiedLineTradeSettlement", &[], |tree| {
            tree.around("ram:ApplicableTradeTax", &[], |tree| {
                tree.text("ram:TypeCode", "VAT")?;
                tax(tree, invoice)
            })?;
            if let Some(discount) = line.allowance(invoice) {
                tree.around("ram:SpecifiedTradeAllowanceCharge", &[], |tree| {
                    tree.around("ram:ChargeIndicator", &[], |tree| tree.text("udt:Indicator", "false"))?;
                    tree.text("ram:ActualAmount", &invoice.amount(discount))?;
                    tree.text("ram:Reason", line.discount_reason.as_deref().unwrap_or("Discount"))
                })?;
            }
            tree.around("ram:SpecifiedTradeSettlementLineMonetarySummation", &[], |tree| {
                tree.text("ram:LineTotalAmount", &invoice.amount(line.amount_excl))
            })
        })
    })
}

fn agreement(tree: &mut Tree, invoice: &Invoice) -> Result<()> {
    tree.text("ram:BuyerReference", invoice.customer_ref.as_deref().unwrap_or_default())?;
    tree.around("ram:SellerTradeParty", &[], |tree| {
        party(tree, &invoice.seller, &invoice.seller.tax_id, invoice.tax_registration())
    })?;
    tree.around("ram:BuyerTradeParty", &[], |tree| party(tree, &invoice.buyer, &invoice.buyer.credit_code, ""))?;
    let Some(payment) = &invoice.payment else { return Ok(()) };
    tree.around("ram:BuyerOrderReferencedDocument", &[], |tree| tree.text("ram:IssuerAssignedID", &payment.order_no))
}

fn party(tree: &mut Tree, party: &Party, code: &Option<String>, registration: &str) -> Result<()> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    tree.text("ram:Name", &text(&party.name))?;
    if !text(code).is_empty() {
        tree.around("ram:SpecifiedLegalOrganization", &[], |tree| tree.text("ram:ID", &text(code)))?;
    }
    if !text(&party.phone).is_empty() {
        tree.around("ram:DefinedTradeContact", &[], |tree| {
            tree.around("ram:TelephoneUniversalCommunication", &[], |tree| {
                tree.text("ram:CompleteNumber", &text(&party.phone))
            })
        })?;
    }
    tree.around("ram:PostalTradeAddress", &[], |tree| {
        tree.text("ram:LineOne", &text(&party.address))?;
        tree.text("ram:CountryID", party.country.as_deref().unwrap_or("CN"))
    })?;
    if registration.is_empty() {
        return Ok(());
    }
    tree.around("ram:SpecifiedTaxRegistration", &[], |tree| {
        tree.text_with("ram:ID", &[("schemeID", "FC")], registration)
    })
}

fn settlement(tree: &mut Tree, invoice: &Invoice) -> Result<()> {
    if let Some(payment) = &invoice.payment {
        tree.text("ram:PaymentReference", &payment.reference)?;
    }
    tree.text("ram:TaxCurrencyCode", invoice.tax_currency.as_ref().map_or("", |taxed| &taxed.currency))?;
    tree.text("ram:InvoiceCurrencyCode", &invoice.currency)?;
    if invoice.payment.is_some() {
        tree.around("ram:SpecifiedTradeSettlementPaymentMeans", &[], |tree| tree.text("ram:TypeCode", PAYMENT_MEANS))?;
    }
    tree.around("ram:ApplicableTradeTax", &[], |tree| {
        tree.text("ram:CalculatedAmount", &invoice.amount(invoice.total_tax))?;
        tree.text("ram:TypeCode", "VAT")?;
        tree.text("ram:ExemptionReason", invoice.exemption())?;
        tree.text("ram:BasisAmount", &invoice.amount(invoice.total_excl))?;
        tax(tree, invoice)
    })?;
    if let (Some(from), Some(to)) = (invoice.period_from, invoice.period_to) {
        tree.around("ram:BillingSpecifiedPeriod", &[], |tree| {
            day(tree, "ram:StartDateTime", from)?;
            day(tree, "ram:EndDateTime", to)
        })?;
    }
    if !invoice.terms().is_empty() {
        tree.around("ram:SpecifiedTradePaymentTerms", &[], |tree| tree.text("ram:Description", invoice.terms()))?;
    }
    let amount = |tree: &mut Tree, name: &str, value: Decimal| tree.text(name, &invoice.amount(value));
    tree.around("ram:SpecifiedTradeSettlementHeaderMonetarySummation", &[], |tree| {
        amount(tree, "ram:LineTotalAmount", invoice.total_excl)?;
        amount(tree, "ram:TaxBasisTotalAmount", invoice.total_excl)?;
        tree.text_with("ram:TaxTotalAmount", &[("currencyID", &invoice.currency)], &invoice.amount(invoice.total_tax))?;
        if let Some(taxed) = &invoice.tax_currency {
            tree.text_with("ram:TaxTotalAmount", &[("currencyID", &taxed.currency)], &invoice.amount(taxed.tax))?;
        }
        amount(tree, "ram:GrandTotalAmount", invoice.total_incl)?;
        amount(tree, "ram:TotalPrepaidAmount", invoice.prepaid())?;
        amount(tree, "ram:DuePayableAmount", invoice.payable())
    })?;
    let Some(original) = &invoice.refers_to else { return Ok(()) };
    tree.around("ram:InvoiceReferencedDocument", &[], |tree| tree.text("ram:IssuerAssignedID", original))
}
