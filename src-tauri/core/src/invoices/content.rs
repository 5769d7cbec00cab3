//! What an issued paper says, as the database hashed it, and what became known about it later.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::Language;

/// What kind of paper it is. None of them is a tax invoice of China's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A statement of what was consumed.
    Statement,
    /// An invoice for customers outside China's tax system.
    CommercialInvoice,
    /// The request from which the tax platform issues the official invoice.
    InvoiceRequest,
    /// A negative document that takes back an earlier one, whole or in part.
    RedLetter,
}

impl Kind {
    /// The title in Chinese and in English.
    pub fn title(self) -> [&'static str; 2] {
        match self {
            Kind::Statement => ["消费对账单", "Statement of consumption"],
            Kind::CommercialInvoice => ["商业账单", "Commercial invoice"],
            Kind::InvoiceRequest => ["开票申请单", "Invoice request"],
            Kind::RedLetter => ["红字冲销单", "Credit note (red letter)"],
        }
    }
}

/// Seller or buyer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Party {
    /// Registered name, or a person's name.
    pub name: Option<String>,
    /// The seller's tax number.
    pub tax_id: Option<String>,
    /// The buyer's unified social credit code; persons have none.
    pub credit_code: Option<String>,
    /// Registered address.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Bank and branch.
    pub bank: Option<String>,
    /// Account at that bank.
    pub account: Option<String>,
    /// `personal` or `enterprise`.
    pub kind: Option<String>,
    /// The country's two letters; China where nobody says otherwise.
    pub country: Option<String>,
    /// Which tax the seller's papers carry: `gst_sg` or `none`; China's VAT where nobody says otherwise.
    pub tax_scheme: Option<String>,
    /// Why they carry none.
    pub tax_note: Option<String>,
    /// In which language they are written.
    pub language: Language,
    /// Under every paper.
    pub footer: Option<String>,
}

/// What a paper in another currency was paid with.
#[derive(Debug, Clone, Deserialize)]
pub struct Payment {
    /// The order that it pays.
    pub order_no: String,
    /// The provider's own reference.
    pub reference: String,
    /// When.
    pub paid_on: NaiveDate,
    /// How much.
    pub paid: Decimal,
    /// Credits applied, which are no cash.
    pub credits: Decimal,
    /// What is still to be paid.
    pub due: Decimal,
    /// Terms of payment.
    #[serde(default)]
    pub terms: Option<String>,
}

/// What a paper comes to in the money of the country that taxes, where it is in another.
#[derive(Debug, Clone, Deserialize)]
pub struct TaxCurrency {
    /// That money's code.
    pub currency: String,
    /// What one unit of the paper's currency is worth in it.
    pub exchange_rate: Decimal,
    /// Without tax.
    pub excl: Decimal,
    /// The tax.
    pub tax: Decimal,
    /// With tax.
    pub incl: Decimal,
}

/// A line: one product's consumption.
#[derive(Debug, Clone, Deserialize)]
pub struct InvoiceLine {
    /// Its name in the price list.
    pub product: String,
    /// What was used, in words.
    #[serde(default)]
    pub description: Option<String>,
    /// How much was used, with its unit.
    #[serde(default)]
    pub quantity: Option<String>,
    /// Price of one, without tax.
    #[serde(default)]
    pub unit_price: Option<Decimal>,
    /// Taken off the line.
    #[serde(default)]
    pub discount: Option<Decimal>,
    /// Why.
    #[serde(default)]
    pub discount_reason: Option<String>,
    /// With tax.
    pub amount_incl: Decimal,
    /// Without tax.
    pub amount_excl: Decimal,
    /// The tax.
    pub tax: Decimal,
    /// The rate, 0.06 for six per cent.
    pub rate: Decimal,
    /// The first month that the line covers, where its product stands on the paper at several rates.
    #[serde(default)]
    pub from_month: Option<NaiveDate>,
    /// The last of these months.
    #[serde(default)]
    pub until_month: Option<NaiveDate>,
}

/// What was used of one product on one day, and what paid for it.
#[derive(Debug, Clone, Deserialize)]
pub struct Usage {
    /// The day; the month where the period is long.
    pub at: String,
    /// The product's name in the price list.
    pub product: String,
    /// The same in English.
    #[serde(default)]
    pub description: Option<String>,
    /// Paid from principal.
    pub from_principal: Decimal,
    /// Paid from gifts: never invoiced.
    pub from_gift: Decimal,
}

/// A seal over the audit.
#[derive(Debug, Clone, Deserialize)]
pub struct AuditSeal {
    /// The last event that it covers.
    pub up_to: String,
    /// The running hash there.
    pub sha256: String,
}

/// Somebody who approved the issue.
#[derive(Debug, Clone, Deserialize)]
pub struct Approval {
    /// Their login.
    pub login: String,
    /// The duty they acted by.
    #[serde(default)]
    pub duty: Option<String>,
    /// When.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
}

/// An issued invoice: the canonical content, plus what became known about it later.
#[derive(Debug, Clone, Deserialize)]
pub struct Invoice {
    /// Our own number, gap-free within its series.
    pub number: String,
    /// What kind of paper it is.
    pub kind: Kind,
    /// The series that numbered it.
    #[serde(default)]
    pub series: Option<String>,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// `CNY` or another currency's code.
    pub currency: String,
    /// How papers write it, where that is not its code.
    #[serde(default)]
    pub currency_sign: Option<String>,
    /// Who sells.
    pub seller: Party,
    /// Who buys.
    pub buyer: Party,
    /// The customer's reference on the platform.
    #[serde(default)]
    pub customer_ref: Option<String>,
    /// First day of the consumption invoiced.
    #[serde(default)]
    pub period_from: Option<NaiveDate>,
    /// Last day of the consumption invoiced.
    #[serde(default)]
    pub period_to: Option<NaiveDate>,
    /// The lines.
    pub lines: Vec<InvoiceLine>,
    /// Consumption paid from gifts in that time: shown, never invoiced.
    #[serde(default)]
    pub gift_used: Option<Decimal>,
    /// What a statement shows in detail.
    #[serde(default)]
    pub usage: Option<Vec<Usage>>,
    /// Sum of the lines without tax.
    pub total_excl: Decimal,
    /// Sum of the taxes.
    pub total_tax: Decimal,
    /// Sum with tax.
    pub total_incl: Decimal,
    /// Papers in another currency are issued for a payment.
    #[serde(default)]
    pub payment: Option<Payment>,
    /// The same sums for the country that taxes.
    #[serde(default)]
    pub tax_currency: Option<TaxCurrency>,
    /// The seller's logo, as digits of sixteen.
    #[serde(default)]
    pub logo: Option<String>,
    /// The seller's seal.
    #[serde(default)]
    pub seal: Option<String>,
    /// Remarks.
    #[serde(default)]
    pub note: Option<String>,
    /// The agreement's version under which it was consumed.
    #[serde(default)]
    pub agreement_version: Option<String>,
    /// Who issued it.
    pub issued_by_login: String,
    /// Who approved it.
    #[serde(default)]
    pub approvals: Vec<Approval>,
    /// The number of the document that a red letter takes back.
    #[serde(default)]
    pub refers_to: Option<String>,
    /// What kind of paper that is.
    #[serde(default)]
    pub refers_to_kind: Option<Kind>,
    /// Why a red letter was written: the tax platform's codes 01 to 04.
    #[serde(default)]
    pub reason_code: Option<String>,
    /// Number of the official invoice, once the tax platform has issued it.
    #[serde(default)]
    pub official_number: Option<String>,
    /// Day of the official invoice.
    #[serde(default)]
    pub official_on: Option<NaiveDate>,
    /// The newest seal over the audit when it was issued, where there was one.
    #[serde(default)]
    pub audit_seal: Option<AuditSeal>,
    /// Hash of the content, taken when it was issued.
    pub content_sha256: String,
    /// When this paper is made, by the database's clock; the instant of issue where it is not given.
    #[serde(default)]
    pub generated_at: Option<DateTime<Utc>>,
    /// Whether it comes from a rehearsal's books.
    #[serde(default)]
    pub rehearsal: bool,
}
