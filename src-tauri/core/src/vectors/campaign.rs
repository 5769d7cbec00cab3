//! Cases of the invite campaign: the functions of `campaign_rules.sql`, under the terms of the first version.

use super::plain::ask;
use super::{Bench, missing};
use crate::error::Result;
use serde_json::Value;

/// The areas of the campaign and the question that each is.
const QUESTIONS: &[(&str, &str)] = &[
    ("attribution", ATTRIBUTION),
    ("discount_floor", DISCOUNT_FLOOR),
    ("base_credit", BASE_CREDIT),
    ("tier_credit", TIER_CREDIT),
    ("invite_validity", INVITE_VALIDITY),
    ("clawback_refund", CLAWBACK_REFUND),
    ("clawback_violation", CLAWBACK_VIOLATION),
];

const ATTRIBUTION: &str = "\
select jsonb_build_object('inviter', $1 -> 'touches' -> (a.place - 1)::integer -> 'inviter', 'reason', upper(a.reason)) \
from api.campaign_terms('2026-01-01T00:00:00Z') t, \
     api.attribute($1 -> 'touches', ($1 ->> 'first_paid_at')::timestamptz, t.bar_hours, coalesce(($1 ->> 'friend_had_paid_subscription')::boolean, false)) a";

const DISCOUNT_FLOOR: &str = "\
select jsonb_build_object('discount_nominal', a.discount_nominal::text, 'discount_applied', a.discount_applied::text, 'credits_used', a.credits_used::text, \
       'payable', a.payable::text, 'actual_payment_amount', a.actual_payment_amount::text, 'discount_adjusted', a.discount_adjusted, \
       'below_processor_minimum', a.below_processor_minimum) \
from api.campaign_terms('2026-01-01T00:00:00Z') t, \
     api.checkout_amounts(($1 ->> 'order_amount')::numeric, ($1 ->> 'credits_available')::numeric, ($1 ->> 'eligible')::boolean, t.discount_rate, t.minimum_payable) a";

const BASE_CREDIT: &str = "\
select jsonb_build_object('actual_payment_amount', p.apa::text, 'base_credit', api.base_credit(p.apa, t.base_rate)::text) \
from api.campaign_terms('2026-01-01T00:00:00Z') t, \
     (select api.actual_payment(($1 ->> 'cash_balance_paid')::numeric, ($1 ->> 'third_party_paid')::numeric) as apa) p";

const TIER_CREDIT: &str = "\
with counted as ( \
    select e.value::numeric as apa, e.n as place from jsonb_array_elements_text($1 -> 'apa_in_order') with ordinality e (value, n) \
    union all \
    select f.apa, row_number() over (order by f.first_paid_at, f.id) \
    from jsonb_to_recordset($1 -> 'friends') f (id text, first_paid_at timestamptz, apa numeric, valid boolean) where f.valid \
), told as (select coalesce(array_agg(c.apa order by c.place), '{}') as apas from counted c) \
select jsonb_build_object('valid_friends', g.friends, 'base_total', round(g.base_total, 2)::text, 'tier_total', round(g.tier_total, 2)::text, \
       'needed_for_next_round', api.friends_in_a_round() - g.friends % api.friends_in_a_round(), \
       'rounds', (select coalesce(jsonb_agg(jsonb_build_object('round', r.round, 'sum_apa', r.sum_apa::text, 'tier_credit', r.tier_credit::text) order by r.round), '[]') \
                  from api.ladder_rounds(d.apas, array(select a * t.tier_rate from unnest(d.apas) with ordinality x (a, n) order by x.n)) r)) \
from told d, api.campaign_terms('2026-01-01T00:00:00Z') t, api.ladder_figures(d.apas, t.base_rate, t.tier_rate) g";

const INVITE_VALIDITY: &str = "\
select jsonb_build_object('valid', r.refusal is null, 'reason', upper(r.refusal)) \
from (select api.invite_refusal(($1 ->> 'first_paid_at')::timestamptz, ($1 ->> 'campaign_start')::timestamptz, ($1 ->> 'campaign_end')::timestamptz, false, $1 -> 'refunds') as refusal) r";

const CLAWBACK_REFUND: &str = "\
with told as ( \
    select array_agg(e.value::numeric order by e.n) as before, \
           coalesce(array_agg(e.value::numeric order by e.n) filter (where not ($1 -> 'invalidated_positions') @> to_jsonb(e.n)), '{}') as after \
    from jsonb_array_elements_text($1 -> 'apa_in_order') with ordinality e (value, n)) \
select jsonb_build_object('credits_before', (b.base_total + b.tier_total)::numeric(20, 2)::text, 'credits_entitled_after', (f.base_total + f.tier_total)::numeric(20, 2)::text, \
       'to_reverse', r.to_reverse::numeric(20, 2)::text, 'reverse_from_unused', r.from_unused::numeric(20, 2)::text, 'negative_balance', r.negative::numeric(20, 2)::text) \
from told d, api.campaign_terms('2026-01-01T00:00:00Z') t, api.ladder_figures(d.before, t.base_rate, t.tier_rate) b, \
     api.ladder_figures(d.after, t.base_rate, t.tier_rate) f, \
     api.credit_reversal(b.base_total + b.tier_total, f.base_total + f.tier_total, ($1 ->> 'credits_used')::numeric) r";

const CLAWBACK_VIOLATION: &str = "\
select jsonb_build_object('accounts', jsonb_agg(jsonb_build_object('id', e.value ->> 'id', 'deduct_unused', p.deduct_unused::numeric(20, 2)::text, \
       'reclaim_cash_value', p.reclaim_cash_value::numeric(20, 2)::text) order by e.n), \
       'total_deduct_unused', sum(p.deduct_unused)::numeric(20, 2)::text, 'total_reclaim_cash_value', sum(p.reclaim_cash_value)::numeric(20, 2)::text) \
from jsonb_array_elements($1 -> 'accounts') with ordinality e (value, n), \
     api.credit_penalty((e.value ->> 'credits_issued')::numeric, (e.value ->> 'credits_used')::numeric) p";

/// Asks the question of the area.
pub(super) async fn answer(bench: &Bench, area: &str, input: &Value) -> Result<Value> {
    let (_, sql) = QUESTIONS.iter().find(|(name, _)| *name == area).ok_or_else(|| missing("area"))?;
    ask(bench, sql, input).await
}
