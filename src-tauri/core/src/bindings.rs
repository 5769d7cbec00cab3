//! The window's view of the wire, generated from a migrated database: `ui/src/bindings.ts` and `ui/src/rules.ts`.
//!
//! Postgres' catalogue is the schema of the wire, so nothing is declared twice: names, types and nullability come
//! from functions and columns, and what SQL cannot say stands in the columns' comments.

use crate::error::{Error, RUST_RULES, Result};
use crate::files::FILE_RULES;
use serde::Deserialize;
use serde_json::Value;
use sqlx::postgres::PgConnection;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const HEAD: &str = "// Generated from the migrated database by `cargo test`. Do not edit.\n\n";

const BASE_TYPES: &str = "\
/** An exact amount. Never a number: a float would lose a fen. */
export type Money = string;
/** A 64-bit number, which JavaScript would round. */
export type Id = string;
/** Made by the window when a form opens; the same id twice is the same command. */
export type Uuid = string;
/** ISO 8601 in UTC. */
export type Instant = string;
/** YYYY-MM-DD, a contract day. */
export type IsoDate = string;
/** Base64. */
export type Bytes = string;
";

#[derive(Deserialize)]
struct Command {
    name: String,
    description: String,
    arguments: Vec<Argument>,
    result: Answer,
    reads: bool,
}

#[derive(Deserialize)]
struct Argument {
    name: String,
    #[serde(rename = "type")]
    sql_type: String,
    optional: bool,
}

#[derive(Deserialize)]
struct Answer {
    set: bool,
    relation: Option<String>,
    view: bool,
    #[serde(rename = "type")]
    sql_type: String,
    columns: Vec<Column>,
}

#[derive(Deserialize)]
struct Column {
    name: String,
    #[serde(rename = "type")]
    sql_type: String,
    remark: Option<String>,
}

/// The text of `ui/src/bindings.ts`.
pub async fn bindings(connection: &mut PgConnection) -> Result<String> {
    let commands = commands(connection).await?;
    let mut interfaces: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut listing = String::new();
    let mut reads = Vec::new();
    for command in &commands {
        let result = result_type(command, &mut interfaces)?;
        listing.push_str(&doc(&command.description, "    "));
        let arguments: Vec<String> = command.arguments.iter().map(argument).collect();
        let arguments = if arguments.is_empty() { "{}".into() } else { format!("{{ {} }}", arguments.join("; ")) };
        wln(&mut listing, format_args!("    {:?}: {{ arguments: {arguments}; result: {result} }};", command.name));
        if command.reads {
            reads.push(format!("{:?}", command.name));
        }
    }
    let mut text = format!("{HEAD}{BASE_TYPES}\n");
    for declared in declared_types(connection).await? {
        wln(&mut text, format_args!("{declared}\n"));
    }
    for (_, interface) in interfaces.values() {
        text.push_str(interface);
        text.push('\n');
    }
    wln(
        &mut text,
        format_args!(
            "/** Every command: what it takes and what it answers. */\nexport interface Commands {{\n{listing}}}\n"
        ),
    );
    wln(&mut text, format_args!("/** The name of a command. */\nexport type CommandName = keyof Commands;\n"));
    wln(&mut text, format_args!("/** Commands that only read: they may be repeated and cancelled freely. */"));
    wln(&mut text, format_args!("export const reads: readonly CommandName[] = [\n    {},\n];", reads.join(",\n    ")));
    Ok(text)
}

/// The text of `ui/src/rules.ts`: every rule by which anything can be refused.
pub async fn rules(connection: &mut PgConnection) -> Result<String> {
    let mut text =
        format!("{HEAD}/** Every rule that can refuse. Each has a sentence in every language. */\nexport type Rule =");
    let names = rule_names(connection).await?;
    for name in &names {
        wln(&mut text, format_args!(""));
        let _ = write!(text, "    | {name:?}");
    }
    text.push_str(";\n\nexport const rules: readonly Rule[] = [\n");
    for name in &names {
        wln(&mut text, format_args!("    {name:?},"));
    }
    text.push_str("];\n");
    Ok(text)
}

/// Hand-named constraints, names raised by functions, and the rules of Rust itself. Functions that end in `_actions`
/// or `_barrier`, and the refund's worksheet, name the rule that their callers raise.
pub async fn rule_names(connection: &mut PgConnection) -> Result<BTreeSet<String>> {
    let of_database: Vec<String> = sqlx::query_scalar(
        "select conname::text from pg_constraint \
         where connamespace in ('book'::regnamespace, 'api'::regnamespace) and contype in ('c', 'u', 'x', 'f', 'p') \
         union select i.relname::text from pg_index x join pg_class i on i.oid = x.indexrelid \
         where i.relnamespace = 'book'::regnamespace and x.indisunique \
         union select found[1] from pg_proc p, \
              regexp_matches(p.prosrc, 'broken\\s*\\(\\s*''([a-z0-9_]+)''', 'g') found \
         where p.pronamespace in ('api'::regnamespace, 'book'::regnamespace) \
         union select found[1] from pg_proc p, \
              regexp_matches(p.prosrc, '(?:then|:=)\\s*''([a-z0-9]+(?:_[a-z0-9]+)+)''', 'g') found \
         where p.pronamespace in ('api'::regnamespace, 'book'::regnamespace) and p.proname ~ '(_actions|_barrier|^compute_worksheet)$' \
         union select found[1] from pg_proc p, \
              regexp_matches(p.prosrc, 'constraint\\s*=\\s*''([a-z0-9_]+)''', 'g') found \
         where p.pronamespace in ('api'::regnamespace, 'book'::regnamespace)",
    )
    .fetch_all(connection)
    .await?;
    let by_hand = of_database.into_iter().filter(|name| !crate::error::is_automatic(name));
    let of_rust = RUST_RULES.iter().chain(FILE_RULES).map(|name| (*name).to_owned());
    Ok(by_hand.chain(of_rust).collect())
}

/// TypeScript that stands in the comment of a type or view, after `ts: `: the shape of what is nested in JSON.
async fn declared_types(connection: &mut PgConnection) -> Result<BTreeSet<String>> {
    let comments: Vec<String> = sqlx::query_scalar(
        "select d.description from pg_description d \
         join pg_class c on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0 and c.relnamespace = 'api'::regnamespace \
         union all select d.description from pg_description d \
         join pg_type t on d.classoid = 'pg_type'::regclass and d.objoid = t.oid and t.typnamespace = 'api'::regnamespace",
    )
    .fetch_all(connection)
    .await?;
    let declared = comments.iter().filter_map(|comment| comment.strip_prefix("ts: "));
    Ok(declared
        .map(|text| {
            text.replace(" export interface", "\n\nexport interface").replace(" export type", "\n\nexport type")
        })
        .collect())
}

async fn commands(connection: &mut PgConnection) -> Result<Vec<Command>> {
    let rows: Vec<Value> =
        sqlx::query_scalar("select to_jsonb(c) from api.command_list c order by c.name collate \"C\"")
            .fetch_all(connection)
            .await?;
    rows.into_iter().map(|row| serde_json::from_value(row).map_err(Error::bug)).collect()
}

fn result_type(command: &Command, interfaces: &mut BTreeMap<String, (String, String)>) -> Result<String> {
    let answer = &command.result;
    if answer.columns.is_empty() {
        let single = match answer.sql_type.as_str() {
            "void" => "null".into(),
            other => typescript(other),
        };
        return Ok(if answer.set { format!("Array<{single}>") } else { single });
    }
    let (name, source) = match &answer.relation {
        Some(relation) if answer.view => (pascal(&singular(relation)), relation.clone()),
        Some(relation) => (pascal(relation), relation.clone()),
        None => (pascal(&command.name.replace('.', "_")) + "Row", command.name.clone()),
    };
    match interfaces.get(&name) {
        Some((known, _)) if *known != source => {
            return Err(Error::bug(format_args!("{known} and {source} would both be called {name} in the window")));
        }
        _ => interfaces.insert(name.clone(), (source, interface(&name, &answer.columns))),
    };
    // A command answers its row or refuses; the few that may answer nothing say so in their description.
    let or_null = if command.description.contains("null when") { " | null" } else { "" };
    Ok(if answer.set { format!("{name}[]") } else { format!("{name}{or_null}") })
}

fn interface(name: &str, columns: &[Column]) -> String {
    let mut text = format!("export interface {name} {{\n");
    for column in columns {
        let (nullable, own_type, remark) = remark_parts(column.remark.as_deref().unwrap_or_default());
        let basic = own_type.unwrap_or_else(|| typescript(&column.sql_type));
        text.push_str(&doc(&remark, "    "));
        let or_null = if nullable { " | null" } else { "" };
        wln(&mut text, format_args!("    {}: {basic}{or_null};", column.name));
    }
    text.push_str("}\n");
    text
}

/// A column's comment: `?` for nullable, then `{{the TypeScript type}}`, then words.
fn remark_parts(remark: &str) -> (bool, Option<String>, String) {
    let (nullable, rest) = match remark.strip_prefix('?') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, remark),
    };
    match rest.strip_prefix("{{").and_then(|rest| rest.split_once("}}")) {
        // A type that itself ends in braces: `{{Array<{ a: { b: string }}>}}` closes at the last pair.
        Some(_) => {
            let end = rest.rfind("}}").unwrap_or(rest.len());
            let inner = rest[2..end].trim().to_owned();
            (nullable, Some(inner), rest[end + 2..].trim().to_owned())
        }
        None => (nullable, None, rest.trim().to_owned()),
    }
}

fn argument(argument: &Argument) -> String {
    let basic = typescript(&argument.sql_type);
    match argument.optional {
        true => format!("{}?: {basic} | null", argument.name),
        false => format!("{}: {basic}", argument.name),
    }
}

fn typescript(sql_type: &str) -> String {
    if let Some(element) = sql_type.strip_suffix("[]") {
        return format!("{}[]", typescript(element));
    }
    match sql_type {
        "numeric" => "Money",
        "bigint" | "xid8" => "Id",
        "uuid" => "Uuid",
        "timestamp with time zone" => "Instant",
        "date" => "IsoDate",
        "integer" | "smallint" | "double precision" | "real" => "number",
        "boolean" => "boolean",
        "bytea" => "Bytes",
        "jsonb" | "json" => "unknown",
        _ => "string",
    }
    .to_owned()
}

fn pascal(name: &str) -> String {
    name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

/// The last word of a view's name, in the singular: views are plural, a row is one.
fn singular(name: &str) -> String {
    let ends = |ending: &str| name.strip_suffix(ending).map(str::to_owned);
    ends("ies")
        .map(|stem| stem + "y")
        .or_else(|| {
            ["sses", "xes", "ches", "shes", "uses"]
                .iter()
                .find_map(|ending| ends(ending).map(|stem| stem + &ending[..ending.len() - 2]))
        })
        .or_else(|| if name.ends_with("ss") { None } else { ends("s") })
        .unwrap_or_else(|| name.to_owned())
}

fn doc(words: &str, indent: &str) -> String {
    if words.is_empty() { String::new() } else { format!("{indent}/** {} */\n", words.replace("*/", "* /")) }
}

fn wln(text: &mut String, line: std::fmt::Arguments) {
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_called_in_the_singular() {
        for (view, row) in [
            ("refunds", "Refund"),
            ("statement_rows", "StatementRow"),
            ("policies", "Policy"),
            ("case_statuses", "CaseStatus"),
            ("purchases", "Purchase"),
            ("progress", "Progress"),
            ("tax_boxes", "TaxBox"),
        ] {
            assert_eq!(pascal(&singular(view)), row);
        }
    }

    #[test]
    fn comments_carry_what_sql_cannot_say() {
        assert_eq!(remark_parts("? when paid"), (true, None, "when paid".into()));
        assert_eq!(remark_parts("{{'a' | 'b'}} a state"), (false, Some("'a' | 'b'".into()), "a state".into()));
        let nested = "?{{Array<{ lot: { id: Id }}>}} one each";
        assert_eq!(remark_parts(nested), (true, Some("Array<{ lot: { id: Id }}>".into()), "one each".into()));
    }
}
