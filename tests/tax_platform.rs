//! The tax platform: papers leave together, come back by its list, and every difference is seen.

use crate::desk::{Desk, order};
use crate::support::{new_id, refused};
use kontor::tax;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use uuid::Uuid;

const PAID: &str = "2026-05-01T10:00:00+08:00";
const OFFICIAL: &str = "26112000000123456789";

/// Three companies with a paper each of ten yuan, of twenty, of thirty.
async fn desk_with_papers() -> (Desk, Vec<Value>) {
    let desk = Desk::open().await;
    let mut papers = Vec::new();
    for n in 1..=3 {
        let (reference, amount) = (format!("C{n}"), format!("{n}0.00"));
        desk.recharge(vec![order(&format!("R{n}"), &reference, "100.00", PAID)]).await;
        desk.use_up(&format!("u{n}"), &reference, "50.00").await;
        let customer = desk.customer(&reference).await;
        let buyer = json!({"customer_id": customer, "kind": "enterprise", "name": format!("北京样例第{n}有限公司"), "credit_code": "91110108MA0TE4T01D"});
        let buyer = desk.act("taxclerk", "buyers.save", buyer).await["id"].clone();
        let asked = json!({"customer_id": customer, "buyer_id": buyer, "kind": "invoice_request", "lines": [{"product": "chat", "amount": amount}]});
        papers.push(desk.act("taxclerk", "invoices.issue", asked).await);
    }
    (desk, papers)
}

fn ids(papers: &[Value]) -> Value {
    papers.iter().map(|paper| paper["id"].clone()).collect()
}

fn row(line: u32, number: &str, official: &str, total: &str) -> Value {
    json!({"line": line, "number": number, "official_number": official, "issued_on": "2026-06-01 10:20:30", "buyer_code": "91110108MA0TE4T01D", "total_incl": total})
}

async fn import(desk: &Desk, rows: Value) -> Value {
    let list = json!({"file_name": "issued.xlsx", "file_sha256": "ab".repeat(32), "rows": rows});
    desk.act("taxclerk", "tax.import_list", list).await
}

#[tokio::test]
async fn a_sheet_has_the_columns_of_policy_and_our_number_on_every_row() {
    let (desk, papers) = desk_with_papers().await;
    let sheet = desk.act("taxclerk", "tax.export_sheet", json!({"invoice_ids": ids(&papers)})).await;
    assert_eq!(
        (&sheet["number"], &sheet["papers"], &sheet["status"], &sheet["total"]),
        (&json!("TAX-2026-0001"), &json!(3), &json!("sent"), &json!("60.00"))
    );
    let file = desk.act("taxclerk", "tax.read_sheet", json!({"sheet_id": sheet["id"]})).await;
    let [papers_sheet, lines_sheet] = [&file["sheets"][0], &file["sheets"][1]];
    assert_eq!(papers_sheet["name"], "1-发票基本信息");
    assert_eq!(papers_sheet["head"][5], "购买方名称");
    assert_eq!(
        papers_sheet["rows"][1]
            .as_array()
            .expect("a row")
            .iter()
            .take(7)
            .map(|c| c.as_str().expect("text"))
            .collect::<Vec<_>>(),
        ["REQ-2026-0002", "普通发票", "", "是", "否", "北京样例第2有限公司", "91110108MA0TE4T01D"]
    );
    assert_eq!(
        lines_sheet["rows"][2],
        json!([
            "REQ-2026-0003",
            "*信息技术服务*技术服务费",
            "3040203000000000000",
            "",
            "",
            "",
            "",
            "30.00",
            "0.06",
            "",
            "否"
        ])
    );
    // Its columns are data: another layout takes effect once two people agreed.
    let layout = json!([{"sheet": "开票", "rows": "lines", "columns": [["单号", "number"], ["品名", "description"], ["合计", "total_incl"]]}]);
    let asked = json!({"name": "tax_sheet_columns", "value": layout, "valid_from": "2026-05-01T00:00:00+08:00", "reason": "new template"});
    let asked = desk.act("administrator", "policies.propose", asked).await;
    desk.act("approver", "policies.confirm", json!({"policy_id": asked["id"]})).await;
    let file = desk.act("taxclerk", "tax.read_sheet", json!({"sheet_id": sheet["id"]})).await;
    assert_eq!(file["sheets"][0]["rows"][0], json!(["REQ-2026-0001", "对话", "10.00"]));
    let broken = json!({"name": "tax_sheet_columns", "value": [{"sheet": "x", "rows": "lines", "columns": [["单号", "secret"]]}], "valid_from": "2026-05-01T00:00:00+08:00", "reason": "wrong"});
    assert_eq!(refused(desk.try_act("administrator", "policies.propose", broken).await), "policy_value_malformed");
}

#[tokio::test]
async fn a_paper_leaves_once_unless_its_sheet_was_withdrawn() {
    let (desk, papers) = desk_with_papers().await;
    let sheet = desk.act("taxclerk", "tax.export_sheet", json!({"invoice_ids": ids(&papers[..2])})).await;
    assert_eq!(
        refused(desk.try_act("taxclerk", "tax.export_sheet", json!({"invoice_ids": ids(&papers)})).await),
        "tax_paper_already_sent"
    );
    assert_eq!(
        refused(desk.try_act("taxclerk", "tax.withdraw_sheet", json!({"sheet_id": sheet["id"], "reason": "　"})).await),
        "decision_without_reason"
    );
    desk.act("taxclerk", "tax.withdraw_sheet", json!({"sheet_id": sheet["id"], "reason": "not uploaded"})).await;
    assert_eq!(
        refused(desk.try_act("taxclerk", "tax.read_sheet", json!({"sheet_id": sheet["id"]})).await),
        "tax_sheet_is_withdrawn"
    );
    let again = desk.act("taxclerk", "tax.export_sheet", json!({"invoice_ids": ids(&papers)})).await;
    import(&desk, json!([row(2, "REQ-2026-0001", OFFICIAL, "10.00")])).await;
    assert_eq!(
        refused(
            desk.try_act("taxclerk", "tax.withdraw_sheet", json!({"sheet_id": again["id"], "reason": "too late"}))
                .await
        ),
        "tax_sheet_came_back"
    );
    assert_eq!(
        refused(desk.try_act("taxclerk", "tax.export_sheet", json!({"invoice_ids": ids(&papers[..1])})).await),
        "tax_sheet_is_empty"
    );
}

#[tokio::test]
async fn the_list_records_what_agrees_and_every_difference_is_an_exception() {
    let (desk, papers) = desk_with_papers().await;
    desk.act("taxclerk", "tax.export_sheet", json!({"invoice_ids": ids(&papers)})).await;
    let mut foreign = row(4, "REQ-2026-0003", "26112000000123456791", "30.00");
    foreign["buyer_code"] = json!("91310115MA1K4BCD3C");
    let mut early = row(7, "REQ-2026-0003", "26112000000123456792", "30.00");
    early["issued_on"] = json!("2026/05/30");
    let mut by_remark = row(8, "", "26112000000123456795", "30.00");
    by_remark["remark"] = json!("样例 REQ-2026-0003 2026-05-20—2026-05-20");
    let list = import(
        &desk,
        json!([
            row(2, "REQ-2026-0001", OFFICIAL, "10.00"),
            row(3, "REQ-2026-0002", "26112000000123456790", "20.01"),
            foreign,
            row(5, "REQ-2026-9999", "26112000000123456793", "5.00"),
            row(6, "REQ-2026-0002", "2611", "20.00"),
            early,
            by_remark,
        ]),
    )
    .await;
    assert_eq!(
        (&list["rows"], &list["recorded"], &list["repeated"], &list["exceptions"]),
        (&json!(7), &json!(2), &json!(0), &json!(5))
    );
    let desk_now = desk.read("accountant", "tax.open", json!({})).await;
    let seen: Vec<_> = desk_now["exceptions"]
        .as_array()
        .expect("exceptions")
        .iter()
        .map(|one| (one["line"].as_i64().expect("a line"), one["kind"].as_str().expect("a kind")))
        .collect();
    assert_eq!(
        seen,
        [
            (3, "total_differs"),
            (4, "buyer_differs"),
            (5, "paper_unknown"),
            (6, "official_number_malformed"),
            (7, "date_impossible")
        ]
    );
    assert_eq!(desk_now["exceptions"][0]["detail"], json!({"ours": "20.00", "theirs": "20.01"}));
    assert_eq!((&desk_now["sheets"][0]["issued"], &desk_now["sheets"][0]["exceptions"]), (&json!(2), &json!(2)));
    // The same list again records nothing, and says so.
    let again = import(&desk, json!([row(2, "REQ-2026-0001", OFFICIAL, "10.00")])).await;
    assert_eq!((&again["recorded"], &again["repeated"], &again["exceptions"]), (&json!(0), &json!(1), &json!(0)));
    // The same number for another paper, and another number for the same paper.
    let twice = import(
        &desk,
        json!([row(2, "REQ-2026-0002", OFFICIAL, "20.00"), row(3, "REQ-2026-0001", "26112000000123456799", "10.00")]),
    )
    .await;
    assert_eq!(twice["exceptions"], 2);
    let open = desk.read("taxclerk", "tax.open", json!({})).await;
    let kinds: Vec<_> = open["exceptions"]
        .as_array()
        .expect("exceptions")
        .iter()
        .skip(5)
        .map(|one| one["kind"].as_str().expect("a kind"))
        .collect();
    assert_eq!(kinds, ["official_number_taken", "issued_twice"]);
    let settle = json!({"exception_id": open["exceptions"][0]["id"], "resolution": "Issued by hand with a wrong total; a red letter is on its way"});
    desk.act("accountant", "tax.settle_exception", settle.clone()).await;
    assert_eq!(refused(desk.try_act("accountant", "tax.settle_exception", settle).await), "tax_exception_settled");
}

/// A paper that the tax platform has issued, and a red letter that was asked for it.
async fn red_letter() -> (Desk, Value) {
    let (desk, papers) = desk_with_papers().await;
    let official = json!({"invoice_id": papers[0]["id"], "official_number": OFFICIAL, "official_on": "2026-06-01"});
    desk.act("taxclerk", "invoices.record_official", official).await;
    let asked = json!({"invoice_id": papers[0]["id"], "reason_code": "01"});
    let letter = desk.act("taxclerk", "invoices.propose_red_letter", asked).await;
    (desk, letter)
}

async fn step(desk: &Desk, letter: &Value, state: &str, at: &str) -> Result<Value, kontor::Error> {
    desk.try_act(
        "taxclerk",
        "invoices.record_red_confirmation",
        json!({"red_letter_id": letter["id"], "state": state, "at": at, "form_number": "3100000001"}),
    )
    .await
}

#[tokio::test]
async fn a_red_letter_of_an_official_invoice_waits_for_the_platforms_confirmation() {
    let (desk, letter) = red_letter().await;
    let confirm = json!({"red_letter_id": letter["id"]});
    assert_eq!(
        refused(desk.try_act("approver", "invoices.confirm_red_letter", confirm.clone()).await),
        "red_letter_not_confirmed_by_platform"
    );
    desk.books.set_clock("2026-06-01T12:00:00+08:00").await;
    let entered = step(&desk, &letter, "02", "2026-06-01T11:00:00+08:00").await.expect("entered");
    assert_eq!(
        (&entered["confirmation"], &entered["confirmation_until"]),
        (&json!("02"), &json!("2026-06-04T03:00:00Z"))
    );
    assert_eq!(
        refused(desk.try_act("approver", "invoices.confirm_red_letter", confirm.clone()).await),
        "red_letter_not_confirmed_by_platform"
    );
    assert_eq!(
        refused(step(&desk, &letter, "09", "2026-06-01T11:30:00+08:00").await),
        "red_confirmation_step_impossible"
    );
    assert_eq!(refused(step(&desk, &letter, "04", "2026-06-01T10:00:00+08:00").await), "red_confirmation_out_of_order");
    assert_eq!(
        refused(step(&desk, &letter, "04", "2026-06-02T10:00:00+08:00").await),
        "red_confirmation_in_the_future"
    );
    let done = step(&desk, &letter, "04", "2026-06-01T11:59:00+08:00").await.expect("confirmed");
    assert_eq!(done["confirmation"], "04");
    let red = desk.act("approver", "invoices.confirm_red_letter", confirm).await;
    assert_eq!(red["total_incl"], "-10.00");
}

#[tokio::test]
async fn after_seventy_two_hours_the_confirmation_is_void_and_may_be_entered_anew() {
    let (desk, letter) = red_letter().await;
    desk.books.set_clock("2026-06-01T12:00:00+08:00").await;
    step(&desk, &letter, "02", "2026-06-01T11:00:00+08:00").await.expect("entered");
    desk.books.set_clock("2026-06-04T11:00:00+08:00").await;
    let seen = desk.read("approver", "invoices.list_red_letters", json!({})).await;
    assert_eq!(seen[0]["confirmation"], "07", "nobody wrote it down: time passed");
    assert_eq!(refused(step(&desk, &letter, "04", "2026-06-04T11:00:00+08:00").await), "red_confirmation_expired");
    // Confirmed in time and written down late is in time.
    let late = step(&desk, &letter, "04", "2026-06-04T10:59:59+08:00").await.expect("in time");
    assert_eq!(late["confirmation"], "04");
    step(&desk, &letter, "09", "2026-06-04T11:00:00+08:00").await.expect("withdrawn after confirmation");
    let anew = step(&desk, &letter, "03", "2026-06-04T11:00:00+08:00").await.expect("entered anew");
    assert_eq!((&anew["confirmation"], &anew["confirmation_until"]), (&json!("03"), &json!("2026-06-07T03:00:00Z")));
    assert_eq!(anew["confirmation_steps"].as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn usage_given_back_after_invoicing_is_a_task_with_its_papers_ready() {
    let desk = Desk::open().await;
    desk.recharge(vec![order("R1", "C1", "100.00", PAID)]).await;
    desk.use_up("u1", "C1", "50.00").await;
    let customer = desk.customer("C1").await;
    let buyer = json!({"customer_id": customer, "kind": "enterprise", "name": "北京样例有限公司", "credit_code": "91110108MA0TE4T01D"});
    let buyer = desk.act("taxclerk", "buyers.save", buyer).await["id"].clone();
    for amount in ["30.00", "20.00"] {
        desk.act(
            "taxclerk",
            "invoices.issue",
            json!({"customer_id": customer, "buyer_id": buyer, "lines": [{"product": "chat", "amount": amount}]}),
        )
        .await;
    }
    assert_eq!(desk.read("taxclerk", "invoices.list_red_tasks", json!({})).await, json!([]));
    let asked = json!({"usage_key": "u1", "amount": "25.005", "reason": "outage"});
    let asked = desk.act("accountant", "usage.propose_credit_back", asked).await;
    desk.act("approver", "usage.confirm_credit_back", json!({"credit_back_id": asked["id"]})).await;
    let tasks = desk.read("taxclerk", "invoices.list_red_tasks", json!({})).await;
    assert_eq!((&tasks[0]["due"], &tasks[0]["proposed"]), (&json!("25.01"), &json!("0")));
    let plan = tasks[0]["papers"].as_array().expect("papers");
    assert_eq!(
        plan.iter()
            .map(|paper| (paper["number"].as_str().unwrap_or(""), paper["total"].as_str().unwrap_or("")))
            .collect::<Vec<_>>(),
        [("STM-2026-0002", "20.00"), ("STM-2026-0001", "5.01")]
    );
    for paper in plan {
        let letter = json!({"invoice_id": paper["invoice_id"], "reason_code": "04", "lines": paper["lines"]});
        let letter = desk.act("taxclerk", "invoices.propose_red_letter", letter).await;
        let left = desk.read("taxclerk", "invoices.list_red_tasks", json!({})).await;
        assert!(
            left[0]["papers"]
                .as_array()
                .expect("papers")
                .iter()
                .all(|other| other["invoice_id"] != paper["invoice_id"]),
            "what was asked for is not asked for again"
        );
        desk.act("approver", "invoices.confirm_red_letter", json!({"red_letter_id": letter["id"]})).await;
    }
    assert_eq!(desk.read("taxclerk", "invoices.list_red_tasks", json!({})).await, json!([]));
}

fn id() -> Uuid {
    new_id().parse().expect("an id")
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("written");
    path
}

/// An OFD is an archive of XML.
fn ofd(text: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("Doc_0/Pages/Page_0/Content.xml", zip::write::SimpleFileOptions::default()).expect("a part");
    archive.write_all(text.as_bytes()).expect("its text");
    archive.finish().expect("an archive").into_inner()
}

#[tokio::test]
async fn files_leave_and_come_back_as_the_tax_platform_takes_and_gives_them() {
    let (desk, papers) = desk_with_papers().await;
    let sheet = desk.act("taxclerk", "tax.export_sheet", json!({"invoice_ids": ids(&papers)})).await;
    let db = desk.person("taxclerk").await;
    let sheet_id = sheet["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let cells = tax::read_workbook(&tax::sheet(&db, id(), sheet_id).await.expect("a workbook")).expect("its cells");
    assert_eq!(
        (cells[0][0].as_str(), cells[1][0].as_str(), cells[3][5].as_str()),
        ("发票流水号", "REQ-2026-0001", "北京样例第3有限公司")
    );

    let folder = std::env::temp_dir().join(format!("kontor-tax-{}", new_id()));
    std::fs::create_dir(&folder).expect("a folder");
    let rows = [
        ("1", "REQ-2026-0001", OFFICIAL, "10.00"),
        ("2", "REQ-2026-0002", "26112000000123456790", "20.00"),
        ("3", "REQ-2026-0003", "26112000000123456791", "31.00"),
    ];
    let rows: Vec<Value> = rows
        .iter()
        .map(|(n, number, official, total)| {
            json!([n, number, official, "2026-06-01 10:00:00", "91110108MA0TE4T01D", total])
        })
        .collect();
    let list = json!({"name": "发票", "head": ["序号", "*发票流水号", "数电发票号码", "开票日期", "购方识别号", "价税合计"], "rows": rows});
    let list = written(&folder, "已开票清单.xlsx", &tax::write_workbook(&[list]).expect("a workbook"));
    let imported = tax::import_list(&db, id(), &list).await.expect("imported");
    assert_eq!((&imported["recorded"], &imported["exceptions"]), (&json!(2), &json!(1)));

    // By its name, by its text, from inside an archive; with another total; of nobody; of two.
    let xml = |number: &str, total: &str| {
        format!(
            "<?xml version=\"1.0\"?><EInvoice><EIid>{number}</EIid><TotalTax-includedAmount>{total}</TotalTax-includedAmount></EInvoice>"
        )
    };
    let files = [
        (
            format!("dzfp_{OFFICIAL}_样例.pdf"),
            b"%PDF-1.4 an official invoice".to_vec(),
            "attached",
            Some("REQ-2026-0001"),
        ),
        ("invoice.xml".to_owned(), xml(OFFICIAL, "10.00").into_bytes(), "attached", Some("REQ-2026-0001")),
        ("invoice.ofd".to_owned(), ofd(&xml("26112000000123456790", "20.00")), "attached", Some("REQ-2026-0002")),
        (
            "wrong.xml".to_owned(),
            xml("26112000000123456790", "2.00").into_bytes(),
            "total_differs",
            Some("REQ-2026-0002"),
        ),
        ("foreign.xml".to_owned(), xml("26112000000999999999", "5.00").into_bytes(), "unknown", None),
        (
            "two.xml".to_owned(),
            format!("{}{}", xml(OFFICIAL, "10.00"), xml("26112000000123456790", "20.00")).into_bytes(),
            "ambiguous",
            None,
        ),
        (
            "program.xml".to_owned(),
            format!("\u{1}{}", xml(OFFICIAL, "10.00")).into_bytes(),
            "refused",
            Some("REQ-2026-0001"),
        ),
    ];
    for (name, bytes, verdict, number) in files {
        let dropped = tax::attach(&db, &written(&folder, &name, &bytes)).await.expect("an answer");
        assert_eq!((dropped.verdict, dropped.number.as_deref()), (verdict, number), "{name}");
    }
    let filed = "select string_agg(i.number || ' ' || a.file_name, ', ' order by i.number, a.file_name) from book.attachments a join book.invoices i on i.id::text = a.subject_id where a.complete";
    assert_eq!(
        desk.figure(filed).await,
        format!("REQ-2026-0001 dzfp_{OFFICIAL}_样例.pdf, REQ-2026-0001 invoice.xml, REQ-2026-0002 invoice.ofd")
    );
    // The same file once more is the same paper.
    tax::attach(&db, &written(&folder, "invoice.xml", xml(OFFICIAL, "10.00").as_bytes())).await.expect("an answer");
    assert_eq!(desk.figure("select count(*)::text from book.attachments where complete").await, "3");
    std::fs::remove_dir_all(folder).expect("removed");
}
