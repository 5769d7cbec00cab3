//! Papers: what they say, that they are complete, and that they are the same bytes every time.

use crate::desk::{Desk, order};
use kontor::invoices::{self, Invoice};
use kontor::paper::{Fonts, Weight, wrap};
use kontor::worksheets;
use printpdf::{PdfDocument, PdfPage, PdfParseOptions};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

fn fonts() -> &'static Fonts {
    Fonts::shared(None).expect("the fonts of the paper are installed with the UI's packages")
}

/// An invoice as the database returns it.
fn content(lines: usize) -> Value {
    let names = [
        ("GLM-4.6 推理调用", "输入 12,480,113 tokens，输出 3,208,554 tokens"),
        ("CogView-4 图像生成", "1,204 张，1024×1024"),
        ("批量推理 Batch API（夜间）", "含失败重试，按实际成功量计费；夜间折扣 50%，详见《计费说明》第 3.2 条"),
        ("向量化 Embedding-3", "8,120,004 tokens"),
        ("网页搜索 Web Search Pro", "3,310 次"),
    ];
    let mut total = [0i64; 3];
    let lines: Vec<Value> = (0..lines)
        .map(|at| {
            let (product, description) = names[at % names.len()];
            let incl = 10_600 + (at as i64 * 7_919) % 900_000;
            let excl = (incl * 100 + 53) / 106;
            for (sum, part) in total.iter_mut().zip([excl, incl - excl, incl]) {
                *sum += part;
            }
            json!({
                "product": product, "description": description, "quantity": format!("{} 千 tokens", 12 + at * 37),
                "amount_incl": cents(incl), "amount_excl": cents(excl), "tax": cents(incl - excl), "rate": "0.06",
            })
        })
        .collect();
    json!({
        "number": "ST-2026-000123", "kind": "statement", "series": "ST", "issued_at": "2026-06-02T02:15:30Z",
        "currency": "CNY",
        "seller": {"name": "北京示例智能科技有限公司", "tax_id": "91110000600037341L", "address": "北京市海淀区示例路 1 号 10 层",
            "phone": "010-00000000", "bank": "示例银行北京海淀支行", "account": "0200 0000 0000 0000 001"},
        "buyer": {"kind": "enterprise", "name": "上海样例数据技术（集团）股份有限公司长三角一体化示范区第二分公司",
            "credit_code": "91310000MA1FL00005", "address": "上海市浦东新区世纪大道 1000 号样例大厦 A 座 28 层 2801—2806 室",
            "phone": "021-00000000", "bank": "样例银行上海分行营业部", "account": "3100 0000 0000 0000 009"},
        "customer_ref": "C-000482", "period_from": "2026-05-01", "period_to": "2026-05-31", "lines": lines,
        "gift_used": "318.40", "total_excl": cents(total[0]), "total_tax": cents(total[1]), "total_incl": cents(total[2]),
        "note": "本期消费自充值本金扣除。如对金额有异议，请于收到后 30 日内提出（工单 W-88213）。", "agreement_version": "RA 2025-08",
        "issued_by_login": "accountant", "approvals": [{"login": "approver", "duty": "approver", "at": "2026-06-02T02:10:00Z"}],
        "refers_to": null, "content_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "rehearsal": true,
    })
}

fn cents(amount: i64) -> String {
    format!("{}{}.{:02}", if amount < 0 { "-" } else { "" }, amount.abs() / 100, amount.abs() % 100)
}

fn render(content: Value) -> Vec<u8> {
    let invoice: Invoice = serde_json::from_value(content).expect("canonical content");
    invoices::render(fonts(), &invoice).expect("a paper")
}

/// A paper for tests that only need one.
pub fn sample(lines: usize) -> Vec<u8> {
    render(content(lines))
}

/// The text of each page, as a reader extracts it. White space is layout and left out.
pub fn pages(pdf: &[u8]) -> Vec<String> {
    let document = PdfDocument::parse(pdf, &PdfParseOptions::default(), &mut Vec::new()).expect("a readable PDF");
    let text = |page: &PdfPage| page.extract_text(&document.resources).concat();
    document.pages.iter().map(|page| text(page).split_whitespace().collect()).collect()
}

fn with(mut content: Value, changes: Value) -> Value {
    for (key, value) in changes.as_object().expect("an object") {
        content[key] = value.clone();
    }
    content
}

#[test]
fn the_same_invoice_gives_the_same_bytes() {
    assert_eq!(sample(30), sample(30));
    assert_ne!(sample(30), render(with(content(30), json!({"number": "ST-2026-000124"}))));
}

#[test]
fn the_paper_says_everything_and_that_it_is_no_tax_invoice() {
    let text = pages(&sample(3)).concat();
    for expected in [
        "消费对账单",
        "Statementofconsumption",
        "本单据非税务发票，不作为报销或抵扣凭证。",
        "ST-2026-000123",
        "2026-06-02",
        "2026-05-01–2026-05-31",
        "C-000482",
        "91110000600037341L",
        "91310000MA1FL00005",
        "上海样例数据技术（集团）股份有限公司",
        "GLM-4.6推理调用",
        "6%",
        "人民币",
        "¥318.40",
        "RA2025-08",
        "Issuedbyaccountant",
        "2026-06-0210:15:30+08:00",
        "第1页，共1页",
        "Page1of1",
        "REHEARSAL演练",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ] {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
    assert!(!pages(&render(with(content(3), json!({"rehearsal": false})))).concat().contains("REHEARSAL"));
}

#[test]
fn a_long_table_repeats_its_head_and_carries_its_sums() {
    let pages = pages(&sample(80));
    assert!(pages.len() >= 3, "{} pages", pages.len());
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains("不含税金额"), "page {} has no head", at + 1);
        assert!(page.contains(&format!("第{}页，共{}页", at + 1, pages.len())));
        assert_eq!(page.contains("转下页"), at + 1 < pages.len(), "page {}", at + 1);
        assert_eq!(page.contains("承前页"), at > 0, "page {}", at + 1);
    }
    let forward =
        |page: &String| page.split("Carriedforward").nth(1).expect("sums").chars().take(12).collect::<String>();
    let brought =
        |page: &String| page.split("Broughtforward").nth(1).expect("sums").chars().take(12).collect::<String>();
    for (before, after) in pages.iter().zip(&pages[1..]) {
        assert_eq!(forward(before), brought(after));
    }
}

#[test]
fn every_number_of_lines_leaves_the_last_page_complete() {
    for lines in 1..=60 {
        let pages = pages(&sample(lines));
        let last = pages.last().expect("a page");
        assert!(last.contains("Totalinwords") && last.contains("Approvedbyapprover"), "{lines} lines: {last}");
        let numbered = pages.concat();
        assert!(numbered.contains(&format!("共{}页", pages.len())), "{lines} lines");
    }
}

#[test]
fn a_red_letter_is_negative_and_names_what_it_takes_back() {
    let line = json!({"product": "GLM-4.6 推理调用", "amount_incl": "-141.00", "amount_excl": "-133.02", "tax": "-7.98", "rate": "0.06"});
    let red = json!({"number": "CN-2026-000007", "kind": "red_letter", "lines": [line], "total_excl": "-133.02",
        "total_tax": "-7.98", "total_incl": "-141.00", "refers_to": "ST-2026-000123", "reason_code": "02", "gift_used": null});
    let text = pages(&render(with(content(1), red))).concat();
    for expected in [
        "红字冲销单",
        "Creditnote",
        "RefersToST-2026-000123",
        "销货退回",
        "(负数)壹佰肆拾壹元整",
        "¥−141.00",
        "−133.02",
    ] {
        assert!(text.to_lowercase().contains(&expected.to_lowercase()), "{expected} is missing in {text}");
    }
    assert!(!text.contains("Quantity"), "a column without a single entry is left out");
}

#[test]
fn other_currencies_have_no_capital_numerals() {
    let abroad = json!({"kind": "commercial_invoice", "currency": "USD", "currency_sign": "US$"});
    let text = pages(&render(with(content(2), abroad))).concat();
    assert!(text.contains("Commercialinvoice") && text.contains("US$"), "{text}");
    assert!(!text.contains("Totalinwords"), "{text}");
}

#[test]
fn a_character_that_cannot_be_drawn_is_refused_by_name() {
    for (name, code_point) in [("张𪚥", "U+2A6A5"), ("李\u{7}", "U+0007"), ("ก", "U+0E01"), ("王e\u{301}", "U+0301")]
    {
        let mut content = content(1);
        content["buyer"]["name"] = json!(name);
        let invoice: Invoice = serde_json::from_value(content).expect("canonical content");
        let refusal = invoices::render(fonts(), &invoice).expect_err("refused");
        assert_eq!(refusal.rule_name(), Some("glyph_missing"));
        assert_eq!(refusal.to_json()["detail"]["code_point"], code_point);
    }
}

#[test]
fn an_invoice_that_does_not_add_up_is_not_printed() {
    let invoice: Invoice = serde_json::from_value(with(content(2), json!({"total_tax": "0.01"}))).expect("content");
    assert!(invoices::render(fonts(), &invoice).is_err());
}

#[test]
fn every_character_of_gb_2312_is_drawn() {
    let characters: Vec<char> = (0xb0..=0xf7u8)
        .flat_map(|row| (0xa1..=0xfeu8).map(move |cell| [row, cell]))
        .filter_map(|code| encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(&code)?.chars().next())
        .filter(|character| ('\u{4e00}'..='\u{9fff}').contains(character))
        .collect();
    assert_eq!(characters.len(), 6763);
    let missing: String = characters.iter().filter(|character| !fonts().can_draw(**character)).collect();
    assert_eq!(missing, "");

    // The 3,755 of level 1 also come back out of the file, so none is an empty box.
    let note: String = characters[..3755].iter().collect();
    let text = pages(&render(with(content(1), json!({"note": note, "rehearsal": false})))).concat();
    let lost: String = note.chars().filter(|character| !text.contains(*character)).collect();
    assert_eq!(lost, "");
}

/// GB 18030-2022, implementation level 1: the whole block of unified ideographs and extension A. What the faces draw comes back out of
/// the file; what they cannot is refused by name, and never an empty box.
#[tokio::test]
async fn every_character_of_gb_18030_level_1_is_drawn_or_refused_by_name() {
    let all: Vec<char> = ('\u{3400}'..='\u{4dbf}').chain('\u{4e00}'..='\u{9fff}').collect();
    let (drawn, missing): (Vec<char>, Vec<char>) = all.iter().partition(|character| fonts().can_draw(**character));
    println!("{} of {} are drawn, {} are refused by name", drawn.len(), all.len(), missing.len());
    assert!(drawn.len() > 27_000, "{} of {}", drawn.len(), all.len());
    let told = |some: &[char]| {
        let note: String = some.iter().collect();
        pages(&render(with(content(1), json!({"note": note, "rehearsal": false})))).concat()
    };
    let mut shared = Vec::new();
    for some in drawn.chunks(2_000) {
        let text = told(some);
        shared.extend(some.iter().filter(|character| !text.contains(**character)));
    }
    // A few characters have one shape in the face; beside each other a reader takes them for one. Alone, each is itself.
    println!("{} share their shape with another: {}", shared.len(), shared.iter().collect::<String>());
    assert!(shared.len() < 20, "{shared:?}");
    for character in shared {
        assert!(told(&[character]).contains(character), "{character}");
    }
    let books = crate::support::TestBooks::new().await;
    let mut owner = books.owner().await;
    let named: Vec<Option<String>> = sqlx::query_scalar(
        "select api.missing_glyph('北京' || c || '有限公司') from unnest($1) with ordinality u (c, n) order by n",
    )
    .bind(missing.iter().map(char::to_string).collect::<Vec<_>>())
    .fetch_all(&mut owner)
    .await
    .expect("the database answers");
    assert_eq!(named, missing.iter().map(|character| Some(character.to_string())).collect::<Vec<_>>());
    // Names with rare characters that the faces do have: they are on the paper as they were given.
    for name in ["北京㐂品科技有限公司", "喆垚犇骉有限公司", "彧翀鑫淼（上海）有限公司", "䶮玥文化传播有限公司"]
    {
        let text = pages(&render(with(content(1), json!({"buyer": {"kind": "enterprise", "name": name}})))).concat();
        assert!(text.contains(name), "{name}");
    }
}

/// The database refuses a name before a number is spent on it, so it must know exactly what the faces can draw.
#[test]
fn the_database_knows_every_character_that_the_faces_draw() {
    let drawn =
        (0..=0x10_ffff).filter(|code| char::from_u32(*code).is_some_and(|character| fonts().can_draw(character)));
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for code in drawn {
        match ranges.last_mut() {
            Some(last) if last.1 + 1 == code => last.1 = code,
            _ => ranges.push((code, code)),
        }
    }
    let mut lines = vec![String::new()];
    for (at, (first, last)) in ranges.iter().enumerate() {
        let range = format!("[{first},{last}]{}", if at + 1 < ranges.len() { "," } else { "" });
        if lines.last().is_some_and(|line| line.len() + range.len() > 150) {
            lines.push(String::new());
        }
        lines.last_mut().expect("a line").push_str(&range);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/api/glyphs.sql");
    let kept = std::fs::read_to_string(path).expect("the list of glyphs");
    let (before, rest) = kept.split_once("'{\n").expect("the list begins");
    let (_, after) = rest.split_once("\n    }'").expect("the list ends");
    let now = format!("{before}'{{\n{}\n    }}'{after}", lines.join("\n"));
    if now != kept {
        std::fs::write(path, now).expect("the list is written");
        panic!("glyphs.sql was stale and is rewritten: run the tests again");
    }
}

#[test]
fn lines_obey_the_rules_of_both_languages() {
    let text = "根据《充值协议》（2025 年 8 月版）第 8.1 条：“充值款消耗后，按实际消费金额开具发票”；赠送额度（含活动赠金、体验金）\
        不计入开票金额。GLM-4.6 inference tokens/day, Batch API (night) 12,480,113 次，单价 ¥0.05／千 tokens，折扣 50%。客户：上海样例！";
    let joined: String = text.split_whitespace().collect();
    for width in 60..400 {
        let width = width as f32;
        let lines = wrap(fonts(), Weight::Regular, 9.0, width, text);
        assert_eq!(lines.concat().split_whitespace().collect::<String>(), joined);
        for line in &lines {
            let first = line.chars().next().expect("no empty line");
            let last = line.chars().last().expect("no empty line");
            assert!(!"，。：；！？）》”、%％／".contains(first), "{width}: {line}");
            assert!(!"（《“¥".contains(last), "{width}: {line}");
            let measured = fonts().measure(Weight::Regular, line) * 9.0;
            assert!(measured <= width + 0.05, "{width}: {line} measures {measured}");
        }
        for word in ["inference", "12,480,113", "GLM-4.6"] {
            assert!(lines.iter().any(|line| line.contains(word)), "{width}: {word} is torn apart in {lines:?}");
        }
    }
}

#[test]
fn texts_longer_than_a_sheet_go_on_over_the_next() {
    let long = |words: &str| (0..600).map(|at| format!("{words}{at}，")).collect::<String>();
    let mut content = with(content(2), json!({"note": long("备注")}));
    content["lines"][1]["description"] = json!(long("说明"));
    let pdf = render(content);
    let text = pages(&pdf).concat();
    for at in [0, 299, 599] {
        assert!(text.contains(&format!("备注{at}，")) && text.contains(&format!("说明{at}，")), "{at}");
    }
    // Nothing lies below the foot or beyond the edges.
    let document = PdfDocument::parse(&pdf, &PdfParseOptions::default(), &mut Vec::new()).expect("a readable PDF");
    let cursors = document.pages.iter().flat_map(|page| &page.ops).filter_map(|op| match op {
        printpdf::Op::SetTextCursor { pos } => Some((pos.x.0, pos.y.0)),
        _ => None,
    });
    for (x, y) in cursors {
        let on_sheet = (62.0..810.0).contains(&y) || (24.0..36.0).contains(&y);
        assert!((40.0..560.0).contains(&x) && on_sheet, "text at {x}, {y}");
    }
}

#[test]
fn three_pages_stay_small() {
    let pdf = sample(40);
    assert_eq!(pages(&pdf).len(), 3);
    assert!(pdf.len() < 61_440, "{} bytes", pdf.len());
}

#[tokio::test]
async fn the_first_rendering_is_stored_and_everybody_gets_its_bytes() {
    let (desk, id) = desk_with_invoice().await;
    let renderings = ["taxclerk", "auditor", "taxclerk", "approver"].map(|login| {
        let (desk, id) = (&desk, id);
        async move { invoices::pdf(&desk.person(login).await, id).await.expect("a paper") }
    });
    let [first, second, third, fourth] = renderings;
    let (first, second, third, fourth) = tokio::join!(first, second, third, fourth);
    assert!(first == second && second == third && third == fourth, "four readers at once got different papers");
    desk.books.set_clock("2026-06-03T09:00:00+08:00").await;
    let later = invoices::pdf(&desk.person("taxclerk").await, id).await.expect("a paper");
    assert_eq!(first, later, "a later day renders nothing again");
    let stored = desk.figure("select encode(sha256(bytes), 'hex') from book.invoice_pdfs").await;
    assert_eq!(stored, Sha256::digest(&first).iter().map(|byte| format!("{byte:02x}")).collect::<String>());

    let text = pages(&first).concat();
    let hash = desk.figure("select encode(content_sha256, 'hex') from book.invoices").await;
    for expected in
        ["STM-2026-0001", "对话", "北京样例科技有限公司", "人民币壹佰元整", "94.34", "5.66", "REHEARSAL演练", &hash]
    {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
}

#[tokio::test]
async fn who_may_not_read_the_invoice_gets_no_paper() {
    let (desk, id) = desk_with_invoice().await;
    let refusal = invoices::pdf(&desk.person("platform").await, id).await.expect_err("refused");
    assert!(matches!(refusal, kontor::Error::NotAllowed { .. }), "{refusal}");
    let unknown = invoices::pdf(&desk.person("taxclerk").await, Uuid::now_v7()).await.expect_err("refused");
    assert_eq!(unknown.rule_name(), Some("invoice_unknown"));
}

async fn desk_with_invoice() -> (Desk, Uuid) {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "500.00", "2026-05-01T10:00:00+08:00")]).await;
    desk.use_up("u1", "C1", "120").await;
    let customer = desk.customer("C1").await;
    let buyer = json!({"customer_id": customer, "kind": "enterprise", "name": "北京样例科技有限公司", "credit_code": "91110108MA0TE4T01D"});
    let buyer = desk.act("taxclerk", "buyers.save", buyer).await;
    let paper =
        json!({"customer_id": customer, "buyer_id": buyer["id"], "lines": [{"product": "chat", "amount": "100.00"}]});
    let invoice = desk.act("taxclerk", "invoices.issue", paper).await;
    let id = invoice["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    (desk, id)
}

#[tokio::test]
async fn a_refunds_worksheet_shows_each_recharge_and_no_colleague() {
    let desk = Desk::open().await;
    let recharge = |number, principal| order(number, "C1", principal, "2026-05-01T10:00:00+08:00");
    let given = with(recharge("R20260501000001", "100.00"), json!({"gift": "10.00", "activity": "welcome"}));
    desk.recharge(vec![given, recharge("R20260501000002", "5000.00")]).await;
    desk.use_up("u1", "C1", "22.345678").await;
    let refund = Uuid::now_v7();
    desk.attach("agent", "refund", &refund.to_string()).await;
    let application = json!({"command_id": refund, "customer_id": desk.customer("C1").await, "reason_kind": "no_longer_needed",
        "reason": "项目结束，申请退还未消耗的充值款。", "ticket_no": "W-1001", "gifts_void_confirmed": true});
    desk.act("agent", "refunds.request", application).await;
    desk.act("reviewer", "refunds.review", json!({"refund_id": refund})).await;

    let pdf = worksheets::pdf(&desk.person("approver").await, refund).await.expect("a worksheet");
    let text = pages(&pdf).concat();
    for expected in [
        "退款明细",
        "Refundworksheet",
        "R20260501000001",
        "R20260501000002",
        "12.345678",
        "5,000.00",
        "原路退回",
        "W-1001",
        "项目结束，申请退还未消耗的充值款。",
        "赠gift10.00",
        "申请Requested2026-06-01",
        "复核Reviewed2026-06-01",
        "余334天days",
        "REHEARSAL演练",
        "人民币伍仟",
    ] {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
    assert!(!text.contains("Approved"), "nobody has approved yet: {text}");
    assert!(!text.contains("agent") && !text.contains("reviewer"), "the customer reads it too: {text}");
}

/// How fast, how large: `cargo test --release -- --ignored --nocapture papers_a_second`.
#[test]
#[ignore = "a measurement; it means something on a quiet machine and in a release build only"]
fn papers_a_second() {
    for (what, content) in [("60 short lines", content_of_short_lines(60)), ("40 described lines", content(40))] {
        let invoice: Invoice = serde_json::from_value(with(content, json!({"rehearsal": false}))).expect("content");
        let pdf = invoices::render(fonts(), &invoice).expect("a paper");
        let begun = std::time::Instant::now();
        let count = 200;
        for _ in 0..count {
            assert_eq!(invoices::render(fonts(), &invoice).expect("a paper").len(), pdf.len());
        }
        let a_second = f64::from(count) / begun.elapsed().as_secs_f64();
        println!("{what}: {} pages, {} bytes, {a_second:.0} papers a second", pages(&pdf).len(), pdf.len());
    }
}

fn content_of_short_lines(lines: usize) -> Value {
    let mut content = content(lines);
    for line in content["lines"].as_array_mut().expect("lines") {
        line["description"] = Value::Null;
    }
    content
}

/// A statement says day by day what was used and what paid for it; the sums above do not depend on it.
#[test]
fn a_statement_shows_its_usage_and_what_gifts_paid() {
    let usage: Vec<Value> = (1..=31)
        .map(|day| json!({"at": format!("2026-05-{day:02}"), "product": "对话", "description": "Chat", "from_principal": "10.000123", "from_gift": "0.5"}))
        .collect();
    let plain = pages(&render(content(40)));
    let pdf = render(with(content(40), json!({"usage": usage})));
    let text = pages(&pdf).concat();
    for said in ["消费明细", "2026-05-01对话10.0001230.50", "2026-05-31对话10.0001230.50", "不开票"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let head: String = plain.concat().chars().take(200).collect();
    assert!(text.starts_with(&head), "the sheet begins as without it");
    let english = json!({"usage": usage, "seller": {"name": "Blue Lamp", "language": "en"}});
    assert!(pages(&render(with(content(2), english))).concat().contains("UsageindetailDateItem"));
}

/// Number, content and the audit's seal can be read off the paper by any scanner.
#[test]
fn the_code_says_number_content_and_seal() {
    let sealed = json!({"audit_seal": {"up_to": "4711", "sha256": "ab".repeat(32)}});
    let (plain, sealed) = (render(content(3)), render(with(content(3), sealed)));
    assert_ne!(plain, sealed);
    for (name, pdf, end) in [("plain", plain, ""), ("sealed", sealed, ":4711-ABABABABABABABAB")] {
        let path = std::env::temp_dir().join(format!("kontor-code-{name}-{}.pdf", Uuid::new_v4()));
        std::fs::write(&path, pdf).expect("written");
        let said = scan(&path);
        std::fs::remove_file(path).expect("removed");
        let Some(said) = said else {
            println!("SKIPPED: zbarimg or pdftoppm is not installed, so no code is read back");
            return;
        };
        let expected =
            format!("KONTOR:ST-2026-000123:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08{end}");
        assert_eq!(said, expected);
    }
}

/// What a scanner reads on the first sheet; nothing where none is installed.
fn scan(pdf: &std::path::Path) -> Option<String> {
    use std::process::Command;
    let page = pdf.with_extension("");
    let drawn =
        Command::new("pdftoppm").args(["-r", "200", "-png", "-singlefile"]).arg(pdf).arg(&page).status().ok()?;
    let picture = page.with_extension("png");
    let read = drawn.success().then(|| Command::new("zbarimg").args(["-q", "--raw"]).arg(&picture).output().ok())?;
    let _ = std::fs::remove_file(picture);
    Some(String::from_utf8(read?.stdout).ok()?.trim().to_owned())
}
