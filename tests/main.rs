//! The one test binary: one link, one server, one template for every test.

mod access;
mod adjustments;
mod attachments;
mod bench;
mod browse;
mod calendar;
mod campaign;
mod campaign_money;
mod capitals;
mod catalogue;
mod customers;
mod deadlines;
mod delegations;
mod demo;
mod desk;
mod desktop;
mod disputes;
mod embedded;
mod exceptions;
mod exports;
mod foreign_invoices;
mod gifts;
mod imports;
mod invoice_requests;
mod invoice_runs;
mod invoices;
mod judicial_locks;
mod kept_papers;
mod ledger;
mod letters;
mod locks;
mod misuse;
mod model;
mod model_locks;
mod orders;
mod paper;
mod payouts;
mod periods;
mod platform_events;
mod print_centre;
mod printing;
mod proposals;
mod races;
mod recharge_pages;
mod recharges;
mod recorded;
mod refunds;
mod round_trips;
mod statements;
mod step_up;
mod support;
mod tax_platform;
mod transfers;
mod vat_rates;
mod wire;
mod zones;

#[test]
fn no_test_file_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests");
    let listed = std::fs::read_to_string(format!("{folder}/main.rs")).expect("this file");
    let mut forgotten = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of tests") {
        let name = entry.expect("a readable entry").file_name().to_string_lossy().into_owned();
        let module = name.strip_suffix(".rs").unwrap_or("main");
        if module != "main" && !listed.contains(&format!("mod {module};")) {
            forgotten.push(name);
        }
    }
    assert!(forgotten.is_empty(), "not listed in tests/main.rs: {forgotten:?}");
}
