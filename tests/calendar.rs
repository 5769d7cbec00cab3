//! Counting days: every due date against a second count, and who may change the lists.

use crate::desk::Desk;
use crate::support::{TestBooks, refused};
use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use serde_json::{Value, json};

/// Days off of 2025 and 2026 as the notices print them, first and last day of each stretch.
const OFF: &[(&str, &str)] = &[
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
    ("2027-01-01", "2027-01-01"),
    ("2027-02-05", "2027-02-08"),
];

/// Weekend days on which people work.
const MAKE_UP: &[&str] = &[
    "2025-01-26",
    "2025-02-08",
    "2025-04-27",
    "2025-09-28",
    "2025-10-11",
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
];

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn rests(on: NaiveDate) -> bool {
    let off = OFF.iter().any(|(first, last)| (day(first)..=day(last)).contains(&on));
    let weekend = matches!(on.weekday(), Weekday::Sat | Weekday::Sun);
    off || (weekend && !MAKE_UP.iter().any(|worked| day(worked) == on))
}

/// The second count: thirty days after the day of the lock, the last one moved off rest days.
fn expected(locked_on: NaiveDate) -> (NaiveDate, NaiveDate, bool) {
    let nominal = locked_on + Days::new(30);
    let mut due = nominal;
    while rests(due) {
        due = due.succ_opt().expect("there is a next day");
    }
    (nominal, due, due >= day("2026-12-25"))
}

#[tokio::test]
async fn every_lock_date_of_two_years_agrees_with_a_second_count() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let counted: Vec<(NaiveDate, NaiveDate, NaiveDate, DateTime<Utc>, bool, bool)> = sqlx::query_as(
        "select c.day_zero, c.nominal_on, c.due_on, c.expires_at, c.shifted, c.provisional \
         from generate_series(date '2024-12-01', date '2026-12-31', interval '1 day') d, \
              unnest(array[time '00:00:00', time '23:59:59']) t, \
              api.compute_deadline((d::date + t) at time zone 'Asia/Shanghai', 30, 'Asia/Shanghai', true) c order by d, t",
    )
    .fetch_all(&mut owner)
    .await
    .expect("every date is counted");
    assert_eq!(counted.len(), 2 * 761);
    let shanghai = FixedOffset::east_opt(8 * 3600).expect("a zone");
    let mut shifted = 0;
    for (number, (day_zero, nominal, due, expires, moved, provisional)) in counted.into_iter().enumerate() {
        let locked_on = day("2024-12-01") + Days::new(number as u64 / 2);
        let (nominal_expected, due_expected, provisional_expected) = expected(locked_on);
        assert_eq!(day_zero, locked_on);
        assert_eq!(
            (nominal, due, provisional),
            (nominal_expected, due_expected, provisional_expected),
            "locked on {locked_on}"
        );
        let midnight = shanghai.from_local_datetime(&(due + Days::new(1)).and_time(NaiveTime::MIN)).unwrap();
        assert_eq!(expires, midnight.to_utc(), "locked on {locked_on}");
        assert_eq!(moved, due != nominal);
        shifted += usize::from(moved);
    }
    assert_eq!(shifted, 2 * 244);
}

async fn explain(desk: &Desk, started_at: &str) -> Value {
    desk.read("auditor", "calendar.explain", json!({"started_at": started_at})).await
}

#[tokio::test]
async fn a_date_is_explained_day_by_day() {
    let desk = Desk::open().await;
    let answer = explain(&desk, "2026-01-16T12:00:00+08:00").await;
    assert_eq!(answer["due_on"], "2026-02-24");
    assert_eq!(answer["expires_at"], "2026-02-24T16:00:00Z");
    let grid = answer["grid"].as_array().expect("days");
    assert_eq!((grid[0]["on"].as_str(), grid[grid.len() - 1]["on"].as_str()), (Some("2026-01-12"), Some("2026-03-01")));
    let kind = |on: &str| grid.iter().find(|day| day["on"] == on).expect("a day of the grid")["kind"].clone();
    assert_eq!(kind("2026-01-16"), "day_zero");
    assert_eq!(kind("2026-01-19"), "counted");
    assert_eq!(kind("2026-01-24"), "rest");
    assert_eq!(kind("2026-02-14"), "makeup");
    assert_eq!(kind("2026-02-15"), "shift");
    assert_eq!(kind("2026-02-24"), "due");
    assert_eq!(kind("2026-02-25"), "outside");
    let facts: Vec<&str> =
        answer["facts"].as_array().expect("facts").iter().map(|fact| fact["fact"].as_str().expect("a name")).collect();
    assert_eq!(facts[..4], ["started", "first_day_not_counted", "days_counted", "last_day_is_rest_day"]);
    assert_eq!(facts.iter().filter(|fact| **fact == "next_day_is_rest_day").count(), 8);
    assert_eq!(answer["what_ifs"][0]["due_on"], "2026-02-14", "a day earlier it would have been the make-up Saturday");
    assert_eq!(answer["what_ifs"][1]["due_on"], "2026-02-24");
}

#[tokio::test]
async fn a_make_up_saturday_does_not_move_the_date() {
    let desk = Desk::open().await;
    let answer = explain(&desk, "2025-01-09T15:00:00+08:00").await;
    assert_eq!((answer["due_on"].as_str(), answer["shifted"].as_bool()), (Some("2025-02-08"), Some(false)));
    assert!(answer["facts"].to_string().contains("last_day_is_makeup_workday"));
}

#[tokio::test]
async fn the_day_is_that_of_shanghai_whatever_the_clock_on_the_desk() {
    let desk = Desk::open().await;
    assert_eq!(explain(&desk, "2026-03-01T16:30:00Z").await["due_on"], "2026-04-01");
    assert_eq!(explain(&desk, "2026-03-01T07:59:59-08:00").await["due_on"], "2026-03-31");
}

#[tokio::test]
async fn a_period_without_rest_day_rule_never_moves() {
    let desk = Desk::open().await;
    let objection = json!({"started_at": "2026-09-16T12:00:00+08:00", "days": 15, "zone": "Asia/Singapore", "rest_days": false, "clause": "IC 4"});
    let answer = desk.read("auditor", "calendar.explain", objection).await;
    assert_eq!(
        (answer["due_on"].as_str(), answer["provisional"].as_bool(), &answer["calendar_version"]),
        (Some("2026-10-01"), Some(false), &Value::Null)
    );
}

#[tokio::test]
async fn an_unknown_zone_and_a_silly_length_are_refused() {
    let desk = Desk::open().await;
    let try_explain = async |arguments: Value| {
        refused(crate::support::call(&desk.person("auditor").await, "calendar.explain", arguments).await)
    };
    assert_eq!(
        try_explain(json!({"started_at": "2026-01-01T00:00:00Z", "zone": "Asia/Nowhere"})).await,
        "zone_unknown"
    );
    assert_eq!(
        try_explain(json!({"started_at": "2026-01-01T00:00:00Z", "days": 0})).await,
        "deadline_days_out_of_range"
    );
}

fn list_of_2027() -> Value {
    json!([{"date": "2026-12-27", "off": false, "name": "New Year's Day"}, {"date": "2027-01-01", "off": true, "name": "New Year's Day"},
           {"date": "2027-01-11", "off": true, "name": "New Year's Day"}, {"date": "2027-10-01", "off": true, "name": "National Day"}])
}

#[tokio::test]
async fn a_list_decides_nothing_until_a_second_person_confirms_it() {
    let desk = Desk::open().await;
    let list = json!({"year": 2027, "notice_title": "Notice on 2027", "days": list_of_2027()});
    let imported = desk.act("administrator", "calendar.import", list).await;
    assert_eq!((imported["in_force"].as_bool(), imported["version"].as_str()), (Some(false), Some("cn-2027.1")));
    let before = explain(&desk, "2026-12-10T12:00:00+08:00").await;
    assert_eq!((before["due_on"].as_str(), before["provisional"].as_bool()), (Some("2027-01-11"), Some(true)));

    sqlx::query("insert into book.duties (person_id, duty, from_at) select id, 'approver', '2020-01-01' from book.people where login = 'administrator'")
        .execute(&mut desk.books.owner().await)
        .await
        .expect("a second duty");
    let own = desk.try_act("administrator", "calendar.confirm", json!({"calendar_id": imported["id"]})).await;
    assert_eq!(refused(own), "calendar_confirmed_by_importer");
    desk.act("approver", "calendar.confirm", json!({"calendar_id": imported["id"]})).await;
    let after = explain(&desk, "2026-12-10T12:00:00+08:00").await;
    assert_eq!((after["due_on"].as_str(), after["provisional"].as_bool()), (Some("2027-01-12"), Some(false)));
    let last_week = explain(&desk, "2026-11-27T12:00:00+08:00").await;
    assert_eq!(
        (last_week["due_on"].as_str(), last_week["shifted"].as_bool()),
        (Some("2026-12-27"), Some(false)),
        "the new list made that Sunday a working day"
    );
    let twice = desk.try_act("approver", "calendar.confirm", json!({"calendar_id": imported["id"]})).await;
    assert_eq!(refused(twice), "calendar_already_confirmed");
}

#[tokio::test]
async fn a_list_that_cannot_be_a_notice_is_refused() {
    let desk = Desk::open().await;
    for (days, rule) in [
        (json!([]), "calendar_list_incomplete"),
        (json!([{"date": "2027-01-01", "off": true, "name": "x"}]), "calendar_list_incomplete"),
        (json!([{"date": "2027-13-01", "off": true, "name": "x"}]), "calendar_day_not_understood"),
        (json!([{"date": "tomorrow", "off": true, "name": "x"}]), "calendar_day_not_understood"),
        (json!([{"date": "2028-01-01", "off": true, "name": "x"}]), "calendar_day_in_other_year"),
        (json!([{"date": "2027-01-04", "off": false, "name": "x"}]), "makeup_day_is_no_weekend"),
        (
            json!([{"date": "2027-01-01", "off": true, "name": "x"}, {"date": "2027-01-01", "off": true, "name": "x"}]),
            "calendar_day_repeated",
        ),
    ] {
        let arguments = json!({"year": 2027, "notice_title": "Notice", "days": days});
        assert_eq!(refused(desk.try_act("administrator", "calendar.import", arguments).await), rule);
    }
    let handler = desk
        .try_act("handler", "calendar.import", json!({"year": 2027, "notice_title": "Notice", "days": list_of_2027()}))
        .await;
    assert_eq!(refused(handler), "not_allowed");
}

/// A year of the first list, as the file has it.
fn listed_year(year: i32) -> Value {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/holidays/cn-2025-2026.json");
    let years: Vec<Value> = serde_json::from_slice(&std::fs::read(file).expect("the list")).expect("well-formed");
    years.into_iter().find(|one| one["year"] == year).expect("this year")["days"].clone()
}

#[tokio::test]
async fn the_first_list_is_entered_by_one_person_confirmed_by_another_and_moves_no_date() {
    let desk = Desk::open().await;
    let (case, running) = (
        crate::support::new_id(),
        "select string_agg(due_on::text || ' ' || calendar_version, ',') from book.deadlines",
    );
    desk.books.set_clock("2026-01-16T08:00:00+08:00").await;
    desk.recharge(vec![crate::desk::order("L1", "C1", "100.00", "2026-01-01T10:00:00+08:00")]).await;
    let notice = json!({"command_id": case, "order_no": "L1", "ticket_no": "T", "demand": "Mine", "received_at": "2026-01-16T07:00:00+08:00"});
    desk.act("agent", "disputes.record_notice", notice).await;
    desk.books.set_clock("2026-01-16T12:00:00+08:00").await;
    desk.act("handler", "disputes.confirm_lock", json!({"dispute_id": case})).await;
    assert_eq!(desk.figure(running).await, "2026-02-24 cn-2026.1");
    for year in [2025, 2026] {
        let list = json!({"year": year, "notice_title": format!("国务院办公厅关于{year}年部分节假日安排的通知"), "days": listed_year(year)});
        let entered = desk.act("administrator", "calendar.import", list).await;
        assert_eq!(entered["version"], format!("cn-{year}.2"));
        let own = desk.try_act("administrator", "calendar.confirm", json!({"calendar_id": entered["id"]})).await;
        assert_eq!(refused(own), "not_allowed");
        desk.act("approver", "calendar.confirm", json!({"calendar_id": entered["id"]})).await;
    }
    assert_eq!(desk.figure(running).await, "2026-02-24 cn-2026.2", "counted again, with the list that is in force now");
    let recorded = desk.figure("select string_agg(cause || ' ' || from_version || ' ' || to_version || ' ' || (from_due_on = to_due_on)::text, ',') from book.deadline_changes").await;
    assert_eq!(recorded, "calendar cn-2026.1 cn-2026.2 true");
    let mut owner = desk.books.owner().await;
    let dues: Vec<(NaiveDate, NaiveDate)> = sqlx::query_as(
        "select d::date, c.due_on from generate_series(date '2025-01-01', date '2026-11-20', interval '1 day') d, api.compute_deadline(d::date::timestamp at time zone 'Asia/Shanghai', 30) c",
    )
    .fetch_all(&mut owner)
    .await
    .expect("every date is counted");
    for (locked_on, due) in dues {
        assert_eq!(due, expected(locked_on).1, "locked on {locked_on}");
    }
}
