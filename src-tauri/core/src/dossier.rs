//! The dossier of a dispute for the court: the whole case on paper. Everything on it comes from one value that
//! the database composes from the case alone, so that the same state gives the same bytes on any desk and day.

mod words;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::commands;
use crate::database::Database;
use crate::error::{Error, Result};
use crate::paper::{
    Align, BRAND, Cell, Column, Fonts, HAIR, LEFT, Paper, QUIET, RIGHT, Row, Setup, Span, Style, Table, form,
};

const NOTICE: [&str; 2] = [
    "由账簿按案件现状生成；同一状态逐字节相同。所列时间为北京时间。",
    "Made by the books from the case as it stands; the same state gives the same bytes. Times are Beijing time.",
];

/// A case, as far as the paper goes into it by itself; the lists are read where they are drawn.
#[derive(Debug, Clone, Deserialize)]
pub struct Dossier {
    number: String,
    status: String,
    company: String,
    as_of: DateTime<Utc>,
    rehearsal: bool,
    content_sha256: String,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

impl Dossier {
    fn list(&self, name: &str) -> &[Value] {
        self.rest.get(name).map_or(&[], items)
    }

    fn at(&self, path: &[&str]) -> &Value {
        let first = self.rest.get(path[0]).unwrap_or(&Value::Null);
        path[1..].iter().fold(first, |value, name| &value[*name])
    }

    fn text(&self, path: &[&str]) -> String {
        self.at(path).as_str().unwrap_or_default().to_owned()
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// An instant of the content, written for people; empty where there is none.
fn instant(value: &Value, name: &str) -> String {
    let at = value[name].as_str().and_then(|written| written.parse::<DateTime<Utc>>().ok());
    at.map(|at| form::local(at).format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
}

/// An amount of the content; nothing where there is none.
fn money(value: &Value, name: &str) -> String {
    let amount = value[name].as_str().and_then(|written| written.parse::<Decimal>().ok());
    amount.map(form::figure).unwrap_or_default()
}

/// The dossier of a case as it stands now.
pub async fn pdf(db: &Database, dispute_id: Uuid) -> Result<Vec<u8>> {
    let wanted = json!({ "command_id": Uuid::now_v7(), "dispute_id": dispute_id });
    let content = commands::call(db, "disputes.dossier", wanted).await?;
    let rendered = tokio::task::spawn_blocking(move || {
        let fonts = Fonts::shared(None)?;
        let mut content = content;
        spell_out(fonts, &mut content);
        render(fonts, &serde_json::from_value(content)?)
    });
    rendered.await.map_err(Error::bug)?
}

/// What people wrote may hold characters that no face has. A letter refuses them; a dossier must not be held up by
/// an emoji in a chat, so it names the character instead.
fn spell_out(fonts: &Fonts, value: &mut Value) {
    match value {
        Value::String(text) if text.chars().any(|character| character == '\n' || !fonts.can_draw(character)) => {
            *text = text.chars().map(|character| drawable(fonts, character)).collect();
        }
        Value::Array(items) => items.iter_mut().for_each(|item| spell_out(fonts, item)),
        Value::Object(fields) => fields.values_mut().for_each(|field| spell_out(fonts, field)),
        _ => {}
    }
}

fn drawable(fonts: &Fonts, character: char) -> String {
    match character {
        _ if character.is_control() => " ".to_owned(),
        _ if fonts.can_draw(character) => character.to_string(),
        _ => format!("[U+{:04X}]", character as u32),
    }
}

/// Lays a dossier out. The same content gives the same bytes.
pub fn render(fonts: &Fonts, dossier: &Dossier) -> Result<Vec<u8>> {
    let mut paper = Paper::new(fonts, setup(dossier));
    let code = format!("KONTOR:{}:{}", dossier.number, dossier.content_sha256).to_uppercase();
    form::heading(&mut paper, ["案件卷宗", "Case dossier"], NOTICE, &code)?;
    parties(&mut paper, dossier);
    amounts(&mut paper, dossier);
    clocks(&mut paper, dossier);
    timeline(&mut paper, dossier);
    evidence(&mut paper, dossier);
    letters(&mut paper, dossier);
    ledger(&mut paper, dossier);
    audit(&mut paper, dossier);
    paper.finish()
}

fn setup(dossier: &Dossier) -> Setup {
    let as_of = form::instant(dossier.as_of);
    Setup {
        title: format!("案件卷宗 Case dossier {}", dossier.number),
        author: dossier.company.clone(),
        subject: "案件卷宗 Case dossier".to_owned(),
        identity: format!("{} {}", dossier.number, dossier.content_sha256),
        created_at: dossier.as_of,
        running_head: ["案件卷宗 Case dossier".to_owned(), dossier.number.clone()],
        foot: [
            format!("{} · 截至 As of {as_of}", dossier.number),
            format!("内容 Content SHA-256 {}", dossier.content_sha256),
        ],
        watermark: dossier.rehearsal.then(|| "REHEARSAL 演练".to_owned()),
    }
}

const BODY: Style = Style::regular(8.8);
const SMALL: Style = Style::regular(7.4).in_colour(QUIET);

fn section(paper: &mut Paper, title: &str) {
    let style = Style::bold(11.0).in_colour(BRAND);
    paper.keep(120.0);
    paper.y += 8.0;
    paper.text(LEFT, paper.y, &style, title);
    paper.y += style.leading() + 1.0;
    paper.rule((LEFT, paper.y), (RIGHT, paper.y), 0.6, HAIR);
    paper.y += 6.0;
}

fn nothing(paper: &mut Paper) {
    paper.flow(LEFT, RIGHT - LEFT, &SMALL, "（无 None）");
    paper.y += 4.0;
}

fn parties(paper: &mut Paper, dossier: &Dossier) {
    let fields = [
        ("案件 Case", dossier.number.clone(), true),
        ("状态 Status", words::status(&dossier.status), false),
        ("工单 Ticket", dossier.text(&["ticket_no"]), false),
        ("管辖 Court (RA 10.1)", "北京市海淀区人民法院".to_owned(), false),
    ];
    form::fields(paper, [110.0, 130.0, 110.0, RIGHT - LEFT - 350.0], &fields);
    section(paper, "一　当事人、订单与协议 Parties, recharge and agreement");
    let holder = dossier.at(&["holder"]);
    let third = dossier.at(&["third_party"]);
    let recharge = dossier.at(&["recharge"]);
    let agreement = dossier.at(&["agreement"]);
    let verified = if holder["real_name_verified"] == true { "已实名 verified" } else { "未实名 not verified" };
    let fields = [
        ("账户持有人 Account holder", text(holder, "name").to_owned(), true),
        ("账户 Account", format!("{}　{verified}", text(holder, "ref")), false),
        ("付款人（第三方） Payer (third party)", text(third, "name").to_owned(), true),
        ("付款账户 Paying account", text(third, "account").to_owned(), false),
        ("报告人 Told by", text(third, "informant").to_owned(), false),
        ("平台运营方 Platform", dossier.company.clone(), false),
        ("充值订单 Recharge order", text(recharge, "order_no").to_owned(), true),
        ("支付渠道单号 Provider's number", text(recharge, "provider_no").to_owned(), false),
        (
            "实付 Paid",
            format!("¥{}　{}", money(recharge, "principal"), words::channel(text(recharge, "channel"))),
            false,
        ),
        ("支付时间 Paid at", instant(recharge, "paid_at"), false),
        ("所接受的协议版本 Agreement accepted", text(agreement, "version").to_owned(), true),
        ("协议生效 In force from", instant(agreement, "effective_at"), false),
    ];
    form::fields(paper, [(RIGHT - LEFT) / 2.0, (RIGHT - LEFT) / 2.0], &fields);
    let hash = text(agreement, "text_sha256");
    if !hash.is_empty() {
        paper.flow(LEFT, RIGHT - LEFT, &SMALL, &format!("协议文本 Agreement text SHA-256 {hash}"));
    }
    paper.flow(
        LEFT,
        RIGHT - LEFT,
        &BODY,
        &format!("第三方要求 The third party's demand：{}", dossier.text(&["demand"])),
    );
    paper.y += 4.0;
}

fn amounts(paper: &mut Paper, dossier: &Dossier) {
    section(paper, "二　金额 Amounts (CNY)");
    let amounts = dossier.at(&["amounts"]);
    let rows = [
        ("disputed", "争议金额 Disputed"),
        ("repaid", "已退还第三方 Repaid to the third party"),
        ("refunded", "按原路退款 Refunded by its own route"),
        ("waived", "第三方豁免 Waived by the third party"),
        ("paid_directly", "持有人自行退还 Paid directly by the holder"),
        ("outstanding", "未了结 Outstanding"),
        ("short", "认定的差额 Shortfall determined"),
    ];
    for (name, label) in rows {
        let figure = money(amounts, name);
        if figure.is_empty() {
            continue;
        }
        let style = if name == "outstanding" { Style::bold(9.2) } else { BODY };
        paper.keep(style.leading() + 2.0);
        paper.text(LEFT, paper.y, &style, label);
        paper.text_right(LEFT + 330.0, paper.y, &style, &figure);
        paper.y += style.leading() + 2.0;
    }
    let used = dossier.list("use");
    if !used.is_empty() {
        let months: Vec<String> =
            used.iter().map(|one| format!("{} {}", text(one, "month"), money(one, "amount"))).collect();
        let line = format!("本订单本金的消费 Used of this recharge：{}", months.join("；"));
        paper.flow(LEFT, RIGHT - LEFT, &BODY, &line);
    }
    paper.y += 4.0;
}

fn clocks(paper: &mut Paper, dossier: &Dossier) {
    section(paper, "三　期限及其计算 Time limits, explained");
    if dossier.list("clocks").is_empty() {
        nothing(paper);
    }
    for clock in dossier.list("clocks") {
        let stopped = instant(clock, "stopped_at");
        let stopped = if stopped.is_empty() { stopped } else { format!("　停止 stopped {stopped}") };
        let title = format!("{}：{} 24:00{stopped}", words::clock(text(clock, "kind")), text(clock, "due_on"));
        paper.keep(40.0);
        paper.flow(LEFT, RIGHT - LEFT, &Style::bold(9.4), &title);
        for (chinese, english) in items(&clock["sentences"]).iter().zip(items(&clock["sentences_en"])) {
            let line = format!("{}　{}", text(chinese, "text"), text(chinese, "clause"));
            paper.flow(LEFT + 10.0, RIGHT - LEFT - 10.0, &BODY, &line);
            paper.flow(LEFT + 10.0, RIGHT - LEFT - 10.0, &SMALL, text(english, "text"));
        }
        for change in items(&clock["changes"]) {
            let line = format!(
                "变更 Moved {} → {}，{}，{}：{}",
                text(change, "from_due_on"),
                text(change, "to_due_on"),
                instant(change, "at"),
                text(change, "by"),
                text(change, "reason")
            );
            paper.flow(LEFT + 10.0, RIGHT - LEFT - 10.0, &BODY, &line);
        }
        paper.flow(
            LEFT + 10.0,
            RIGHT - LEFT - 10.0,
            &SMALL,
            &format!("节假日安排 Holiday lists {}", text(clock, "calendar_version")),
        );
        paper.y += 6.0;
    }
}

const fn column(head: [&'static str; 2], span: Span, align: Align) -> Column {
    Column { head, span, align }
}

fn under(text: impl Into<String>, under: impl Into<String>) -> Cell {
    Cell { text: text.into(), under: under.into(), colour: None }
}

fn row(cells: Vec<Cell>) -> Row {
    Row { cells, carried: Vec::new() }
}

fn draw(paper: &mut Paper, columns: Vec<Column>, rows: Vec<Row>) {
    if rows.is_empty() {
        return nothing(paper);
    }
    Table { columns, rows, carry: None }.draw(paper, 0.0);
    paper.y += 8.0;
}

fn timeline(paper: &mut Paper, dossier: &Dossier) {
    section(paper, "四　时间线 Timeline");
    let columns = vec![
        column(["发生／记录", "Happened / recorded"], Span::Points(96.0), Align::Left),
        column(["一方", "Side"], Span::Points(62.0), Align::Left),
        column(["事项", "What"], Span::Points(120.0), Align::Left),
        column(["内容与凭据", "Content and proof"], Span::Share(1.0), Align::Left),
        column(["金额", "Amount"], Span::Points(58.0), Align::Right),
    ];
    let rows = dossier.list("timeline").iter().map(|moment| {
        let papers: Vec<&str> = items(&moment["papers"]).iter().map(|paper| text(paper, "file_name")).collect();
        row(vec![
            under(instant(moment, "at"), instant(moment, "recorded_at")),
            words::lane(text(moment, "lane")).into(),
            under(words::moment(text(moment, "kind")), text(moment, "by")),
            under(words::plain(text(moment, "text")), papers.join("；")),
            money(moment, "amount").into(),
        ])
    });
    draw(paper, columns, rows.collect());
}

fn evidence(paper: &mut Paper, dossier: &Dossier) {
    section(paper, "五　证据与材料 Evidence and papers");
    let columns = vec![
        column(["收到／记录", "Received / recorded"], Span::Points(96.0), Align::Left),
        column(["证据", "Evidence"], Span::Share(1.0), Align::Left),
        column(["是否及时", "In time"], Span::Points(60.0), Align::Left),
        column(["认定", "Verdict"], Span::Points(130.0), Align::Left),
    ];
    let papers = dossier.at(&["papers"]);
    let filed = items(&papers["evidence"]).iter().map(|one| {
        let decided =
            [text(one, "decided_by").to_owned(), instant(one, "decided_at"), text(one, "decided_reason").to_owned()];
        let decided: Vec<String> = decided.into_iter().filter(|part| !part.is_empty()).collect();
        row(vec![
            under(instant(one, "received_at"), instant(one, "recorded_at")),
            under(words::plain(text(one, "summary")), text(one, "receipt_proof")),
            if one["in_time"] == true { "及时 in time".into() } else { "逾期 late".into() },
            under(words::verdict(text(one, "verdict")), decided.join("，")),
        ])
    });
    draw(paper, columns, filed.collect());
    let columns = vec![
        column(["收到／记录", "Received / recorded"], Span::Points(96.0), Align::Left),
        column(["文件及 SHA-256", "File and SHA-256"], Span::Share(1.0), Align::Left),
        column(["字节", "Bytes"], Span::Points(64.0), Align::Right),
    ];
    let files = items(&papers["attachments"]).iter().map(|one| {
        row(vec![
            under(instant(one, "received_at"), instant(one, "recorded_at")),
            under(text(one, "file_name"), text(one, "sha256")),
            one["size_bytes"].to_string().into(),
        ])
    });
    draw(paper, columns, files.collect());
}

fn letters(paper: &mut Paper, dossier: &Dossier) {
    section(paper, "六　函件与送达 Letters and service of notice");
    let columns = vec![
        column(["签发", "Issued"], Span::Points(96.0), Align::Left),
        column(["函件及内容 SHA-256", "Letter and content SHA-256"], Span::Share(1.6), Align::Left),
        column(["发送与回执", "Sent, and its receipt"], Span::Share(1.0), Align::Left),
    ];
    let rows = dossier.list("letters").iter().map(|letter| {
        let ways: Vec<String> = items(&letter["sendings"]).iter().map(sending).collect();
        row(vec![
            under(instant(letter, "issued_at"), text(letter, "issued_by")),
            under(
                format!("{} {}", text(letter, "number"), words::letter(text(letter, "kind"))),
                text(letter, "content_sha256"),
            ),
            ways.join("\n").into(),
        ])
    });
    draw(paper, columns, rows.collect());
    let columns = vec![
        column(["送达／记录", "Served / recorded by"], Span::Points(96.0), Align::Left),
        column(["通知", "Notice"], Span::Points(150.0), Align::Left),
        column(["凭据", "Proof"], Span::Share(1.0), Align::Left),
    ];
    let served = items(&dossier.at(&["papers"])["services"]).iter().map(|one| {
        row(vec![
            under(instant(one, "served_at"), text(one, "recorded_by")),
            under(
                words::notice(text(one, "about")),
                format!("{} · {}", words::lane(text(one, "addressee")), words::way(text(one, "way"))),
            ),
            words::plain(text(one, "proof")).into(),
        ])
    });
    draw(paper, columns, served.collect());
}

fn sending(sending: &Value) -> String {
    let mut line = format!("{} {}", instant(sending, "sent_at"), words::way(text(sending, "way")));
    let delivered = instant(sending, "delivered_at");
    if !delivered.is_empty() {
        line.push_str(&format!("；送达 arrived {delivered}：{}", words::plain(text(sending, "receipt"))));
    }
    let failed = instant(sending, "failed_at");
    if !failed.is_empty() {
        line.push_str(&format!("；未送达 failed {failed}：{}", words::plain(text(sending, "failure"))));
    }
    line
}

fn ledger(paper: &mut Paper, dossier: &Dossier) {
    section(paper, "七　账簿摘录 Ledger extract");
    let columns = vec![
        column(["凭证", "Journal"], Span::Points(70.0), Align::Left),
        column(["生效／记录", "Effective / recorded"], Span::Points(96.0), Align::Left),
        column(["科目", "Account"], Span::Share(1.0), Align::Left),
        column(["借方", "Debit"], Span::Points(72.0), Align::Right),
        column(["贷方", "Credit"], Span::Points(72.0), Align::Right),
        column(["账户余额", "Balance after"], Span::Points(72.0), Align::Right),
    ];
    let mut rows = Vec::new();
    for journal in dossier.list("journals") {
        for (at, line) in items(&journal["lines"]).iter().enumerate() {
            let amount = text(line, "amount").parse::<Decimal>().unwrap_or_default();
            let unit = if text(line, "commodity") == "CNY" { "" } else { " 赠送 gift" };
            let (debit, credit) = match amount.is_sign_negative() {
                true => (String::new(), form::figure(-amount)),
                false => (form::figure(amount), String::new()),
            };
            let first = |text: String| if at == 0 { text } else { String::new() };
            rows.push(row(vec![
                under(first(format!("J-{}", text(journal, "id"))), first(words::journal(text(journal, "kind")))),
                under(first(instant(journal, "effective_at")), first(instant(journal, "recorded_at"))),
                under(format!("{}{unit}", text(line, "title_zh")), text(line, "title_en")),
                debit.into(),
                credit.into(),
                money(line, "balance_after").into(),
            ]));
        }
    }
    draw(paper, columns, rows);
}

fn audit(paper: &mut Paper, dossier: &Dossier) {
    section(paper, "八　审计链位置 Position in the audit chain");
    let audit = dossier.at(&["audit"]);
    let link = match text(audit, "link_sha256") {
        "" => "尚未封存，一两分钟后封存 not sealed yet; housekeeping seals it within minutes".to_owned(),
        link => link.to_owned(),
    };
    let lines = [
        format!("本案审计记录 Events of this case：{}", audit["events"]),
        format!("最后一条 Last event：{}（{}）", text(audit, "last_event"), instant(audit, "last_at")),
        format!("本案记录的 SHA-256 Hash over this case's events：{}", text(audit, "case_sha256")),
        format!("全部审计链至该记录的 SHA-256 Link of the whole chain at that event：{link}"),
    ];
    for line in lines {
        paper.flow(LEFT, RIGHT - LEFT, &BODY, &line);
    }
    let how = "每一链节为前一链节与整条记录的 SHA-256；任何一条记录事后被改动，其后的链节均不相符。 Each link is the SHA-256 of the link before and the whole event; if any event is changed later, no link after it fits.";
    paper.flow(LEFT, RIGHT - LEFT, &SMALL, how);
}
