//! Papers received: hashed twice, known by their content, and opened on the record.

use crate::desk::Desk;
use crate::support::{new_id, refused};
use kontor::attachments::{attach, fetch};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

fn begin(bytes: &[u8], facts: Value) -> Value {
    let sha256: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    crate::desk::with(
        json!({"command_id": new_id(), "subject_kind": "refund", "subject_id": "r-1", "file_name": "proof.pdf",
               "media_type": "application/pdf", "size_bytes": bytes.len().to_string(), "sha256": sha256}),
        facts,
    )
}

async fn append(desk: &Desk, login: &str, id: &Value, piece: i32, bytes: &[u8]) -> Result<Value, kontor::Error> {
    let id: Uuid = id.as_str().and_then(|id| id.parse().ok()).expect("an id");
    let db = desk.person(login).await;
    let sent = sqlx::query("select api.append_attachment($1, $2, $3)")
        .bind(id)
        .bind(piece)
        .bind(bytes)
        .execute(&db.pool)
        .await;
    sent.map(|_| Value::Null).map_err(kontor::Error::from)
}

async fn finish(desk: &Desk, id: &Value) -> Result<Value, kontor::Error> {
    desk.try_act("agent", "attachments.finish", json!({"attachment_id": id})).await
}

#[tokio::test]
async fn a_paper_of_several_pieces_comes_back_byte_for_byte() {
    let desk = Desk::open().await;
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((0..2_500_000u32).map(|n| (n % 251) as u8));
    let db = desk.person("agent").await;
    let id = Uuid::now_v7();
    let filed = attach(&db, id, "refund", "r-1", "证明.pdf", &bytes).await.expect("filed");
    assert_eq!(
        (&filed["complete"], &filed["media_type"], &filed["file_name"]),
        (&json!(true), &json!("application/pdf"), &json!("证明.pdf"))
    );
    assert_eq!(
        attach(&db, id, "refund", "r-1", "证明.pdf", &bytes).await.expect("again"),
        filed,
        "the same id files it once"
    );
    let reviewer = desk.person("reviewer").await;
    assert_eq!(fetch(&reviewer, id).await.expect("fetched"), bytes);
    let listed =
        desk.read("approver", "attachments.list", json!({"subject_kind": "refund", "subject_id": "r-1"})).await;
    assert_eq!(listed[0]["opened_by"][0]["login"], "reviewer", "who has read it shows");
}

#[tokio::test]
async fn bytes_that_do_not_match_their_hash_are_refused() {
    let desk = Desk::open().await;
    let paper = desk.act("agent", "attachments.begin", begin(b"%PDF-1.7 as announced", json!({}))).await;
    append(&desk, "agent", &paper["id"], 0, b"%PDF-1.7 as switched!").await.expect("the piece itself is fine");
    assert_eq!(refused(finish(&desk, &paper["id"]).await), "attachment_hash_differs");
    let short = desk.act("agent", "attachments.begin", begin(b"%PDF-1.7 whole", json!({}))).await;
    assert_eq!(refused(finish(&desk, &short["id"]).await), "attachment_hash_differs");
    let listed = desk.read("agent", "attachments.list", json!({"subject_kind": "refund", "subject_id": "r-1"})).await;
    assert_eq!(listed, json!([]), "an unfinished paper is not filed");
}

#[tokio::test]
async fn a_paper_that_is_not_what_it_claims_is_refused() {
    let desk = Desk::open().await;
    let bytes = b"MZ\x90 a program in a paper's clothes";
    let paper = desk.act("agent", "attachments.begin", begin(bytes, json!({}))).await;
    append(&desk, "agent", &paper["id"], 0, bytes).await.expect("the piece arrives");
    assert_eq!(refused(finish(&desk, &paper["id"]).await), "attachment_type_differs");
}

#[tokio::test]
async fn what_cannot_be_a_proof_is_refused_at_the_door() {
    let desk = Desk::open().await;
    let cases = [
        (json!({"size_bytes": "20971521"}), "attachment_too_large"),
        (json!({"size_bytes": "0"}), "attachment_is_empty"),
        (json!({"media_type": "application/x-msdownload"}), "attachment_type_not_supported"),
        (json!({"sha256": "12"}), "argument_invalid"),
        (json!({"received_at": "2030-01-01T00:00:00Z"}), "attachment_received_in_the_future"),
        (json!({"customer_id": "999"}), "customer_unknown"),
    ];
    for (facts, rule) in cases {
        assert_eq!(refused(desk.try_act("agent", "attachments.begin", begin(b"%PDF-", facts)).await), rule);
    }
    for login in ["auditor", "administrator", "platform"] {
        assert_eq!(
            refused(desk.try_act(login, "attachments.begin", begin(b"%PDF-", json!({}))).await),
            "not_allowed",
            "{login}"
        );
    }
}

#[tokio::test]
async fn nobody_adds_to_another_persons_paper_or_to_a_finished_one() {
    let desk = Desk::open().await;
    let bytes = b"%PDF-1.7 mine";
    let paper = desk.act("agent", "attachments.begin", begin(bytes, json!({}))).await;
    assert_eq!(refused(append(&desk, "agent2", &paper["id"], 0, bytes).await), "attachment_unknown");
    append(&desk, "agent", &paper["id"], 0, bytes).await.expect("mine");
    append(&desk, "agent", &paper["id"], 0, bytes).await.expect("the same again changes nothing");
    assert_eq!(refused(append(&desk, "agent", &paper["id"], 0, b"%PDF-1.7 mime").await), "attachment_hash_differs");
    assert_eq!(refused(append(&desk, "agent", &paper["id"], 1, bytes).await), "attachment_too_large");
    finish(&desk, &paper["id"]).await.expect("complete");
    assert_eq!(refused(append(&desk, "agent", &paper["id"], 0, b"%PDF-1.7 late").await), "attachment_hash_differs");
}

#[tokio::test]
async fn bytes_are_read_only_after_the_opening_is_on_record() {
    let desk = Desk::open().await;
    desk.attach("agent", "refund", "r-1").await;
    let listed =
        desk.read("reviewer", "attachments.list", json!({"subject_kind": "refund", "subject_id": "r-1"})).await;
    let id: Uuid = listed[0]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let db = desk.person("reviewer").await;
    let read = sqlx::query_scalar::<_, Option<Vec<u8>>>("select api.read_attachment($1, 0)")
        .bind(id)
        .fetch_one(&db.pool)
        .await;
    assert_eq!(kontor::Error::from(read.expect_err("not opened")).rule_name(), Some("attachment_not_opened"));
    fetch(&db, id).await.expect("opened and read");
    assert_eq!(
        desk.figure("select count(*)::text from book.audit_events where command = 'attachments.opened'").await,
        "1"
    );
}

#[tokio::test]
async fn the_same_bytes_on_another_case_are_pointed_out() {
    let desk = Desk::open().await;
    desk.attach("agent", "refund", "r-1").await;
    desk.attach("agent", "refund", "r-2").await;
    let listed =
        desk.read("reviewer", "attachments.list", json!({"subject_kind": "refund", "subject_id": "r-2"})).await;
    assert_eq!(listed[0]["also_filed_with"], json!([{"subject_kind": "refund", "subject_id": "r-1"}]));
}
