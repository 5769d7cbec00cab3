//! Letters as paper and as mail. The database composed every word; here the words are laid out, in the one
//! language of the letter, and put into an envelope that a mail program opens.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::commands;
use crate::database::Database;
use crate::error::{Error, Result};
use crate::mail::{Attachment, Mail};
use crate::paper::{
    Align, BRAND, Cell, Column, Fonts, HAIR, INK, LEFT, Paper, QUIET, RIGHT, Row, Setup, Span, Style, Table, WASH, form,
};

/// A letter as the database composed it. Before it is issued it has no number, no instant and no hash.
#[derive(Debug, Clone, Deserialize)]
pub struct Letter {
    /// What it is: one of the kinds that the database knows.
    pub kind: String,
    /// `zh` or `en`.
    pub language: String,
    /// What it is.
    pub title: String,
    /// To whom.
    pub to: String,
    /// Who writes.
    pub company: String,
    /// The platform's number of the account.
    pub account: String,
    /// The number of the case.
    pub case: String,
    /// The version of the agreement that the recharge accepted, or of the campaign's rules.
    pub agreement: String,
    /// The day it was written, in its language.
    pub today: String,
    /// What it says.
    pub blocks: Vec<Block>,
    /// Whether it comes from a rehearsal's books.
    #[serde(default)]
    pub rehearsal: bool,
    /// Its number.
    pub number: Option<String>,
    /// When it was issued.
    pub issued_at: Option<DateTime<Utc>>,
    /// Hash of the content, taken when it was issued.
    pub content_sha256: Option<String>,
}

/// A part of a letter.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// Running text.
    Paragraph {
        /// The words.
        text: String,
    },
    /// A line above what follows.
    Heading {
        /// The words.
        text: String,
    },
    /// A date with its arithmetic.
    Deadline {
        /// The last instant, in words.
        due: String,
        /// Why it is that date, each sentence with its article.
        lines: Vec<Sentence>,
        /// The lists of rest days it was counted with.
        calendar: Option<String>,
        /// What a supervisor granted.
        extended: Option<String>,
    },
    /// Recharges with what is paid back of each.
    Lots {
        /// One for each recharge.
        rows: Vec<Lot>,
    },
    /// What the records say of an invitation: each touch, and the figures that follow.
    Replay {
        /// One for each touch.
        rows: Vec<Touch>,
        /// Sentences with figures.
        lines: Vec<String>,
    },
    /// Lines to fill in by hand.
    Form {
        /// What stands before each line.
        lines: Vec<String>,
    },
}

/// A sentence of an explained date.
#[derive(Debug, Clone, Deserialize)]
pub struct Sentence {
    /// The words.
    pub text: String,
    /// The article it rests on.
    pub clause: String,
}

/// One touch of a friend, as the letter shows it: the other party masked.
#[derive(Debug, Clone, Deserialize)]
pub struct Touch {
    /// When.
    pub bound: String,
    /// By whose link or code.
    pub inviter: String,
    /// How long before the payment.
    pub elapsed: String,
    /// What came of it.
    pub verdict: String,
}

/// One recharge of a refund, as the letter shows it.
#[derive(Debug, Clone, Deserialize)]
pub struct Lot {
    /// The platform's order.
    pub order_no: String,
    /// When it was paid.
    pub paid_on: String,
    /// Channel and way back.
    pub route: String,
    /// What is paid back before the fee.
    pub gross: String,
    /// The fee.
    pub fee: String,
    /// What is paid.
    pub net: String,
    /// Our refund number, once instructed.
    pub refund_no: Option<String>,
    /// The fee's rule in words.
    pub rule: Option<String>,
}

impl Letter {
    fn chinese(&self) -> bool {
        self.language == "zh"
    }

    fn say(&self, chinese: &'static str, english: &'static str) -> &'static str {
        if self.chinese() { chinese } else { english }
    }
}

/// Lays a letter out. The same content gives the same bytes.
pub fn render(fonts: &Fonts, letter: &Letter) -> Result<Vec<u8>> {
    let mut paper = Paper::new(fonts, setup(letter));
    heading(&mut paper, letter)?;
    for block in &letter.blocks {
        draw(&mut paper, letter, block);
    }
    signature(&mut paper, letter);
    paper.finish()
}

/// The one PDF of an issued letter: the stored bytes, or the first rendering, which is then stored.
pub async fn pdf(db: &Database, letter_id: Uuid) -> Result<Vec<u8>> {
    let (stored, content): (Option<Vec<u8>>, Value) =
        sqlx::query_as("select pdf, content from api.read_letter($1)").bind(letter_id).fetch_one(&db.pool).await?;
    if let Some(stored) = stored {
        return Ok(stored);
    }
    let rendered = lay_out(content).await?;
    Ok(sqlx::query_scalar("select api.store_letter_pdf($1, $2)")
        .bind(letter_id)
        .bind(rendered)
        .fetch_one(&db.pool)
        .await?)
}

/// A letter of a case as it would be now, or a text that is being tried, marked as a draft; never stored.
pub async fn draft(db: &Database, wanted: Value) -> Result<Vec<u8>> {
    let command = if wanted.get("body").is_some() { "letters.try_text" } else { "letters.preview" };
    let mut answer = commands::call(db, command, wanted).await?;
    lay_out(answer["content"].take()).await
}

/// An issued letter as a file that a mail program opens, ready to be sent, with its PDF attached.
pub async fn mail(db: &Database, letter_id: Uuid) -> Result<Vec<u8>> {
    let pdf = pdf(db, letter_id).await?;
    let wanted = json!({ "command_id": Uuid::now_v7(), "letter_id": letter_id });
    let envelope = commands::call(db, "letters.mail", wanted).await?;
    let text = |name: &str| envelope[name].as_str().unwrap_or_default();
    let issued_at: DateTime<Utc> = serde_json::from_value(envelope["issued_at"].clone())?;
    let mail = Mail {
        id: text("id"),
        from: (text("from_name"), text("from")),
        to: (text("to_name"), text("to")),
        subject: text("subject"),
        sent_at: issued_at,
        text: text("text"),
        attachments: vec![Attachment {
            name: format!("{}.pdf", text("number")),
            media_type: "application/pdf",
            bytes: &pdf,
        }],
    };
    Ok(mail.write())
}

async fn lay_out(content: Value) -> Result<Vec<u8>> {
    let letter: Letter = serde_json::from_value(content)?;
    // Layout is pure work of some milliseconds: it must not hold up the others on this thread.
    let rendered = tokio::task::spawn_blocking(move || render(Fonts::shared(None)?, &letter));
    rendered.await.map_err(Error::bug)?
}

fn setup(letter: &Letter) -> Setup {
    let number = letter.number.clone().unwrap_or_else(|| letter.say("草稿", "Draft").to_owned());
    let hash = letter.content_sha256.clone().unwrap_or_default();
    let watermark = match (&letter.number, letter.rehearsal) {
        (None, _) => Some("DRAFT 草稿".to_owned()),
        (Some(_), true) => Some("REHEARSAL 演练".to_owned()),
        (Some(_), false) => None,
    };
    let proof =
        if hash.is_empty() { String::new() } else { format!("{} SHA-256 {hash}", letter.say("内容", "Content")) };
    Setup {
        title: format!("{} {number}", letter.title),
        author: letter.company.clone(),
        subject: format!("{} {}", letter.title, letter.case),
        identity: format!("{number} {hash} {}", letter.title),
        created_at: letter.issued_at.unwrap_or_default(),
        running_head: [letter.company.clone(), format!("{number} · {}", letter.case)],
        foot: [format!("{} · {number} · {}", letter.company, letter.case), proof],
        watermark,
    }
}

/// The writer, the title, a code in the corner, who it is to, and what it refers to.
fn heading(paper: &mut Paper, letter: &Letter) -> Result<()> {
    const QR: f32 = 56.0;
    let top = paper.y;
    paper.text(LEFT, top, &Style::regular(9.0).in_colour(QUIET), &letter.company);
    let title = Style::bold(19.0).in_colour(BRAND);
    let height = paper.paragraph(LEFT, top + 15.0, RIGHT - LEFT - QR - 16.0, &title, &letter.title);
    if let (Some(number), Some(hash)) = (&letter.number, &letter.content_sha256) {
        // Capitals and digits only: the code then packs two characters into eleven bits.
        paper.qr(RIGHT - QR, top, QR, &format!("KONTOR:{number}:{hash}").to_uppercase())?;
    }
    paper.y = top + (15.0 + height).max(QR) + 8.0;
    paper.rule((LEFT, paper.y), (RIGHT, paper.y), 1.2, BRAND);
    paper.y += 9.0;
    let label = Style::regular(7.4).in_colour(QUIET);
    let value = Style::regular(9.2);
    let fields = [
        (
            letter.say("编号", "Number"),
            letter.number.clone().unwrap_or_else(|| letter.say("签发时编号", "Given when issued").into()),
        ),
        (letter.say("日期", "Date"), letter.today.clone()),
        (letter.say("案件", "Case"), letter.case.clone()),
        (letter.say("账户", "Account"), letter.account.clone()),
        (
            match letter.kind.as_str() {
                "objection_answer" => letter.say("活动规则版本", "Campaign rules"),
                _ => letter.say("充值协议版本", "Recharge Agreement"),
            },
            letter.agreement.clone(),
        ),
    ];
    let fields: Vec<_> = fields.iter().filter(|(_, text)| !text.is_empty()).collect();
    let width = (RIGHT - LEFT) / fields.len() as f32;
    let mut tallest = 0.0f32;
    for (at, (name, text)) in fields.iter().enumerate() {
        let x = LEFT + at as f32 * width;
        paper.text(x, paper.y, &label, name);
        tallest = tallest.max(paper.paragraph(x, paper.y + 11.0, width - 8.0, &value, text));
    }
    paper.y += 11.0 + tallest + 8.0;
    paper.text(LEFT, paper.y, &label, letter.say("致", "To"));
    paper.y += 11.0;
    paper.flow(LEFT, RIGHT - LEFT, &Style::bold(10.4), &letter.to);
    paper.y += 12.0;
    Ok(())
}

const BODY: Style = Style::regular(10.2);

fn draw(paper: &mut Paper, letter: &Letter, block: &Block) {
    match block {
        Block::Paragraph { text } => {
            paper.keep(2.0 * BODY.leading());
            paper.flow(LEFT, RIGHT - LEFT, &BODY, text);
            paper.y += 7.0;
        }
        Block::Heading { text } => {
            let style = Style::bold(11.0).in_colour(BRAND);
            // A heading alone at the foot of a sheet leads nowhere.
            paper.keep(style.leading() + 3.0 * BODY.leading());
            paper.y += 3.0;
            paper.flow(LEFT, RIGHT - LEFT, &style, text);
            paper.y += 3.0;
        }
        Block::Deadline { due, lines, calendar, extended } => {
            deadline(paper, letter, due, lines, calendar.as_deref(), extended.as_deref());
        }
        Block::Lots { rows } => {
            if !rows.is_empty() {
                lots(letter, rows).draw(paper, 0.0);
                paper.y += 10.0;
            }
        }
        Block::Replay { rows, lines } => replay(paper, letter, rows, lines),
        Block::Form { lines } => {
            for line in lines {
                paper.keep(32.0);
                paper.text(LEFT, paper.y + 10.0, &BODY, line);
                let from = LEFT + paper.measure(&BODY, line) + 10.0;
                paper.rule((from, paper.y + 24.0), (RIGHT, paper.y + 24.0), 0.6, INK);
                paper.y += 30.0;
            }
            paper.y += 6.0;
        }
    }
}

/// The last instant stands out; its arithmetic follows sentence by sentence, each with its article.
fn deadline(
    paper: &mut Paper,
    letter: &Letter,
    due: &str,
    lines: &[Sentence],
    calendar: Option<&str>,
    extended: Option<&str>,
) {
    const CLAUSE: f32 = 96.0;
    let large = Style::bold(13.0).in_colour(BRAND);
    paper.keep(60.0);
    let top = paper.y;
    paper.fill(LEFT, top, RIGHT - LEFT, 38.0, WASH);
    paper.rule((LEFT, top), (LEFT, top + 38.0), 2.4, BRAND);
    paper.text(LEFT + 10.0, top + 4.0, &Style::regular(7.4).in_colour(QUIET), letter.say("截止时间", "The time ends"));
    paper.text(LEFT + 10.0, top + 15.0, &large, due);
    paper.y = top + 44.0;
    let small = Style::regular(8.8);
    let quiet = Style::regular(7.6).in_colour(QUIET);
    for line in lines {
        let height = paper.paragraph_height(RIGHT - LEFT - CLAUSE - 10.0, &small, &line.text);
        paper.keep(height);
        let y = paper.y;
        paper.paragraph(LEFT + 10.0, y, RIGHT - LEFT - CLAUSE - 10.0, &small, &line.text);
        paper.text_right(RIGHT, y + 1.2, &quiet, &line.clause);
        paper.y += height + 1.4;
    }
    if let Some(extended) = extended {
        paper.flow(LEFT + 10.0, RIGHT - LEFT - 10.0, &small, extended);
    }
    if let Some(calendar) = calendar {
        let words = format!("{} {calendar}", letter.say("所用节假日安排", "Counted with the holiday lists"));
        paper.flow(LEFT + 10.0, RIGHT - LEFT - 10.0, &quiet, &words);
    }
    paper.y += 3.0;
    paper.rule((LEFT, paper.y), (RIGHT, paper.y), 0.5, HAIR);
    paper.y += 9.0;
}

/// The touches as a table, and the figures sentence by sentence.
fn replay(paper: &mut Paper, letter: &Letter, rows: &[Touch], lines: &[String]) {
    if !rows.is_empty() {
        let column = |head, span| Column { head, span, align: Align::Left };
        let head = |chinese, english| if letter.chinese() { [chinese, english] } else { [english, chinese] };
        let columns = vec![
            column(head("绑定时间", "Bound"), Span::Share(1.0)),
            column(head("邀请人", "Inviter"), Span::Points(96.0)),
            column(head("距首次付款", "Before the payment"), Span::Points(96.0)),
            column(head("核查结果", "Verdict"), Span::Share(1.1)),
        ];
        let rows = rows.iter().map(|touch| Row {
            cells: [&touch.bound, &touch.inviter, &touch.elapsed, &touch.verdict]
                .map(|text| text.as_str().into())
                .into(),
            carried: Vec::new(),
        });
        Table { columns, rows: rows.collect(), carry: None }.draw(paper, 0.0);
        paper.y += 6.0;
    }
    for line in lines {
        paper.flow(LEFT, RIGHT - LEFT, &Style::regular(9.4), line);
        paper.y += 2.0;
    }
    paper.y += 7.0;
}

fn lots(letter: &Letter, rows: &[Lot]) -> Table {
    let column = |head, span, align| Column { head, span, align };
    let head = |chinese, english| if letter.chinese() { [chinese, english] } else { [english, chinese] };
    let columns = vec![
        column(head("充值订单", "Recharge"), Span::Share(1.0), Align::Left),
        column(head("退回路径", "Way back"), Span::Share(1.0), Align::Left),
        column(head("应退", "Refund"), Span::Points(76.0), Align::Right),
        column(head("手续费", "Fee"), Span::Points(64.0), Align::Right),
        column(head("实退", "To pay"), Span::Points(76.0), Align::Right),
    ];
    let rows = rows.iter().map(|lot| {
        let under = |text: &str, under: &str| Cell { text: text.to_owned(), under: under.to_owned(), colour: None };
        let way = [lot.refund_no.as_deref(), lot.rule.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let cells = vec![
            under(&lot.order_no, &lot.paid_on),
            under(&lot.route, &way),
            lot.gross.as_str().into(),
            lot.fee.as_str().into(),
            lot.net.as_str().into(),
        ];
        Row { cells, carried: Vec::new() }
    });
    Table { columns, rows: rows.collect(), carry: None }
}

fn signature(paper: &mut Paper, letter: &Letter) {
    paper.keep(56.0);
    paper.y += 18.0;
    paper.text_right(RIGHT, paper.y, &Style::bold(10.2), &letter.company);
    paper.y += 16.0;
    paper.text_right(RIGHT, paper.y, &Style::regular(9.2), &letter.today);
    if let Some(issued_at) = letter.issued_at {
        paper.y += 14.0;
        let words = format!("{} {}", letter.say("签发", "Issued"), form::instant(issued_at));
        paper.text_right(RIGHT, paper.y, &Style::regular(7.4).in_colour(QUIET), &words);
    }
}
