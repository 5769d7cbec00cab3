//! The catalogue obeys the house rules: lints over Postgres' own description of itself.

use crate::support::TestBooks;

/// Runs a look-up that lists offenders, which must list none.
async fn assert_none(books: &TestBooks, what: &str, sql: &'static str) {
    let mut owner = books.owner().await;
    let offenders: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut owner).await.expect("the look-up runs");
    assert!(offenders.is_empty(), "{what}: {offenders:#?}");
}

#[tokio::test]
async fn functions_are_pinned_documented_and_closed_to_the_public() {
    let books = TestBooks::new().await;
    assert_none(&books, "runs with its owner's rights and an open search path", "
        select p.oid::regprocedure::text from pg_proc p
        where p.pronamespace = 'api'::regnamespace and p.prosecdef and not coalesce(p.proconfig @> array['search_path=\"\"'], false)").await;
    assert_none(&books, "has no comment", "
        select p.oid::regprocedure::text from pg_proc p
        where p.pronamespace in ('api'::regnamespace, 'book'::regnamespace) and obj_description(p.oid, 'pg_proc') is null").await;
    assert_none(&books, "may be executed by anyone", "
        select p.oid::regprocedure::text from pg_proc p cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        where p.pronamespace in ('api'::regnamespace, 'book'::regnamespace) and a.grantee = 0 and a.privilege_type = 'EXECUTE'
          and p.prorettype <> 'trigger'::regtype").await;
    assert_none(&books, "is a read that people may not execute, or an action that they may without api.call", "
        select c.name from api.commands c join pg_proc p on p.oid = c.function
        where has_function_privilege('kontor_people', p.oid, 'execute') <> (c.reads or p.prosrc ~ 'api[.]actor\\(''platform''\\)')").await;
    assert_none(
        &books,
        "belongs to somebody's login",
        "
        select p.oid::regprocedure::text from pg_proc p join pg_roles r on r.oid = p.proowner
        where p.pronamespace in ('api'::regnamespace) and r.rolname <> 'kontor_api'",
    )
    .await;
}

#[tokio::test]
async fn facts_are_out_of_reach() {
    let books = TestBooks::new().await;
    assert_none(&books, "a table that people reach", "
        select c.oid::regclass::text from pg_class c where c.relnamespace = 'book'::regnamespace and c.relkind in ('r', 'v', 'S')
          and (has_table_privilege('kontor_people', c.oid, 'select') or has_any_column_privilege('kontor_people', c.oid, 'insert, update'))").await;
    assert_none(
        &books,
        "a table that our own functions may delete from",
        "
        select c.oid::regclass::text from pg_class c where c.relnamespace = 'book'::regnamespace and c.relkind = 'r'
          and has_table_privilege('kontor_api', c.oid, 'delete, truncate')",
    )
    .await;
    assert_none(&books, "a ledger column that our own functions may change", "
        select a.attrelid::regclass || '.' || a.attname from pg_attribute a
        where a.attrelid in ('book.journals'::regclass, 'book.postings'::regclass, 'book.audit_events'::regclass, 'book.consumptions'::regclass)
          and a.attnum > 0 and has_column_privilege('kontor_api', a.attrelid, a.attname, 'update')").await;
}

/// A check that nothing passes would let nobody change that policy, and nobody would notice.
#[tokio::test]
async fn every_policy_that_ships_could_be_proposed_again() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let ships: Vec<(String, Option<String>, serde_json::Value)> =
        sqlx::query_as("select name, channel, value from book.policies").fetch_all(&mut owner).await.expect("policies");
    assert!(ships.len() > 20);
    for (name, channel, value) in ships {
        let asked = sqlx::query("select api.check_policy($1, $2, $3)").bind(&name).bind(&channel).bind(&value);
        asked.execute(&mut owner).await.unwrap_or_else(|error| panic!("{name} {channel:?} {value}: {error}"));
    }
}

#[tokio::test]
async fn four_eyes_bind_deputies_too() {
    let books = TestBooks::new().await;
    assert_none(&books, "two persons that a deputy could be both of", "
        select c.conname::text from pg_constraint c cross join lateral regexp_matches(pg_get_constraintdef(c.oid), '(\\w+_by) (?:<>|IS DISTINCT FROM) (\\w+_by)', 'g') pair (step)
        where c.contype = 'c' and c.connamespace = 'book'::regnamespace
          and not exists (select from pg_trigger t where t.tgrelid = c.conrelid and t.tgname in ('refuse_deputy_' || pair.step[1], 'refuse_deputy_' || pair.step[2]))").await;
}

#[tokio::test]
async fn every_foreign_key_has_an_index_that_serves_it() {
    let books = TestBooks::new().await;
    // References to people and to short lists are never searched from the far side.
    assert_none(&books, "a reference without an index", "
        select k.conrelid::regclass || ' (' || k.conname || ')' from pg_constraint k
        where k.contype = 'f' and k.connamespace = 'book'::regnamespace
          and k.confrelid not in ('book.people'::regclass, 'book.products'::regclass, 'book.activities'::regclass, 'book.agreement_versions'::regclass, 'book.accounts'::regclass,
                                  'book.calendars'::regclass, 'book.sellers'::regclass)
          and not exists (select 1 from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = k.conkey[1])
          and k.conkey[1] not in (select a.attnum from pg_attribute a where a.attrelid = k.conrelid and a.attname in ('attachment_id', 'reverses', 'import_id'))
        order by 1").await;
}

#[tokio::test]
async fn the_facts_never_mention_the_functions() {
    let books = TestBooks::new().await;
    assert_none(&books, "depends on schema api and would fall with it", "
        select distinct d.classid::regclass || ' ' || d.objid from pg_depend d
        join pg_proc p on d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid and p.pronamespace = 'api'::regnamespace
        join pg_constraint c on d.classid = 'pg_constraint'::regclass and c.oid = d.objid and c.connamespace = 'book'::regnamespace").await;
    assert_none(&books, "a function of the facts that calls schema api", "
        select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'book'::regnamespace and p.prosrc like '%api.%'").await;
}

#[tokio::test]
async fn every_action_is_audited_and_every_read_changes_nothing() {
    let books = TestBooks::new().await;
    assert_none(
        &books,
        "an action without its audit row",
        "
        select c.name from api.commands c join pg_proc p on p.oid = c.function::regprocedure
        where p.provolatile = 'v' and p.prosrc !~ 'record_event' and c.name not in ('imports.stage', 'drafts.save', 'platform_events.read', 'deadlines.remind')
          and p.prosrc !~ '(end_notice|finish_dispute_action)'",
    )
    .await;
    assert_none(
        &books,
        "an action whose first argument is not its id",
        "
        select c.name from api.commands c join pg_proc p on p.oid = c.function::regprocedure
        where p.provolatile = 'v' and p.proargnames[1] <> 'command_id' and c.name not in ('imports.stage', 'drafts.save', 'platform_events.read', 'deadlines.remind')",
    )
    .await;
}

/// Something of the right type for an argument, so that a refusal is about the person and not about the form.
pub fn plausible(kind: &str) -> serde_json::Value {
    use serde_json::json;
    match kind {
        "uuid" => json!(crate::support::new_id()),
        "uuid[]" => json!([crate::support::new_id()]),
        "text[]" => json!(["x"]),
        "boolean" => json!(true),
        "jsonb" => json!([]),
        "date" => json!("2026-06-01"),
        "timestamptz" | "timestamp with time zone" => json!("2026-06-01T00:00:00Z"),
        "text" => json!("x"),
        _ => json!("1"),
    }
}

#[tokio::test]
async fn an_action_is_refused_to_whoever_lacks_its_duty() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    // The duties that a function asks for stand in its text: everybody else must be refused before anything is looked at.
    let actions: Vec<(String, serde_json::Value, String)> = sqlx::query_as(
        "select c.name, c.arguments, coalesce((regexp_match(p.prosrc, 'api\\.actor\\(([^)]*)\\)'))[1], '')
         from api.commands c join pg_proc p on p.oid = c.function::regprocedure where not c.reads order by c.name",
    )
    .fetch_all(&mut owner)
    .await
    .expect("the commands");
    assert!(actions.len() > 40, "only {} actions", actions.len());
    let mut untried: std::collections::BTreeSet<&String> = actions.iter().map(|(name, ..)| name).collect();
    for login in ["auditor", "growth"] {
        let db = books.as_login(login).await;
        for (name, arguments, duties) in &actions {
            if duties.contains(login) || duties.is_empty() {
                continue;
            }
            untried.remove(name);
            let mut body = serde_json::Map::new();
            for argument in arguments.as_array().expect("arguments are a list") {
                let kind = argument["type"].as_str().expect("every argument has a type");
                body.insert(argument["name"].as_str().expect("and a name").to_owned(), plausible(kind));
            }
            let answer = crate::support::call(&db, name, serde_json::Value::Object(body)).await;
            assert_eq!(crate::support::refused(answer), "not_allowed", "{name} as {login}");
        }
    }
    assert!(untried.len() <= 20, "too many actions hide their duties: {untried:?}");
}
