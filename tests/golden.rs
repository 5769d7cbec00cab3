//! The golden cases, through the same runner as `kontor vectors`.

use crate::support::server;
use kontor::vectors;

#[tokio::test]
async fn every_golden_case_that_has_a_runner_passes() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/golden.json");
    let cases = vectors::read(&std::fs::read_to_string(file).expect("the golden cases")).expect("readable cases");
    let mut said = Vec::new();
    let report = vectors::run(&server().await, &cases, &[], |line| said.push(line)).await.expect("they run");
    assert_eq!(report.failed, 0, "{}", said.join("\n"));
    assert!(report.passed >= 116, "{} passed\n{}", report.passed, said.join("\n"));
}
