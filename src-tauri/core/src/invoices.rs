//! An issued invoice as paper: statement, request, commercial invoice or red letter.
//!
//! The content comes from the database exactly as it was hashed at issue; nothing here computes money.
//! It only checks that what it prints adds up. The first rendering is stored there too, and is the only
//! one that anybody ever sees.

pub mod asked;
mod content;
mod language;
pub mod twin;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::capitals::{self, Yuan};
use crate::database::Database;
use crate::error::{Error, Result};
use crate::paper::{
    Align, BRAND, Carry, Cell, Column, Fonts, HAIR, LEFT, Paper, Picture, QUIET, RIGHT, Row, Setup, Span, Style, Table,
    WASH, form, from_hex,
};

pub use content::{Approval, AuditSeal, Invoice, InvoiceLine, Kind, Party, Payment, TaxCurrency, Usage};
pub use language::Language;

const NOT_A_TAX_INVOICE: [&str; 2] = [
    "本单据非税务发票，不作为报销或抵扣凭证。",
    "This document is not a tax invoice (fapiao) and cannot be used for reimbursement or input tax deduction.",
];

/// For sellers outside China's tax system, whose own law may know a tax invoice.
const NOT_A_FAPIAO: [&str; 2] = ["本单据非中国税务发票。", "This document is not a Chinese tax invoice (fapiao)."];

impl Invoice {
    /// Refuses an invoice whose texts need a character that our faces lack. Issuing asks first, so that
    /// no number is spent on a paper that cannot be printed.
    pub fn check_glyphs(&self, fonts: &Fonts) -> Result<()> {
        let parties = [&self.seller, &self.buyer].into_iter().flat_map(|party| {
            let facts = [&party.name, &party.tax_id, &party.credit_code, &party.address, &party.phone];
            facts.into_iter().chain([&party.bank, &party.account, &party.tax_note, &party.footer])
        });
        let lines = self.lines.iter().flat_map(|line| [&line.description, &line.quantity, &line.discount_reason]);
        let others = [&self.note, &self.agreement_version, &self.customer_ref, &self.refers_to];
        let paid = self
            .payment
            .iter()
            .flat_map(|payment| [Some(&payment.order_no), Some(&payment.reference), payment.terms.as_ref()]);
        let texts = parties.chain(lines).chain(others).filter_map(Option::as_deref);
        let texts = texts.chain(paid.flatten().map(String::as_str));
        let products = self.lines.iter().map(|line| line.product.as_str());
        texts.chain(products).try_for_each(|text| fonts.check(text))
    }

    fn adds_up(&self) -> bool {
        let sum = |part: fn(&InvoiceLine) -> Decimal| self.lines.iter().map(part).sum::<Decimal>();
        sum(|line| line.amount_excl) == self.total_excl
            && sum(|line| line.tax) == self.total_tax
            && sum(|line| line.amount_incl) == self.total_incl
            && self.total_excl + self.total_tax == self.total_incl
    }

    fn reason(&self) -> &str {
        match self.reason_code.as_deref() {
            Some("01") => "开票有误 Issued in error",
            Some("02") => "销货退回 Returned",
            Some("03") => "服务中止 Service ended",
            Some("04") => "销售折让 Allowance",
            Some(other) => other,
            None => "",
        }
    }

    fn sign(&self) -> &str {
        self.currency_sign.as_deref().unwrap_or(if self.currency == "CNY" { "¥" } else { &self.currency })
    }

    fn language(&self) -> Language {
        self.seller.language
    }

    /// The title, in the paper's language.
    fn title(&self) -> [&'static str; 2] {
        let taxed = self.seller.tax_scheme.as_deref() == Some("gst_sg") && !self.total_tax.is_zero();
        self.language().pair(match self.kind {
            Kind::CommercialInvoice if taxed => ["税务发票（GST）", "Tax invoice"],
            kind => kind.title(),
        })
    }

    fn notice(&self) -> [&'static str; 2] {
        self.language().pair(if self.seller.tax_scheme.is_some() { NOT_A_FAPIAO } else { NOT_A_TAX_INVOICE })
    }

    /// What the QR code says: number, hash of the content, and where the seal over the audit stood, by which the books can be asked.
    fn code(&self) -> String {
        let head = |seal: &AuditSeal| format!(":{}-{}", seal.up_to, seal.sha256.get(..16).unwrap_or(&seal.sha256));
        let head = self.audit_seal.as_ref().map(head).unwrap_or_default();
        // Capitals and digits only: the code then packs two characters into eleven bits.
        format!("KONTOR:{}:{}{head}", self.number, self.content_sha256).to_uppercase()
    }

    fn total(&self, amount: Decimal) -> String {
        let between = if self.sign().ends_with(char::is_alphabetic) { " " } else { "" };
        format!("{}{between}{}", self.sign(), form::figure(amount))
    }
}

/// Lays an invoice out. The same invoice gives the same bytes.
pub fn render(fonts: &Fonts, invoice: &Invoice) -> Result<Vec<u8>> {
    if !invoice.adds_up() {
        return Err(Error::bug(format_args!("the lines of {} do not add up to its totals", invoice.number)));
    }
    invoice.check_glyphs(fonts)?;
    let mut paper = Paper::new(fonts, setup(invoice));
    paper.attach(twin::attached(invoice)?);
    if invoice.language() == Language::English {
        paper.count_in_english();
    }
    if let Some(logo) = picture(invoice.logo.as_deref())? {
        const BESIDE_CODE: f32 = RIGHT - 74.0;
        let (width, height) = logo.fitted(120.0, 44.0);
        paper.picture(BESIDE_CODE - width, paper.y, width, height, &logo);
    }
    form::heading(&mut paper, invoice.title(), invoice.notice(), &invoice.code())?;
    particulars(&mut paper, invoice);
    parties(&mut paper, invoice);
    let closing = Closing::of(&paper, invoice)?;
    lines(invoice).draw(&mut paper, closing.height());
    closing.draw(&mut paper, invoice)?;
    usage(&mut paper, invoice);
    paper.finish()
}

fn picture(digits: Option<&str>) -> Result<Option<Picture>> {
    let Some(digits) = digits else { return Ok(None) };
    let bytes = from_hex(digits).ok_or_else(|| Error::bug("a picture that is no digits of sixteen"))?;
    Picture::from_png(&bytes).map(Some)
}

/// The one PDF of an issued invoice: the stored bytes, or the first rendering, which is then stored.
/// Two people who ask at once get the same bytes: the first to store them wins.
pub async fn pdf(db: &Database, invoice_id: Uuid) -> Result<Vec<u8>> {
    // One round trip for the usual case: the content comes along only while there is no PDF yet.
    let (stored, content): (Option<Vec<u8>>, Option<serde_json::Value>) = sqlx::query_as(
        "select paper.bytes, case when paper.bytes is null then api.read_invoice_content($1) end
         from (select api.read_invoice_pdf($1) as bytes) paper",
    )
    .bind(invoice_id)
    .fetch_one(&db.pool)
    .await?;
    let content = match (stored, content) {
        (Some(stored), _) => return Ok(stored),
        (None, content) => content.unwrap_or_default(),
    };
    let invoice: Invoice = serde_json::from_value(content)?;
    // Layout is pure work of some milliseconds: it must not hold up the others on this thread.
    let rendered = tokio::task::spawn_blocking(move || render(Fonts::shared(None)?, &invoice));
    let rendered = rendered.await.map_err(Error::bug)??;
    Ok(sqlx::query_scalar("select api.store_invoice_pdf($1, $2)")
        .bind(invoice_id)
        .bind(rendered)
        .fetch_one(&db.pool)
        .await?)
}

fn setup(invoice: &Invoice) -> Setup {
    let language = invoice.language();
    let title = invoice.title().join(" ").trim_end().to_owned();
    let notice = invoice.notice();
    let seller = invoice.seller.name.clone().unwrap_or_default();
    let buyer = invoice.buyer.name.clone().unwrap_or_default();
    let generated_at = form::instant(invoice.generated_at.unwrap_or(invoice.issued_at));
    let [said, said_too] = [notice[0], if notice[1].is_empty() { "" } else { "Not a tax invoice (fapiao).　" }];
    Setup {
        title: format!("{title} {}", invoice.number),
        author: seller,
        subject: format!("{title}, {buyer}"),
        identity: format!("{} {}", invoice.number, invoice.content_sha256),
        created_at: invoice.issued_at,
        running_head: [title, format!("{} · {}", invoice.number, shorten(&buyer, 40))],
        foot: [
            format!("{said}　{} · {} {generated_at}", invoice.number, language.say("生成 Generated")),
            format!("{said_too}{} SHA-256 {}", language.say("内容 Content"), invoice.content_sha256),
        ],
        watermark: invoice.rehearsal.then(|| "REHEARSAL 演练".to_owned()),
    }
}

/// Number, dates and references: label above value, four to a row.
fn particulars(paper: &mut Paper, invoice: &Invoice) {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let period = match (invoice.period_from, invoice.period_to) {
        (None, None) => String::new(),
        (from, to) => format!("{} – {}", day(from), day(to)),
    };
    let currency = if invoice.currency == "CNY" { "CNY 人民币".to_owned() } else { invoice.currency.clone() };
    let payment = |part: fn(&Payment) -> String| invoice.payment.as_ref().map(part).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let official = format!("{}　{}", text(&invoice.official_number), day(invoice.official_on));
    let fields = [
        ("单据编号 Number", invoice.number.clone(), true),
        ("开具日期 Issued on", form::local(invoice.issued_at).format("%Y-%m-%d").to_string(), false),
        ("消费期间 Period", period, false),
        ("币种 Currency", currency, false),
        ("客户编号 Customer", text(&invoice.customer_ref), false),
        ("协议版本 Agreement", text(&invoice.agreement_version), false),
        ("对应原单 Refers to", text(&invoice.refers_to), true),
        ("红字原因 Reason", invoice.reason().to_owned(), false),
        ("订单号 Order", payment(|paid| paid.order_no.clone()), false),
        ("支付凭证 Payment", payment(|paid| paid.reference.clone()), false),
        ("支付日期 Paid on", payment(|paid| paid.paid_on.to_string()), false),
        ("税务发票号码 Official invoice", official.trim_end_matches('　').to_owned(), false),
    ];
    let fields = fields.map(|(name, value, strong)| (invoice.language().say(name), value, strong));
    form::fields(paper, [136.0, 106.0, 148.0, RIGHT - LEFT - 390.0], &fields);
}

fn parties(paper: &mut Paper, invoice: &Invoice) {
    const BETWEEN: f32 = 14.0;
    let width = (RIGHT - LEFT - BETWEEN) / 2.0;
    let top = paper.y;
    let bottoms = [
        party(paper, (LEFT, top, width), "销售方 Seller", &invoice.seller, invoice.language()),
        party(paper, (LEFT + width + BETWEEN, top, width), "购买方 Buyer", &invoice.buyer, invoice.language()),
    ];
    paper.y = bottoms[0].max(bottoms[1]) + 12.0;
}

/// One party's block. Returns where it ends.
fn party(paper: &mut Paper, (x, top, width): (f32, f32, f32), title: &str, party: &Party, language: Language) -> f32 {
    const LABEL: f32 = 76.0;
    let personal = party.kind.as_deref() == Some("personal");
    let fields = [
        (if personal { "姓名 Name" } else { "名称 Name" }, &party.name, true),
        ("纳税人识别号 Tax ID", &party.tax_id, false),
        ("信用代码 Credit code", &party.credit_code, false),
        ("地址 Address", &party.address, false),
        ("电话 Phone", &party.phone, false),
        ("开户行 Bank", &party.bank, false),
        ("账号 Account", &party.account, false),
    ];
    paper.text(x, top, &Style::bold(8.4).in_colour(BRAND), language.say(title));
    paper.rule((x, top + 14.0), (x + width, top + 14.0), 0.6, HAIR);
    let mut y = top + 17.5;
    let label = Style::regular(7.2).in_colour(QUIET);
    for (name, value, strong) in fields {
        let Some(value) = value.as_deref().filter(|value| !value.is_empty()) else { continue };
        let style = Style::regular(if strong { 9.8 } else { 8.6 });
        paper.text(x, y + (style.leading() - label.leading()) / 2.0 + 0.4, &label, language.say(name));
        y += paper.paragraph(x + LABEL, y, width - LABEL, &style, value) + 1.2;
    }
    y
}

fn lines(invoice: &Invoice) -> Table {
    let quantities = invoice.lines.iter().any(|line| line.quantity.as_deref().is_some_and(|text| !text.is_empty()));
    let language = invoice.language();
    let column = |head, span, align| Column { head: language.pair(head), span, align };
    let mut columns = vec![
        column(["序", "No."], Span::Points(24.0), Align::Left),
        column(["项目", "Item"], Span::Share(1.0), Align::Left),
        column(["数量", "Quantity"], Span::Points(80.0), Align::Right),
        column(["不含税金额", "Excl. tax"], Span::Points(70.0), Align::Right),
        column(["税率", "Rate"], Span::Points(34.0), Align::Right),
        column(["税额", "Tax"], Span::Points(58.0), Align::Right),
        column(["价税合计", "Incl. tax"], Span::Points(70.0), Align::Right),
    ];
    let rows = invoice.lines.iter().enumerate().map(|(at, line)| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (item, under) = match language {
            Language::Both => (line.product.clone(), text(&line.description)),
            Language::English => (line.description.clone().unwrap_or_else(|| line.product.clone()), String::new()),
            Language::Chinese => (line.product.clone(), String::new()),
        };
        let taken_off = line.discount.filter(|discount| !discount.is_zero()).map(|discount| {
            format!("{} −{} {}", language.say("折扣 Discount"), form::figure(discount), text(&line.discount_reason))
        });
        // The same product at two rates: which months is what tells its lines apart.
        let months = line.from_month.zip(line.until_month).map(|(from, until)| {
            let [from, until] = [from, until].map(|month| month.format("%Y-%m").to_string());
            if from == until { from } else { format!("{from} – {until}") }
        });
        let under = [under, months.unwrap_or_default(), taken_off.unwrap_or_default()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>();
        let item = Cell { text: item, under: under.join("　").trim_end().to_owned(), colour: None };
        let quantity = match line.unit_price {
            Some(price) => format!("{} × {}", text(&line.quantity), form::figure(price)),
            None => text(&line.quantity),
        };
        let mut cells = vec![
            Cell { colour: Some(QUIET), ..Cell::from((at + 1).to_string()) },
            item,
            quantity.into(),
            form::figure(line.amount_excl).into(),
            percent(line.rate).into(),
            form::figure(line.tax).into(),
            form::figure(line.amount_incl).into(),
        ];
        if !quantities {
            cells.remove(2);
        }
        Row { cells, carried: vec![line.amount_excl, line.tax, line.amount_incl] }
    });
    let rows = rows.collect();
    let carried: &[usize] = if quantities { &[3, 5, 6] } else { &[2, 4, 5] };
    if !quantities {
        columns.remove(2);
    }
    let carry = Carry {
        columns: carried,
        forward: language.say("转下页 Carried forward"),
        brought: language.say("承前页 Brought forward"),
        figure: form::figure,
    };
    Table { columns, rows, carry: Some(carry) }
}

/// What stands below the table: the sums on the right; on the left the total in words, what gifts paid,
/// and the remarks; then who issued and who approved.
struct Closing {
    notes: Vec<(&'static str, String)>,
    notes_height: f32,
    /// Remarks too long to stand beside the sums.
    long_note: Option<(&'static str, String)>,
    people: Vec<String>,
}

impl Closing {
    const BOX: f32 = 226.0;
    const NOTES: f32 = RIGHT - LEFT - Self::BOX - 20.0;
    const SUMS_HEIGHT: f32 = 68.0;
    const TALLEST_NOTE: f32 = 110.0;
    const LABEL: Style = Style::regular(7.2).in_colour(QUIET);
    const BODY: Style = Style::regular(8.6);
    const PEOPLE: Style = Style::regular(7.6).in_colour(QUIET);

    fn of(paper: &Paper, invoice: &Invoice) -> Result<Self> {
        let height = |text: &String| 15.0 + paper.paragraph_height(Self::NOTES, &Self::BODY, text);
        let (notes, long): (Vec<_>, Vec<_>) =
            notes(invoice)?.into_iter().partition(|(_, text)| height(text) <= Self::TALLEST_NOTE);
        let notes_height = notes.iter().map(|(_, text)| height(text)).sum();
        Ok(Self { notes, notes_height, long_note: long.into_iter().next_back(), people: people(invoice) })
    }

    fn height(&self) -> f32 {
        let people = self.people.len() as f32 * Self::PEOPLE.leading();
        10.0 + self.notes_height.max(Self::SUMS_HEIGHT) + 8.0 + people
    }

    fn draw(&self, paper: &mut Paper, invoice: &Invoice) -> Result<()> {
        let language = invoice.language();
        paper.keep(self.height());
        let top = paper.y + 10.0;
        let mut y = top;
        for (name, text) in &self.notes {
            paper.text(LEFT, y, &Self::LABEL, name);
            y += 15.0 + paper.paragraph(LEFT, y + 11.0, Self::NOTES, &Self::BODY, text);
        }
        let left = RIGHT - Self::BOX;
        let sums = [("不含税合计 Total excl. tax", invoice.total_excl), ("税额合计 Total tax", invoice.total_tax)];
        for (at, (name, amount)) in sums.iter().enumerate() {
            let line = top + at as f32 * 16.0;
            paper.text(left + 10.0, line + 1.0, &Style::regular(8.2).in_colour(QUIET), language.say(name));
            paper.text_right(RIGHT - 5.0, line, &Style::regular(9.4), &form::figure(*amount));
        }
        paper.fill(left, top + 36.0, Self::BOX, 30.0, WASH);
        paper.rule((left, top + 36.0), (RIGHT, top + 36.0), 1.0, BRAND);
        paper.text(left + 10.0, top + 44.5, &Style::bold(8.8), language.say("价税合计 Total"));
        paper.text_right(RIGHT - 5.0, top + 40.5, &Style::bold(14.0), &invoice.total(invoice.total_incl));
        paper.y = top + self.notes_height.max(Self::SUMS_HEIGHT) + 8.0;
        if let Some((name, text)) = &self.long_note {
            paper.keep(Self::LABEL.leading() + 2.0 * Self::BODY.leading());
            paper.text(LEFT, paper.y, &Self::LABEL, name);
            paper.y += 11.0;
            paper.flow(LEFT, RIGHT - LEFT, &Self::BODY, text);
            paper.y += 8.0;
        }
        if let Some(seal) = picture(invoice.seal.as_deref())? {
            // Over the sums, where a seal is put by hand.
            let (width, height) = seal.fitted(84.0, 84.0);
            paper.picture(left - width / 2.0, top - 4.0, width, height, &seal);
        }
        for line in self.people.iter().chain(&invoice.seller.footer) {
            paper.flow(LEFT, RIGHT - LEFT, &Self::PEOPLE, line);
        }
        Ok(())
    }
}

/// Below the sums of a statement: the days that make them up.
fn usage(paper: &mut Paper, invoice: &Invoice) {
    let Some(rows) = invoice.usage.as_deref().filter(|rows| !rows.is_empty()) else { return };
    let language = invoice.language();
    let column = |head, span, align| Column { head: language.pair(head), span, align };
    let columns = vec![
        column(["日期", "Date"], Span::Points(62.0), Align::Left),
        column(["项目", "Item"], Span::Share(1.0), Align::Left),
        column(["本金支付", "From principal"], Span::Points(92.0), Align::Right),
        column(["赠送抵扣（不开票）", "From gifts, not invoiced"], Span::Points(110.0), Align::Right),
    ];
    let cells = |row: &Usage| {
        let english = row.description.clone().unwrap_or_else(|| row.product.clone());
        let item = if language == Language::English { english } else { row.product.clone() };
        vec![row.at.clone().into(), item.into(), exact(row.from_principal).into(), exact(row.from_gift).into()]
    };
    let rows = rows.iter().map(|row| Row { cells: cells(row), carried: Vec::new() }).collect();
    paper.y += 12.0;
    paper.keep(80.0);
    let heading = Style::bold(8.4).in_colour(BRAND);
    paper.text(LEFT, paper.y, &heading, language.say("消费明细 Usage in detail"));
    paper.y += 16.0;
    Table { columns, rows, carry: None }.draw(paper, 0.0);
}

/// Metered amounts have up to six decimals; none is lost.
fn exact(amount: Decimal) -> String {
    let amount = amount.normalize();
    if amount.scale() <= 2 { form::figure(amount) } else { amount.to_string() }
}

fn notes(invoice: &Invoice) -> Result<Vec<(&'static str, String)>> {
    let mut notes = Vec::new();
    if invoice.currency == "CNY" {
        let words = capitals::spell(invoice.total_incl, Yuan::Plain)?;
        let prefix = if invoice.total_incl.is_sign_negative() { "" } else { "人民币" };
        notes.push(("价税合计（大写） Total in words", format!("{prefix}{words}")));
    }
    if let Some(why) = invoice.seller.tax_note.as_deref().filter(|_| invoice.total_tax.is_zero()) {
        notes.push(("税务说明 Tax", why.to_owned()));
    }
    if let Some(taxed) = &invoice.tax_currency {
        let [excl, tax, incl] =
            [("不含税 Excl. tax", taxed.excl), ("税额 Tax", taxed.tax), ("价税合计 Incl. tax", taxed.incl)]
                .map(|(name, amount)| format!("{} {}", invoice.language().say(name), form::figure(amount)));
        let rate = format!("1 {} = {} {}", invoice.currency, taxed.exchange_rate.normalize(), taxed.currency);
        notes.push((
            "计税货币 In the currency of the tax",
            format!("{}　{excl}　{tax}　{incl}　({rate})", taxed.currency),
        ));
    }
    if let Some(payment) = &invoice.payment {
        notes.push(("已付 Paid", invoice.total(payment.paid)));
        if !payment.credits.is_zero() {
            notes.push(("抵扣额度（非现金） Credits applied, non-cash", invoice.total(payment.credits)));
        }
        notes.push(("应付 Amount due", invoice.total(payment.due)));
        notes.extend(payment.terms.clone().map(|terms| ("付款条件 Terms", terms)));
    }
    if let Some(gift) = invoice.gift_used.filter(|gift| !gift.is_zero()) {
        let text = format!("{}　不计入开票金额 excluded from this document", invoice.total(gift));
        notes.push(("赠送额度消费 Paid from gifts", text));
    }
    if let Some(note) = invoice.note.as_deref().filter(|note| !note.is_empty()) {
        notes.push(("备注 Remarks", note.to_owned()));
    }
    let language = invoice.language();
    Ok(notes.into_iter().map(|(name, text)| (language.say(name), text)).collect())
}

fn people(invoice: &Invoice) -> Vec<String> {
    let language = invoice.language();
    let comma = if language == Language::English { ", " } else { "，" };
    let issued = format!(
        "{} {}{comma}{}",
        language.say("开具 Issued by"),
        invoice.issued_by_login,
        form::instant(invoice.issued_at)
    );
    let approved = invoice.approvals.iter().map(|approval| {
        let duty = approval.duty.as_deref().map(|duty| format!(" ({duty})")).unwrap_or_default();
        let at = approval.at.map(|at| format!("{comma}{}", form::instant(at))).unwrap_or_default();
        format!("{} {}{duty}{at}", language.say("批准 Approved by"), approval.login)
    });
    std::iter::once(issued).chain(approved).collect()
}

fn percent(rate: Decimal) -> String {
    format!("{}%", (rate * Decimal::ONE_HUNDRED).normalize())
}

fn shorten(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A specimen of a template, drawn as its papers will be, before anybody proposes it. `seller` is the template's block; logo and seal
/// come as digits of sixteen.
///
/// Errors: what a paper would meet: a character without a glyph, a picture that does not decode.
pub fn specimen(
    seller: &serde_json::Value,
    currency: &str,
    logo: Option<String>,
    seal: Option<String>,
) -> Result<Vec<u8>> {
    let taxed = seller["tax_scheme"] != "none";
    let (excl, tax) = if taxed { ("94.34", "5.66") } else { ("100.00", "0.00") };
    let content = serde_json::json!({
        "number": "SPECIMEN-0000", "kind": if currency == "CNY" { "statement" } else { "commercial_invoice" }, "issued_at": "2026-01-05T02:00:00Z",
        "currency": currency, "seller": seller, "buyer": {"kind": "enterprise", "name": "样张购买方有限公司 Specimen Buyer Ltd", "address": "示例路 1 号 1 Example Road"},
        "period_from": "2025-12-01", "period_to": "2025-12-31", "lines": [{"product": "样张项目", "description": "Specimen item", "quantity": "1", "unit_price": excl,
            "amount_excl": excl, "tax": tax, "amount_incl": "100.00", "rate": if taxed { "0.06" } else { "0" }}],
        "total_excl": excl, "total_tax": tax, "total_incl": "100.00", "issued_by_login": "specimen", "content_sha256": "00", "rehearsal": true, "logo": logo, "seal": seal,
    });
    render(Fonts::shared(None)?, &serde_json::from_value(content)?)
}
