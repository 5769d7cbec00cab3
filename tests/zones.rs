//! A rehearsal of the last days of a window, in Shanghai, on desktops whose own clocks are elsewhere.
//!
//! Each walk runs in a process of its own, with its own time zone from its first moment on, and against a server of its
//! own that inherits it.

use crate::desk::{Desk, order, with};
use crate::support::{new_id, refused};
use chrono::{Local, Offset, TimeZone};
use serde_json::{Value, json};
use std::process::Command;

/// Locked on Wednesday 1 July 2026 at nine: day 30 is Friday 31 July, an ordinary working day.
async fn locked() -> (Desk, String) {
    let desk = Desk::open().await;
    desk.books.set_clock("2026-07-01T08:00:00+08:00").await;
    let foreign = with(order("L1", "C1", "500.00", "2026-06-01T10:00:00+08:00"), json!({"payer_is_holder": false}));
    desk.recharge(vec![foreign]).await;
    let case = new_id();
    let notice = json!({"command_id": case, "order_no": "L1", "ticket_no": "T-1", "demand": "Mine", "received_at": "2026-07-01T07:59:00+08:00"});
    desk.act("agent", "disputes.record_notice", notice).await;
    desk.books.set_clock("2026-07-01T09:00:00+08:00").await;
    desk.act("handler", "disputes.confirm_lock", json!({"dispute_id": case})).await;
    let served = json!({"dispute_id": case, "about": "lock", "way": "sms", "served_at": "2026-07-01T09:00:00+08:00", "proof": "receipt"});
    desk.act("agent", "disputes.record_service", served).await;
    (desk, case)
}

/// What the desk says at an instant: its windows, the day's reminder, the rule that stops a repayment.
async fn looked_at(desk: &Desk, case: &str, at: &str) -> (Vec<&'static str>, Value, String) {
    desk.books.set_clock(at).await;
    let mut windows = Vec::new();
    for window in ["overdue", "today", "week"] {
        let rows = desk.read("handler", "deadlines.list", json!({"desk_window": window})).await;
        if !rows.as_array().expect("rows").is_empty() {
            windows.push(window);
        }
    }
    let rows = desk.read("handler", "deadlines.list", json!({})).await;
    let repayment = desk.try_act("handler", "disputes.propose_repayment", json!({"dispute_id": case})).await;
    (windows, rows[0]["days_left"].clone(), refused(repayment))
}

async fn file(desk: &Desk, case: &str, received_at: &str) -> Value {
    let paper = uuid::Uuid::now_v7();
    let bytes = format!("%PDF-1.4 a made-up letter {paper}");
    kontor::attachments::attach(&desk.person("handler").await, paper, "dispute", case, "letter.pdf", bytes.as_bytes())
        .await
        .expect("filed");
    let id = new_id();
    let filed = json!({"command_id": id, "dispute_id": case, "summary": "Letter", "way": "email", "received_at": received_at, "attachment_ids": [paper], "receipt_proof": "mail header"});
    let page = desk.act("agent", "disputes.record_evidence", filed).await;
    page["evidence"].as_array().expect("evidence").iter().find(|e| e["id"] == id.as_str()).expect("this one")["in_time"]
        .clone()
}

#[tokio::test]
#[ignore = "run by the test below, in a process with a time zone"]
async fn walk() {
    let offset = Local
        .from_utc_datetime(&chrono::DateTime::from_timestamp(1_785_500_000, 0).expect("an instant").naive_utc())
        .offset()
        .fix();
    assert_eq!(
        offset.local_minus_utc().to_string(),
        std::env::var("KONTOR_OFFSET").expect("told by the test below"),
        "the zone did not arrive"
    );
    let (desk, case) = locked().await;
    let page = desk.read("handler", "disputes.open", json!({"dispute_id": case})).await;
    assert_eq!(
        (&page["due_on"], &page["expires_at"], &page["shifted"]),
        (&json!("2026-07-31"), &json!("2026-07-31T16:00:00Z"), &json!(false))
    );
    // Day 29, noon.
    assert_eq!(
        looked_at(&desk, &case, "2026-07-30T12:00:00+08:00").await,
        (vec!["week"], json!(1), "evidence_window_open".to_owned())
    );
    // Day 30, a second before its end.
    assert_eq!(
        looked_at(&desk, &case, "2026-07-31T23:59:59+08:00").await,
        (vec!["today", "week"], json!(0), "evidence_window_open".to_owned())
    );
    // Its end: 24:00, which is no part of it any more.
    assert_eq!(
        looked_at(&desk, &case, "2026-08-01T00:00:00+08:00").await,
        (vec!["overdue"], json!(-1), "inboxes_not_checked".to_owned())
    );
    // Day 31.
    assert_eq!(
        looked_at(&desk, &case, "2026-08-01T12:00:00+08:00").await,
        (vec!["overdue"], json!(-1), "inboxes_not_checked".to_owned())
    );
    // Received and recorded are two instants, and the first one counts.
    assert_eq!(file(&desk, &case, "2026-07-31T23:59:59+08:00").await, true);
    assert_eq!(file(&desk, &case, "2026-08-01T00:00:00+08:00").await, false);
    let month = desk.read("handler", "deadlines.month", json!({"month": "2026-07-01"})).await;
    let ends: Vec<&Value> =
        month.as_array().expect("days").iter().filter(|day| day["clocks"] != json!(0)).map(|day| &day["on"]).collect();
    assert_eq!(ends, [&json!("2026-07-31")]);
    desk.assert_tied_out().await;
}

#[test]
fn the_last_days_are_those_of_shanghai_whatever_the_desktops_own_zone() {
    for (zone, offset) in [("America/Los_Angeles", "-25200"), ("Asia/Shanghai", "28800"), ("UTC", "0")] {
        let program = std::env::current_exe().expect("this program");
        let walked = Command::new(program)
            .args(["--ignored", "--exact", "zones::walk"])
            .env("TZ", zone)
            .env("KONTOR_OFFSET", offset)
            .output()
            .expect("starts");
        let said = String::from_utf8_lossy(&walked.stdout);
        assert!(
            walked.status.success() && said.contains("1 passed"),
            "{zone}: {said}\n{}",
            String::from_utf8_lossy(&walked.stderr)
        );
    }
}
