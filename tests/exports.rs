//! Lists as files: every value there and back, nothing that computes, nothing left behind, and little memory.

use crate::desk::{Desk, order, with};
use crate::support::{new_id, refused};
use kontor::Database;
use kontor::exports::{self, Export, Exported, Format, LISTS, Language, Progress};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

const PAID: &str = "2026-05-01T10:00:00+08:00";

fn wanted(list: &str, format: Format, arguments: Value) -> Export {
    Export {
        command_id: new_id().parse().expect("an id"),
        list: list.into(),
        arguments: arguments.as_object().expect("an object").clone(),
        format,
        language: Language::English,
        words: HashMap::new(),
    }
}

/// A folder of this test's own, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("kontor-exports-{}", new_id()));
        std::fs::create_dir(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("the folder");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn export(db: &Database, wanted: &Export, path: &Path) -> Exported {
    exports::export(db, wanted, path, &mut |_| {}, &|| false).await.expect("the list is exported")
}

/// The rows of a CSV file by their heads.
fn csv_rows(path: &Path) -> Vec<HashMap<String, String>> {
    let bytes = std::fs::read(path).expect("the file");
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a spreadsheet needs the mark");
    let mut reader = csv::Reader::from_reader(text);
    let heads = reader.headers().expect("a head").clone();
    reader
        .records()
        .map(|row| {
            let row = row.expect("a row");
            heads.iter().zip(row.iter()).map(|(head, cell)| (head.to_owned(), cell.to_owned())).collect()
        })
        .collect()
}

/// The text of one part of a workbook.
fn part(path: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).expect("the file")).expect("a workbook");
    let mut text = String::new();
    archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
    text
}

async fn desk_with_three_customers() -> Desk {
    let desk = Desk::open().await;
    let named = |order, name: &str, kind: &str| with(order, json!({"customer_name": name, "customer_kind": kind}));
    desk.recharge(vec![
        named(order("R1", "C1", "1200.50", PAID), "=HYPERLINK(\"http://x\",\"pay\")", "enterprise"),
        named(order("R2", "C2", "300.00", PAID), "张三丰", "personal"),
        with(order("R3", "C3", "99.90", PAID), json!({"phone": "+6591234567"})),
    ])
    .await;
    desk.use_up("U1", "C1", "12.345678").await;
    desk
}

#[tokio::test]
async fn every_line_of_the_ledger_is_in_the_file_with_its_exact_amount() {
    let desk = desk_with_three_customers().await;
    let (db, folder) = (desk.person("accountant").await, Folder::new());
    let path = folder.file("ledger.csv");
    let exported = export(&db, &wanted("ledger.list", Format::Csv, json!({})), &path).await;
    let rows = csv_rows(&path);
    assert_eq!(exported.rows as usize, rows.len());
    assert_eq!(desk.figure("select count(*)::text from book.postings").await, rows.len().to_string());
    let mut from_file: Vec<(String, String, String)> = rows
        .iter()
        .map(|row| {
            let sign = if row["Debit"].is_empty() { "-" } else { "" };
            let amount = format!("{sign}{}{}", row["Debit"], row["Credit"]);
            (row["Journal"].clone(), row["Line"].clone(), amount)
        })
        .collect();
    let mut owner = desk.books.owner().await;
    let mut from_books: Vec<(String, String, String)> = sqlx::query_as(
        "select journal_id::text, line::text, case when amount = round(amount, 2) then round(amount, 2)::text else trim_scale(amount)::text end from book.postings",
    )
    .fetch_all(&mut owner)
    .await
    .expect("the postings");
    from_file.sort();
    from_books.sort();
    assert_eq!(from_file, from_books);
    let usage = rows.iter().find(|row| row["Credit"] == "12.345678" || row["Debit"] == "12.345678").expect("the usage");
    assert_eq!(usage["Customer"], "'=HYPERLINK(\"http://x\",\"pay\")", "a name that would be computed");
    assert!(rows[0].contains_key("Rehearsal: not the real books"));
}

#[tokio::test]
async fn personal_data_is_masked_as_on_the_screen_and_heads_are_in_the_readers_language() {
    let desk = desk_with_three_customers().await;
    let (db, folder) = (desk.person("agent").await, Folder::new());
    let path = folder.file("customers.csv");
    let mut asked = wanted("customers.list", Format::Csv, json!({"search": "张"}));
    asked.language = Language::Chinese;
    asked.words = [("kind".to_owned(), [("personal".to_owned(), "个人".to_owned())].into())].into();
    export(&db, &asked, &path).await;
    let rows = csv_rows(&path);
    assert_eq!(rows.len(), 1, "the filter is the screen's");
    assert_eq!((rows[0]["名称"].as_str(), rows[0]["类型"].as_str()), ("张**", "个人"));
    assert_eq!(rows[0]["钱包余额"], "300.00");
    export(&db, &wanted("customers.list", Format::Csv, json!({})), &path).await;
    let phones: Vec<String> = csv_rows(&path).into_iter().map(|row| row["Phone"].clone()).collect();
    assert!(phones.contains(&"'+65****4567".to_owned()), "masked, and not a sum: {phones:?}");
}

#[tokio::test]
async fn a_workbook_has_numbers_where_they_are_exact_and_text_that_never_computes() {
    let desk = desk_with_three_customers().await;
    let (db, folder) = (desk.person("accountant").await, Folder::new());
    let path = folder.file("ledger.xlsx");
    export(&db, &wanted("ledger.list", Format::Xlsx, json!({})), &path).await;
    let sheet = part(&path, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<v>12.345678</v>"), "six decimals as a number");
    assert!(sheet.contains("<v>1200.5</v>"));
    assert!(!sheet.contains("<f>"), "no cell computes");
    assert!(sheet.contains("=HYPERLINK"), "the name is kept as it is");
    assert!(part(&path, "xl/styles.xml").contains("quotePrefix=\"1\""));
    assert!(part(&path, "xl/styles.xml").contains("#,##0.00####"));
    assert!(part(&path, "xl/workbook.xml").contains("name=\"Ledger\""));
    assert_eq!(folder.names(), ["ledger.xlsx"], "no scratch file is left");
}

#[tokio::test]
async fn a_long_list_is_paged_to_its_end() {
    let desk = Desk::open().await;
    let orders = (0..1_203).map(|n| order(&format!("R{n}"), &format!("C{n}"), "1.00", PAID));
    desk.recharge(orders.collect()).await;
    let (db, folder) = (desk.person("accountant").await, Folder::new());
    let mut steps = Vec::new();
    let mut tell = |step: Progress| steps.push(step.rows);
    let asked = wanted("customers.list", Format::Csv, json!({}));
    let path = folder.file("all.csv");
    let exported = exports::export(&db, &asked, &path, &mut tell, &|| false).await.expect("exported");
    assert_eq!((exported.rows, steps), (1_203, vec![500, 1_000, 1_203]));
    let refs: std::collections::HashSet<String> =
        csv_rows(&path).into_iter().map(|row| row["Account number"].clone()).collect();
    assert_eq!(refs.len(), 1_203, "each once");
}

#[tokio::test]
async fn a_statement_is_exported_between_its_balances_over_all_its_pages() {
    let desk = Desk::open().await;
    let orders = (0..620).map(|n| order(&format!("R{n:04}"), "C1", "10.00", PAID)).collect();
    desk.recharge(orders).await;
    desk.use_up("U1", "C1", "12.345678").await;
    let (db, folder) = (desk.person("accountant").await, Folder::new());
    let path = folder.file("statement.csv");
    let customer = desk.customer("C1").await;
    let asked = json!({"account_code": "wallet", "customer_id": customer, "from_at": "2026-01-01T00:00:00+08:00", "until_at": "2027-01-01T00:00:00+08:00"});
    let exported = export(&db, &wanted("ledger.statement", Format::Csv, asked), &path).await;
    assert_eq!(exported.rows, 621, "more than a page of five hundred");
    let rows = csv_rows(&path);
    assert_eq!(rows.len(), 623, "and the two balances");
    assert_eq!((rows[0]["Date (UTC+8)"].as_str(), rows[0]["Balance"].as_str()), ("Opening balance", "0"));
    assert_eq!((rows[620]["Amount"].as_str(), rows[620]["Balance"].as_str()), ("10.00", "6200.00"));
    assert_eq!((rows[621]["Amount"].as_str(), rows[621]["Balance"].as_str()), ("-12.345678", "6187.654322"));
    assert_eq!((rows[622]["Date (UTC+8)"].as_str(), rows[622]["Balance"].as_str()), ("Closing balance", "6187.654322"));
}

#[tokio::test]
async fn a_report_that_has_no_pages_is_exported_once() {
    let desk = desk_with_three_customers().await;
    let (db, folder) = (desk.person("auditor").await, Folder::new());
    let path = folder.file("trial.csv");
    let asked = json!({"at": "2027-01-01T00:00:00+08:00"});
    let exported = export(&db, &wanted("ledger.trial_balance", Format::Csv, asked), &path).await;
    let rows = csv_rows(&path);
    assert_eq!(exported.rows, rows.len() as u64);
    let wallet = rows.iter().find(|row| row["Account"] == "Wallet" && row["Commodity"] == "CNY").expect("the wallet");
    assert_eq!((wallet["Debit balance"].as_str(), wallet["Credit balance"].as_str()), ("", "1588.054322"));
    let sum = |column: &str| {
        rows.iter()
            .filter(|row| row["Commodity"] == "CNY" && !row[column].is_empty())
            .map(|row| row[column].parse::<f64>().expect("an amount"))
            .sum::<f64>()
    };
    assert!((sum("Debit balance") - sum("Credit balance")).abs() < 1e-6, "it nets to zero");
}

#[tokio::test]
async fn a_page_that_ends_between_two_rows_of_one_instant_loses_neither() {
    let desk = Desk::open().await;
    let mut owner = desk.books.owner().await;
    let sql = "insert into book.imports (id, kind, file_name, file_sha256, totals, begun_by, begun_at) \
               select gen_random_uuid(), 'orders', 'f', sha256(n::text::bytea), '{}', 1, timestamptz '2026-05-01' from generate_series(1, 1100) n";
    sqlx::raw_sql(sql).execute(&mut owner).await.expect("files of one instant");
    let (db, folder) = (desk.person("accountant").await, Folder::new());
    let path = folder.file("imports.csv");
    export(&db, &wanted("imports.list", Format::Csv, json!({})), &path).await;
    let hashes: std::collections::HashSet<String> =
        csv_rows(&path).into_iter().map(|row| row["SHA-256"].clone()).collect();
    assert_eq!(hashes.len(), 1_100);
}

#[tokio::test]
async fn each_export_is_remembered_with_who_what_and_which_bytes() {
    let desk = desk_with_three_customers().await;
    let (db, folder) = (desk.person("auditor").await, Folder::new());
    let path = folder.file("found.csv");
    let exported = export(&db, &wanted("customers.list", Format::Csv, json!({"search": "张三丰"})), &path).await;
    let told = desk
        .figure(
            "select p.login || ' ' || e.subject_id || ' ' || (e.detail ->> 'row_count') || ' ' || (e.detail ->> 'arguments') || ' ' || (e.detail ->> 'file_sha256') \
             from book.audit_events e join book.people p on p.id = e.person_id where e.command = 'exports.record'",
        )
        .await;
    assert_eq!(told, format!("auditor customers.list 1 {{\"search\": \"张**\"}} {}", exported.sha256));
}

#[tokio::test]
async fn a_cancelled_or_refused_export_leaves_nothing() {
    let desk = desk_with_three_customers().await;
    let (db, folder) = (desk.person("agent").await, Folder::new());
    let path = folder.file("ledger.xlsx");
    let asked = wanted("ledger.list", Format::Xlsx, json!({}));
    let mut pages = 0;
    let stopped = std::sync::atomic::AtomicBool::new(false);
    let mut tell = |_| {
        pages += 1;
        stopped.store(true, std::sync::atomic::Ordering::SeqCst);
    };
    let cancelled = || stopped.load(std::sync::atomic::Ordering::SeqCst);
    let answer = exports::export(&db, &asked, &path, &mut tell, &cancelled).await;
    assert_eq!(answer.expect_err("stopped").rule_name(), Some("export_cancelled"));
    assert_eq!(pages, 1, "it had begun");
    let strange = wanted("ledger.list", Format::Csv, json!({"surprise": 1}));
    let answer = exports::export(&db, &strange, &folder.file("x.csv"), &mut |_| {}, &|| false).await;
    assert_eq!(answer.expect_err("refused").rule_name(), Some("argument_unknown"));
    // The service has no duty to take lists along: what it read gets no name.
    let platform = desk.person("platform").await;
    let answer = exports::export(&platform, &asked, &path, &mut |_| {}, &|| false).await;
    assert_eq!(answer.expect_err("not its duty").to_json()["kind"], "not_allowed");
    let nowhere = exports::export(&db, &asked, &folder.file("no/such/folder.csv"), &mut |_| {}, &|| false).await;
    assert_eq!(nowhere.expect_err("no folder").rule_name(), Some("file_not_written"));
    assert_eq!(folder.names(), [] as [String; 0]);
    assert_eq!(desk.figure("select count(*)::text from book.audit_events where command = 'exports.record'").await, "0");
    let told = json!({"list": "ledger.list", "arguments": {}, "format": "pdf", "row_count": "1", "file_sha256": "0"});
    assert_eq!(refused(desk.try_act("agent", "exports.record", told).await), "export_not_described");
}

#[tokio::test]
async fn every_list_that_can_be_exported_is_one_of_the_books() {
    let desk = Desk::open().await;
    let (db, folder) = (desk.person("supervisor").await, Folder::new());
    let mut owner = desk.books.owner().await;
    for list in LISTS {
        let (arguments, columns): (Vec<String>, Value) =
            sqlx::query_as("select known_names, result -> 'columns' from api.commands where name = $1 and reads")
                .bind(list.command)
                .fetch_one(&mut owner)
                .await
                .unwrap_or_else(|cause| panic!("{}: {cause}", list.command));
        let fields: Vec<&str> =
            columns.as_array().expect("columns").iter().filter_map(|c| c["name"].as_str()).collect();
        for argument in list.key.iter().map(|(argument, _)| *argument).chain(list.size) {
            assert!(arguments.iter().any(|known| known == argument), "{}: {argument}", list.command);
        }
        for (_, field) in list.key.iter().filter(|(_, field)| !field.starts_with("line.")) {
            assert!(fields.contains(field), "{}: {field}", list.command);
        }
        for (field, _) in list.frame.into_iter().flatten() {
            assert!(fields.contains(&field), "{}: {field}", list.command);
        }
        for column in list.columns.iter().filter(|column| !column.field.starts_with("line.")) {
            assert!(fields.contains(&column.field), "{}: {}", list.command, column.field);
        }
        let path = folder.file(&format!("{}.csv", list.command));
        let asked = match list.command {
            "ledger.statement" => json!({"account_code": "bank", "from_at": PAID, "until_at": "2026-06-01T00:00:00Z"}),
            "ledger.trial_balance" => json!({"at": PAID}),
            "ledger.roll_forward" => json!({"first_month": "2026-05-01"}),
            "usage.list" => json!({"customer_id": "1"}),
            _ => json!({}),
        };
        assert_eq!(export(&db, &wanted(list.command, Format::Csv, asked), &path).await.rows, 0, "{}", list.command);
    }
}

/// The memory that this process holds, and the most that it held, in MiB.
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).expect("it is there");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).expect("a figure") / 1024
    };
    (of("VmRSS:"), of("VmHWM:"))
}

/// `cargo test --release -- --ignored a_million_lines --nocapture`
#[tokio::test]
#[ignore = "takes minutes; prints figures"]
async fn a_million_lines_need_no_more_memory_than_a_thousand() {
    let desk = desk_with_three_customers().await;
    let mut owner = desk.books.owner().await;
    // The rows are made up where the books would read them: what is measured is everything behind the wire.
    sqlx::raw_sql(
        "create or replace function api.list_imports(before timestamptz default null, maximum integer default 100, before_id uuid default null) \
         returns setof api.imports language sql stable security definer set search_path = '' as $$ \
         select r.* from generate_series(0, maximum - 1) n, \
             lateral (select coalesce(before, timestamptz '2026-01-12 13:46:41Z') - (n + 1) * interval '1 second' as at) t, \
             lateral jsonb_populate_record(null::api.imports, jsonb_build_object('kind', 'orders', 'file_name', '=orders ' || t.at, 'status', 'posted', \
                 'rows_posted', n, 'file_sha256', repeat('ab', 32), 'begun_by', 'accountant', 'begun_at', t.at, 'posted_at', t.at)) r \
         where t.at > timestamptz '2026-01-01' $$",
    )
    .execute(&mut owner)
    .await
    .expect("made-up rows");
    let (db, folder) = (desk.person("accountant").await, Folder::new());
    for format in [Format::Csv, Format::Xlsx] {
        let path = folder.file(&format!("million.{}", format.extension()));
        let before = memory();
        let started = std::time::Instant::now();
        let exported = export(&db, &wanted("imports.list", format, json!({})), &path).await;
        let after = memory();
        let size = std::fs::metadata(&path).expect("the file").len() / 1_048_576;
        println!(
            "{format:?}: {} rows, {size} MiB, {:.1} s; memory {} MiB before, {} MiB after, {} MiB at most",
            exported.rows,
            started.elapsed().as_secs_f64(),
            before.0,
            after.0,
            after.1
        );
        assert_eq!(exported.rows, 1_000_000);
        assert!(after.1 < before.0 + 20, "memory grew with the list");
    }
}
