//! The benchmark measures what it says it does; how fast that is, is no matter for a test.

use kontor::bench::{Options, run};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn a_tiny_run_builds_sound_books_measures_every_area_and_leaves_nothing_behind() {
    let _ = tracing_subscriber::fmt().with_test_writer().with_env_filter("kontor=error").try_init();
    let options = Options {
        postings: vec![10_000],
        only: Vec::new(),
        rounds: 1,
        seconds: 0,
        connections: vec![1, 8],
        scale: 1,
        papers: 0,
        keep: None,
    };
    let report = run(&options, &|_| (), std::future::pending()).await.unwrap_or_else(|failure| panic!("{failure}"));
    let found = report.to_json();
    for name in [
        "posting_c8_to_tpcb",
        "posting_c1_to_tpcb",
        "hot_to_spread_c8",
        "bytes_per_posting",
        "usage_batch_to_bare",
        "first_page_to_floor",
        "deep_page_to_floor",
        "account_jump_to_floor",
        "filtered_page_to_floor",
        "as_of_balance_to_floor",
        "rare_text_to_floor",
    ] {
        assert!(found["ratios"][name].as_f64().is_some_and(|ratio| ratio > 0.0), "{name}: {found}");
        assert!(found["goals"][name]["met"].is_boolean(), "{name} has a goal");
    }
    assert_eq!(found["claims"]["settings"]["fsync"], "on");
    assert_eq!(found["claims"]["actions_posted_one_by_one"], found["claims"]["audit_rows_of_those"]);
    assert!(found["claims"]["housekeeping_runs_meanwhile"].as_u64() > Some(0));
    assert!(found["server"].as_str().is_some_and(|version| version.starts_with("PostgreSQL ")));
    let sizes: Vec<&Value> = found["books"].as_array().expect("books").iter().map(|books| &books["size"]).collect();
    assert_eq!(sizes, ["10k"]);
    assert!(report.table().contains("bytes_per_posting"), "{}", report.table());
    assert!(!report.home.exists(), "its server and files are gone");
}

#[tokio::test]
async fn an_interrupted_run_takes_its_server_along() {
    let home = std::env::temp_dir().join(format!("kontor-bench-test-{}", uuid::Uuid::new_v4().simple()));
    let options = Options {
        postings: vec![10_000],
        only: Vec::new(),
        rounds: 1,
        seconds: 0,
        connections: vec![1],
        scale: 1,
        papers: 0,
        keep: Some(home.clone()),
    };
    let stop = tokio::time::sleep(std::time::Duration::from_secs(2));
    let failure = run(&options, &|_| (), stop).await.expect_err("it was interrupted");
    assert_eq!(failure.to_string(), "no report: interrupted");
    let runs =
        std::fs::read_dir(&home).expect("kept").flatten().any(|entry| entry.path().join("postmaster.pid").exists());
    assert!(!runs, "the server was stopped");
    std::fs::remove_dir_all(&home).expect("only files are left");
}
