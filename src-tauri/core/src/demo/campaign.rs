//! The invite campaign of the demo: four months of binds, first payments and refunds in USD, told by the platform as they
//! come; credits earned and used; a group of accounts that was one person; objections, one of them late.

use super::dice::Dice;
use super::people::People;
use super::setting::{Size, at};
use super::stripe::{Movement, report};
use crate::error::{Error, Result};
use crate::imports;
use chrono::{DateTime, Days, Duration, FixedOffset};
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};

/// Its purpose among the demo's dice.
const PURPOSE: u64 = 7;
/// The story's length in days; it ends with the demo.
const DAYS: i64 = 119;
/// Accounts that share their links; the third is the one that invited itself, the fourth gives its account up.
const INVITERS: usize = 4;
const CHEAT: usize = 2;
const LEAVER: usize = 3;
const MOST_FRIENDS: usize = 320;
const PRICES: &[i64] = &[300, 1_500, 3_000, 2_705];
const FIRST: &[&str] =
    &["Aiko", "Bruno", "Chen", "Daria", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kavya", "Liam", "Mina"];
const LAST: &[&str] =
    &["Abara", "Berg", "Castro", "Dumont", "Eriksen", "Fischer", "Gupta", "Haddad", "Ito", "Jansen", "Kowal"];

/// What happens on a day of the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chapter {
    /// The platform tells what happened since it told last.
    Tell,
    /// An inviter pays for a part of an order with credits.
    Spend(usize),
    /// Accounts share a device, a card and a network.
    Share(Group),
    FindOnePerson,
    Propose,
    Decide,
    Claim,
    Pay,
    /// An account is given up, and its credits lapse.
    Leave,
    /// A friend objects; the second and third are answered.
    Object(&'static str),
    Answer(&'static str, bool),
    Correct,
    Confirm,
    ReadStripe,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Cheats,
    Strangers,
}

/// One record of the platform's, and when it happened.
struct Record {
    at: DateTime<FixedOffset>,
    kind: &'static str,
    row: Value,
}

/// The campaign as it is played: what is to be told, what was, and the cases that grew out of it.
pub(super) struct Season {
    today: DateTime<FixedOffset>,
    chapters: VecDeque<(DateTime<FixedOffset>, Chapter)>,
    untold: Vec<Record>,
    moved: Vec<Movement>,
    /// Friends who paid after the hours, and when.
    late: Vec<(String, DateTime<FixedOffset>)>,
    /// Friends of the one who invited itself.
    own: Vec<String>,
    /// A bind that a correction puts aside.
    doubtful: Option<(String, String)>,
    ids: HashMap<&'static str, Value>,
    spent: usize,
}

fn dollars(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn inviter(place: usize) -> String {
    format!("GL{:04}", place + 1)
}

impl Season {
    /// Invents the campaign; the same for the same seed.
    pub(super) fn new(size: &Size) -> Self {
        let today = at(size.today, 8, 0);
        let mut season = Self {
            today,
            chapters: chapters(size).into(),
            untold: Vec::new(),
            moved: Vec::new(),
            late: Vec::new(),
            own: Vec::new(),
            doubtful: None,
            ids: HashMap::new(),
            spent: 0,
        };
        let mut dice = Dice::new(size.seed).apart(PURPOSE);
        for place in 0..INVITERS {
            season.register(&inviter(place), today - Duration::days(DAYS), &mut dice);
        }
        for place in 0..MOST_FRIENDS.min(size.customers * 2) {
            season.invite(place, &mut dice);
        }
        season.untold.sort_by_key(|record| record.at);
        season
    }

    fn tell_later(&mut self, at: DateTime<FixedOffset>, kind: &'static str, row: Value) {
        if at < self.today {
            self.untold.push(Record { at, kind, row });
        }
    }

    fn register(&mut self, account: &str, at: DateTime<FixedOffset>, dice: &mut Dice) {
        let name = format!("{} {}", dice.pick(FIRST), dice.pick(LAST));
        let row = json!({"customer_ref": account, "name": name, "registered_at": at});
        self.tell_later(at, "campaign_members", row);
    }

    /// One friend: one bind or two, a payment in time, late or never, and now and then a refund.
    fn invite(&mut self, place: usize, dice: &mut Dice) {
        let friend = format!("GL{:04}", 1_001 + place);
        // More come every week: word gets around.
        let minutes = ((DAYS - 1) * 1_440) as f64 * (1.0 - dice.part().sqrt());
        let bound_at = self.today - Duration::minutes(minutes as i64);
        // The first inviter wins more than half of them: a ladder with several rounds.
        let by = if dice.chance(60) { 0 } else { dice.below(INVITERS as u64) as usize };
        self.register(&friend, bound_at, dice);
        let touch = |key: &str, by: usize, at: DateTime<FixedOffset>| json!({"touch_key": key, "friend_ref": friend, "inviter_ref": inviter(by), "bound_at": at, "way": "link"});
        let key = format!("B{place:05}");
        self.tell_later(bound_at, "campaign_touches", touch(&key, by, bound_at));
        if by != CHEAT && dice.chance(20) {
            let again = bound_at + Duration::minutes(dice.between(1, 600));
            let second = format!("{key}-2");
            self.tell_later(again, "campaign_touches", touch(&second, (by + 1) % CHEAT, again));
            if bound_at < self.today - Duration::days(40) {
                self.doubtful = Some((friend.clone(), second));
            }
        }
        if dice.chance(15) {
            return;
        }
        let late = dice.chance(6);
        let wait = if late { 4_321 + dice.between(0, 900) } else { dice.between(601, 4_000) };
        let paid_at = bound_at + Duration::minutes(wait);
        let price = *dice.pick(PRICES);
        let paid = price - (price + 5) / 10;
        self.order(&format!("GC{place:06}"), &friend, "subscription", paid_at, [price, price - paid, 0, paid]);
        if late {
            self.late.push((friend.clone(), paid_at));
        } else if by == CHEAT && paid_at < self.today - Duration::days(40) && self.own.len() < 3 {
            self.own.push(friend);
        } else if dice.chance(4) {
            let back_at = paid_at + Duration::days(2);
            let number = format!("re_demo{place:06}");
            let row = json!({"refund_no": number, "order_no": format!("GC{place:06}"), "currency": "USD", "amount": dollars(paid), "succeeded_at": back_at});
            self.tell_later(back_at, "campaign_refunds", row);
            self.moved.push(Movement { at: back_at, number, charge: format!("gc{place:06}"), cents: -paid });
        }
    }

    /// An order with what it cost, the discount, credits and the card's part.
    fn order(
        &mut self,
        number: &str,
        account: &str,
        purpose: &str,
        paid_at: DateTime<FixedOffset>,
        [price, discount, credits, card]: [i64; 4],
    ) {
        let charge = number.to_ascii_lowercase();
        let product = if purpose == "subscription" { "glm_coding" } else { "image_pack" };
        let row = json!({"order_no": number, "customer_ref": account, "purpose": purpose, "product": product, "currency": "USD", "paid_at": paid_at,
            "amount_order": dollars(price), "discount": dollars(discount), "credits_used": dollars(credits), "third_party_paid": dollars(card), "provider_no": format!("pi_{charge}")});
        self.tell_later(paid_at, "campaign_orders", row);
        self.moved.push(Movement { at: paid_at, number: format!("ch_{charge}"), charge, cents: card });
    }

    /// When the next chapter is, if it comes before this instant.
    pub(super) fn due_before(&self, until: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
        self.chapters.front().map(|chapter| chapter.0).filter(|at| *at < until)
    }

    /// Plays the next chapter; the clock stands at its instant.
    pub(super) async fn play(&mut self, people: &People<'_>) -> Result<()> {
        let Some((at, chapter)) = self.chapters.pop_front() else { return Ok(()) };
        match chapter {
            Chapter::Tell => self.tell(people, at).await,
            Chapter::Spend(place) => self.spend(people, place, at).await,
            Chapter::Share(group) => self.share(people, group, at).await,
            Chapter::Leave => {
                let row = json!({"customer_ref": inviter(LEAVER), "deactivated_at": at});
                post(people, "campaign_members", vec![row]).await
            }
            Chapter::Object(ticket) => self.object(people, ticket, at).await,
            Chapter::Answer(ticket, upheld) => self.answer(people, ticket, upheld).await,
            Chapter::Correct | Chapter::Confirm => self.correct(people, chapter).await,
            Chapter::ReadStripe => self.read_stripe(people, at).await,
            _ => self.punish(people, chapter, at).await,
        }
    }

    async fn tell(&mut self, people: &People<'_>, until: DateTime<FixedOffset>) -> Result<()> {
        let place = self.untold.partition_point(|record| record.at < until);
        let told: Vec<Record> = self.untold.drain(..place).collect();
        for kind in ["campaign_members", "campaign_touches", "campaign_orders", "campaign_refunds"] {
            let rows: Vec<Value> =
                told.iter().filter(|record| record.kind == kind).map(|record| record.row.clone()).collect();
            if !rows.is_empty() {
                post(people, kind, rows).await?;
            }
        }
        Ok(())
    }

    /// The platform asks what an order really costs, and tells what was paid.
    async fn spend(&mut self, people: &People<'_>, place: usize, at: DateTime<FixedOffset>) -> Result<()> {
        let account = inviter(place);
        let price = 2_000;
        let asked = json!({"customer_ref": account, "product": "image_pack", "purpose": "pack", "order_kind": "later", "order_amount": dollars(price)});
        let answer = people.ask("platform", "campaign.checkout", asked).await?;
        let credits = cents(&answer["amounts"]["credits_used"])?;
        self.spent += 1;
        let number = format!("PK{:06}", self.spent);
        self.order(&number, &account, "pack", at - Duration::minutes(1), [price, 0, credits, price - credits]);
        self.untold.sort_by_key(|record| record.at);
        self.tell(people, at).await
    }

    async fn share(&self, people: &People<'_>, group: Group, at: DateTime<FixedOffset>) -> Result<()> {
        let seen = |account: &str, kind: &str, value: &str| json!({"customer_ref": account, "kind": kind, "value": value, "seen_at": at - Duration::hours(2)});
        let mut rows = Vec::new();
        match group {
            Group::Cheats => {
                for account in self.own.iter().chain([&inviter(CHEAT)]) {
                    rows.push(seen(account, "device", "demo-5f2c9a"));
                    rows.push(seen(account, "network", "203.0.113.9"));
                }
                rows.extend(self.own.first().map(|account| seen(account, "payment_account", "card-0042")));
                rows.push(seen(&inviter(CHEAT), "payment_account", "card-0042"));
            }
            Group::Strangers => {
                rows.push(seen(&inviter(1), "phone", "+65 8000 0042"));
                rows.extend(self.late.iter().take(2).map(|(account, _)| seen(account, "phone", "+65 8000 0042")));
                rows.push(seen(&inviter(0), "network", "198.51.100.7"));
                rows.push(seen(&inviter(1), "network", "198.51.100.7"));
            }
        }
        people.act("platform", "campaign.post_signals", json!({"rows": rows})).await?;
        Ok(())
    }

    /// The group of the one who invited itself, from the finding to the money.
    async fn punish(&mut self, people: &People<'_>, chapter: Chapter, at: DateTime<FixedOffset>) -> Result<()> {
        let violation = self.ids.get("violation").cloned().unwrap_or_default();
        match chapter {
            Chapter::FindOnePerson => {
                let review = people.ask("risk", "campaign.reviews", json!({})).await?[0]["id"].clone();
                let found = json!({"review_id": review, "same_person": true, "reason": "同一设备、同一付款卡，先后注册并互相邀请。"});
                people.act("risk", "campaign.decide_review", found).await?;
                self.ids.insert("review", review);
            }
            Chapter::Propose => {
                let mut asked =
                    json!({"customer_id": customer(people, &inviter(CHEAT)).await?, "review_id": self.ids["review"]});
                let preview = people.ask("growth", "campaign.preview_penalty", asked.clone()).await?;
                asked["kind"] = json!("account_association");
                asked["evidence"] = json!("三个受邀账户与邀请人共用同一设备和付款卡，见关联核查。");
                asked["digest"] = preview["digest"].clone();
                asked["lock_accounts"] = json!(true);
                let proposed = people.act("growth", "campaign.propose_violation", asked).await?;
                self.ids.insert("violation", proposed);
            }
            Chapter::Decide => {
                let decision =
                    json!({"violation_id": violation, "confirmed": true, "reason": "证据充分，依规则第 4 条处理。"});
                people.act("approver", "campaign.decide_violation", decision).await?;
            }
            Chapter::Claim => {
                let claim = json!({"violation_id": violation, "opinion": "法务意见书 2026-01"});
                people.act("legal", "campaign.claim_cash_value", claim).await?;
            }
            _ => {
                let page = people.ask("treasurer", "campaign.violation", json!({"violation_id": violation})).await?;
                let claim = &page["claims"][0];
                let half = dollars(cents(&claim["due"])? / 2);
                let payment = json!({"violation_id": violation, "customer_id": claim["customer_id"], "amount": half, "paid_at": at, "reference": "WIRE-20260126"});
                people.act("treasurer", "campaign.record_claim_payment", payment).await?;
            }
        }
        Ok(())
    }

    /// A friend who paid too late objects: in time, or after the fifteen days.
    async fn object(&mut self, people: &People<'_>, ticket: &'static str, at: DateTime<FixedOffset>) -> Result<()> {
        let Some((friend, paid_at)) = self.late.iter().rev().find(|(_, paid_at)| *paid_at < at - Duration::days(4))
        else {
            return Err(Error::bug("no friend of the demo paid late"));
        };
        let id = customer(people, friend).await?;
        let visible_at = if ticket == "W-90002" { *paid_at - Duration::days(20) } else { at - Duration::days(3) };
        let objection = json!({"customer_id": id, "friend_id": id, "about": "validity", "ticket_no": ticket, "visible_at": visible_at,
            "received_at": at - Duration::minutes(5), "told": "好友称付款页面卡顿，才超过了 72 小时。"});
        let row = people.act("agent", "campaign.record_objection", objection).await?;
        self.ids.insert(ticket, row["id"].clone());
        Ok(())
    }

    async fn answer(&self, people: &People<'_>, ticket: &'static str, upheld: bool) -> Result<()> {
        let reason = if upheld {
            "平台日志显示付款页面当时确有故障，由两人更正记录。"
        } else {
            "付款晚于绑定后 72 小时，日志中没有页面故障。"
        };
        let answer = json!({"objection_id": self.ids[ticket], "upheld": upheld, "reason": reason});
        people.act("growth", "campaign.answer_objection", answer).await?;
        Ok(())
    }

    async fn correct(&mut self, people: &People<'_>, chapter: Chapter) -> Result<()> {
        let Some((friend, touch)) = self.doubtful.clone() else { return Ok(()) };
        if chapter == Chapter::Correct {
            let asked = json!({"kind": "void_touch", "customer_id": customer(people, &friend).await?, "subject": touch, "reason": "活动页面故障，同一次登录被记录两次。"});
            let row = people.act("growth", "campaign.propose_correction", asked).await?;
            self.ids.insert("correction", row["id"].clone());
        } else {
            let decision = json!({"correction_id": self.ids["correction"], "confirmed": true});
            people.act("approver", "campaign.decide_correction", decision).await?;
        }
        Ok(())
    }

    async fn read_stripe(&self, people: &People<'_>, at: DateTime<FixedOffset>) -> Result<()> {
        let until = at - Duration::days(1);
        let moved: Vec<&Movement> = self.moved.iter().filter(|movement| movement.at < until).collect();
        let db = people.sign_in("accountant").await?;
        let name = format!("stripe_payout_reconciliation_{}.csv", at.format("%Y%m%d"));
        imports::import_bytes(&db, &name, report(moved, until), &mut |_| (), &|| false).await?;
        Ok(())
    }
}

/// When what happens, in the order of time.
fn chapters(size: &Size) -> Vec<(DateTime<FixedOffset>, Chapter)> {
    let day = |before: i64, hour, minute| at(size.today - Days::new(before.unsigned_abs()), hour, minute);
    let mut told: Vec<_> =
        (32..DAYS).step_by(7).chain((0..32).step_by(2)).map(|before| (day(before, 9, 0), Chapter::Tell)).collect();
    told.extend([
        (day(74, 10, 0), Chapter::Spend(0)),
        (day(52, 10, 0), Chapter::Spend(0)),
        (day(44, 10, 0), Chapter::Object("W-90003")),
        (day(42, 15, 0), Chapter::Answer("W-90003", false)),
        (day(40, 10, 0), Chapter::Spend(CHEAT)),
        (day(36, 9, 30), Chapter::Share(Group::Cheats)),
        (day(34, 14, 0), Chapter::FindOnePerson),
        (day(32, 11, 0), Chapter::Propose),
        (day(32, 16, 0), Chapter::Decide),
        (day(30, 10, 0), Chapter::Claim),
        (day(29, 10, 0), Chapter::Object("W-90004")),
        (day(28, 11, 0), Chapter::Correct),
        (day(27, 15, 0), Chapter::Confirm),
        (day(26, 9, 40), Chapter::Answer("W-90004", true)),
        (day(21, 10, 0), Chapter::Spend(0)),
        (day(18, 10, 0), Chapter::Pay),
        (day(15, 10, 0), Chapter::Leave),
        (day(9, 10, 0), Chapter::Spend(1)),
        (day(3, 9, 30), Chapter::Share(Group::Strangers)),
        (day(2, 10, 0), Chapter::Object("W-90001")),
        (day(1, 9, 10), Chapter::Object("W-90002")),
        (day(1, 10, 20), Chapter::ReadStripe),
    ]);
    told.sort_by_key(|chapter| chapter.0);
    told
}

async fn post(people: &People<'_>, kind: &str, rows: Vec<Value>) -> Result<()> {
    people.act("platform", "campaign.post", json!({"kind": kind, "rows": rows})).await.map(|_| ())
}

async fn customer(people: &People<'_>, account: &str) -> Result<Value> {
    let found = people.ask("agent", "customers.list", json!({"search": account})).await?;
    let id = found[0]["id"].clone();
    if id.is_null() { Err(Error::bug("the demo's account is known")) } else { Ok(id) }
}

fn cents(amount: &Value) -> Result<i64> {
    let text = amount.as_str().unwrap_or_default().replace('.', "");
    text.parse().map_err(Error::bug)
}
