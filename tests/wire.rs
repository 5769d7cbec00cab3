//! The wire: commands by name, arguments by name, and what is refused before a command runs.

use crate::support::{TestBooks, call, done, refused};
use serde_json::{Value, json};
use sqlx::Connection;

/// A command that shows every kind of argument and answer; tests make it in their own books only.
const ECHO: &str = r#"
create type api.echo as (a_text text, a_cents numeric(12,2), an_id bigint, a_count integer, a_switch boolean, a_day date,
    an_instant timestamptz, a_uuid uuid, a_list text[], a_tree jsonb, some_bytes bytea, some_ids uuid[]);
create function api.echo_back(a_text text, a_cents numeric, an_id bigint default 7, a_count integer default 1, a_switch boolean default null,
    a_day date default null, an_instant timestamptz default null, a_uuid uuid default null, a_list text[] default '{x}',
    a_tree jsonb default '{}', some_bytes bytea default null, some_ids uuid[] default null)
returns api.echo language sql stable security definer set search_path = '' as
'select a_text, a_cents, an_id, a_count, a_switch, a_day, an_instant, a_uuid, a_list, a_tree, some_bytes, some_ids';
comment on function api.echo_back is 'echo.back: Answers what it was told.';
create function api.echo_rows(wanted integer) returns setof api.echo language plpgsql stable security definer set search_path = '' as
$$ begin return query select 'row ' || n, n::numeric(12, 2), n::bigint, n, true, null::date, null::timestamptz, null::uuid, null::text[], null::jsonb, null::bytea, null::uuid[] from generate_series(1, wanted) n; end $$;
comment on function api.echo_rows is 'echo.rows: Answers rows in their order.';
create function api.echo_nothing() returns api.echo language sql stable security definer set search_path = '' as 'select null::api.echo';
comment on function api.echo_nothing is 'echo.nothing: Answers nothing.';
create function api.echo_void() returns void language sql volatile security definer set search_path = '' as '';
comment on function api.echo_void is 'echo.void: Does nothing.';
create function api.echo_wide() returns table (%columns%) language sql stable security definer set search_path = '' as 'select %values%';
comment on function api.echo_wide is 'echo.wide: Answers a row of many columns.';
create function api.echo_broken() returns void language plpgsql volatile security definer set search_path = '' as
$$ begin raise exception 'x' using errcode = '23514', constraint = 'echo_refuses', detail = '{"left": "1.00"}'; end $$;
comment on function api.echo_broken is 'echo.broken: Refuses.';
create function api.echo_hidden() returns integer language sql stable security definer set search_path = '' as 'select 1';
comment on function api.echo_hidden is 'echo.hidden: Nobody may.';
select api.register_commands();
grant execute on all functions in schema api to kontor_api;
revoke execute on function api.echo_hidden() from kontor_api;
"#;

async fn echoing() -> (TestBooks, kontor::Database) {
    let books = TestBooks::new().await;
    let columns = (1..=130).map(|n| format!("c{n} integer")).collect::<Vec<_>>().join(", ");
    let values = (1..=130).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
    let sql = ECHO.replace("%columns%", &columns).replace("%values%", &values);
    let mut owner = books.owner().await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut owner).await.expect("the echo commands are made");
    owner.close().await.expect("the administrator leaves");
    let db = books.as_login("agent").await;
    (books, db)
}

#[tokio::test]
async fn every_kind_of_value_goes_there_and_back() {
    let (_books, db) = echoing().await;
    let told = json!({
        "a_text": "张三 'quoted' $1", "a_cents": "12.30", "an_id": "9007199254740993", "a_count": 3, "a_switch": true,
        "a_day": "2026-07-31", "an_instant": "2026-08-01T00:00:00+08:00", "a_uuid": "0198c0de-0000-7000-8000-000000000001",
        "a_list": ["b", "a, c", "\"d\""], "a_tree": {"deep": [1, null]}, "some_bytes": "aGVsbG8=",
        "some_ids": ["0198c0de-0000-7000-8000-000000000002"],
    });
    let mut expected = told.clone();
    expected["an_instant"] = json!("2026-07-31T16:00:00Z");
    assert_eq!(done(call(&db, "echo.back", told).await), expected);
}

#[tokio::test]
async fn an_argument_left_out_takes_its_default_and_null_stays_null() {
    let (_books, db) = echoing().await;
    let answer = done(
        call(
            &db,
            "echo.back",
            json!({"a_text": "x", "a_cents": 1, "a_list": null, "an_instant": "2026-08-01T00:00:00.250000Z"}),
        )
        .await,
    );
    assert_eq!(answer["an_id"], json!("7"));
    assert_eq!(answer["a_list"], Value::Null);
    assert_eq!(answer["a_tree"], json!({}));
    assert_eq!(answer["an_instant"], json!("2026-08-01T00:00:00.25Z"));
}

#[tokio::test]
async fn sets_are_lists_and_nothing_is_null() {
    let (_books, db) = echoing().await;
    let rows = done(call(&db, "echo.rows", json!({"wanted": 3})).await);
    let texts: Vec<&str> = rows.as_array().expect("a list").iter().filter_map(|row| row["a_text"].as_str()).collect();
    assert_eq!(texts, ["row 1", "row 2", "row 3"]);
    assert_eq!(done(call(&db, "echo.rows", json!({"wanted": 0})).await), json!([]));
    assert_eq!(done(call(&db, "echo.nothing", json!({})).await), Value::Null);
    assert_eq!(done(call(&db, "echo.void", json!({})).await), Value::Null);
    assert_eq!(done(call(&db, "echo.wide", json!({})).await)[0]["c130"], json!(130));
}

#[tokio::test]
async fn arguments_are_refused_by_name() {
    let (_books, db) = echoing().await;
    let with = |key: &str, value: Value| {
        let mut arguments = json!({"a_text": "x", "a_cents": "1.00"});
        arguments[key] = value;
        arguments
    };
    assert_eq!(refused(call(&db, "echo.unheard", json!({})).await), "command_unknown");
    assert_eq!(refused(call(&db, "echo.back", json!([])).await), "argument_invalid");
    assert_eq!(refused(call(&db, "echo.back", json!({"a_text": "x"})).await), "argument_missing");
    assert_eq!(refused(call(&db, "echo.back", with("a_cents", Value::Null)).await), "argument_missing");
    assert_eq!(refused(call(&db, "echo.back", with("surprise", json!(1))).await), "argument_unknown");
    for (key, value) in [
        ("a_text", json!(5)),
        ("a_cents", json!("NaN")),
        ("a_cents", json!("Infinity")),
        ("a_cents", json!("1,200")),
        ("a_count", json!("99999999999")),
        ("a_count", json!(1.5)),
        ("a_switch", json!("yes")),
        ("a_day", json!("tomorrow")),
        ("a_day", json!("2026-02-30")),
        ("an_instant", json!("2026-08-01T00:00:00")),
        ("an_instant", json!("infinity")),
        ("a_uuid", json!("no")),
        ("a_list", json!("x")),
        ("a_list", json!([["x"]])),
        ("some_ids", json!(["no"])),
    ] {
        assert_eq!(
            refused(call(&db, "echo.back", with(key, value.clone())).await),
            "argument_invalid",
            "{key}: {value}"
        );
    }
}

#[tokio::test]
async fn a_refusal_carries_its_name_and_its_own_detail() {
    let (_books, db) = echoing().await;
    let error = call(&db, "echo.broken", json!({})).await.expect_err("it refuses");
    assert_eq!(error.to_json(), json!({"kind": "rule", "name": "echo_refuses", "detail": {"left": "1.00"}}));
    assert_eq!(refused(call(&db, "echo.hidden", json!({})).await), "not_allowed");
}

#[tokio::test]
async fn bindings_and_rules_are_those_of_the_database() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let bindings = kontor::bindings::bindings(&mut owner).await.expect("bindings");
    let rules = kontor::bindings::rules(&mut owner).await.expect("rules");
    owner.close().await.expect("the administrator leaves");
    let mut stale = Vec::new();
    for (name, text) in [("bindings.ts", bindings), ("rules.ts", rules)] {
        let path = format!("{}/../../ui/src/{name}", env!("CARGO_MANIFEST_DIR"));
        if std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n") != text {
            std::fs::create_dir_all(format!("{}/../../ui/src", env!("CARGO_MANIFEST_DIR"))).expect("a folder");
            std::fs::write(&path, text).expect("the file can be rewritten");
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "were stale and have been rewritten, commit them: {stale:?}");
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    use kontor::migrate::{Outcome, migrate};
    let books = TestBooks::new().await;
    let options = books.books().server().administrator(&books.books().name);
    assert_eq!(migrate(&options, None).await, Ok(Outcome::Unchanged));
    let mut owner = books.owner().await;
    sqlx::query("update book.shape set sha256 = 'another'").execute(&mut owner).await.expect("a stale stamp");
    let before = constraints(&mut owner).await;
    assert_eq!(migrate(&options, None).await, Ok(Outcome::Migrated { landed: vec![] }));
    let mut owner = books.owner().await;
    assert_eq!(constraints(&mut owner).await, before, "dropping schema api took something of book with it");
    done(call(&books.as_login("agent").await, "session.open", json!({})).await);
}

async fn constraints(owner: &mut sqlx::PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        "select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint \
         where connamespace = 'book'::regnamespace \
         union all select tgrelid::regclass || ' ' || tgname || ' ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal \
         union all select attrelid::regclass || ' ' || attname || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') \
         from pg_attribute a join pg_class c on c.oid = attrelid left join pg_attrdef d on d.adrelid = attrelid and d.adnum = attnum \
         where c.relnamespace = 'book'::regnamespace and c.relkind = 'r' and attnum > 0 and not attisdropped \
         order by 1",
    )
    .fetch_all(owner)
    .await
    .expect("the catalogue answers")
}

#[tokio::test]
async fn an_edited_or_newer_migration_is_refused() {
    use kontor::migrate::migrate;
    let books = TestBooks::new().await;
    let options = books.books().server().administrator(&books.books().name);
    let mut owner = books.owner().await;
    sqlx::query("update book.migrations set sha256 = 'edited'").execute(&mut owner).await.expect("an edit");
    assert_eq!(migrate(&options, None).await.expect_err("refused").rule_name(), Some("migration_edited"));
    sqlx::query("update book.migrations set name = '9999_later.sql' where name like '0001%'")
        .execute(&mut owner)
        .await
        .expect("a newer one");
    assert_eq!(migrate(&options, None).await.expect_err("refused").to_json()["kind"], "outdated");
    owner.close().await.expect("the administrator leaves");
}

#[tokio::test]
async fn every_rule_that_rust_raises_is_a_listed_rule() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let listed = kontor::bindings::rule_names(&mut owner).await.expect("the rules");
    owner.close().await.expect("the administrator leaves");
    let mut unlisted = Vec::new();
    for folder in ["src", "../src"] {
        let mut waiting = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
        while let Some(path) = waiting.pop() {
            if path.is_dir() {
                waiting.extend(std::fs::read_dir(&path).expect("a folder").flatten().map(|entry| entry.path()));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                let product = text.split("#[cfg(test)]").next().unwrap_or_default();
                for start in ["rule(\"", "rule_with(\"", "rule_with(\n"] {
                    for rest in product.split(start).skip(1) {
                        let name = rest.trim_start().trim_start_matches('"').split('"').next().unwrap_or_default();
                        let is_name = !name.is_empty()
                            && name
                                .bytes()
                                .all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit());
                        if is_name && !listed.contains(name) {
                            unlisted.push(format!("{name} in {}", path.display()));
                        }
                    }
                }
            }
        }
    }
    assert!(unlisted.is_empty(), "add them to RUST_RULES, so that they get their sentences: {unlisted:#?}");
}

#[tokio::test]
async fn the_victim_of_a_deadlock_is_asked_again_with_the_same_arguments() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let sql = "create table api.two (id integer primary key, count integer not null); \
        insert into api.two values (1, 0), (2, 0); \
        create function api.lock_both(first integer, second integer) returns void language plpgsql volatile security definer set search_path = '' as $$ \
        begin \
            update api.two set count = count + 1 where id = first; \
            perform pg_catalog.pg_sleep(0.4); \
            update api.two set count = count + 1 where id = second; \
        end $$; \
        comment on function api.lock_both is 'two.lock: Locks two rows in the order that was asked for.'; \
        select api.register_commands(); grant execute on function api.lock_both to kontor_api";
    sqlx::raw_sql(sql).execute(&mut owner).await.expect("the command is made");
    let (one, other) = (books.as_login("agent").await, books.as_login("handler").await);
    let (there, back) = tokio::join!(
        call(&one, "two.lock", json!({"first": 1, "second": 2})),
        call(&other, "two.lock", json!({"first": 2, "second": 1})),
    );
    done(there);
    done(back);
    let counts: Vec<i32> = sqlx::query_scalar("select count from api.two").fetch_all(&mut owner).await.expect("counts");
    assert_eq!(counts, [2, 2], "each was done once");
    owner.close().await.expect("the administrator leaves");
}

#[tokio::test]
async fn who_waits_too_long_for_a_lock_is_told_that_it_is_busy() {
    let books = TestBooks::new().await;
    let mut owner = books.owner().await;
    let sql = "create function api.want_it() returns void language plpgsql volatile security definer set search_path = '' as $$ \
        begin perform 1 from book.database for update; end $$; \
        comment on function api.want_it is 'it.want: Wants what another holds.'; \
        select api.register_commands(); grant execute on function api.want_it to kontor_api";
    sqlx::raw_sql(sql).execute(&mut owner).await.expect("the command is made");
    let db = books.as_login("agent").await;
    let mut holding = owner.begin().await.expect("a transaction");
    sqlx::raw_sql("select 1 from book.database for update").execute(&mut *holding).await.expect("held");
    assert_eq!(refused(call(&db, "it.want", json!({})).await), "busy");
    holding.rollback().await.expect("given back");
    done(call(&db, "it.want", json!({})).await);
}
